"""Where the doctors stand: the label of one statement, from counts alone.

Pure functions of whole numbers; docs/consensus.md explains the rule to a clinician and to a statistician and holds every
figure that follows from it. Counts are counted stances: who is counted is decided where they are read.

Sources: the terciles of disagreement and agreement follow the RAND/UCLA Appropriateness Method (Fitch and others 2001);
the interval is Jeffreys' as in Brown, Cai and DasGupta, Interval Estimation for a Binomial Proportion (2001).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from math import comb, exp, lgamma, log, log1p
from typing import Final

NAME: Final = "consilium-consensus/1"
FEWEST: Final = 5  # answers that may carry a label


class Group(StrEnum):
    """A stance as it is counted: "yes, if" and "no, unless" are both conditional."""

    YES = "yes"
    CONDITIONAL = "conditional"
    NO = "no"
    CANNOT_SAY = "cannot_say"


class Label(StrEnum):
    """What the answers together amount to. Only leaning, agree and strong point to a side."""

    NONE = "none"
    FEW = "few"
    MIXED = "mixed"
    SPLIT = "split"
    LEANING = "leaning"
    AGREE = "agree"
    STRONG = "strong"


DIRECTIONAL: Final = (Label.LEANING, Label.AGREE, Label.STRONG)  # weakest first


class Cap(StrEnum):
    """Why a label is held below what its counts alone would give."""

    BLIND = "blind"  # the answers recorded before reading the others do not carry it
    COVERAGE = "coverage"  # a primary specialty has not answered
    ONE_SPECIALTY = "one_specialty"  # all who answered share one specialty


@dataclass(frozen=True, slots=True)
class Counts:
    """How many counted stances each group has. ValueError when one is negative."""

    yes: int = 0
    conditional: int = 0
    no: int = 0
    cannot_say: int = 0

    def __post_init__(self) -> None:
        if min(self.yes, self.conditional, self.no, self.cannot_say) < 0:
            raise ValueError(f"counts cannot be negative: {self}")

    @classmethod
    def of_groups(cls, groups: Iterable[Group]) -> Counts:
        return cls(**{group.value: number for group, number in Counter(groups).items()})

    @property
    def n(self) -> int:
        return self.yes + self.conditional + self.no + self.cannot_say

    def of(self, group: Group) -> int:
        number: int = getattr(self, group.value)
        return number

    def plus(self, group: Group, k: int = 1) -> Counts:
        """These counts with k more answers in the group."""
        return replace(self, **{group.value: self.of(group) + k})


@dataclass(frozen=True, slots=True)
class Levels:
    """The largest `chance` that AGREE and STRONG may have at one look. ValueError unless 0 < strong ≤ agree < 1."""

    agree: float = 0.05
    strong: float = 0.02

    def __post_init__(self) -> None:
        if not 0 < self.strong <= self.agree < 1:
            raise ValueError(f"levels must satisfy 0 < strong <= agree < 1: agree={self.agree}, strong={self.strong}")


DEFAULT_LEVELS: Final = Levels()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The label shown, the side it points to (None unless leaning, agree or strong), and how it came about.

    `p` is `chance` of the largest group, None below five answers. `uncapped` is the label of the counts alone; it differs
    from `label` exactly when `capped_by` names a cap.
    """

    label: Label
    side: Group | None
    p: float | None
    capped_by: tuple[Cap, ...]
    uncapped: Label


def algorithm(levels: Levels) -> str:
    """The name that is stored and shown with each result: another one as soon as a level differs from the default."""
    if levels == DEFAULT_LEVELS:
        return NAME
    return f"{NAME}?agree={levels.agree!r}&strong={levels.strong!r}"


def split_min(n: int) -> int:
    """How many of n answers must stand at each extreme for SPLIT. RAND/UCLA: 3 of 8–10, 4 of 11–13, 5 of 14–16."""
    return (n + 1) // 3


def outside_max(n: int) -> int:
    """How many of n answers may lie outside the largest group for a side. RAND/UCLA: 2 of 8–10, 3 of 11–13, 4 of 14–16."""
    return split_min(n) - 1


def chance(k: int, n: int) -> float:
    """Bound on the chance that some position gets k or more of n answers although none is held by more than half.

    min(1, 2·P(Bin(n, ½) ≥ k)), a bound for k > n/2; summed in whole numbers and rounded once.
    """
    return min(1.0, 2 * sum(comb(n, i) for i in range(max(k, 0), n + 1)) / (1 << n))


def judge(counts: Counts, *, levels: Levels = DEFAULT_LEVELS) -> Verdict:
    """What the counts alone say, without caps."""
    label, side = _direction(counts)
    p = chance(max(counts.of(group) for group in Group), counts.n) if counts.n >= FEWEST else None
    if side is not None and p is not None:
        label = _strength(counts, side, p, levels)
    return Verdict(label, side, p, (), label)


def judge_capped(
    counts: Counts, blind: Counts, *, primary_missing: bool, one_specialty: bool, levels: Levels = DEFAULT_LEVELS
) -> Verdict:
    """What the page shows: never stronger than the answers given before reading the others, never STRONG with a gap.

    `blind` counts those answers, a part of `counts`. `capped_by` names each cap that alone brings the label down to the
    one shown; a cap that would have allowed more is not named.
    """
    free = judge(counts, levels=levels)
    if free.side is None:
        return free
    ceilings = {Cap.BLIND: _blind_ceiling(judge(blind, levels=levels), free.side)}
    if primary_missing:
        ceilings[Cap.COVERAGE] = Label.AGREE
    if one_specialty:
        ceilings[Cap.ONE_SPECIALTY] = Label.AGREE
    shown = min((free.label, *ceilings.values()), key=DIRECTIONAL.index)
    if shown is free.label:
        return free
    return replace(free, label=shown, capped_by=tuple(cap for cap, ceiling in ceilings.items() if ceiling is shown))


