"""Small helpers for text and keys."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium.lib.ids import new_key
from consilium.lib.text import direction, fold, slug, storable

texts = st.text(max_size=120)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "ltr"), ("ar", "rtl"), ("he-IL", "rtl"), ("AR-eg", "rtl"), ("fa", "rtl"), ("es-419", "ltr"),
     ("ku", "ltr"), ("ku-Arab", "rtl"), ("", "ltr"), ("arn", "ltr")],
)  # fmt: skip
def test_direction_follows_the_language(language, expected):
    assert direction(language) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [("São  Paulo", "sao paulo"), ("BOTOX", "botox"), ("Straße", "STRASSE"), ("ﬁller", "filler"), (" a\tb\n", "a b"), ("É", "e")],
)
def test_names_written_differently_fold_to_the_same(one, other):
    assert fold(one) == fold(other)


@given(texts)
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(texts)
def test_composed_and_decomposed_letters_fold_to_the_same(text):
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(texts, st.integers(1, 80))
def test_a_slug_is_short_and_has_only_letters_digits_and_hyphens(text, limit):
    made = slug(text, limit)
    assert len(made) <= limit
    assert re.fullmatch(r"[\w-]*", made)


def test_a_slug_ends_at_a_word_and_keeps_other_scripts():
    assert slug("Can I have a second treatment?", 12) == "can-i-have-a"
    assert slug("Can I have", 9) == "can-i"
    assert slug("ボトックスは安全?") == "ボトックスは安全"
    assert slug("?!") == ""
    assert slug("a" * 100, 10) == "a" * 10


@pytest.mark.parametrize(
    ("text", "expected"), [("fine 😀", True), ("", True), ("a\x00b", False), ("a\ud800b", False), ("\udfff", False)]
)
def test_text_that_a_database_refuses_is_found(text, expected):
    assert storable(text) is expected


def test_keys_are_long_plain_and_never_the_same():
    keys = {new_key() for _ in range(1000)}
    assert len(keys) == 1000
    assert all(re.fullmatch(r"[a-z2-7]{26}", key) for key in keys)
