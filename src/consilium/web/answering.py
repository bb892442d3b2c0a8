"""An answer with all that a doctor says in one form: its text and the stances it takes, saved together or not at all."""

from typing import Any

from django.db import transaction

from consilium.accounts.models import Person
from consilium.doctors.models import Doctor
from consilium.questions import actions
from consilium.questions.models import Answer, Question


@transaction.atomic
def save_new(doctor: Doctor, person: Person, question: Question, data: dict[str, Any]) -> Answer:
    """A first answer from the form's data."""
    return actions.answer(
        doctor=doctor, person=person, question=question, headline=data["headline"], body=data["body"],
        language=data["language"], said=data["said"], interests=data["interests"],
    )  # fmt: skip


@transaction.atomic
def save_edit(person: Person, answer: Answer, data: dict[str, Any]) -> Answer:
    """A changed answer; another stance is a new row, and what stays the same is confirmed by saving."""
    saved = actions.edit_answer(
        person=person, answer=answer, headline=data["headline"], body=data["body"], based_on=data["based_on"]
    )
    if data["said"]:
        assert answer.doctor is not None, "only a doctor's own answer comes with statements"
        actions.declare(
            doctor=answer.doctor, person=person, question=answer.question, said=data["said"], answer=answer,
            interests=data["interests"],
        )  # fmt: skip
    return saved
