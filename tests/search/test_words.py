"""What medicine writes in several ways comes to one form."""

import pytest

from consilium.search.documents import Kind, NamedText, Passage, QuestionText
from consilium.search.node import Node
from consilium.search.text_index import Filters, State
from consilium.search.text_query import GUESSED, read
from consilium.search.words import MOST_SENTENCES, OTHER, prepare, prepare_query, stemmed_as, told


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Is an IL-6 blocker safe?", "IL6"),
        ("Is IL6 measured?", "il-6"),
        ("β-blocker and sport", "beta blocker"),
        ("Beta blockers and sport", "β-blockers"),
        ("TNFα inhibitors", "TNF-alpha"),
        ("How much vitamin B12?", "vitamin b 12"),
        ("How much vitamin B 12?", "b12"),
        ("Take it q.d. in the morning", "qd"),
        ("50 µg of levothyroxine", "mcg"),
        ("Crohn's disease", "crohns"),
        ("Sjögren syndrome", "sjogren"),
        ("Does the treatment work?", "treatments"),
        ("bloody pressure rises: blood pressure", "bloodpressure"),
        ("multiple sclerosis", "sclerossis"),
    ],
)
def test_typed_one_way_it_is_found_when_written_the_other(tmp_path, written: str, typed: str) -> None:
    node = indexed(tmp_path, [Passage("Nothing of the kind"), Passage(written)])
    assert [hit.number for hit in node.rank(typed)] == [1]


@pytest.mark.parametrize(
    ("language", "written", "typed"),
    [
        ("de", "Hilft das gegen Entzündungen?", "entzundung"),
        ("de-AT", "Häufige Nebenwirkungen", "nebenwirkung"),
        ("fr", "La dépression revient-elle ?", "depressions"),
        ("ja", "ボトックスは安全ですか", "ボトックス"),
        ("ru", "Можно ли делать прививки", "прививка"),
        ("cy", "A yw'r driniaeth yn ddiogel", "driniaeth"),
    ],
)
def test_every_language_is_found_in_its_own_words(tmp_path, language: str, written: str, typed: str) -> None:
    node = indexed(tmp_path, [Passage("Something English"), Passage(written, language)])
    assert [hit.number for hit in node.rank(typed)] == [1]


def test_numbers_are_not_joined_and_long_compounds_are_left() -> None:
    assert "25" not in prepare("2.5 mg").split()
    assert prepare("a-b-c-d-e") == "a-b-c-d-e"
    assert prepare("plain words") == "plain words"


def test_a_greek_word_is_no_row_of_letter_names() -> None:
    assert prepare("φάρμακο") == "φάρμακο"
    assert "beta" in prepare("β")


def test_what_is_typed_small_is_read_like_capitals() -> None:
    assert "b12" in prepare_query("vitamin b 12").split()


def test_a_long_query_is_read_by_its_sentences_too_questions_first() -> None:
    story = "Hello. My mother is 67 and lives with us in a small town. She takes aspirin. Is there a cure for gout? Thanks a lot!"
    assert told(story) == [
        "Is there a cure for gout?", "My mother is 67 and lives with us in a small town.",
    ]  # fmt: skip
    assert told("Is there a cure for gout? Or for arthritis?") == [], "the sentences of a short one say little alone"
    assert len(told("This is one of many. " * 500)) == MOST_SENTENCES


@pytest.mark.parametrize(("tag", "code"), [("en-GB", "en"), ("nb", "no"), ("cy", OTHER), ("", OTHER)])
def test_a_language_tag_names_its_stems(tag: str, code: str) -> None:
    assert stemmed_as(tag) == code


@pytest.mark.parametrize(
    "typed", ["", " ", "?!", "\x00", "'\"(", "AND OR", "title:x", "a" * 5000, "x " * 1000, "\ud800", "🙂", "*", "~3^2"]
)
def test_nothing_that_can_be_typed_is_an_error(tmp_path, typed: str) -> None:
    node = indexed(tmp_path, [Passage("One question")])
    assert node.rank(typed) == []


def indexed(folder, titles: list[Passage]) -> Node:
    node = Node.create(folder / "node", vectors=False)
    with node.words.writer() as writer:
        for number, title in enumerate(titles):
            writer.put(QuestionText(number, title), new=True)
        writer.commit(State(reached=1))
    node.words.refresh()
    return node


NAMES = {"ms": ["multiple sclerosis"], "multiple sclerosis": ["MS"], "botox": ["botulinum toxin A"]}


