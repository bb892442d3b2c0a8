"""Which work an identifier names: a DOI, a PubMed number or a web address, in any form that people paste. Nothing is fetched."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit, urlunsplit

DOI_LIMIT: Final = 300  # characters
URL_LIMIT: Final = 500
IDENTIFIER_LIMIT: Final = 1_000
SOURCES_OF_AN_ANSWER: Final = 20
QUOTE_LIMIT: Final = 1_000

_DOI: Final = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+")
_DOI_BETWEEN_WORDS: Final = re.compile(r"(?:https?://\S+?/|doi\s*:\s*|(?<!\S))" + _DOI.pattern, re.IGNORECASE)
_DOI_PREFIX: Final = re.compile(r"^(?:doi\s*:?\s*)+(?=10\.|https?://)", re.IGNORECASE)
_PMID: Final = re.compile(r"(?:(?:pubmed|pmid)(?:\s*id)?\s*[:#]?\s*)?([0-9]{1,8})[.,;]?", re.IGNORECASE)
_PMID_BETWEEN_WORDS: Final = re.compile(r"\bpmid\s*:?\s*[0-9]{1,8}\b", re.IGNORECASE)
_ADDRESS_BETWEEN_WORDS: Final = re.compile(r"(?<!\S)https?://\S+", re.IGNORECASE)
_PUBMED_PATH: Final = re.compile(r"/(?:pubmed|m/pubmed)?/?([0-9]{1,8})/?")
_PUBMED_HOSTS: Final = frozenset({"pubmed.ncbi.nlm.nih.gov", "pubmed.gov", "www.pubmed.gov"})
_NCBI_HOSTS: Final = frozenset({"www.ncbi.nlm.nih.gov", "ncbi.nlm.nih.gov"})
_DOI_HOSTS: Final = frozenset({"doi.org", "dx.doi.org", "www.doi.org"})
# What publishers put behind the DOI in their own addresses.
_VIEW: Final = re.compile(
    r"(?:/(?:full|abstract|summary|pdf|epdf|pdfdirect|html|meta|references|fulltext|full-text|short|figures|tables|epub)"
    r"|(?:v[0-9]+)?\.(?:full|abstract|short|article-info)(?:\.pdf|-text)?|\.pdf|\.html?)/?$",
    re.IGNORECASE,
)
_BEHIND_DOI_AT: Final = {"academic.oup.com": re.compile(r"(?<=.)/[0-9]+(?:/.*)?$"), "www.biorxiv.org": re.compile(r"v[0-9]+$")}
_BEHIND_DOI_AT["www.medrxiv.org"] = _BEHIND_DOI_AT["www.biorxiv.org"]
_TRACKING: Final = re.compile(r"utm_\w+|gclid|fbclid|msclkid|mc_[ce]id", re.IGNORECASE)
_OPENS: Final = {")": "(", "]": "[", "}": "{", ">": "<"}
_UNSEEN: Final = frozenset({"Cf", "Cc", "Cs"})
_AROUND: Final = frozenset({("<", ">"), ("(", ")"), ("[", "]"), ('"', '"'), ("'", "'"), ("“", "”"), ("«", "»")})
_HOST: Final = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W_](?:[\w-]*[^\W_])?")


class Problem(StrEnum):
    """What is wrong with an identifier."""

    EMPTY = "empty"
    LONG = "long"
    UNKNOWN = "unknown"
    SEVERAL = "several"
    SCHEME = "scheme"
    CREDENTIALS = "credentials"
    HOST = "host"


@dataclass(frozen=True, slots=True)
class Identifier:
    """Names one work. Exactly one of the three is set: a DOI in lower case, a PubMed number or a web address."""

    doi: str = ""
    pmid: str = ""
    url: str = ""

    @property
    def key(self) -> str:
        """Equal for all forms of one identifier."""
        return f"doi:{self.doi}" if self.doi else f"pmid:{self.pmid}" if self.pmid else f"url:{self.url}"


def identify(text: str) -> Identifier | Problem:
    """What the text names, or what is wrong with it. Of a whole reference the DOI counts, else the PubMed number or address."""
    if len(text) > IDENTIFIER_LIMIT:
        return Problem.LONG
    text = _tidy(text)
    if not text:
        return Problem.EMPTY
    alone = _named(text)
    return _between_words(text) if alone is Problem.UNKNOWN and " " in text else alone


def _tidy(text: str) -> str:
    """In one line, without marks that cannot be seen, and without the quotation marks or brackets it was pasted in."""
    text = " ".join("".join(char for char in text if char.isspace() or unicodedata.category(char) not in _UNSEEN).split())
    while (whole := text.rstrip(".,; ")) and (whole[0], whole[-1]) in _AROUND and len(whole) > 1:
        text = whole[1:-1].strip()
    return text


def _named(text: str) -> Identifier | Problem:
    if found := _PMID.fullmatch(text):
        return _pmid(found[1])
    bare = _DOI_PREFIX.sub("", text, count=1)
    if re.match(r"10\.[0-9]{4,9}%2f", bare, re.IGNORECASE):
        bare = unquote(bare)
    if " " in bare:
        return Problem.UNKNOWN
    if _DOI.match(bare):
        return _doi(bare)
    address = f"https://{bare}" if re.match(r"(?:www\.|(?:dx\.)?doi\.org/|pubmed\.)", bare, re.IGNORECASE) else bare
    return _address(address) if "://" in address else Problem.UNKNOWN


def _between_words(text: str) -> Identifier | Problem:
    for pattern in (_DOI_BETWEEN_WORDS, _PMID_BETWEEN_WORDS, _ADDRESS_BETWEEN_WORDS):
        found = {_named(_without_tail(one)) for one in pattern.findall(text)}
        if len(found) > 1:
            return Problem.SEVERAL
        if found:
            return found.pop()
    return Problem.UNKNOWN


def _pmid(digits: str) -> Identifier | Problem:
    number = digits.lstrip("0")
    return Identifier(pmid=number) if number else Problem.UNKNOWN


def _doi(text: str) -> Identifier | Problem:
    """The DOI that the text begins with. They are compared without case (DOI Handbook, 2.4)."""
    doi = _without_tail(text).lower()
    if len(doi) > DOI_LIMIT:
        return Problem.LONG
    readable = all(unicodedata.category(char) not in _UNSEEN and char != "\ufffd" for char in doi)
    return Identifier(doi=doi) if readable and _DOI.fullmatch(doi) else Problem.UNKNOWN


def _without_tail(text: str) -> str:
    """Without the punctuation of the sentence that it was copied from; a bracket goes only if it was not opened."""
    while text:
        last = text[-1]
        unopened = last in _OPENS and text.count(last) > text.count(_OPENS[last])
        if not (unopened or last in ".,;:!?'\"”’*"):
            break
        text = text[:-1]
    return text


def _address(text: str) -> Identifier | Problem:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return Problem.HOST
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in {"http", "https"}:
        return Problem.SCHEME
    if parts.username is not None or parts.password is not None:
        return Problem.CREDENTIALS
    if not _HOST.fullmatch(host) or "\\" in text:
        return Problem.HOST
    return _named_by(host, parts) or _plain(host, port, parts)


def _named_by(host: str, parts: SplitResult) -> Identifier | Problem | None:
    """The DOI or PubMed number that an address of a registry or publisher holds, if any."""
    path = unquote(parts.path)
    pubmed = host in _PUBMED_HOSTS or (host in _NCBI_HOSTS and "/pubmed/" in path)
    if pubmed and (found := _PUBMED_PATH.fullmatch(path)):
        return _pmid(found[1])
    if host in _DOI_HOSTS:
        return _doi(path[1:]) if _DOI.match(path[1:]) else Problem.UNKNOWN
    candidates = [path, *(value for _name, value in parse_qsl(parts.query))]
    for candidate in candidates:
        if found := re.search(r"(?:^|/|doi:)(10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+)", candidate):
            return _doi(_without_view(host, found[1]))
    return None


def _without_view(host: str, doi: str) -> str:
    while (shorter := _VIEW.sub("", doi)) != doi and _DOI.match(shorter):
        doi = shorter
    behind = _BEHIND_DOI_AT.get(host)
    shorter = behind.sub("", doi) if behind else doi
    return shorter if _DOI.match(shorter) else doi


def _plain(host: str, port: int | None, parts: SplitResult) -> Identifier | Problem:
    """The address without what does not change the page: the fragment, the usual port, marks of advertisers."""
    usual = {"http": 80, "https": 443}[parts.scheme]
    netloc = host if port in {None, usual} else f"{host}:{port}"
    query = "&".join(part for part in parts.query.split("&") if not _TRACKING.fullmatch(part.partition("=")[0]))
    url = urlunsplit((parts.scheme, netloc, parts.path or "/", query, ""))
    return Identifier(url=url) if len(url) <= URL_LIMIT else Problem.LONG