def answers_to_overturn(counts: Counts, *, most: int = 10) -> int | None:
    """The fewest further answers, in any positions, after which what is said no longer holds; None if more than `most`.

    What is said is the side where there is one, else the label. Below five answers that is only that there are too few,
    and the number is how many more end it. Exact over all additions: docs/consensus.md has the proof. The levels grade a
    side and never turn it, so they do not enter.
    """
    label, side = _direction(counts)
    n = counts.n
    if side is not None:  # most quickly lost when all further answers lie outside: the first k with m < n+k-outside_max(n+k)
        k = counts.of(side) * 3 // 2 - n
    elif label is Label.SPLIT:  # when none joins the smaller extreme: the first k with split_min(n+k) above it
        k = min(counts.yes, counts.no) * 3 + 2 - n
    elif label is Label.MIXED:
        k = _to_settle(counts)
    else:
        k = FEWEST - n if n else 1
    return k if k <= most else None


def contested(counts: Counts) -> float:
    """How contested the statement is, 0 to 1, for sorting lists only.

    The posterior mean of the variance of yes=+1, conditional=0, no=-1 under a Dirichlet(½, ½, ½) prior; "cannot say" is
    not on that line and is left out.
    """
    yes, no = counts.yes + 0.5, counts.no + 0.5
    total = yes + counts.conditional + 0.5 + no
    mean_square = (yes + no) / total
    square_of_mean = (yes * (yes + 1) + no * (no + 1) - 2 * yes * no) / (total * (total + 1))
    return mean_square - square_of_mean


def jeffreys(k: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Jeffreys' interval of a share of which k of n were seen: equal tails of Beta(k+½, n-k+½).

    As Brown, Cai and DasGupta define it, the lower end is 0 at k = 0 and the upper end is 1 at k = n.
    ValueError unless 0 ≤ k ≤ n and 0 < level < 1.
    """
    if not (0 <= k <= n and 0 < level < 1):
        raise ValueError(f"no interval for {k} of {n} at level {level}")
    tail = (1 - level) / 2
    low = _beta_quantile(tail, k + 0.5, n - k + 0.5) if k else 0.0
    high = 1 - _beta_quantile(tail, n - k + 0.5, k + 0.5) if k < n else 1.0
    return low, high


def _direction(counts: Counts) -> tuple[Label, Group | None]:
    """The label with LEANING for all three directional ones, and the side."""
    n = counts.n
    if n < FEWEST:
        return (Label.FEW if n else Label.NONE), None
    if min(counts.yes, counts.no) >= split_min(n):
        return Label.SPLIT, None
    side = max(Group, key=counts.of)
    if counts.of(side) < n - outside_max(n):  # so a side always has more than half, and no tie gives one
        return Label.MIXED, None
    return Label.LEANING, side


def _strength(counts: Counts, side: Group, p: float, levels: Levels) -> Label:
    opposite = {Group.YES: counts.no, Group.NO: counts.yes}.get(side, 0)
    if p <= levels.strong and 4 * counts.of(side) >= 3 * counts.n and opposite == 0:
        return Label.STRONG
    return Label.AGREE if p <= levels.agree else Label.LEANING


def _blind_ceiling(blind: Verdict, side: Group) -> Label:
    return blind.label if blind.side is side else Label.LEANING


def _to_settle(counts: Counts) -> int:
    """The fewest further answers that make mixed counts SPLIT or give them a side."""
    n, largest = counts.n, max(counts.of(group) for group in Group)
    to_a_side = 2 * n - 3 * largest + 2  # all on the largest group: the first k with m+k >= n+k-outside_max(n+k)
    for k in range(1, to_a_side):
        needed = split_min(n + k)
        if max(0, needed - counts.yes) + max(0, needed - counts.no) <= k:
            return k
    return to_a_side


# ---- the Beta distribution -------------------------------------------------------------------------------------------


def _beta_quantile(p: float, a: float, b: float) -> float:
    """x with P(Beta(a, b) ≤ x) = p for p < ½, by Newton steps inside a shrinking bracket; relative error about 1e-13."""
    low, high, x = 0.0, 1.0, a / (a + b)
    log_beta = lgamma(a) + lgamma(b) - lgamma(a + b)
    for _ in range(200):
        excess = _beta_cdf(x, a, b) - p
        low, high = (low, x) if excess > 0 else (x, high)
        slope = exp((a - 1) * log(x) + (b - 1) * log1p(-x) - log_beta)
        guess = x - excess / slope if slope > 0 else low
        if not low < guess < high:
            guess = (low + high) / 2
        if abs(guess - x) <= 1e-14 * x:
            return guess
        x = guess
    return x


def _beta_cdf(x: float, a: float, b: float) -> float:
    """P(Beta(a, b) ≤ x) for 0 < x < 1, by a continued fraction that converges fast up to the mean and a little beyond."""
    return exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) * _fraction(x, a, b) / a


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method."""
    tiny = 1e-300
    c, d = 1.0, 1 / ((1 - (a + b) * x / (a + 1)) or tiny)
    value = d
    for m in range(1, 1000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / ((1 + term * d) or tiny)
            c = (1 + term / c) or tiny
            value *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return value
