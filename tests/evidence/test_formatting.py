"""How a source is written: from whatever parts there are, in any script, with one link that is safe to follow."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium.evidence.formatting import LINK_SHOWN, citation_line, short_authors
from consilium.evidence.models import Work
from consilium.evidence.rules import Identifier, identify


def test_a_whole_source() -> None:
    work = Work(
        doi="10.1000/abc", title="Does it help?", authors="Example A, Sample B, Third C, Fourth D", container="J Ex", year=2019
    )
    line = citation_line(work)
    assert str(line) == "Example A, Sample B, Third C et al. Does it help? J Ex, 2019. doi:10.1000/abc"
    assert line.href == "https://doi.org/10.1000/abc"


@pytest.mark.parametrize(
    ("work", "text"),
    [
        (Work(doi="10.1000/abc"), "doi:10.1000/abc"),
        (Work(pmid="7", title="A case"), "A case. PMID 7"),
        (Work(url="https://a.example/label/x.pdf", title="Label"), "Label. a.example"),
        (Work(url="https://a.example/label/x.pdf"), "a.example/label/x.pdf"),
        (Work(url="https://a.example/label/"), "a.example/label"),
        (Work(url="https://a.example/" + "x" * 200), "a.example/" + "x" * 49 + "…"),
        (Work(pmid="7", year=2019), "2019. PMID 7"),
        (Work(pmid="7", container="J Ex"), "J Ex. PMID 7"),
        (
            Work(pmid="7", title="هل هو آمن؟", authors="أحمد، سارة", container="مجلة", year=2019),
            "أحمد, سارة. هل هو آمن؟ مجلة, 2019. PMID 7",
        ),
        (Work(pmid="7", title="安全性。", authors="山田、佐藤、鈴木、高橋"), "山田, 佐藤, 鈴木 et al. 安全性。 PMID 7"),
    ],
)  # fmt: skip
def test_missing_parts_leave_no_stray_marks(work: Work, text: str) -> None:
    assert str(citation_line(work)) == text


@pytest.mark.parametrize(
    ("authors", "shown"),
    [
        ("", ""),
        (" ; ; ", ""),
        ("Example A", "Example A"),
        ("Example A, Sample B, Third C", "Example A, Sample B, Third C"),
        ("Example A, Sample B,", "Example A, Sample B"),
        ("Example, Ada; Sample, Bo; Third, Cy; Fourth, Di", "Example, Ada; Sample, Bo; Third, Cy et al."),
        ("Example A, Sample B, Third C, Fourth D, et al.", "Example A, Sample B, Third C et al."),
        ("Example A, et al", "Example A et al."),
        ("Agency for Examples", "Agency for Examples"),
    ],
)
def test_three_authors_then_et_al(authors: str, shown: str) -> None:
    assert short_authors(authors) == shown


@given(st.text(max_size=80))
def test_the_link_of_any_doi_stays_at_the_registry(text: str) -> None:
    found = identify(f"10.1000/{text}")
    if isinstance(found, Identifier) and found.doi:
        line = citation_line(Work(doi=found.doi))
        parts = urlsplit(line.href)
        assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("https", "doi.org", "", "")
        assert line.href.isascii()
        assert not set(line.href) & set("\"'<> \\")


@given(st.text(max_size=300).map(lambda text: f"https://a.example/{text}"))
def test_the_link_of_any_address_is_the_address(text: str) -> None:
    found = identify(text)
    if isinstance(found, Identifier) and found.url:
        line = citation_line(Work(url=found.url))
        assert line.href == found.url
        assert len(line.link) <= LINK_SHOWN
