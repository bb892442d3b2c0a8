"""The words of the panel: every label, side and kind of statement, every cap, singular and plural."""

from types import SimpleNamespace
from typing import Any

import pytest

from consilium.consensus.agreement import DEFAULT_LEVELS, Cap, Counts, Group, Label, Verdict, judge, judge_capped
from consilium.web.stands import overturn, sentences, verdict, words

UNANSWERABLE = "it cannot be answered without an examination"
# Counts that give the label; the sentence for advice; the sentence for a fact.
VERDICTS: dict[str, tuple[Counts, str, str]] = {
    "none": (Counts(), "No verified doctor has taken a stance yet", "No verified doctor has taken a stance yet"),
    "few, apart": (Counts(2, 1), "Too few answers to compare", "Too few answers to compare"),
    "few, one yes": (
        Counts(yes=1), "The only doctor so far considers it reasonable. Too few to call.",
        "The only doctor so far says yes. Too few to call.",
    ),
    "few, two yes": (
        Counts(yes=2), "Both doctors so far consider it reasonable. Too few to call.",
        "Both doctors so far say yes. Too few to call.",
    ),
    "few, three yes": (
        Counts(yes=3), "All 3 so far consider it reasonable. Too few to call.", "All 3 so far say yes. Too few to call.",
    ),
    "few, one if": (
        Counts(conditional=1), "The only doctor so far says only with conditions. Too few to call.",
        "The only doctor so far says only under conditions. Too few to call.",
    ),
    "few, two if": (
        Counts(conditional=2), "Both doctors so far say only with conditions. Too few to call.",
        "Both doctors so far say only under conditions. Too few to call.",
    ),
    "few, four if": (
        Counts(conditional=4), "All 4 so far say only with conditions. Too few to call.",
        "All 4 so far say only under conditions. Too few to call.",
    ),
    "few, one no": (
        Counts(no=1), "The only doctor so far advises against. Too few to call.",
        "The only doctor so far says no. Too few to call.",
    ),
    "few, two no": (
        Counts(no=2), "Both doctors so far advise against. Too few to call.", "Both doctors so far say no. Too few to call.",
    ),
    "few, four no": (
        Counts(no=4), "All 4 so far advise against. Too few to call.", "All 4 so far say no. Too few to call.",
    ),
    "few, one cannot say": (Counts(cannot_say=1), *[f"The only doctor so far says {UNANSWERABLE}. Too few to call."] * 2),
    "few, two cannot say": (Counts(cannot_say=2), *[f"Both doctors so far say {UNANSWERABLE}. Too few to call."] * 2),
    "few, four cannot say": (Counts(cannot_say=4), *[f"All 4 so far say {UNANSWERABLE}. Too few to call."] * 2),
    "mixed": (Counts(3, 4, 2), "No clear agreement", "No clear agreement"),
    "split": (Counts(4, 1, 4), "Doctors disagree", "Doctors disagree"),
    "leaning yes": (
        Counts(7, 1, 1), "So far more say it is reasonable, too few to be sure", "So far more say yes, too few to be sure",
    ),
    "leaning if": (
        Counts(1, 7, 1), "So far more say only with conditions, too few to be sure",
        "So far more say only under conditions, too few to be sure",
    ),
    "leaning no": (
        Counts(1, 1, 7), "So far more advise against it, too few to be sure", "So far more say no, too few to be sure",
    ),
    "leaning cannot say": (Counts(1, 1, 0, 7), *[f"So far more say {UNANSWERABLE}, too few to be sure"] * 2),
    "agree yes": (Counts(8, 0, 1), "Most answering doctors say it is reasonable", "Most answering doctors say yes"),
    "agree if": (
        Counts(1, 8, 0), "Most answering doctors say only with conditions", "Most answering doctors say only under conditions",
    ),
    "agree no": (Counts(1, 0, 8), "Most answering doctors advise against it", "Most answering doctors say no"),
    "agree cannot say": (Counts(0, 1, 0, 8), *[f"Most say {UNANSWERABLE}"] * 2),
    "strong yes": (Counts(9), "Nearly all answering doctors say it is reasonable", "Nearly all answering doctors say yes"),
    "strong if": (
        Counts(0, 9), "Nearly all answering doctors say only with conditions",
        "Nearly all answering doctors say only under conditions",
    ),
    "strong no": (Counts(0, 0, 9), "Nearly all answering doctors advise against it", "Nearly all answering doctors say no"),
    "strong cannot say": (Counts(0, 0, 0, 9), *[f"Nearly all say {UNANSWERABLE}"] * 2),
}  # fmt: skip


