import pytest

from consilium.lib.sentences import named, sentences


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("One.", [["One."]]),
        ("One. Two! Three? Four", [["One.", "Two!", "Three?", "Four"]]),
        ("A headline\n\nA line. And more.", [["A headline"], ["A line.", "And more."]]),
        ("He said “no.” Then he left.", [["He said “no.”", "Then he left."]]),
        ("Ask Dr. Smith about it, e.g. Tuesday. Yes.", [["Ask Dr. Smith about it, e.g. Tuesday.", "Yes."]]),
        ("0.5 mg vs. 5.0 mg. fine", [["0.5 mg vs. 5.0 mg. fine"]]),
        ("هل هذا آمن؟ نعم.", [["هل هذا آمن؟", "نعم."]]),
    ],
)
def test_sentences(text: str, found: list[list[str]]) -> None:
    assert sentences(text) == found


def test_no_word_is_lost() -> None:
    text = "So… “Is it?” he asked. (Maybe.) Well! 3.5 times.\tYes"
    assert " ".join(sentence for line in sentences(text) for sentence in line).split() == text.split()


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ("1", "a"),
        (" 2 ", "b"),
        ("1-2", "a b"),
        ("2 – 3", "b c"),
        ("3-2", None),
        ("0", None),
        ("4", None),
        ("1-9", None),
        ("x", None),
    ],
)
def test_named(numbers: str, words: str | None) -> None:
    assert named(numbers, ["a", "b", "c"]) == words
