"""What the rule promises of chance, checked exactly, and the interval against other ways of computing it."""

from fractions import Fraction
from itertools import product
from math import comb, cos, exp, factorial, lgamma, pi, prod, sin

import pytest
from bench.consensus_numbers import (
    AGREED,
    LOOSE,
    at_most_half,
    copying,
    copying_simulated,
    ever,
    practices,
    probability,
    reaching,
)
from hypothesis import given
from hypothesis import strategies as st

from consilium.consensus.agreement import DIRECTIONAL, Counts, Label, chance, jeffreys, judge, outside_max, split_min
from tests.consensus.enumeration import divisions, verdict

LEANING, AGREE, STRONG = DIRECTIONAL
HALVES = (0.5, 0.5, 0.0)
ONLY_STRONG = frozenset({STRONG})
HALF = Fraction(1, 2)


def exactly(n: int, shares: tuple[Fraction, ...], wanted: frozenset[Label]) -> Fraction:
    """The chance of these labels when n answers are drawn from the four groups in these shares, in whole numbers."""
    total = Fraction(0)
    for numbers in divisions(n):
        if verdict(numbers).label in wanted and not any(
            number and not share for number, share in zip(numbers, shares, strict=True)
        ):
            ways = factorial(n) // prod(map(factorial, numbers))
            total += ways * prod(share**number for share, number in zip(shares, numbers, strict=True))
    return total


# ---- the bound of one look -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", range(5, 31))
def test_at_two_halves_the_chance_is_within_the_levels(n: int) -> None:
    """Two halves are the corners of all distributions in which nobody has more than half: the worst case of the proof."""
    for places in [(0, 1), (0, 2), (1, 2), (1, 3)]:
        shares = tuple(HALF if place in places else Fraction(0) for place in range(4))
        assert exactly(n, shares, AGREED) <= Fraction(5, 100)
        assert exactly(n, shares, ONLY_STRONG) <= Fraction(2, 100)


@pytest.mark.parametrize("n", range(5, 31))
def test_no_distribution_of_the_grid_is_worse_than_two_halves(n: int) -> None:
    for wanted, level in ((AGREED, 0.05), (ONLY_STRONG, 0.02)):
        worst = max(probability(n, corner, wanted) for corner in [(0.5, 0.5, 0.0), (0.5, 0.0, 0.5), (0.0, 0.5, 0.5)])
        assert max(probability(n, shares, wanted) for shares in at_most_half(20)) <= worst + 1e-12
        assert worst <= level


@pytest.mark.parametrize("n", [6, 9, 12])
def test_a_fourth_stance_changes_nothing(n: int) -> None:
    tenths = [Fraction(number, 10) for number in range(6)]
    grid = [(a, b, c, 1 - a - b - c) for a, b, c in product(tenths, repeat=3) if 0 <= 1 - a - b - c <= HALF and a >= b >= c]
    worst = exactly(n, (HALF, HALF, Fraction(0), Fraction(0)), AGREED)
    assert max(exactly(n, shares, AGREED) for shares in grid) == worst <= Fraction(5, 100)


def test_the_worst_of_all_sizes() -> None:
    worst = max((exactly(n, (HALF, HALF, Fraction(0), Fraction(0)), AGREED), n) for n in range(5, 31))
    assert (round(float(worst[0]), 4), worst[1]) == (0.0490, 17)


def test_the_proof_convex_up_to_one_half() -> None:
    """The chance of k of n answers is convex in the share up to (k-1)/(n-1), which is at least ½ wherever a side begins."""
    for n in range(5, 31):
        k = n - outside_max(n)
        assert 2 * k >= n + 1
        shares = [Fraction(step, 40) for step in range(21)]
        tail = [sum(comb(n, i) * share**i * (1 - share) ** (n - i) for i in range(k, n + 1)) for share in shares]
        assert all(before + after >= 2 * here for before, here, after in zip(tail, tail[1:], tail[2:], strict=False))


