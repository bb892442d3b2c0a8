"""Who counts and who does not, and why: the pure rules."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium.consensus.agreement import Group
from consilium.consensus.counting import HOLDS_FOR, Reason, Voice, count
from consilium.consensus.coverage import cover, required
from consilium.consensus.imported import UNCLEAR, WAITING, Reading, agreed, agreements, kappa

NOW = datetime(2026, 11, 21, tzinfo=UTC)
GOOD = {"affirmed_at": NOW - timedelta(days=1), "verified": True, "was_verified": True}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        ({"value": ""}, Reason.UNSTATED),
        ({"value": "not_addressed"}, Reason.NOT_ADDRESSED),
        ({"live": False}, Reason.WITHDRAWN),
        ({"current_wording": False}, Reason.EARLIER_WORDING),
        ({"own_question": True}, Reason.OWN_QUESTION),
        ({"verified": False}, Reason.REVOKED),
        ({"verified": False, "was_verified": False}, Reason.UNVERIFIED),
        ({"affirmed_at": NOW - HOLDS_FOR}, Reason.EXPIRED),
        ({"affirmed_at": NOW - HOLDS_FOR + timedelta(seconds=1)}, None),
    ],
)
def test_every_reason(change, reason) -> None:
    result = count([Voice(**{"doctor": 1, "value": "yes"} | GOOD | change)], NOW)
    assert [why for _, why in result.others] == ([reason] if reason else [])
    assert result.counts.n == (reason is None)


def test_a_practice_speaks_once_for_each_side() -> None:
    same = [Voice(doctor=n, value="no_unless" if n % 2 else "yes_if", practice=7, blind=n == 5, **GOOD) for n in range(9)]
    other = Voice(doctor=20, value="no", practice=7, **GOOD)
    result = count([*same, other, Voice(doctor=21, value="no", **GOOD)], NOW)
    assert (result.counts.conditional, result.counts.no, result.blind.n) == (1, 2, 1)
    assert [voice.doctor for voice in result.counted] == [5, 20, 21]
    assert {reason for _, reason in result.others} == {Reason.SAME_PRACTICE}


VALUES = st.sampled_from(["", "yes", "yes_if", "no_unless", "no", "cannot_say", "not_addressed"])
FLAGS = {name: st.booleans() for name in ("blind", "verified", "live", "current_wording", "own_question")}
VOICES = st.lists(
    st.builds(
        Voice, doctor=st.integers(1, 40), value=VALUES, affirmed_at=st.just(NOW), practice=st.sampled_from([None, 1, 2]), **FLAGS
    ),
    unique_by=lambda voice: voice.doctor,
    max_size=25,
)


@given(VOICES)
def test_everybody_is_either_counted_or_told_why_not(voices) -> None:
    result = count(voices, NOW)
    assert len(result.counted) + len(result.others) == len(voices)
    assert result.counts.n == len(result.counted)
    assert all(result.blind.of(group) <= result.counts.of(group) for group in Group)
    sides = [(voice.practice, voice.group) for voice in result.counted if voice.practice is not None]
    assert len(sides) == len(set(sides))


def test_what_is_needed_comes_from_topics_and_from_two_answers() -> None:
    needs = required(
        [("dermatology", "consulted"), ("neurology", "primary"), ("neurology", "consulted")],
        [["hematology"], ["hematology"], ["urology"]],
    )
    assert [(need.specialty, need.primary, need.named_by) for need in needs] == [
        ("neurology", True, 0), ("hematology", False, 2), ("dermatology", False, 0),
    ]  # fmt: skip
    coverage = cover(needs, ["dermatology", "dermatology"])
    assert [need.specialty for need in coverage.missing] == ["neurology", "hematology"]
    assert coverage.primary_missing
    assert coverage.one_specialty
    assert not cover(needs, ["neurology", "dermatology"]).primary_missing


def test_two_coders_must_agree_on_the_side() -> None:
    readings = [
        Reading(1, "a", "yes"), Reading(1, "b", "yes"), Reading(2, "a", "yes_if"), Reading(2, "b", "no_unless"),
        Reading(3, "a", "no"), Reading(3, "b", "yes"), Reading(4, "a", "no"),
        Reading(5, "a", "no"), Reading(5, "b", "no"), Reading(5, "c", "yes"),
    ]  # fmt: skip
    assert agreed(readings) == {1: "yes", 2: "yes_if", 3: UNCLEAR, 4: WAITING, 5: UNCLEAR}


def test_kappa_is_cohens() -> None:
    # Cohen's own kind of table: 20 both yes, 5 yes/no, 10 no/yes, 15 both no gives 0.4.
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    assert kappa(pairs) == pytest.approx(0.4)
    assert kappa([("yes", "yes")] * 3) is None
    assert kappa([]) is None


def test_agreement_of_every_pair_is_told_with_the_worst_named() -> None:
    items = {(n, 1): {"ann": "yes", "ben": "no" if n < 3 else "yes"} for n in range(6)} | {
        (9, 1): {"ann": "no", "ben": "no", "cy": "no"}
    }
    found = agreements(items)
    assert [(one.one, one.other, one.n, one.same) for one in found] == [
        ("ann", "ben", 7, 4),
        ("ann", "cy", 1, 1),
        ("ben", "cy", 1, 1),
    ]
    assert found[0].low
