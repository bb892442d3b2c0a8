"""What registries answer is read with care: wrong shapes, hostile titles, far too much of everything."""

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium.evidence.backends.answers import Found, clean, of_crossref, of_pubmed
from consilium.evidence.backends.client import NoAnswer
from tests.evidence.registry import crossref, pubmed

DOI, PMID = "10.1000/first.1", "30000001"


def told(answer: Any) -> bytes:
    return json.dumps(answer).encode()


def test_crossref_as_it_answers() -> None:
    assert of_crossref(told(crossref()), DOI) == Found(
        "Small doses in a rare illness: a randomised trial", "Example AM, Sample BL, Example Study Group",
        "Journal of Made-up Medicine", 2019, DOI,
    )  # fmt: skip


def test_pubmed_as_it_answers() -> None:
    assert of_pubmed(told(pubmed()), PMID) == Found(
        "Small doses in a rare illness: a randomised trial.", "Example AM, Sample BL", "Journal of made-up medicine", 2019,
        DOI, PMID,
    )  # fmt: skip


def test_pubmed_without_the_work() -> None:
    answer = {"result": {"uids": ["1"], "1": {"uid": "1", "error": "cannot get document summary"}}}
    assert of_pubmed(told(answer), "1") is None


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"<html>busy</html>", b"\xff\xfe", b"[" * 100_000, b'{"message": {"DOI": 1' + b"0" * 5_000 + b"}}", b"null", b"7",
        b'{"message": []}', b'{"message": {"DOI": "10.1000/other", "title": ["x"]}}', b'{"message": {"title": ["x"]}}',
    ],
)  # fmt: skip
def test_what_is_no_answer_about_this_work(answer: bytes) -> None:
    with pytest.raises(NoAnswer):
        of_crossref(answer, DOI)
    with pytest.raises(NoAnswer):
        of_pubmed(answer, PMID)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("A <b>bold</b> <sub>2</sub> title", "A bold 2 title"),
        ("<jats:p>Ja<jats:i>ts</jats:i></jats:p>", "Jats"),
        ("<script>alert(1)</script>Rest", "Rest"),
        ("<img src=x onerror=alert(1)>Rest", "Rest"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("p < 0.05 and n > 3", "p < 0.05 and n > 3"),
        ("Salt &amp; water", "Salt & water"),
        ("two\n  lines\t here", "two lines here"),
        ("a\u202eb\u0000c\u2066d\u200be\ufefff", "abcdef"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("half \ud800 a character", "half a character"),
        ("x" * 600, "x" * 499 + "…"),
    ],
)
def test_hostile_titles_become_plain_text(written: str, shown: str) -> None:
    found = of_crossref(told(crossref(title=[written])), DOI)
    assert found is not None
    assert found.title == shown
    assert of_pubmed(told(pubmed(title=written)), PMID) == Found(
        shown, "Example AM, Sample BL", "Journal of made-up medicine", 2019, DOI, PMID
    )


@pytest.mark.parametrize("title", [None, [], [None], [[]], 7, {}, "", [""], ["<br>"], ["\u200b"]])
def test_an_answer_without_a_title_is_none(title: Any) -> None:
    assert of_crossref(told(crossref(title=title)), DOI) is None
    assert of_pubmed(told(pubmed(title=title)), PMID) is None


ODD = [None, 7, "x", [], {}, [None], [[]], [{}], [7], {"date-parts": 7}, {"date-parts": [[]]}, {"date-parts": [[None]]}, True]


@pytest.mark.parametrize("odd", ODD, ids=str)
@pytest.mark.parametrize("name", ["author", "issued", "container-title"])
def test_odd_parts_of_crossref_are_left_out(name: str, odd: Any) -> None:
    found = of_crossref(told(crossref(**{name: odd})), DOI)
    assert found is not None
    assert found.title


@pytest.mark.parametrize("odd", ODD, ids=str)
@pytest.mark.parametrize("name", ["authors", "pubdate", "fulljournalname", "source", "articleids"])
def test_odd_parts_of_pubmed_are_left_out(name: str, odd: Any) -> None:
    found = of_pubmed(told(pubmed(**{name: odd})), PMID)
    assert found is not None
    assert found.title


@pytest.mark.parametrize(
    ("parts", "year"), [([[2019]], 2019), ([["2019"]], 2019), ([[20190]], None), ([[1e3]], None), ([[True]], None)]
)
def test_years(parts: Any, year: int | None) -> None:
    found = of_crossref(told(crossref(issued={"date-parts": parts})), DOI)
    assert found is not None
    assert found.year == year


def test_many_authors_are_cut_after_a_whole_name() -> None:
    people = [{"given": "A", "family": f"Verylongname{number}"} for number in range(5_000)]
    found = of_crossref(told(crossref(author=people)), DOI)
    assert found is not None
    assert len(found.authors) <= 500
    assert found.authors.endswith("A, et al.")
    one = of_crossref(told(crossref(author=[{"family": "x" * 9_000}])), DOI)
    assert one is not None
    assert len(one.authors) == 500


def test_a_name_cannot_pretend_to_be_two() -> None:
    found = of_crossref(told(crossref(author=[{"name": "Group, of; many"}])), DOI)
    assert found is not None
    assert found.authors == "Group of many"


@given(st.text(max_size=700))
def test_any_text_comes_out_storable_and_in_its_limit(text: str) -> None:
    shown = clean(text, "container")
    assert len(shown) <= 300
    assert not any(unicodedata.category(char) in {"Cc", "Cs"} for char in shown)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["title", "author", "issued", "container-title", "DOI"]), JSON))
def test_any_json_is_read_or_refused(fields: dict[str, Any]) -> None:
    try:
        found = of_crossref(told(crossref(**fields)), DOI)
    except NoAnswer:
        return
    assert found is None or (0 < len(found.title) <= 500 and len(found.authors) <= 500 and len(found.container) <= 300)
