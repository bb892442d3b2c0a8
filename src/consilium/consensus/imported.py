"""Copied answers as editors read them: counted apart, never in the label. Pure: no Django, no database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from consilium.consensus.agreement import Counts
from consilium.consensus.counting import GROUPS

CODERS: Final = 2  # who must agree
UNCLEAR: Final = "unclear"
WAITING: Final = "waiting"
NOT_ADDRESSED: Final = "not_addressed"
LOW_KAPPA: Final = 0.6


@dataclass(frozen=True, slots=True)
class Reading:
    """How one coder reads one answer on one statement."""

    answer: int
    coder: str
    value: str


def agreed(readings: Iterable[Reading]) -> dict[int, str]:
    """By answer: the value all its coders (two at least) gave, or UNCLEAR when they differ, or WAITING for a second one.

    Coders who agree on the side but not on which way the condition is put ("yes, if", "no, unless") agree.
    """
    by_answer: dict[int, list[str]] = defaultdict(list)
    for reading in readings:
        by_answer[reading.answer].append(reading.value)
    return {answer: _agreed(values) for answer, values in by_answer.items()}


def _agreed(values: Sequence[str]) -> str:
    if len({GROUPS.get(value, value) for value in values}) > 1:
        return UNCLEAR
    return values[0] if len(values) >= CODERS else WAITING


def counts(values: Iterable[str]) -> Counts:
    """Of agreed values; what is unclear, waiting or not addressed counts nowhere."""
    return Counts.of_groups(GROUPS[value] for value in values if value in GROUPS)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well two coders agree over the `n` items both coded: Cohen's kappa (1960), None when chance alone explains all."""

    one: str
    other: str
    n: int
    same: int
    kappa: float | None

    @property
    def low(self) -> bool:
        return self.kappa is not None and self.kappa < LOW_KAPPA


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa of two coders' values of the same items: agreement beyond chance, 1 is perfect, 0 is chance."""
    n = len(pairs)
    if not n:
        return None
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    observed = sum(one == other for one, other in pairs) / n
    expected = sum(first[value] * second[value] for value in first) / (n * n)
    return None if expected == 1 else (observed - expected) / (1 - expected)


def agreements(items: Mapping[tuple[int, int], Mapping[str, str]]) -> list[Agreement]:
    """Of every pair of coders; `items` maps (answer, statement) to each coder's value. The pair with most items first."""
    pairs: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for by_coder in items.values():
        for one, other in combinations(sorted(by_coder), 2):
            pairs[one, other].append((_side(by_coder[one]), _side(by_coder[other])))
    found = [Agreement(*who, len(values), sum(a == b for a, b in values), kappa(values)) for who, values in pairs.items()]
    return sorted(found, key=lambda one: (-one.n, one.one, one.other))


def _side(value: str) -> str:
    group = GROUPS.get(value)
    return group.value if group else value
