"""What a page shows as changed between two wordings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium.web.diff import compare, plain

WORDS = st.lists(st.sampled_from(["one", "two", "three", " ", "\n", "بـ", "é"]), max_size=40).map(" ".join)


@given(WORDS, WORDS)
def test_both_texts_can_be_read_back_from_the_runs(old: str, new: str) -> None:
    runs = compare(old, new)
    assert "".join(run.text for run in runs if run.kind != "removed") == new
    assert "".join(run.text for run in runs if run.kind != "added") == old


def test_only_the_changed_words_are_marked() -> None:
    runs = [(run.kind, run.text) for run in compare("Wait two weeks, then ask.", "Wait three weeks, then ask.")]
    assert runs == [("same", "Wait "), ("removed", "two"), ("added", "three"), ("same", " weeks, then ask.")]


def test_a_long_rewritten_text_is_shown_as_replaced_as_a_whole() -> None:
    old, new = " ".join(f"a{n}" for n in range(4_000)), " ".join(f"b{n}" for n in range(4_000))
    assert [run.kind for run in compare(old, new)] == ["removed", "added"]


@pytest.mark.parametrize(("body", "body_format", "shown"), [("a < b", "markdown", "a < b"), ("<p>a &lt; b</p>", "html", "a < b")])
def test_words_of_a_body(body: str, body_format: str, shown: str) -> None:
    assert plain(body, body_format) == shown
