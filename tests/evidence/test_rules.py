"""Identifiers as people paste them: one work, one key; a bad one is told, nothing makes the reader of them fail."""

import unicodedata
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consilium.evidence.rules import Identifier, Problem, identify

DOI = "10.1000/xyz.12-34_(5)"

DOIS = {
    "10.1000/XYZ.12-34_(5)": DOI,
    "doi:10.1000/xyz.12-34_(5)": DOI,
    "DOI: 10.1000/xyz.12-34_(5)": DOI,
    "doi 10.1000/xyz.12-34_(5).": DOI,
    "https://doi.org/10.1000/xyz.12-34_(5)": DOI,
    "DOI: https://doi.org/10.1000/xyz.12-34_(5)": DOI,
    "http://dx.doi.org/10.1000%2Fxyz.12-34_(5)": DOI,
    "10.1000%2Fxyz.12-34_(5)": DOI,
    "doi.org/10.1000/xyz.12-34_(5)": DOI,
    "  <https://doi.org/10.1000/xyz.12-34_(5)> ": DOI,
    "(10.1000/xyz.12-34_(5))": DOI,
    "(10.1000/xyz.12-34_(5)).": DOI,
    "“10.1000/xyz.12-34_(5)”": DOI,
    "10.1000/xyz.12-34_(5)\u200b": DOI,
    "https://onlinelibrary.wiley.example/doi/full/10.1000/xyz.12-34_(5)?journalCode=x": DOI,
    "https://www.tandf.example/doi/abs/10.1000/xyz.12-34_(5)#abstract": DOI,
    "https://publisher.example/doi/10.1000/xyz.12-34_(5)/full": DOI,
    "https://publisher.example/content/pdf/10.1000/xyz.12-34_(5).pdf": DOI,
    "https://publisher.example/article?id=10.1000/xyz.12-34_(5)&type=printable": DOI,
    "https://publisher.example/content/10.1000/xyz.12-34_(5)v2.full.pdf": DOI,
    "https://www.biorxiv.org/content/10.1000/2019.01.02.123v3": "10.1000/2019.01.02.123",
    "https://academic.oup.com/abc/article/10.1000/abc/xyz12/5678901": "10.1000/abc/xyz12",
    "https://doi.org/10.1002/(SICI)1000-1000(19990101/30)17:15/16<1661::AID-ABC968>3.0.CO;2-2": (
        "10.1002/(sici)1000-1000(19990101/30)17:15/16<1661::aid-abc968>3.0.co;2-2"
    ),
    "Example A, Sample B. A trial. J Ex. 2019;1(1):1-2. doi: 10.1000/abc. Epub 2019 Jan 2. PMID: 30000001.": "10.1000/abc",
    "Example A. A trial. https://doi.org/10.1000/abc (accessed 2 May)": "10.1000/abc",
    "10.1000.10/123456": "10.1000.10/123456",
}
PMIDS = {
    "30000001": "30000001",
    "PMID: 30000001": "30000001",
    "pmid30000001": "30000001",
    "PMID 0030000001"[:13]: "300000",
    "PubMed ID: 123.": "123",
    "https://pubmed.ncbi.nlm.nih.gov/30000001/": "30000001",
    "https://pubmed.ncbi.nlm.nih.gov/30000001/?from_term=example": "30000001",
    "pubmed.ncbi.nlm.nih.gov/30000001": "30000001",
    "https://www.ncbi.nlm.nih.gov/pubmed/30000001": "30000001",
    "Example A. A trial. J Ex. 2019. PMID: 30000001; PMCID: PMC1": "30000001",
}
URLS = {
    "https://agency.example/label.pdf": "https://agency.example/label.pdf",
    "HTTPS://Agency.Example": "https://agency.example/",
    "http://agency.example:80/a?b=1&utm_source=x&c=%20#part": "http://agency.example/a?b=1&c=%20",
    "https://agency.example/a?utm_campaign=x&UTM_Medium=y": "https://agency.example/a",
    "https://agency.example:8443/a?gclid=1&q=utm_x": "https://agency.example:8443/a?q=utm_x",
    "www.agency.example/page": "https://www.agency.example/page",
    "Agency, label of 2019: https://agency.example/label.": "https://agency.example/label",
    "https://bücher.example/ä": "https://bücher.example/ä",
}
BAD = {
    "": Problem.EMPTY,
    " \n\u200e": Problem.EMPTY,
    "x" * 1001: Problem.LONG,
    "https://agency.example/" + "x" * 500: Problem.LONG,
    "10.1000/" + "x" * 300: Problem.LONG,
    "A trial that I remember": Problem.UNKNOWN,
    "10.1000": Problem.UNKNOWN,
    "10.1000/": Problem.UNKNOWN,
    "10.1/abc": Problem.UNKNOWN,
    "0": Problem.UNKNOWN,
    "123456789": Problem.UNKNOWN,
    "https://doi.org/": Problem.UNKNOWN,
    "https://doi.org/10.1000/a%00b": Problem.UNKNOWN,
    "https://doi.org/10.1000/a%E2%80%AEb": Problem.UNKNOWN,
    "https://doi.org/10.1000/%ff": Problem.UNKNOWN,
    "first 10.1000/a and second 10.1000/b": Problem.SEVERAL,
    "PMID: 1 and PMID: 2": Problem.SEVERAL,
    "https://a.example/ and https://b.example/": Problem.SEVERAL,
    "ftp://agency.example/label": Problem.SCHEME,
    "javascript://agency.example/%0aalert(1)": Problem.SCHEME,
    "file:///etc/passwd": Problem.SCHEME,
    "https://name:word@agency.example/": Problem.CREDENTIALS,
    "https://name@agency.example/": Problem.CREDENTIALS,
    "https://localhost/": Problem.HOST,
    "https://[::1]/": Problem.HOST,
    "https://[broken/": Problem.HOST,
    "https://agency.example:99999/": Problem.HOST,
    "https:///path": Problem.HOST,
    "https://agency.example\\evil.example/": Problem.HOST,
    "https://agency.example\\@evil.example/": Problem.CREDENTIALS,
}


