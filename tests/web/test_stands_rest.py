"""What a panel says below its verdict, and one line of it for lists."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from consilium.consensus.agreement import Counts, Group, judge
from consilium.consensus.counting import Reason
from consilium.consensus.coverage import Need
from consilium.consensus.panel import Cited, ConditionLine, Imported, Missing, Offer, Seat
from consilium.topics.models import Specialty
from consilium.web.stands import bar, coverage, imported, seats, sentences, words

# ---- what it rests on ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cited", "said"),
    [
        (Cited(0, 0, 0), "No answer cites a source."),
        (Cited(1, 1, 0), "1 source, cited by 1 of the 9 doctors."),
        (Cited(3, 2, 0), "3 sources, cited by 2 of the 9 doctors."),
        (Cited(3, 2, 1), "3 sources, cited by 2 of the 9 doctors. 1 more is retracted and does not count."),
        (Cited(1, 1, 2), "1 source, cited by 1 of the 9 doctors. 2 more are retracted and do not count."),
        (Cited(0, 0, 1), "The only source cited is retracted and does not count."),
        (Cited(0, 0, 2), "All 2 sources cited are retracted and do not count."),
    ],
)
def test_evidence(cited: Cited, said: str) -> None:
    assert sentences.evidence(cited, 9) == said


@pytest.mark.parametrize(
    ("offer", "said"),
    [
        (Offer(7, 0, 2, 0), "7 of 9 offer this treatment, 2 have not said."),
        (Offer(1, 7, 1, 0), "1 of 9 offers this treatment, 7 do not, 1 has not said."),
        (Offer(8, 1, 0, 0), "8 of 9 offer this treatment, 1 does not."),
        (Offer(0, 0, 9, 0), "0 of 9 offer this treatment, 9 have not said."),
    ],
)
def test_who_has_not_said_is_never_counted_as_a_no(offer: Offer, said: str) -> None:
    assert sentences.interests(offer, 9) == said


def statement_panel(**fields: Any) -> Any:
    seat = SimpleNamespace(changed=True)
    defaults = {
        "n": 9, "cited": Cited(0, 0, 0), "offer": Offer(9, 0, 0, 0), "blind": Counts(7), "seats": [seat, seat],
    }  # fmt: skip
    return SimpleNamespace(**(defaults | fields))


def test_notes_in_full() -> None:
    said = list(sentences.notes(statement_panel(offer=Offer(9, 0, 0, 1)), treatment=True, answered=9))
    assert said == [
        "No answer cites a source.",
        "9 of 9 offer this treatment.",
        "1 of 9 has been paid by a maker; the answer says by whom.",
        "Recorded before opening the other answers here: 7 of 9.",
        "2 changed stance after discussion.",
    ]


def test_notes_say_nothing_of_what_is_not_there() -> None:
    panel = statement_panel(seats=[], offer=Offer(0, 0, 9, 0))
    assert list(sentences.notes(panel, treatment=False, answered=9)) == [
        "No answer cites a source.",
        "Recorded before opening the other answers here: 7 of 9.",
    ]
    assert list(sentences.notes(statement_panel(n=0), treatment=True, answered=0)) == []


# ---- tiles, hollow ones, conditions ----------------------------------------------------------------------------------


def seat(number: int, group: Group | None = Group.YES, reason: Reason | None = None, **fields: Any) -> Seat:
    defaults: dict[str, Any] = {
        "doctor": number, "name": f"Doctor {number}", "title": "Urologist", "slug": f"doctor-{number}", "specialty": "urology",
        "answer": number, "value": "yes", "conditions": (),
    }  # fmt: skip
    return Seat(group=group, reason=reason, **(defaults | fields))


def test_a_tile_leads_to_the_answer_or_to_who_signed_without_one() -> None:
    assert seats.tile(seat(3), {3: "#a3"}) == seats.Tile("#a3", "Doctor 3, Urologist")
    assert seats.tile(seat(3, answer=None), {}) == seats.Tile("/doctors/doctor-3/", "Doctor 3, Urologist", cosigned=True)


def test_a_tile_of_a_copied_answer_may_have_no_name() -> None:
    assert seats.tile(seat(3, name="", slug=""), {3: "#a3"}).who == "No named doctor, Urologist"


def test_an_answer_taken_back_leaves_a_tile_without_name_or_link() -> None:
    gone = seat(3, reason=Reason.WITHDRAWN)
    assert seats.tile(gone, {}) == seats.Tile("", "Urologist, taken back")
    assert seats.tile(gone, {3: "#a3"}).href == "#a3", "a stance alone was taken back: the answer is still there"


def test_what_is_not_counted_stands_apart_by_reason() -> None:
    rows = seats.hollow(
        [seat(1, None, Reason.UNSTATED), seat(2, None, Reason.NOT_ADDRESSED), seat(3, reason=Reason.UNVERIFIED)], 6, {}
    )
    assert [(row.n, row.word, row.code) for row in rows] == [
        (2, "of 9 do not address this", "none"),
        (1, "not counted: nobody has confirmed the licence yet", "none"),
    ]


def test_every_reason_has_words_of_its_own() -> None:
    said = {words.reason(reason) for reason in Reason}
    assert len(said) == len(Reason)


def test_conditions_carry_their_counts_and_name_the_specialist() -> None:
    said = (("a letter first", 4), ("your neurologist agrees", 1))
    lines = [ConditionLine(text, "clearance", "neurology", n) for text, n in said]
    shown = seats.conditions(lines, 9, {"neurology": "Neurologist"})
    assert [(one.share, one.text) for one in shown] == [
        ("4 of 9", "a letter first (neurologist)"),
        ("1 of 9", "your neurologist agrees"),
    ]


# ---- the empty chair -------------------------------------------------------------------------------------------------


def chair(*, primary: bool = True, named_by: int = 0, **numbers: int) -> coverage.Chair:
    need = Need("neurology", primary=primary, by_topic=True, named_by=named_by)
    specialty = Specialty(slug="neurology", noun="Neurology", title="Neurologist")
    defaults = {"answered": 0, "members": 0, "willing": 0, "invited": 0, "declined": 0}
    missing = Missing(need, specialty, **(defaults | numbers))
    panel: Any = SimpleNamespace(coverage=SimpleNamespace(answered={"dermatology": 9}), missing=[missing])
    return coverage.chairs(panel, takes_answers=True)[0]


def test_nobody_of_the_specialty_is_a_member() -> None:
    found = chair()
    assert (found.title, found.status, found.invite) == (
        "No neurologist has answered",
        "No neurologist is a member here yet.",
        "",
    )
    assert found.why == ["This specialty usually treats what the question is about."]


def test_members_who_take_no_invitations() -> None:
    assert chair(members=1).status == "1 neurologist is a member here, but takes no invitations."
    assert chair(members=2).status == "2 neurologists are members here, but none takes invitations."
    assert chair(members=2).invite == ""


def test_somebody_can_be_invited() -> None:
    found = chair(members=3, willing=2, named_by=4)
    assert (found.invite, found.status) == ("Invite a neurologist", "")
    assert found.why == ["4 of 9 send you to one."]


def test_invitations_that_were_sent_are_said() -> None:
    assert chair(members=9, willing=9, invited=3).status == "Invited 3."
    declined = chair(members=9, willing=9, invited=3, declined=1, outside=1)
    assert declined.status == "Invited 3, 1 declined as outside their expertise."
    assert chair(members=9, willing=9, invited=3, declined=2, outside=1).status == (
        "Invited 3, 1 declined as outside their expertise, 1 declined."
    )
    assert chair(members=9, willing=9, invited=5).invite == "", "five wait already"
    assert chair(members=3, willing=3, invited=3).invite == "", "all have been asked"
    assert chair(members=9, willing=9, invited=5, declined=1).invite == "Invite a neurologist"


def test_who_answered_without_counting_is_said() -> None:
    found = chair(answered=1, members=1, primary=False)
    assert (found.title, found.there) == ("No neurologist is counted yet", True)
    assert found.why == [
        "1 has answered, but took no stance that is counted.",
        "This specialty is usually asked for advice on what the question is about.",
    ]


# ---- imported answers ------------------------------------------------------------------------------------------------


def grey(counts: Counts, **fields: Any) -> imported.ShownImported:
    defaults: dict[str, Any] = {
        "seats": (), "of": 9, "not_addressed": 0, "unclear": 0, "waiting": 0, "uncoded": 0, "coders": 2, "conditions": (),
        "captured_at": datetime(2015, 3, 12, tzinfo=UTC),
    }  # fmt: skip
    return imported.shown(Imported(counts=counts, **(defaults | fields)), {}, advises=True, titles={})


def test_the_grey_row_counts_what_two_editors_agree_on() -> None:
    assert grey(Counts(3, 4, 2)).said == "9 imported answers: 4 only with conditions, 3 reasonable, 2 advise against."
    assert grey(Counts(0, 0, 1), of=1).said == "1 imported answer: 1 advises against."
    assert grey(Counts()).said == "9 imported answers, without a stance."


def test_the_grey_row_says_what_became_of_the_rest() -> None:
    assert grey(Counts(1), not_addressed=1, unclear=2, waiting=1, uncoded=4).rest == (
        "1 does not address this.",
        "2 are unclear: our editors read them differently.",
        "1 waits for a second editor.",
        "4 are not classified yet.",
    )
    assert grey(Counts(9)).rest == ()


# ---- one line for lists ----------------------------------------------------------------------------------------------


def line(counts: Counts, **fields: Any) -> dict[str, Any]:
    judged = judge(counts)
    return {
        "counts": {group.value: counts.of(group) for group in Group}, "kind": "safe", "label": judged.label.value,
        "side": judged.side.value if judged.side else None, "p": judged.p, "capped_by": [], "imported": None,
        "statement": "It is acceptable.", "language": "en", "coverage": {"missing": []},
    } | fields  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (Counts(), "No verified doctor has taken a stance yet."),
        (Counts(no=4), "All 4 so far advise against. Too few to call."),
        (Counts(1, 1), "Too few answers to compare: 1 only with conditions, 1 reasonable."),
        (Counts(3, 4, 2), "No clear agreement: 4 only with conditions, 3 reasonable, 2 advise against."),
        (Counts(4, 1, 4), "Doctors disagree: 4 advise against, 4 reasonable, 1 only with conditions."),
        (Counts(9), "Nearly all answering doctors say it is reasonable: 9 of 9."),
        (Counts(0, 1, 0, 8), "Most say it cannot be answered without an examination: 8 cannot say, 1 only with conditions."),
    ],
)
def test_a_line_says_what_the_bar_shows(counts: Counts, said: str) -> None:
    assert bar.of(line(counts)).words == said


def test_a_line_of_a_fact_in_its_own_words() -> None:
    assert bar.of(line(Counts(3, 4, 2), kind="fact")).words == "No clear agreement: 4 only under conditions, 3 yes, 2 no."


def test_a_line_says_who_is_missing_and_what_held_it_back() -> None:
    found = bar.of(line(Counts(9), label="leaning", capped_by=["blind"], coverage={"missing": ["Neurology", "Urology"]}))
    assert found.words == "So far more say it is reasonable, but too few of them before reading each other: 9 of 9."
    assert found.missing == "Not answered by: Neurology, Urology"


def test_parts_of_a_bar_have_the_shares_of_the_counts() -> None:
    assert bar.of(line(Counts(3, 4, 2))).parts == [("no", 2), ("if", 4), ("ok", 3)]
    parts = dict(bar.of(line(Counts(60, 1, 59))).parts)
    assert (parts["ok"], parts["if"], parts["no"]) == (6, 1, 6), "what few say is still seen"


def test_a_line_of_copied_answers_is_grey_and_says_so() -> None:
    copied = {"counts": {"yes": 3, "conditional": 4, "no": 2, "cannot_say": 0}, "of": 9}
    found = bar.of(line(Counts(), imported=copied))
    assert (found.grey, found.parts) == (True, [("no", 2), ("if", 4), ("ok", 3)])
    assert found.words == (
        "No verified doctor has taken a stance yet. Of 9 imported answers, confirmed by nobody: "
        "4 only with conditions, 3 reasonable, 2 advise against."
    )
    assert not bar.of(line(Counts(1), imported=copied)).grey
