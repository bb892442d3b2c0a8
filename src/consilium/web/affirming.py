"""The stances that a doctor holds, which of them wait to be confirmed, and confirming them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext

from consilium.accounts.models import Person
from consilium.doctors.models import Doctor
from consilium.doctors.standing import profile_of
from consilium.questions import actions
from consilium.questions.actions import Said
from consilium.questions.models import Answer, Question, Stance, Statement
from consilium.web.desk import may_stand
from consilium.web.forms.stances import words_for

# Product.md, life cycle of an answer: after two years without a word the doctor is asked; after five it no longer counts.
ASK_AFTER: Final = timedelta(days=2 * 365)
_MOST: Final = 50  # questions on a doctor's list


@dataclass(frozen=True)
class Held:
    """A stance of the doctor; `now` is the wording of today when the stance was taken on an earlier one."""

    stance: Stance
    now: Statement | None

    @property
    def words(self) -> str | Promise:
        return dict(words_for(self.stance.statement))[self.stance.value]

    @property
    def waits(self) -> bool:
        return self.now is not None or self.stance.affirmed_at < timezone.now() - ASK_AFTER


def held_by(person: Person, question: Question) -> tuple[Doctor, list[Held]]:
    """The doctor of this account and their stances on a question; PermissionDenied without any."""
    doctor = profile_of(person)
    found = _held(doctor, [question.pk]) if doctor else []
    if doctor is None or not found:
        raise PermissionDenied(gettext("You have taken no stance on this question."))
    return doctor, found


def waiting(doctor: Doctor) -> list[tuple[Question, list[Held]]]:
    """Questions with stances of this doctor that have become old or were taken on an earlier wording: four queries."""
    old = Q(affirmed_at__lt=timezone.now() - ASK_AFTER) | Q(statement__state=Statement.State.RETIRED)
    mine = Stance.objects.current().filter(old, doctor=doctor, withdrawn_at=None)
    found: dict[int, list[Held]] = defaultdict(list)
    for one in _held(doctor, set(mine.values_list("statement__question", flat=True))):
        if one.waits:
            found[one.stance.statement.question_id].append(one)
    questions = Question.objects.filter(pk__in=found, state__in=Question.PUBLIC).order_by(*Question.NEWEST)
    return [(question, found[question.pk]) for question in questions[:_MOST]]


@transaction.atomic
def still(doctor: Doctor, person: Person, question: Question, held: Sequence[Held], shown: Collection[str]) -> None:
    """Confirm the stances on the wording of today; `shown` are the reworded statements that the doctor was shown."""
    actions.affirm(doctor=doctor, person=person, question=question)
    again: dict[Answer | None, list[Said]] = defaultdict(list)
    for one in held:
        if one.now is not None and str(one.now.pk) in shown:
            stance = one.stance
            again[stance.answer].append(Said(one.now, stance.value, stance.conditions, stance.confidence))
    for answer, said in again.items():
        actions.declare(doctor=doctor, person=person, question=question, said=said, answer=answer)


def cosign(doctor: Doctor, person: Person, question: Question, data: dict[str, Any]) -> Question:
    """Record the stances of a form without an answer."""
    actions.declare(doctor=doctor, person=person, question=question, said=data["said"], interests=data["interests"])
    return question


def of_copy(person: Person, answer: Answer, data: dict[str, Any]) -> Answer:
    """Record what a copied answer means, in the word of its doctor."""
    assert answer.doctor is not None
    actions.declare(
        doctor=answer.doctor, person=person, question=answer.question, said=data["said"], answer=answer,
        interests=data["interests"],
    )  # fmt: skip
    return answer


def own_copy(person: Person, number: int) -> Answer:
    """A copied answer of this person's profile, for which they may declare stances."""
    answer = get_object_or_404(Answer.objects.visible_to(person).in_lists(), pk=number)
    if answer.doctor is None or answer.doctor.person_id != person.pk:
        raise PermissionDenied(gettext("Only the doctor who wrote this answer can say what it means."))
    if not answer.is_copy or not may_stand(person, answer.question, answer):
        raise PermissionDenied(gettext("This answer was written here. Edit it to change your stance."))
    return answer


def _held(doctor: Doctor, questions: Collection[int]) -> list[Held]:
    """The doctor's stances on the statements of today, by their own wording or the latest earlier one: two queries."""
    if not questions:
        return []
    rows = Stance.objects.current().filter(doctor=doctor, statement__question__in=questions, withdrawn_at=None)
    mine = {row.statement_id: row for row in rows.select_related("statement", "answer")}
    statements = Statement.objects.filter(question__in=questions).order_by("question", "place")
    everything = {one.pk: one for one in statements}
    found = []
    for one in everything.values():
        taken_on = _latest(one, everything, mine) if one.state == Statement.State.ACTIVE else None
        if taken_on is not None:
            found.append(Held(mine[taken_on.pk], None if taken_on.pk == one.pk else one))
    return found


def _latest(one: Statement, everything: dict[int, Statement], mine: dict[int, Stance]) -> Statement | None:
    """The statement or the latest of those it replaced on which there is a stance."""
    current: Statement | None = one
    while current is not None and current.pk not in mine:
        current = everything.get(current.replaces_id) if current.replaces_id else None
    return current
