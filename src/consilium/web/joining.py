"""Two questions that may ask the same: who says so, and what joining them would do."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from consilium.accounts.models import Person
from consilium.questions import actions
from consilium.questions.actions import Plan
from consilium.questions.models import REVERSIBLE, Answer, Merge, Question, Statement, Suggestion
from consilium.search import reading
from consilium.web import addresses, saving, shown
from consilium.web.forms.joining import SameForm
from consilium.web.shown import Byline

# So many digits fit into 64 bits.
_NUMBER: Final = re.compile(r"[0-9]{1,18}")


class Changed(actions.NotAllowed):
    """Something else would move than what the editor was told."""


@dataclass(frozen=True)
class Left:
    """A statement of the question that is joined: `moving` stances go along, `left` stay; `same`: it stands there too."""

    statement: Statement
    moving: int
    left: int
    same: bool


@dataclass(frozen=True)
class Preview:
    """What joining would do, for people."""

    plan: Plan
    authors: dict[int, Byline]
    statements: list[Left]
    variants: int

    @property
    def until(self) -> Any:
        return timezone.now() + REVERSIBLE

    @property
    def moving(self) -> list[tuple[Answer, Byline]]:
        return self._by(self.plan.answers)

    @property
    def answered(self) -> list[tuple[Answer, Byline]]:
        return self._by(self.plan.answered)

    @property
    def asked(self) -> list[tuple[Answer, Byline]]:
        return self._by(self.plan.asked)

    @cached_property
    def asks(self) -> int:
        """Doctors who will be asked where they stand on the page that stays: those who can say it there, and have not."""
        kept = self.plan.canonical
        moving = {row.pk for row in self.plan.answers}
        if not kept.takes_answers or not kept.statements.active().exists():
            return 0
        return len({row.doctor_id for row in self.plan.left if row.answer_id is None or row.answer_id in moving})

    def _by(self, rows: Sequence[Answer]) -> list[tuple[Answer, Byline]]:
        return [(row, self.authors[row.pk]) for row in rows]


def number(text: str) -> int:
    """The number of a row that a form or an address names; 0, which no row has, for anything else."""
    return int(text) if _NUMBER.fullmatch(text) else 0


def form_for(request: HttpRequest, person: Person, question: Question, *, edits: bool) -> Any:
    """The form as sent, or with what the address names; for editors with what was suggested of the two."""
    hosts = [request.get_host(), addresses.base(request).partition("//")[2]]
    kind = partial(SameForm, question=question, viewer=person, hosts=hosts, offered=_offered(question, person))
    named = {name: request.GET[name] for name in ("other", "kind", "queue") if name in request.GET}
    suggested = _suggested(person, question, number(named.get("other", ""))) if edits else {}
    return saving.opened(request, kind, suggested | named)


def _suggested(person: Person, question: Question, other: int) -> dict[str, str]:
    """What was said of the two, for an editor who may see both: readers show what they wrote to editors alone."""
    if not Question.objects.visible_to(person).filter(pk=other).exists():
        return {}
    pair = {"question": max(other, question.pk), "other": min(other, question.pk)}
    said = Suggestion.objects.filter(**pair).first()
    return {"kind": said.kind, "difference": said.difference} if said else {}


def _offered(question: Question, viewer: Person) -> list[tuple[str, str]]:
    """Up to five questions with a title like this one's, each in a line."""
    found, _state = reading.alike(question.title, viewer=viewer, limit=reading.CANDIDATES + 1)
    numbers = [one.number for one in found if one.number != question.pk][: reading.CANDIDATES]
    rows = Question.objects.visible_to(viewer).in_bulk(numbers)
    return [(str(number), _line(rows[number])) for number in numbers if number in rows]


def _line(row: Question) -> str:
    said = ngettext("%(title)s (%(n)d answer)", "%(title)s (%(n)d answers)", row.answer_count)
    return said % {"title": row.title, "n": row.answer_count}


def sides(question: Question, other: Question, stays: int | None) -> tuple[Question, Question]:
    """Which of the two is joined to which: `stays`, else the one with more answers, then the older."""
    kept = max((question, other), key=lambda one: (one.pk == stays, one.answer_count, -one.listed_at.timestamp(), -one.pk))
    return (other, kept) if kept.pk == question.pk else (question, kept)


def preview(person: Person, question: Question, canonical: Question) -> Preview:
    """A constant number of queries."""
    planned = actions.plan(question, canonical)
    numbers = [row.pk for row in (*planned.answers, *planned.answered, *planned.asked)]
    authors = {row.pk: shown.byline(row) for row in Answer.objects.filter(pk__in=numbers).on_page(person)}
    statements = [
        Left(
            one,
            moving=sum(row.statement_id == one.pk for row in planned.stances),
            left=sum(row.statement_id == one.pk for row in planned.left),
            same=one.pk in planned.same,
        )
        for one in question.statements.active().order_by("place")
    ]
    return Preview(planned, authors, statements, question.variants.exclude(pk=canonical.pk).count())


@transaction.atomic
def join(person: Person, question: Question, data: dict[str, Any]) -> Merge:
    """Do what the editor was told; Changed if that would be something else by now."""
    held, kept = sides(question, data["found"], data["stays"])
    if actions.plan(held, kept).mark != data["seen"]:
        raise Changed(gettext("Something has changed since this page was made. Read it again: it says what happens now."))
    return actions.merge(person=person, question=held, canonical=kept)


def suggest(person: Person, question: Question, data: dict[str, Any]) -> str:
    """Tell the editors; the sentence that the reader gets."""
    before = Suggestion.objects.filter(
        question=max(question.pk, data["found"].pk), other=min(question.pk, data["found"].pk)
    ).exists()
    made = actions.suggest(
        question=question, other=data["found"], person=person, kind=data["kind"], difference=data["difference"]
    )
    if made.state != Suggestion.State.SUGGESTED:
        return gettext("An editor has compared these two questions already, and decided.")
    if before:
        return gettext("Thank you. The editors have been told of these two questions before; one will compare them.")
    return gettext("Thank you. An editor will compare the two questions.")


def how_alike(one: Suggestion) -> str:
    """How a suggestion came about, in words."""
    if one.suggested_by_id is not None:
        return gettext("Suggested by a reader")
    if not one.cosine:
        return gettext("The source says that they ask the same")
    return gettext("Titles almost alike") if one.cosine >= reading.PROBABLY else gettext("Titles rather alike")