@pytest.mark.parametrize("name", VERDICTS)
@pytest.mark.parametrize("advises", [True, False], ids=["advice", "fact"])
def test_a_verdict_for_every_label_side_and_kind(name: str, advises: bool) -> None:
    counts, advice, fact = VERDICTS[name]
    judged = judge(counts)
    assert judged.label.value == name.partition(",")[0].partition(" ")[0]
    assert verdict.sentence(counts, judged, advises=advises) == (advice if advises else fact)


def test_every_label_and_side_has_been_tried() -> None:
    tried = {(judge(counts).label, judge(counts).side) for counts, *_ in VERDICTS.values()}
    sided = {(label, group) for label in (Label.LEANING, Label.AGREE, Label.STRONG) for group in Group}
    assert tried == sided | {(label, None) for label in (Label.NONE, Label.FEW, Label.MIXED, Label.SPLIT)}


def test_no_stance_has_the_word_of_another() -> None:
    for advises in (True, False):
        said = [words.stance(value, advises=advises) for value in ("yes", "yes_if", "no", "cannot_say", "not_addressed")]
        assert len(set(said)) == len(said)
        assert words.stance("no_unless", advises=advises) == words.stance("yes_if", advises=advises)


# ---- caps ------------------------------------------------------------------------------------------------------------


def capped(counts: Counts, blind: Counts, **gaps: bool) -> Verdict:
    return judge_capped(counts, blind, primary_missing=gaps.get("missing", False), one_specialty=gaps.get("one", False))


@pytest.mark.parametrize(
    ("group", "advice", "fact"),
    [
        ("yes", "So far more say it is reasonable", "So far more say yes"),
        ("conditional", "So far more say only with conditions", "So far more say only under conditions"),
        ("no", "So far more advise against it", "So far more say no"),
        ("cannot_say", f"So far more say {UNANSWERABLE}", f"So far more say {UNANSWERABLE}"),
    ],
)
def test_the_blind_cap_says_that_too_few_had_not_read_each_other(group: str, advice: str, fact: str) -> None:
    counts = Counts(**{group: 9})
    held = capped(counts, Counts(**{group: 2}))
    assert (held.label, held.capped_by) == (Label.LEANING, (Cap.BLIND,))
    for advises, said in ((True, advice), (False, fact)):
        expected = f"{said}, but too few of them before reading each other"
        assert verdict.sentence(counts, held, advises=advises) == expected


def test_nearly_all_but_most_before_reading_each_other() -> None:
    held = capped(Counts(9), Counts(6))
    assert (held.label, held.capped_by) == (Label.AGREE, (Cap.BLIND,))
    expected = "Most answering doctors say it is reasonable, fewer before reading each other"
    assert verdict.sentence(Counts(9), held, advises=True) == expected


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (["Neurologist"], "a neurologist is missing"),
        (["Internist", "Neurologist"], "an internist and a neurologist are missing"),
        (["Internist", "Neurologist", "Urologist"], "an internist, a neurologist and a urologist are missing"),
        (["ENT doctor"], "an ENT doctor is missing"),
    ],
)
def test_the_coverage_cap_names_who_is_missing(missing: list[str], said: str) -> None:
    held = capped(Counts(9), Counts(9), missing=True)
    assert (held.label, held.capped_by) == (Label.AGREE, (Cap.COVERAGE,))
    expected = f"Most answering doctors say it is reasonable, {said}"
    assert verdict.sentence(Counts(9), held, advises=True, missing=missing) == expected