def test_all_the_words_or_other_names_of_the_same_whatever_other_languages_there_are(tmp_path) -> None:
    """What English leaves out as chatter ("is") German does not, so each language is asked by itself."""
    titles = ["Is botulinum toxin A safe with multiple sclerosis?", "Is botox safe with MS?", "Is botox safe?", "MS and walking"]
    node = indexed(tmp_path, [Passage("Nothing of the kind"), *map(Passage, titles), Passage("Ist das sicher?", "de")])
    assert {hit.number for hit in node.newest("is botox safe with ms", names=NAMES)} == {1, 2}
    assert {hit.number for hit in node.newest("is botox safe")} == {2, 3}
    assert {hit.number for hit in node.newest("walking multiple sclerosis", names=NAMES)} == {4}
    assert node.newest("ボトックス") == []


def test_of_many_words_that_stand_nowhere_few_are_guessed_at(tmp_path) -> None:
    node = indexed(tmp_path, [Passage("Nothing of the kind"), Passage("multiple sclerosis")])
    guesses = [f"xylo{letter}k" for letter in "abcdfghjklmnpq"]
    assert len(read(node.words, " ".join(guesses)).words["en"]) == GUESSED
    assert [hit.number for hit in node.rank(" ".join([*guesses, "multiple"]))] == [1], "what stands somewhere is not lost"


def test_filters_narrow_and_the_rest_comes_behind(tmp_path) -> None:
    node = Node.create(tmp_path / "node", vectors=False)
    with node.words.writer() as writer:
        for number in range(6):
            writer.put(QuestionText(number, Passage("Is tamoxifen safe?"), answers=number, listed=number), new=True)
        writer.commit(State())
    node.words.refresh()
    wanted = Filters(answers=(3, None))
    assert [hit.number for hit in node.newest_around("tamoxifen", filters=wanted)] == [5, 4, 3, 2, 1, 0]
    assert {hit.number for hit in node.rank_around("tamoxifen", filters=wanted)[:3]} == {3, 4, 5}
    assert len(node.rank_around("tamoxifen", filters=wanted)) == 6


def test_a_beginning_is_not_taken_for_a_mistake(tmp_path) -> None:
    node = indexed(tmp_path, [Passage("Nothing of the kind"), Passage("botulinum toxin"), Passage("it does not bother me")])
    assert [hit.number for hit in node.completing("both", limit=5)] == [2]
    assert [hit.number for hit in node.completing("botul", limit=5)] == [1]
    assert [hit.number for hit in node.completing("botulnum", limit=5)] == [1], "nothing begins so"


@pytest.mark.parametrize("typed", ["botx", "bottox?", "Botix", "obtox", "botox"])
def test_a_name_with_a_letter_wrong_is_that_name(tmp_path, typed: str) -> None:
    node = indexed(tmp_path, [Passage("Nothing of the kind"), Passage("Is botulinum toxin A safe?"), Passage("both boxes")])
    assert node.rank(f"{typed} today", names=NAMES)[0].number == 1
    assert [hit.number for hit in node.newest(f"safe {typed}", names=NAMES)] == [1]


@pytest.mark.parametrize(
    ("typed", "doctors", "topics"),
    [
        ("ana", [1], []), ("Anna Bakke", [1], []), ("bakk", [1], []), ("bakka", [1], []), ("hematologist oslo", [1], []),
        ("can I drink wine with blood thinners", [], [3]), ("blood", [1], [3, 4]), ("thiners", [], [3]), ("de", [2], []),
        ("ms", [], [5]), ("what about multiple sclerosis?", [], [5]), ("", [], []), ("disease of thyroid", [], [6]),
    ],
)  # fmt: skip
def test_doctors_and_topics_are_found_by_their_names(tmp_path, typed: str, doctors: list[int], topics: list[int]) -> None:
    """And not by any word that somebody says about them."""
    node = Node.create(tmp_path / "node", vectors=False)
    with node.words.writer() as writer:
        writer.put(QuestionText(9, Passage("Can I drink wine with dinner?")), new=True)
        for kind, number, called, about in (
            (Kind.DOCTOR, 1, ["Ana Bakke"], ["Hematologist", "Oslo", "I see people who take blood thinners."]),
            (Kind.DOCTOR, 2, ["Rita de Wijn"], ["Cardiologist"]),
            (Kind.TOPIC, 3, ["Blood thinners"], []), (Kind.TOPIC, 4, ["High blood pressure"], []),
            (Kind.TOPIC, 5, ["Multiple sclerosis", "MS"], []), (Kind.TOPIC, 6, ["Thyroid disease"], []),
        ):  # fmt: skip
            writer.put(NamedText(kind, number, called, about), new=True)
        writer.commit(State())
    node.words.refresh()
    names = NAMES | {"blood thinners": ["anticoagulants"]}
    assert sorted(hit.number for hit in node.named(typed, Kind.DOCTOR, names=names, limit=5)) == doctors
    assert sorted(hit.number for hit in node.named(typed, Kind.TOPIC, names=names, limit=5)) == topics
