"""The rule itself: worked examples, published thresholds, and what holds for every division of up to 30 answers."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium.consensus import agreement
from consilium.consensus.agreement import (
    DIRECTIONAL,
    Cap,
    Counts,
    Group,
    Label,
    Levels,
    algorithm,
    answers_to_overturn,
    contested,
    judge,
    judge_capped,
    outside_max,
    split_min,
)
from tests.consensus.enumeration import Numbers, plus, up_to, verdict

NONE, FEW, MIXED, SPLIT, LEANING, AGREE, STRONG = Label
YES, CONDITIONAL, NO, CANNOT_SAY = Group
GROUPS = list(Group)
MOST = 30

EXAMPLES = [  # yes, conditional, no, cannot say; label; side; further answers that may change it; contested
    ((0, 0, 0, 0), NONE, None, 1, 0.40),
    ((0, 0, 4, 0), FEW, None, 1, 0.32),
    ((3, 4, 2, 0), MIXED, None, 1, 0.51),
    ((4, 1, 4, 0), SPLIT, None, 5, 0.78),
    ((4, 1, 0, 0), LEANING, YES, 1, None),
    ((5, 0, 0, 0), LEANING, YES, 2, 0.29),
    ((6, 0, 0, 0), AGREE, YES, 3, 0.26),
    ((7, 2, 0, 0), LEANING, YES, 1, 0.29),
    ((7, 0, 0, 0), STRONG, YES, 3, None),
    ((7, 1, 0, 0), LEANING, YES, 2, None),
    ((8, 0, 1, 0), AGREE, YES, 3, 0.46),
    ((9, 0, 0, 0), STRONG, YES, 4, 0.20),
    ((16, 4, 0, 0), STRONG, YES, 4, 0.23),
    ((24, 4, 2, 0), AGREE, YES, 6, 0.36),
    ((1, 1, 0, 7), LEANING, CANNOT_SAY, 1, None),
    ((0, 9, 0, 0), STRONG, CONDITIONAL, 4, None),  # conditions have no opposite
    ((2, 16, 2, 0), STRONG, CONDITIONAL, 4, None),
    ((0, 0, 9, 0), STRONG, NO, 4, None),
]

# Fitch and others, The RAND/UCLA Appropriateness Method User's Manual (2001): disagreement if at least so many rate in each
# extreme third, agreement if at most so many rate outside the third that holds the median.
RAND = {**dict.fromkeys((8, 9, 10), (3, 2)), **dict.fromkeys((11, 12, 13), (4, 3)), **dict.fromkeys((14, 15, 16), (5, 4))}

NEEDED = {  # answers: on one side for leaning, agree, strong (the others conditional); at each extreme for split
    5: (4, None, None, 2), 6: (5, 6, None, 2), 7: (6, 7, 7, 2), 8: (6, 8, 8, 3), 9: (7, 8, 9, 3), 10: (8, 9, 10, 3),
    11: (8, 10, 10, 4), 12: (9, 10, 11, 4), 13: (10, 11, 12, 4), 14: (10, 12, 12, 5), 15: (11, 12, 13, 5),
    16: (12, 13, 14, 5), 18: (13, 14, 15, 6), 20: (14, 15, 16, 7), 25: (18, 18, 19, 8), 30: (21, 21, 23, 10),
}  # fmt: skip

numbers = st.tuples(*[st.integers(0, 25)] * 4)


@pytest.mark.parametrize(("counts", "label", "side", "further", "how_contested"), EXAMPLES)
def test_examples(counts: Numbers, label: Label, side: Group | None, further: int, how_contested: float | None) -> None:
    found = judge(Counts(*counts))
    assert (found.label, found.side, found.capped_by, found.uncapped) == (label, side, (), label)
    assert answers_to_overturn(Counts(*counts)) == further
    if how_contested is not None:
        assert contested(Counts(*counts)) == pytest.approx(how_contested, abs=0.006)


@pytest.mark.parametrize(("n", "published"), RAND.items())
def test_thresholds_are_those_of_the_panel_manual(n: int, published: tuple[int, int]) -> None:
    assert (split_min(n), outside_max(n)) == published


@pytest.mark.parametrize(("n", "needed"), NEEDED.items())
def test_least_answers_for_each_label(n: int, needed: tuple[int | None, ...]) -> None:
    of_side = {label: [k for k in range(n + 1) if verdict((k, n - k, 0, 0)) and reaches(k, n, label)] for label in DIRECTIONAL}
    splits = [k for k in range(n // 2 + 1) if verdict((k, n - 2 * k, k, 0)).label is SPLIT]
    assert (*(min(found, default=None) for found in of_side.values()), min(splits)) == needed
    assert all(found == list(range(found[0], n + 1)) for found in of_side.values() if found)


def reaches(k: int, n: int, label: Label) -> bool:
    found = verdict((k, n - k, 0, 0))
    return found.side is YES and DIRECTIONAL.index(found.label) >= DIRECTIONAL.index(label)


def test_agree_takes_three_quarters_up_to_22_answers_and_never_less_than_two_thirds() -> None:
    shares = {n: min(k / n for k in range(n + 1) if reaches(k, n, AGREE)) for n in range(6, MOST + 1)}
    assert all(share >= 0.75 for n, share in shares.items() if n <= 22)
    assert min(shares.values()) == shares[30] == 0.7


# ---- what holds for every division of up to 30 answers -------------------------------------------------------------------


def test_there_is_a_side_exactly_with_the_directional_labels_and_it_has_more_than_half() -> None:
    for counts in up_to(MOST):
        found = verdict(counts)
        assert (found.side is not None) == (found.label in DIRECTIONAL)
        assert (found.p is None) == (sum(counts) < 5)
        if found.side:
            assert 2 * Counts(*counts).of(found.side) > sum(counts)


def test_a_tie_for_the_largest_group_never_gives_a_side() -> None:
    for counts in up_to(MOST):
        if counts.count(max(counts)) > 1:
            assert verdict(counts).side is None


def test_split_and_agreement_exclude_each_other() -> None:
    """Wherever both extremes reach the panel manual's disagreement, no group reaches its agreement."""
    for counts in up_to(MOST, least=5):
        n = sum(counts)
        if min(counts[0], counts[2]) >= split_min(n):
            assert verdict(counts).label is SPLIT
            assert max(counts) < n - outside_max(n)