def test_the_cap_of_one_specialty_names_it() -> None:
    held = capped(Counts(0, 0, 9), Counts(0, 0, 9), one=True)
    said = verdict.sentence(Counts(0, 0, 9), held, advises=True, only="Dermatologist")
    assert said == "Most answering doctors advise against it, among dermatologists only"
    unknown = verdict.sentence(Counts(0, 0, 9), held, advises=True)
    assert unknown == "Most answering doctors advise against it, among doctors of one specialty only"


def test_two_caps_are_both_said() -> None:
    held = capped(Counts(9), Counts(9), missing=True, one=True)
    said = verdict.sentence(Counts(9), held, advises=False, missing=["Neurologist"], only="Dermatologist")
    assert said == "Most answering doctors say yes, a neurologist is missing, among dermatologists only"


# ---- how many more would change it -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "k", "said"),
    [
        (Counts(), None, ""),
        (Counts(4), None, "We describe agreement from five answers on: 1 more is needed."),
        (Counts(1, 1), None, "We describe agreement from five answers on: 3 more are needed."),
        (Counts(3, 4, 2), 1, "One more “Advises against” makes this “Doctors disagree”."),
        (Counts(9), 4, "It would take 4 more differing answers to change this."),
        (Counts(5), 2, "It would take 2 more differing answers to change this."),
        (Counts(4, 1, 4), 5, "It would take at least 5 more answers to change this."),
        (Counts(40), None, "More than ten further answers would be needed to change this."),
        (
            Counts(1, 9, 1, 1), 1,
            "One more “Advises against”, “Reasonable” or “Cannot say” makes this “No clear agreement”.",
        ),
        (Counts(2, 1, 2, 1), 1, "One more answer could change this."),
    ],
)  # fmt: skip
def test_how_many_more_answers_would_change_it(counts: Counts, k: int | None, said: str) -> None:
    assert overturn.sentence(counts, k, DEFAULT_LEVELS, advises=True) == said


def test_the_words_of_a_fact_in_what_would_change_it() -> None:
    assert overturn.sentence(Counts(3, 4, 2), 1, DEFAULT_LEVELS, advises=False) == "One more “No” makes this “Doctors disagree”."


# ---- k of N ----------------------------------------------------------------------------------------------------------


def test_shares_are_counts_with_the_largest_first() -> None:
    assert sentences.shares(Counts(3, 4, 2, 1), advises=True) == [
        "<b>4 of 10</b> say only with conditions",
        "<b>3 of 10</b> consider it reasonable",
        "<b>2 of 10</b> advise against it",
        f"<b>1 of 10</b> says {UNANSWERABLE}",
    ]
    assert sentences.shares(Counts(1, 1, 1, 2), advises=False) == [
        f"<b>2 of 5</b> say {UNANSWERABLE}",
        "<b>1 of 5</b> says no",
        "<b>1 of 5</b> says only under conditions",
        "<b>1 of 5</b> says yes",
    ]
    assert sentences.shares(Counts(1, 1, 1), advises=True) == [
        "<b>1 of 3</b> advises against it",
        "<b>1 of 3</b> says only with conditions",
        "<b>1 of 3</b> considers it reasonable",
    ]


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, ""),
        (1, "One answer is one opinion: read it as such, not as your odds."),
        (2, "This is a small group: read them as two opinions, not as your odds."),
        (9, "This is a small group: read them as nine opinions, not as your odds."),
        (19, "This is a small group: read them as nineteen opinions, not as your odds."),
        (20, ""),
    ],
)
def test_a_small_group_is_opinions_and_no_odds(n: int, said: str) -> None:
    assert sentences.caveat(n) == said


def test_no_percentage_anywhere_below_twenty() -> None:
    for n in range(20):
        counts = Counts(n)
        said = [*sentences.shares(counts, advises=True), sentences.caveat(n), sentences.in_short(counts, advises=True)]
        if n:
            said.append(sentences.interval(SimpleNamespace(counts=counts, n=n)))  # type: ignore[arg-type]
        assert "%" not in "".join(said)


def test_the_interval_says_that_the_doctors_are_no_sample() -> None:
    panel: Any = SimpleNamespace(counts=Counts(8, 0, 1), n=9)
    said = sentences.interval(panel)
    assert "If the answering doctors were a random sample – they are not – then between 59 and 99 of 100 such doctors" in said
    assert "Jeffreys" in said
