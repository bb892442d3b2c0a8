"""An answer with all that its form holds: text, stances and sources, saved together or not at all."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from consilium.accounts.models import Person
from consilium.doctors.models import Doctor
from consilium.evidence.actions import BadSource, Source, cite, set_sources
from consilium.questions import actions
from consilium.questions.models import Answer, Question
from consilium.web.forms.sources import at_its_row


@transaction.atomic
def save_new(doctor: Doctor, person: Person, question: Question, data: dict[str, Any]) -> Answer:
    """A first answer from the form's data."""
    new = actions.answer(
        doctor=doctor, person=person, question=question, headline=data["headline"], body=data["body"],
        language=data["language"], said=data["said"], interests=data["interests"],
    )  # fmt: skip
    if data["sources"]:
        _keep(cite, person, new, data)
    return new


@transaction.atomic
def save_edit(person: Person, answer: Answer, there: Sequence[Source], data: dict[str, Any]) -> Answer:
    """A changed answer. Another stance is a new row; what stays the same is confirmed by saving. `there`: its sources so far."""
    saved = actions.edit_answer(
        person=person, answer=answer, headline=data["headline"], body=data["body"], based_on=data["based_on"]
    )
    if data["said"]:
        assert answer.doctor is not None, "only a doctor's own answer comes with statements"
        actions.declare(
            doctor=answer.doctor, person=person, question=answer.question, said=data["said"], answer=answer,
            interests=data["interests"],
        )  # fmt: skip
    if data["sources"] != list(there):
        _keep(set_sources, person, answer, data)
    return saved


def _keep(act: Callable[..., object], person: Person, answer: Answer, data: dict[str, Any]) -> None:
    try:
        act(person=person, answer=answer, sources=data["sources"])
    except BadSource as refusal:
        raise at_its_row(refusal, data["rows"]) from None