def test_chance_is_exact() -> None:
    for n in range(61):
        for k in range(n // 2 + 1, n + 1):
            assert chance(k, n) == float(min(Fraction(1), Fraction(2 * sum(comb(n, i) for i in range(k, n + 1)), 2**n)))
    assert chance(5, 9) == 1.0
    assert chance(0, 0) == 1.0
    assert chance(3, 2) == 0.0
    assert chance(2000, 2000) == 2.0**-1999 or chance(2000, 2000) == 0.0  # far below the smallest number


def test_the_panel_rule_alone_would_not_do() -> None:
    assert [round(chance(n - outside_max(n), n), 3) for n in (5, 8, 9)] == [0.375, 0.289, 0.180]


# ---- many looks, and how soon agreement shows ----------------------------------------------------------------------------


def test_repeated_looks() -> None:
    agreed, strong = ever(HALVES, AGREED, 30), ever(HALVES, ONLY_STRONG, 30)
    assert [round(agreed[n], 3) for n in (8, 10, 15, 30)] == [0.031, 0.055, 0.082, 0.134]
    assert round(strong[30], 4) == 0.0505
    assert round(ever(HALVES, AGREED, 30, LOOSE)[30], 2) == 0.24


def test_repeated_looks_one_by_one() -> None:
    """The same from all 2^12 orders of answers."""
    orders = list(product((0, 1), repeat=12))
    seen = sum(
        any(judge(Counts(yes=sum(order[:n]), conditional=n - sum(order[:n]))).label in AGREED for n in range(5, 13))
        for order in orders
    )
    assert seen / len(orders) == ever(HALVES, AGREED, 12)[12]


def test_repeated_looks_are_worst_at_two_halves() -> None:
    for wanted in (AGREED, ONLY_STRONG):
        worst = ever(HALVES, wanted, 30)
        assert all(by <= worst[n] + 1e-12 for shares in at_most_half(10) for n, by in ever(shares, wanted, 30).items())


def test_how_often_agreement_is_reached() -> None:
    assert [round(100 * reaching(n, 0.9, AGREE)) for n in (5, 6, 8, 9, 12, 15, 20)] == [0, 53, 43, 77, 89, 94, 99]
    assert [round(100 * reaching(n, 0.8, AGREE)) for n in (9, 15, 20)] == [44, 65, 80]
    assert [round(100 * reaching(n, 0.9, LEANING)) for n in (5, 8)] == [92, 96]
    assert reaching(9, 0.9, AGREE) == pytest.approx(
        float(exactly(9, (Fraction(9, 10), Fraction(1, 10), Fraction(0), Fraction(0)), AGREED))
    )


def test_split_where_80_of_100_agree() -> None:
    few_opposed = [probability(n, (0.80, 0.15, 0.05), frozenset({Label.SPLIT})) for n in range(5, 31)]
    assert max(few_opposed) == pytest.approx(0.044, abs=0.0005)
    more_opposed = [probability(n, (0.80, 0.05, 0.15), frozenset({Label.SPLIT})) for n in range(5, 31)]
    assert max(more_opposed) == pytest.approx(0.283, abs=0.0005)  # at n = 7, where two at each extreme are enough
    assert split_min(7) == 2


def test_copying_and_like_minded_practices() -> None:
    exact = [[round(copying(n, copied), 3) for copied in (0, 0.2, 0.4, 0.6)] for n in (9, 15)]
    assert exact == [[0.039, 0.114, 0.266, 0.514], [0.035, 0.140, 0.377, 0.714]]
    for n, copied in product((9, 15), (0.0, 0.2, 0.4, 0.6)):
        assert copying_simulated(n, copied) == pytest.approx(copying(n, copied), abs=0.015)
    assert copying(9, 0) == practices(9, 1) == pytest.approx(chance(8, 9))
    assert practices(3, 3) == 0.25


# ---- the interval --------------------------------------------------------------------------------------------------------

KNOWN = [  # k, n, level, ends: from the Beta quantiles of another library (SciPy 1.17)
    (0, 10, 0.95, 0.0, 0.2171962675),
    (1, 10, 0.95, 0.0110116738, 0.3813147711),
    (7, 9, 0.95, 0.4561755669, 0.9506980770),
    (5, 10, 0.95, 0.2235286703, 0.7764713297),
    (9, 9, 0.95, 0.7623899014, 1.0),
    (25, 200, 0.95, 0.0846274340, 0.1761259745),
    (24, 30, 0.99, 0.5763909662, 0.9365035506),
    (1, 1000, 0.95, 0.0001079188, 0.0046644588),
]


def below(x: float, k: int, n: int) -> float:
    """P(Beta(k+½, n-k+½) ≤ sin²x) by Simpson's rule: with θ = sin²t the density is 2·sin^2k(t)·cos^2(n-k)(t)/B, smooth."""
    steps = 2_000
    width = x / steps

    def density(t: float) -> float:
        return float(sin(t) ** (2 * k) * cos(t) ** (2 * (n - k)))

    total = density(0) + density(x) + sum((4 if i % 2 else 2) * density(i * width) for i in range(1, steps))
    return 2 * total * width / 3 / exp(lgamma(k + 0.5) + lgamma(n - k + 0.5) - lgamma(n + 1))


def angle(share: float) -> float:
    """x with sin²x = share, by halving."""
    low, high = 0.0, pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if sin(middle) ** 2 < share else (low, middle)
    return low


@pytest.mark.parametrize(("k", "n", "level", "low", "high"), KNOWN)
def test_known_intervals(k: int, n: int, level: float, low: float, high: float) -> None:
    assert jeffreys(k, n, level) == pytest.approx((low, high), abs=6e-11)


@pytest.mark.parametrize("n", [1, 2, 5, 9, 20, 60])
def test_the_interval_leaves_equal_tails(n: int) -> None:
    for k in {0, 1, n // 3, n // 2, n - 1, n}:
        low, high = jeffreys(k, n)
        assert k == 0 or below(angle(low), k, n) == pytest.approx(0.025, abs=1e-9)
        assert k == n or below(angle(high), k, n) == pytest.approx(0.975, abs=1e-9)


@given(st.integers(0, 2_000), st.integers(0, 2_000), st.floats(0.5, 0.999))
def test_the_interval_holds_the_share_and_mirrors(k: int, rest: int, level: float) -> None:
    n = k + rest
    low, high = jeffreys(k, n, level)
    assert 0 <= low < high <= 1
    assert (low == 0) == (k == 0)
    assert (high == 1) == (rest == 0)
    assert n == 0 or low <= k / n <= high
    assert jeffreys(rest, n, level) == pytest.approx((1 - high, 1 - low), abs=1e-12)
    assert jeffreys(k + 1, n + 1, level)[0] > low


def test_nothing_seen_says_nothing() -> None:
    assert jeffreys(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("k", "n", "level"), [(3, 2, 0.95), (-1, 2, 0.95), (1, 2, 0), (1, 2, 1), (1, 2, float("nan"))])
def test_impossible_intervals_are_refused(k: int, n: int, level: float) -> None:
    with pytest.raises(ValueError, match="no interval"):
        jeffreys(k, n, level)
