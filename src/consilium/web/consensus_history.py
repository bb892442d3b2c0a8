"""The past of a question's stances: the states that were kept, and which doctors changed their minds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consilium.consensus.models import Snapshot
from consilium.questions.models import Answer, Question, Stance, Statement
from consilium.web import lists, past
from consilium.web.stands import bar, words

TABS: Mapping[str, Promise] = {"": gettext_lazy("States"), "doctors": gettext_lazy("Doctors who changed")}
_ON_A_PAGE = 20


@dataclass(frozen=True)
class KeptLine:
    """A kept state as a line of the list, with what changed since the one before."""

    snapshot: Snapshot
    bar: bar.Bar
    changes: list[str]


@dataclass(frozen=True)
class Turn:
    """One doctor said something else than before. `before` and `after` are stances in words; `more` what else changed."""

    stance: Stance
    before: str
    after: str
    more: list[str]


@dataclass(frozen=True)
class Past:
    """One page of lines or turns."""

    items: list[Any]
    next: str | None
    first: bool


def states(request: HttpRequest, question: Question) -> Past:
    """The kept states of all statements, newest first: two queries."""
    earlier = Snapshot.objects.filter(statement=OuterRef("statement"), pk__lt=OuterRef("pk")).order_by("-pk")
    rows = Snapshot.objects.filter(statement__question=question).select_related("statement")
    found = lists.page_of(request, rows.annotate(before=Subquery(earlier.values("pk")[:1])), ("-at", "-id"), _ON_A_PAGE)
    before = Snapshot.objects.in_bulk([pk for row in found.items if (pk := _before(row))])
    return Past([_line(row, before.get(_before(row) or 0)) for row in found.items], found.next, found.first)


def _before(row: Any) -> int | None:
    number: int | None = row.before
    return number


def _line(row: Snapshot, before: Snapshot | None) -> KeptLine:
    first = _("The first state with this wording.") if row.statement.version > 1 else _("The first state that was kept.")
    return KeptLine(row, bar.of(row.data), past.changes(before.data, row.data) if before else [first])


def turns(request: HttpRequest, question: Question) -> Past:
    """Stances that took the place of another one of the same doctor, newest first: two queries.

    As on the question's page, a doctor who has taken the stance back is left out, and so is one who asked the question:
    it would name the person behind the pseudonym.
    """
    same = Stance.objects.filter(doctor=OuterRef("doctor"), statement=OuterRef("statement"))
    earlier = same.filter(superseded_at=OuterRef("created_at")).exclude(pk=OuterRef("pk"))
    rows = _told(question).filter(Exists(earlier)).exclude(Exists(_gone(same.current())))
    rows = rows.select_related("statement", "doctor__specialty").annotate(before=Subquery(earlier.values("pk")[:1]))
    found = lists.page_of(request, rows, ("-created_at", "-id"), _ON_A_PAGE)
    before = Stance.objects.in_bulk([pk for row in found.items if (pk := _before(row))])
    return Past([_turn(row, before[_before(row) or 0]) for row in found.items], found.next, found.first)


def taken_back(question: Question) -> int:
    """How many stances on the question's statements their doctors have taken back."""
    return _gone(_told(question).filter(superseded_at=None)).count()


def _told(question: Question) -> QuerySet[Stance]:
    rows = Stance.objects.filter(statement__question=question)
    return rows.exclude(doctor__person=question.asked_by_id) if question.asked_by_id else rows


def _gone(rows: QuerySet[Stance]) -> QuerySet[Stance]:
    return rows.filter(Q(withdrawn_at__isnull=False) | Q(answer__state=Answer.State.WITHDRAWN))


def _turn(row: Stance, before: Stance) -> Turn:
    said = [words.stance(one.value, advises=row.statement.advises) for one in (before, row)]
    if before.withdrawn_at:
        said[0] = _("Taken back")
    more = [_("after discussion")] if row.after_discussion else []
    if before.conditions != row.conditions and row.conditions:
        more.append(_("conditions: %(texts)s") % {"texts": "; ".join(one["text"] for one in row.conditions)})
    if before.confidence != row.confidence and row.confidence:
        more.append(_("confidence: %(word)s") % {"word": row.get_confidence_display().lower()})
    if before.answer_id is None and row.answer_id:
        more.append(_("now with an answer"))
    return Turn(row, said[0], said[1], more)


def wordings(question: Question) -> list[Statement]:
    """All wordings of all statements, where any was replaced or taken off the page; else nothing."""
    every = list(question.statements.order_by("place", "version"))
    return every if any(one.state == Statement.State.RETIRED for one in every) else []


def neighbours(snapshot: Snapshot) -> tuple[Snapshot | None, Snapshot | None]:
    """The states of the same statement before and after this one."""
    rows = Snapshot.objects.filter(statement=snapshot.statement_id)
    return rows.filter(pk__lt=snapshot.pk).order_by("-pk").first(), rows.filter(pk__gt=snapshot.pk).order_by("pk").first()
