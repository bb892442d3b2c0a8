"""Blind first: a doctor says where they stand before reading the others, or opens them knowing what that means."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from consilium.accounts.models import Person
from consilium.doctors.models import Doctor
from consilium.doctors.standing import profile_of
from consilium.questions import actions
from consilium.questions.models import Answer, Question, SeenAnswers, Stance, Statement, Viewer


@dataclass(frozen=True)
class Gate:
    """What a doctor sees in the place of the answers."""

    statements: list[Statement]


def annotated(rows: QuerySet[Question], viewer: Viewer) -> QuerySet[Question]:
    """With what this reader is and has done: `is_doctor`, `opened` the others' answers, `stood` anywhere here; `others` is
    whether there are any.
    """
    if not viewer.is_authenticated:
        return rows
    here, mine = {"question": OuterRef("pk")}, {"doctor__person": viewer.pk}
    stances = Stance.objects.current().filter(statement__question=OuterRef("pk"), withdrawn_at=None)
    answers = Answer.objects.filter(state=Answer.State.PUBLISHED, **here).exclude(**mine)
    return rows.annotate(
        is_doctor=Exists(Doctor.objects.filter(person=viewer.pk)),
        opened=Exists(SeenAnswers.objects.filter(**here, **mine)),
        stood=Exists(stances.filter(**mine)),
        others=Exists(answers) | Exists(stances.exclude(**mine)),
    )


def before(question: Any, person: Person | None) -> Gate | None:
    """The gate that stands before this reader, if any; a doctor who passes is remembered as having read the others.

    `question` comes from `annotated`. Who asked the question reads on: their stance would not count.
    """
    if person is None or not question.is_doctor or not question.others or question.opened:
        return None
    if question.takes_answers and not question.stood and question.asked_by_id != person.pk:
        statements = list(question.statements.active().order_by("place"))
        if statements:
            return Gate(statements)
    _remember(person, question)
    return None


def shut(question: Question, viewer: Viewer) -> Gate | None:
    """The gate that stands before this reader, if any, of a question loaded anyhow; nothing is remembered."""
    if question.pk not in closed(viewer, [question.pk]):
        return None
    return Gate(list(question.statements.active().order_by("place")))


def is_closed(question: Any, viewer: Viewer) -> bool:
    """Whether the answers of a question from `annotated`, which has statements, are closed to this reader."""
    if not viewer.is_authenticated or not question.takes_answers or question.asked_by_id == viewer.pk:
        return False
    return bool(question.is_doctor and question.others and not question.opened and not question.stood)


def closed(viewer: Viewer, questions: Iterable[int]) -> set[int]:
    """Those of these questions whose answers are closed to this reader: one query for a doctor, none for anybody else."""
    doctor, numbers = profile_of(viewer), set(questions)
    if doctor is None or not numbers:
        return set()
    rows: Any = annotated(Question.objects.filter(pk__in=numbers, state=Question.State.OPEN), viewer)
    rows = rows.filter(Exists(Statement.objects.active().filter(question=OuterRef("pk"))), opened=False, stood=False, others=True)
    return set(rows.exclude(asked_by=viewer.pk).values_list("pk", flat=True))


def readable(viewer: Viewer, doctor: Doctor, answers: Iterable[Answer]) -> list[Answer]:
    """The answers of a doctor that are not closed to this reader; one's own are always open."""
    rows = list(answers)
    shut = closed(viewer, (row.question_id for row in rows)) if doctor.person_id != viewer.pk else set[int]()
    return [row for row in rows if row.question_id not in shut]


def is_of(viewer: Viewer, answer: Answer) -> bool:
    """Whether this reader holds the profile under which the answer stands, or wrote it."""
    holder = answer.doctor.person_id if answer.doctor else None
    return viewer.pk is not None and viewer.pk in {holder, answer.written_by_id}


def note(viewer: Viewer, question: Question) -> None:
    """Remember that this reader, if a doctor, opens what others say on the question (if anybody does): a feed, the sheet, …"""
    if profile_of(viewer) is None:
        return
    found: Any = annotated(Question.objects.filter(pk=question.pk), viewer)
    if found.filter(others=True, opened=False).exists():
        _remember(viewer, question)


def _remember(viewer: Viewer, question: Question) -> None:
    doctor = profile_of(viewer)
    assert doctor is not None
    actions.see_answers(doctor=doctor, question=question)