@pytest.mark.parametrize(("text", "doi"), DOIS.items())
def test_a_doi_in_any_form_is_one_work(text: str, doi: str) -> None:
    assert identify(text) == Identifier(doi=doi)


@pytest.mark.parametrize(("text", "pmid"), PMIDS.items())
def test_a_pubmed_number_in_any_form_is_one_work(text: str, pmid: str) -> None:
    assert identify(text) == Identifier(pmid=pmid)


@pytest.mark.parametrize(("text", "url"), URLS.items())
def test_an_address_loses_what_does_not_change_the_page(text: str, url: str) -> None:
    assert identify(text) == Identifier(url=url)


@pytest.mark.parametrize(("text", "problem"), BAD.items())
def test_what_names_no_source_is_told_by_kind(text: str, problem: Problem) -> None:
    assert identify(text) is problem


def test_the_key_says_which_identifier_it_is() -> None:
    keys = [
        one.key for one in (identify("10.1000/A"), identify("7"), identify("https://a.example")) if isinstance(one, Identifier)
    ]
    assert keys == ["doi:10.1000/a", "pmid:7", "url:https://a.example/"]


SUFFIX = st.text("abcXYZ0123456789-_()/:", min_size=1, max_size=30).filter(
    lambda text: text[-1] != ":" and text.count(")") == text.count("(") and "//" not in text and not text.endswith("/")
)
WRITTEN = [
    "{}",
    "doi:{}",
    "DOI: {}.",
    "https://doi.org/{}",
    "http://dx.doi.org/{}",
    "see https://doi.org/{} there",
    "<{}>",
    "({}),",
]


@given(st.integers(1000, 999_999_999), SUFFIX, st.sampled_from(WRITTEN), st.booleans())
def test_every_way_to_write_a_doi_gives_the_same_key(registrant: int, suffix: str, written: str, loud: bool) -> None:
    doi = f"10.{registrant}/{suffix}"
    text = written.format(doi.upper() if loud else doi)
    assert identify(text) == Identifier(doi=doi.lower())


PIECES = st.sampled_from(
    ["https://", "http://", "doi:", "10.1000/", "PMID: ", "a.example", "/", "?utm_x=1", "&", "#", "%", "%00", "@", " ", "\\"]
)


@given(st.one_of(st.text(max_size=200), st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=12).map("".join)))
@example("https://a.example/?q=\ud800")
def test_any_text_is_an_identifier_or_a_problem_and_an_identifier_names_itself(text: str) -> None:
    found = identify(text)
    if isinstance(found, Problem):
        return
    parts = [part for part in (found.doi, found.pmid, found.url) if part]
    assert len(parts) == 1
    assert identify(parts[0]) == found
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} or char.isspace() for char in found.key)
    if found.url:
        address = urlsplit(found.url)
        assert (address.scheme in {"http", "https"}, address.fragment, address.username) == (True, "", None)
