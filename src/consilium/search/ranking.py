"""Putting rankings together: what several lists agree on comes first (reciprocal rank fusion)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from consilium.search.text_index import Hit

K: Final = 20
"""How slowly a place further down counts less. The published rule (Cormack, Clarke and Büttcher 2009) has 60 for rankings of
1,000; with rankings of 200 more was found with 20, in six of seven sets of queries."""


def fuse(rankings: Sequence[Sequence[Hit]]) -> list[Hit]:
    """One ranking of all that stand in one: each place gives 1 / (K + place). Of equal ones, the first list's come first."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for place, hit in enumerate(ranking, 1):
            scores[hit.number] = scores.get(hit.number, 0.0) + 1 / (K + place)
    return [Hit(number, score) for number, score in sorted(scores.items(), key=lambda pair: -pair[1])]


def highest(rankings: Sequence[Sequence[Hit]], limit: int) -> list[Hit]:
    """One ranking of several with comparable scores: each document by its highest."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for hit in ranking:
            scores[hit.number] = max(scores.get(hit.number, hit.score), hit.score)
    return [Hit(number, score) for number, score in sorted(scores.items(), key=lambda pair: -pair[1])][:limit]


def apart(scores: Mapping[int, float], alike: Callable[[int, int], bool], limit: int) -> list[int]:
    """The best by score, without those that are alike to a better one."""
    found: list[int] = []
    for number in sorted(scores, key=lambda one: (-scores[one], one)):
        if len(found) == limit:
            break
        if not any(alike(number, other) for other in found):
            found.append(number)
    return found