def test_one_more_answer_on_the_leading_side_never_weakens() -> None:
    for counts in up_to(MOST - 1, least=5):
        found = verdict(counts)
        if found.side:
            more = verdict(plus(counts, GROUPS.index(found.side)))
            assert more.side is found.side
            assert DIRECTIONAL.index(more.label) >= DIRECTIONAL.index(found.label)


def test_strong_has_nobody_at_the_opposite_extreme() -> None:
    for counts in up_to(MOST):
        found = verdict(counts)
        if found.label is STRONG and found.side in {YES, NO}:
            assert min(counts[0], counts[2]) == 0


def test_yes_and_no_are_treated_alike() -> None:
    turned = {YES: NO, NO: YES}
    for yes, conditional, no, cannot_say in up_to(MOST):
        here, there = verdict((yes, conditional, no, cannot_say)), verdict((no, conditional, yes, cannot_say))
        assert here.label is there.label
        assert here.side is (turned.get(there.side, there.side) if there.side else None)
        assert here.p == there.p


def test_conditional_and_cannot_say_are_treated_alike() -> None:
    for yes, conditional, no, cannot_say in up_to(20):
        assert verdict((yes, conditional, no, cannot_say)).label is verdict((yes, cannot_say, no, conditional)).label


# ---- caps ----------------------------------------------------------------------------------------------------------------

CAPPED = [  # all answers, the blind ones, a primary specialty is missing, all of one specialty; label shown, caps named
    ((9, 0, 0, 0), (9, 0, 0, 0), False, False, STRONG, ()),
    ((9, 0, 0, 0), (0, 0, 0, 0), False, False, LEANING, (Cap.BLIND,)),
    ((9, 0, 0, 0), (4, 0, 0, 0), False, False, LEANING, (Cap.BLIND,)),
    ((9, 0, 0, 0), (5, 0, 0, 0), False, False, LEANING, (Cap.BLIND,)),
    ((9, 0, 0, 0), (6, 0, 0, 0), False, False, AGREE, (Cap.BLIND,)),
    ((9, 0, 0, 0), (7, 0, 0, 0), False, False, STRONG, ()),
    ((9, 0, 0, 0), (9, 0, 0, 0), True, False, AGREE, (Cap.COVERAGE,)),
    ((9, 0, 0, 0), (9, 0, 0, 0), False, True, AGREE, (Cap.ONE_SPECIALTY,)),
    ((9, 0, 0, 0), (6, 0, 0, 0), True, True, AGREE, (Cap.BLIND, Cap.COVERAGE, Cap.ONE_SPECIALTY)),
    ((9, 0, 0, 0), (5, 0, 0, 0), True, True, LEANING, (Cap.BLIND,)),  # the others would have allowed AGREE
    ((8, 0, 1, 0), (8, 0, 1, 0), True, True, AGREE, ()),  # AGREE needs no coverage
    ((8, 1, 0, 0), (7, 0, 0, 0), False, False, AGREE, ()),  # the blind ones say more: the whole counts
    ((26, 6, 0, 0), (0, 6, 0, 0), False, False, LEANING, (Cap.BLIND,)),  # the blind ones agree on another side
    ((26, 0, 6, 0), (5, 0, 5, 0), False, False, LEANING, (Cap.BLIND,)),  # they disagree
    ((5, 0, 0, 0), (0, 0, 0, 0), True, True, LEANING, ()),
    ((4, 1, 4, 0), (0, 0, 0, 0), True, True, SPLIT, ()),
    ((3, 4, 2, 0), (0, 0, 0, 0), True, True, MIXED, ()),
    ((2, 0, 0, 0), (0, 0, 0, 0), True, True, FEW, ()),
    ((0, 0, 0, 0), (0, 0, 0, 0), True, True, NONE, ()),
]


