"""How many further answers change what is said: the closed form against every possible addition."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consilium.consensus.agreement import Counts, Group, Label, answers_to_overturn, judge
from tests.consensus.enumeration import Numbers, divisions, plus, said, up_to

REACH = 40  # 30 answers and 10 further ones


def by_trying_all(counts: Numbers, most: int) -> int | None:
    """The definition: the least k for which some division of k further answers over the groups changes what is said."""
    for k in range(1, most + 1):
        for added in divisions(k):
            after = Counts(*(here + more for here, more in zip(counts, added, strict=True)))
            found = judge(after)
            if (found.side or found.label) != said(counts):
                return k
    return None


@cache
def by_steps(counts: Numbers) -> int:
    """The same, one answer at a time, for enumerating; right as long as it stays within REACH answers.

    Every addition is a walk of single answers, and a walk that changes what is said does so first at some step. So the
    least number is one more than the least of the four neighbours that still say the same.
    """
    if sum(counts) >= REACH:
        return REACH
    neighbours = [plus(counts, place) for place in range(4)]
    if any(said(neighbour) != said(counts) for neighbour in neighbours):
        return 1
    return min(REACH, 1 + min(by_steps(neighbour) for neighbour in neighbours))


@pytest.mark.slow
def test_one_at_a_time_is_the_definition() -> None:
    for counts in up_to(7):
        assert by_trying_all(counts, 5) == (by_steps(counts) if by_steps(counts) <= 5 else None)


def test_equal_to_trying_all_additions_of_up_to_ten_to_every_division_of_up_to_30_answers() -> None:
    for counts in up_to(REACH - 10):
        steps = by_steps(counts)
        assert answers_to_overturn(Counts(*counts)) == (steps if steps <= 10 else None), counts


@settings(max_examples=60)
@given(st.tuples(*[st.integers(0, 18)] * 4))
def test_the_number_overturns_and_no_smaller_one_does(counts: Numbers) -> None:
    assert answers_to_overturn(Counts(*counts), most=6) == by_trying_all(counts, 6)


@given(st.tuples(*[st.integers(0, 400)] * 4))
def test_the_limit_only_hides(counts: Numbers) -> None:
    whole = answers_to_overturn(Counts(*counts), most=10_000)
    assert whole is not None
    assert whole >= 1
    assert answers_to_overturn(Counts(*counts), most=whole) == whole
    assert answers_to_overturn(Counts(*counts), most=whole - 1) is None


@pytest.mark.parametrize(
    ("counts", "meaning"),
    [
        ((0, 0, 0, 0), 1),  # none: one answer makes it few
        ((1, 0, 0, 0), 4),  # few: so many until there are five
        ((2, 1, 0, 1), 1),
    ],
)
def test_below_five_it_is_how_many_end_the_label(counts: Numbers, meaning: int) -> None:
    assert answers_to_overturn(Counts(*counts)) == meaning


def test_levels_do_not_enter() -> None:
    """What is said for a side is the side, and no level turns it: AGREE that becomes LEANING on the same side still stands."""
    counts = Counts(yes=8, no=1)
    assert judge(counts).label is Label.AGREE
    assert judge(counts.plus(Group.NO)).label is Label.LEANING
    assert answers_to_overturn(counts) == 3
