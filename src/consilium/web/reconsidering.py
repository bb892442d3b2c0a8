"""A round in which doctors who disagree look at each other's stances once more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext

from consilium.accounts.models import Person
from consilium.consensus import reading
from consilium.consensus.actions import reply
from consilium.consensus.agreement import Group
from consilium.consensus.models import RoundReply
from consilium.consensus.panel import Panel, Seat, StatementPanel
from consilium.doctors.models import Doctor
from consilium.doctors.standing import profile_of
from consilium.questions import actions
from consilium.questions.models import Answer, Question, Stance, Statement
from consilium.web.desk import Desk
from consilium.web.stands import words
from consilium.web.stands.seats import condition


@dataclass(frozen=True)
class Other:
    """Another doctor on one statement, with the headline of the answer, if there is one."""

    name: str
    title: str
    conditions: list[str]
    answer: Answer | None


@dataclass(frozen=True)
class Views:
    """The others on one statement: a heading per stance, the largest group first."""

    statement: Statement
    groups: list[tuple[str, list[Other]]]


def asked(person: Person, question: Question) -> tuple[Doctor, RoundReply]:
    """The doctor of this account and what they have replied in the open round; PermissionDenied if they are not in it."""
    doctor = profile_of(person)
    rows = RoundReply.objects.select_related("round").filter(round__question=question, round__closed_at=None)
    own = rows.filter(doctor=doctor).first() if doctor else None
    if doctor is None or own is None:
        raise PermissionDenied(gettext("You are not asked to look at this question again at the moment."))
    return doctor, own


def others(question: Question, doctor: Doctor) -> list[Views]:
    """Where the other doctors stand, statement by statement: their counted stances."""
    answers = {row.pk: row for row in question.answers.filter(state=Answer.State.PUBLISHED)}
    panel = reading.panel_of(question)
    return [_views(one, panel, doctor, answers) for one in panel.statements]


def _views(one: StatementPanel, panel: Panel, doctor: Doctor, answers: dict[int, Answer]) -> Views:
    seats = [seat for seat in one.seats if seat.doctor != doctor.pk]
    groups = sorted(Group, key=lambda group: -sum(seat.group is group for seat in seats))
    titles = {slug: found.title for slug, found in panel.specialties.items()}
    found = []
    for group in groups:
        own = [_other(seat, titles, answers) for seat in seats if seat.group is group]
        if own:
            found.append((words.heading(group, len(own), advises=one.statement.advises), own))
    return Views(one.statement, found)


def _other(seat: Seat, titles: dict[str, str], answers: dict[int, Answer]) -> Other:
    conditions = [condition(row["text"], row["kind"], titles.get(row["specialty"], "")) for row in seat.conditions]
    return Other(seat.name, seat.title, conditions, answers.get(seat.answer or 0))


@transaction.atomic
def keep(doctor: Doctor, person: Person, question: Question) -> None:
    """The doctor stays with what they said."""
    actions.affirm(doctor=doctor, person=person, question=question)
    reply(doctor=doctor, person=person, question=question, changed=False)


@transaction.atomic
def change(doctor: Doctor, person: Person, question: Question, desk: Desk, data: dict[str, Any]) -> Question:
    """Record the stances of the form; whoever sends what they said before keeps it."""
    stances = actions.declare(
        doctor=doctor, person=person, question=question, said=data["said"], answer=_answer(desk.current.values()),
        interests=data["interests"], after_discussion=True,
    )  # fmt: skip
    reply(doctor=doctor, person=person, question=question, changed=_differs(stances, desk.current.values()))
    return question


def _answer(stances: Iterable[Stance]) -> Answer | None:
    """The answer with which the doctor has taken a stance, if with any."""
    return next((stance.answer for stance in stances if stance.answer is not None), None)


def _differs(now: Sequence[Stance], before: Iterable[Stance]) -> bool:
    return {stance.pk for stance in now} != {stance.pk for stance in before}