@pytest.mark.parametrize(("counts", "blind", "missing", "one", "shown", "caps"), CAPPED)
def test_caps(counts: Numbers, blind: Numbers, missing: bool, one: bool, shown: Label, caps: tuple[Cap, ...]) -> None:
    found = judge_capped(Counts(*counts), Counts(*blind), primary_missing=missing, one_specialty=one)
    free = judge(Counts(*counts))
    assert (found.label, found.capped_by) == (shown, caps)
    assert (found.side, found.p, found.uncapped) == (free.side, free.p, free.label)


@given(numbers, st.data(), st.booleans(), st.booleans())
def test_caps_never_strengthen_and_never_turn(counts: Numbers, data: st.DataObject, missing: bool, one: bool) -> None:
    blind = Counts(*(data.draw(st.integers(0, number)) for number in counts))
    found = judge_capped(Counts(*counts), blind, primary_missing=missing, one_specialty=one)
    assert found.uncapped is judge(Counts(*counts)).label
    assert (found.label is found.uncapped) == (found.capped_by == ())
    if found.side:
        assert DIRECTIONAL.index(found.label) <= DIRECTIONAL.index(found.uncapped)
        assert not (found.label is STRONG and (missing or one))
        assert found.label is LEANING or judge(blind).side is found.side


@given(numbers, st.data(), st.booleans())
def test_one_more_answer_on_the_side_never_weakens_what_is_shown(counts: Numbers, data: st.DataObject, unread: bool) -> None:
    blind = Counts(*(data.draw(st.integers(0, number)) for number in counts))
    found = judge_capped(Counts(*counts), blind, primary_missing=False, one_specialty=False)
    if found.side:
        more_blind = blind.plus(found.side) if unread else blind
        more = judge_capped(Counts(*counts).plus(found.side), more_blind, primary_missing=False, one_specialty=False)
        assert more.side is found.side
        assert DIRECTIONAL.index(more.label) >= DIRECTIONAL.index(found.label)


# ---- the values ----------------------------------------------------------------------------------------------------------


def test_counts() -> None:
    counts = Counts.of_groups([YES, YES, NO, CANNOT_SAY, CONDITIONAL, YES])
    assert counts == Counts(yes=3, conditional=1, no=1, cannot_say=1)
    assert counts.n == 6
    assert [counts.of(group) for group in Group] == [3, 1, 1, 1]
    assert counts.plus(NO) == Counts(3, 1, 2, 1)
    assert counts.plus(YES, 2).plus(YES, -5) == Counts(0, 1, 1, 1)
    assert Counts.of_groups([]) == Counts()
    with pytest.raises(ValueError, match="negative"):
        counts.plus(NO, -2)


@pytest.mark.parametrize(("agree", "strong"), [(0, 0), (0.05, 0), (0.02, 0.05), (1, 0.02), (0.05, float("nan")), (-0.1, -0.2)])
def test_levels_that_make_no_sense_are_refused(agree: float, strong: float) -> None:
    with pytest.raises(ValueError, match="strong <= agree"):
        Levels(agree, strong)


def test_the_name_changes_with_the_levels() -> None:
    assert algorithm(Levels()) == "consilium-consensus/1"
    assert algorithm(Levels(0.1, 0.05)) == "consilium-consensus/1?agree=0.1&strong=0.05"
    assert algorithm(Levels(0.05, 0.01)) != algorithm(Levels(0.05, 0.0100001))


def test_levels_grade_a_side() -> None:
    assert judge(Counts(5), levels=Levels(0.0625, 0.02)).label is AGREE
    assert judge(Counts(5), levels=Levels(0.0625, 0.0625)).label is STRONG
    assert judge(Counts(9), levels=Levels(0.003, 0.001)).label is LEANING
    capped = judge_capped(Counts(9), Counts(5), primary_missing=False, one_specialty=False, levels=Levels(0.0625, 0.02))
    assert capped.label is AGREE


@given(numbers, st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_levels_never_turn_a_side(counts: Numbers, one: float, other: float) -> None:
    levels = Levels(max(one, other), min(one, other))
    assert judge(Counts(*counts), levels=levels).side is judge(Counts(*counts)).side


@given(numbers)
def test_contested_lies_between_0_and_1_and_ignores_cannot_say(counts: Numbers) -> None:
    yes, conditional, no, _ = counts
    here = contested(Counts(yes, conditional, no))
    assert 0 < here < 1
    assert here == contested(Counts(*counts)) == pytest.approx(contested(Counts(no, conditional, yes)))


def test_contested_grows_towards_an_even_split() -> None:
    values = [contested(Counts(yes=k, no=20 - k)) for k in range(11)]
    assert values == sorted(values)
    assert contested(Counts(yes=10, no=10)) > contested(Counts(yes=7, conditional=6, no=7)) > contested(Counts(conditional=20))


def test_the_rule_needs_nothing_but_python() -> None:
    told = f"import sys, {agreement.__name__}; print(any(name.partition('.')[0] == 'django' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.strip() == "False"
