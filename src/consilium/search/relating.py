"""Which questions are worth reading beside a question, and which probably ask the same: found by the worker, never by a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog
from django.db import transaction
from django.utils import timezone

from consilium.questions import actions as questions
from consilium.questions.models import Question, QuestionLink, QuestionTopic
from consilium.questions.rules import RELATED_LIMIT
from consilium.search import opening, semantic
from consilium.search.gathering import CHUNK
from consilium.search.models import Vector
from consilium.search.node import ALIKE
from consilium.search.ranking import apart
from consilium.search.reading import PROBABLY
from consilium.search.text_index import BrokenIndex

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
LINKING: Final = 1_000
"""Questions that are looked at anew because one of their related ones has gone."""

Packed = bytes | memoryview


@dataclass(slots=True)
class _Known:
    """What was read of questions: vectors of those that have some, topics, and of visible ones the head of their group."""

    titles: dict[int, Packed] = field(default_factory=dict)
    wholes: dict[int, Packed] = field(default_factory=dict)
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
            for pk, title, whole in rows:
                if title and whole:
                    self.titles[pk], self.wholes[pk] = title, whole
            for pk, topic in QuestionTopic.objects.filter(question__in=part).values_list("question", "topic"):
                self.topics[pk].add(topic)
            seen = Question.objects.filter(pk__in=part, state__in=Question.PUBLIC).values_list("pk", "variant_of")
            self.heads.update((pk, head or pk) for pk, head in seen)


@dataclass(frozen=True, slots=True)
class _Found:
    """`related`, best first; `same`: others that probably ask the same, with the cosine of the titles."""

    related: list[int]
    same: dict[int, float]


def relate_some() -> int:
    """Find what is near some questions whose vectors are new, let those find them, and store it; how many were looked at."""
    due = list(Vector.objects.unrelated().order_by("question")[:PIECE])
    fresh = {row.pk for row in due}
    known = _Known()
    found = _find(known, fresh, fresh)
    near = {other for one in found.values() for other in one.related} - fresh
    near -= set(Vector.objects.unrelated().filter(pk__in=near).values_list("pk", flat=True))  # their turn comes
    _store(due, found, _find(known, near, fresh))
    return len(due)


@transaction.atomic
def relate_again(number: int) -> None:
    """A question has gone, come back, or joined a group: it and those that lead to it are looked at anew."""
    leading = QuestionLink.objects.filter(other=number, kind=QuestionLink.Kind.RELATED).order_by("pk")
    numbers = {number, *leading.values_list("question", flat=True)[:LINKING]}
    Vector.objects.filter(pk__in=numbers).update(related_at=None)


@transaction.atomic
def _store(due: Sequence[Vector], found: Mapping[int, _Found], around: Mapping[int, _Found]) -> None:
    """Of the questions that were due, only what no other worker has done and nobody has changed meanwhile."""
    read = {row.pk: row.digest for row in due}
    held = Vector.objects.select_for_update().filter(pk__in=read, related_at=None).order_by("pk")
    mine = [row.pk for row in held if row.digest == read[row.pk]]
    Vector.objects.filter(pk__in=mine).update(related_at=timezone.now())
    stored = [number for number in mine if number in found]
    both = {number: found[number] for number in stored} | (dict(around) if mine else {})
    for number in sorted(both):
        questions.set_related(question=number, others=both[number].related)
    for number in stored:
        if found[number].same:
            questions.suggest_found(question=number, others=found[number].same)


def _find(known: _Known, numbers: Collection[int], fresh: Collection[int]) -> dict[int, _Found]:
    """What is near these questions, as far as they are visible and have vectors; `fresh` ones may not be in the index yet."""
    known.learn(numbers)
    there = sorted(number for number in numbers if number in known.heads and number in known.titles)
    near = _candidates(known, there)
    known.learn({one for many in near.values() for one in many}.union(fresh))
    return {number: _chosen(known, number, near[number].union(fresh) - {number}) for number in there}


def _candidates(known: _Known, numbers: Sequence[int]) -> dict[int, set[int]]:
    """The nearest by this node's index; those with the same topics where there is none."""
    node, _state = opening.opened()
    vectors = node.vectors if node else None
    if vectors is not None:
        try:
            return {
                number: {hit.number for hit in vectors.nearest(semantic.unpacked(known.wholes[number]), NEAREST, whole=True)}
                | {hit.number for hit in vectors.nearest(semantic.unpacked(known.titles[number]), SAME, whole=False)}
                for number in numbers
            }
        except BrokenIndex as error:
            log.warning("search.broken_index", reason=str(error)[:200])
    return {number: set(questions.sharing_topics(number, BY_TOPIC)) for number in numbers}


def _chosen(known: _Known, number: int, candidates: Collection[int]) -> _Found:
    group = known.heads[number]
    others = [one for one in sorted(candidates) if one in known.titles and known.heads.get(one, group) != group]
    row = {one: place for place, one in enumerate(others)}
    titles = semantic.cosines([known.titles[one] for one in others])
    same = semantic.cosines([known.titles[number]], [known.titles[one] for one in others])[0]
    near = semantic.cosines([known.wholes[number]], [known.wholes[one] for one in others])[0]
    scores = {
        one: near[row[one]] + SHARED * min(SHARED_MOST, len(known.topics[number] & known.topics[one]))
        for one in others
        if near[row[one]] >= ALIKE and same[row[one]] < PROBABLY
    }

    def alike(one: int, other: int) -> bool:
        return known.heads[one] == known.heads[other] or titles[row[one]][row[other]] >= PROBABLY

    related = apart(scores, alike, RELATED_LIMIT)
    twins = sorted((one for one in others if same[row[one]] >= PROBABLY), key=lambda one: -same[row[one]])
    return _Found(_filled(known, number, related, twins), {one: same[row[one]] for one in twins})


def _filled(known: _Known, number: int, related: list[int], twins: Sequence[int]) -> list[int]:
    """With those that share topics, where meaning finds few."""
    if len(related) >= RELATED_LIMIT:
        return related
    sharing = questions.sharing_topics(number, BY_TOPIC)
    known.learn(sharing)
    taken = {known.heads[number], *(known.heads[one] for one in (*related, *twins))}
    for one in sharing:
        head = known.heads.get(one)
        if len(related) < RELATED_LIMIT and head is not None and head not in taken:
            related.append(one)
            taken.add(head)
    return related
