"""What the answers of a question cite, each work once; and whose sources have been retracted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from consilium.doctors.models import Doctor
from consilium.evidence.models import Citation, Work
from consilium.questions.models import Answer

# The order in which kinds are listed: what weighs several studies comes before one study, and that before one case.
_KINDS: Final = list(Work.Kind.values)


@dataclass(frozen=True, slots=True)
class Line:
    """A work with everything that the answers say of it; `number` is its place in the question's list of sources, from 1."""

    number: int
    work: Work
    citations: tuple[Citation, ...]

    @property
    def directions(self) -> list[tuple[str, int]]:
        """How many answers say that it supports, contradicts, mentions; those that none says are left out."""
        found = Counter(direction for _answer, direction in {(one.answer_id, one.direction) for one in self.citations})
        return [(str(choice.label), found[choice.value]) for choice in Citation.Direction if found[choice.value]]

    @property
    def doctors(self) -> list[Doctor]:
        """Those who cite it, in the order of their answers; copied answers without a named doctor are left out."""
        return list({one.answer.doctor_id: one.answer.doctor for one in self.citations if one.answer.doctor}.values())

    @property
    def answers(self) -> list[Answer]:
        return list({one.answer_id: one.answer for one in self.citations}.values())

    @property
    def quotes(self) -> list[str]:
        return list(dict.fromkeys(one.quote for one in self.citations if one.quote))


@dataclass(frozen=True, slots=True)
class Ledger:
    """The sources of a question. `by_statement`: what is cited for each statement number, None: for none in particular."""

    works: tuple[Line, ...]
    by_statement: dict[int | None, tuple[Line, ...]]
    by_answer: dict[int, tuple[Line, ...]]

    def __bool__(self) -> bool:
        return bool(self.works)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A retracted work that a doctor cites, with the answers that do."""

    work: Work
    answers: tuple[Answer, ...]


def ledger_of(question: int) -> Ledger:
    """The sources of a question's published answers, in one query."""
    return ledger(Citation.objects.on_page(question))


def ledger(citations: Iterable[Citation], statements: Collection[int] | None = None) -> Ledger:
    """The same from rows at hand (with work, answer and the answer's doctor): those that count first, then by kind and year.

    With the numbers of the `statements` that the page shows, what is cited for any other one (of an earlier wording, or of the
    question from which the answer came by a merge) is cited for none in particular.
    """
    rows = list(citations)
    works = sorted({row.work_id: row.work for row in rows}.values(), key=_place)
    numbers = {work.pk: number for number, work in enumerate(works, start=1)}
    by_statement: dict[int | None, list[Citation]] = defaultdict(list)
    by_answer: dict[int, list[Citation]] = defaultdict(list)
    for row in rows:
        known = statements is None or row.statement_id in statements
        by_statement[row.statement_id if known else None].append(row)
        by_answer[row.answer_id].append(row)
    return Ledger(
        works=_lines(rows, numbers),
        by_statement={statement: _lines(own, numbers) for statement, own in by_statement.items()},
        by_answer={answer: _lines(own, numbers) for answer, own in by_answer.items()},
    )


def retracted_of(doctor: Doctor) -> list[Withdrawn]:
    """Retracted works that this doctor's published answers cite, latest retraction first, in one query."""
    rows = (
        Citation.objects.filter(answer__doctor=doctor, answer__state=Answer.State.PUBLISHED)
        .filter(work__retraction=Work.Retraction.RETRACTED)
        .select_related("work", "answer__question")
        .defer("answer__body", "answer__body_html", "answer__question__body", "answer__question__body_html")
        .order_by("-work__retracted_on", "work", "answer__place", "pk")
    )
    works: dict[int, Work] = {}
    answers: dict[int, dict[int, Answer]] = defaultdict(dict)
    for row in rows:
        works[row.work_id] = row.work
        answers[row.work_id][row.answer_id] = row.answer
    return [Withdrawn(work, tuple(answers[pk].values())) for pk, work in works.items()]


def _place(work: Work) -> tuple[bool, int, int, str]:
    return (not work.counts, _KINDS.index(work.kind), -(work.year or 0), work.key)


def _lines(rows: Iterable[Citation], numbers: dict[int, int]) -> tuple[Line, ...]:
    found: dict[int, list[Citation]] = defaultdict(list)
    for row in rows:
        found[row.work_id].append(row)
    return tuple(
        Line(numbers[pk], own[0].work, tuple(own)) for pk, own in sorted(found.items(), key=lambda pair: numbers[pair[0]])
    )
