"""Which questions are worth reading beside a question, and which probably ask the same: found by the worker, never by a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import structlog
from django.db import transaction
from django.utils import timezone

from consilium.questions import actions as questions
from consilium.questions.models import Question, QuestionTopic
from consilium.questions.rules import RELATED_LIMIT
from consilium.search import actions, opening, semantic
from consilium.search.gathering import CHUNK
from consilium.search.models import Vector
from consilium.search.node import ALIKE
from consilium.search.ranking import apart
from consilium.search.reading import PROBABLY
from consilium.search.text_index import BrokenIndex

if TYPE_CHECKING:
    from consilium.search.vector_index import Table, VectorIndex

log = structlog.get_logger(__name__)

PIECE: Final = 16
"""Questions whose neighbours are looked for at once."""
NEAREST: Final = 24
"""Candidates by the question with its answers."""
SAME: Final = 12
"""Candidates by the title: what asks the same stands among them."""
BY_TOPIC: Final = 60
"""Candidates by shared topics, where this node has no vectors to look in."""
SHARED: Final = 0.05
"""What a shared topic adds to a cosine."""
SHARED_MOST: Final = 3

Nearest = Mapping[int, Collection[int]]


@dataclass(slots=True)
class _Known:
    """What was read of questions: vectors of those that have some, topics, and of visible ones the head of their group."""

    table: Table = field(default_factory=semantic.table)
    topics: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    heads: dict[int, int] = field(default_factory=dict)
    asked: set[int] = field(default_factory=set)

    def learn(self, numbers: Iterable[int]) -> None:
        """Read what is not known yet: three queries for every CHUNK of them."""
        new = sorted(set(numbers) - self.asked)
        self.asked.update(new)
        for start in range(0, len(new), CHUNK):
            part = new[start : start + CHUNK]
            rows = Vector.objects.good(semantic.MODEL).filter(pk__in=part).values_list("pk", "title", "whole")
            self.table.add([(pk, title, whole) for pk, title, whole in rows if title and whole])
            for pk, topic in QuestionTopic.objects.filter(question__in=part).values_list("question", "topic"):
                self.topics[pk].add(topic)
            seen = Question.objects.filter(pk__in=part, state__in=Question.PUBLIC).values_list("pk", "variant_of")
            self.heads.update((pk, head or pk) for pk, head in seen)

    def comparable(self, number: int) -> bool:
        """Whether a question is visible and has vectors."""
        return number in self.heads and number in self.table


@dataclass(frozen=True, slots=True)
class _Found:
    """`related`, best first; `same`: others that probably ask the same, with the cosine of the titles."""

    related: list[int]
    same: dict[int, float]


def relate_some() -> int:
    """Find what is near some questions whose vectors are new, let those find them, and store it; how many were looked at."""
    due = list(Vector.objects.unrelated().order_by("question")[:PIECE])
    if not due:
        return 0
    known, fresh = _Known(), [row.pk for row in due]
    known.learn(fresh)
    there = [number for number in fresh if known.comparable(number)]
    near = _candidates(known, there)
    known.learn({one for many in near.values() for one in many})
    found = {number: _chosen(known, number, {*near[number], *fresh}) for number in there}
    _store(due, found, _around(known, found, fresh))
    return len(due)


def _around(known: _Known, found: Mapping[int, _Found], fresh: Sequence[int]) -> dict[int, _Found]:
    """Those that were found find the new ones, too: each keeps the best of what it had and of these."""
    near = {other for one in found.values() for other in one.related}.difference(fresh)
    near -= set(Vector.objects.unrelated().filter(pk__in=near).values_list("pk", flat=True))  # their turn comes
    had = questions.related_of(near)
    known.learn({one for many in had.values() for one in many})
    return {
        number: _chosen(known, number, {*had.get(number, []), *fresh}, had.get(number, []))
        for number in sorted(near)
        if known.comparable(number)
    }


@transaction.atomic
def relate_again(number: int) -> None:
    """A question has gone, come back, or joined a group: it and those that lead to it are looked at anew."""
    Vector.objects.filter(pk=number).update(related_at=None)
    actions.look_again([number])


@transaction.atomic
def _store(due: Sequence[Vector], found: Mapping[int, _Found], around: Mapping[int, _Found]) -> None:
    """Of the questions that were due, only what no other worker has done and nobody has changed meanwhile."""
    read = {row.pk: row.digest for row in due}
    held = Vector.objects.select_for_update().filter(pk__in=read, related_at=None).order_by("pk")
    mine = [pk for pk, digest in held.values_list("pk", "digest") if digest == read[pk]]
    Vector.objects.filter(pk__in=mine).update(related_at=timezone.now())
    new = {number: found[number] for number in mine if number in found}
    questions.set_related({number: one.related for number, one in (new | (dict(around) if new else {})).items()})
    for number, one in new.items():
        if one.same:
            questions.suggest_found(question=number, others=one.same)


def _candidates(known: _Known, numbers: Sequence[int]) -> Nearest:
    """The nearest by this node's index; those with the same topics where there is none."""
    node, _state = opening.opened()
    vectors = node.vectors if node else None
    if vectors is not None:
        try:
            return {number: _nearest(known, vectors, number) for number in numbers}
        except BrokenIndex as error:
            log.warning("search.broken_index", reason=str(error)[:200])
    return {number: questions.sharing_topics(number, BY_TOPIC) for number in numbers}


def _nearest(known: _Known, vectors: VectorIndex, number: int) -> set[int]:
    near = vectors.nearest(known.table.vector(number, whole=True), NEAREST, whole=True)
    same = vectors.nearest(known.table.vector(number, whole=False), SAME, whole=False)
    return {hit.number for hit in (*near, *same)}


def _chosen(known: _Known, number: int, candidates: Collection[int], spare: Sequence[int] | None = None) -> _Found:
    """The best of the candidates; `spare` fills up where they are few, None: by shared topics."""
    group = known.heads[number]
    others = [one for one in sorted(candidates) if known.comparable(one) and known.heads[one] != group]
    near = known.table.cosines(number, others, whole=True)
    titles = known.table.cosines(number, others, whole=False)
    same = {one: titles[one] for one in sorted(others, key=lambda one: -titles[one]) if titles[one] >= PROBABLY}
    scores = {
        one: near[one] + SHARED * min(SHARED_MOST, len(known.topics[number] & known.topics[one]))
        for one in others
        if near[one] >= ALIKE and one not in same
    }

    def alike(one: int, other: int) -> bool:
        return known.heads[one] == known.heads[other] or known.table.cosines(one, [other], whole=False)[other] >= PROBABLY

    related = apart(scores, alike, RELATED_LIMIT)
    if len(related) < RELATED_LIMIT:
        _fill(known, related, {group, *(known.heads[one] for one in same)}, _spare(known, number) if spare is None else spare)
    return _Found(related, same)


def _spare(known: _Known, number: int) -> list[int]:
    sharing = questions.sharing_topics(number, BY_TOPIC)
    known.learn(sharing)
    return sharing


def _fill(known: _Known, related: list[int], without: Collection[int], spare: Sequence[int]) -> None:
    """Add those that are spare, one of a group, where meaning finds few."""
    taken = {*without, *(known.heads[one] for one in related)}
    for one in spare:
        head = known.heads.get(one)
        if len(related) < RELATED_LIMIT and head is not None and head not in taken:
            related.append(one)
            taken.add(head)
