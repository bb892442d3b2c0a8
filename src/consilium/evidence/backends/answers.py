"""Reading what Crossref and PubMed answer. Nothing in it is trusted: not its shape, not its length, not its characters."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from html import unescape
from typing import Any, Final

import nh3

from consilium.evidence.backends.client import NoAnswer
from consilium.evidence.rules import Identifier, identify

AUTHORS_READ: Final = 100
LIMITS: Final = {"title": 500, "authors": 500, "container": 300}
YEARS: Final = range(1500, 2200)
# Joiners that Persian and Indian scripts need, among marks that cannot be seen and are dropped.
_JOINERS: Final = frozenset("\u200c\u200d")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Cn", "Co"})
_YEAR: Final = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Found:
    """What a registry says of a work; each part may be empty, but not the title."""

    title: str
    authors: str = ""
    container: str = ""
    year: int | None = None
    doi: str = ""
    pmid: str = ""


def of_crossref(body: bytes, doi: str) -> Found | None:
    """The work in an answer of api.crossref.org/works; None when it holds no title. Raises NoAnswer."""
    message = _part(_json(body), "message")
    if not isinstance(message, dict):
        raise NoAnswer("the registry answered something else than a work")
    named = identify(_text(message.get("DOI")))
    if not isinstance(named, Identifier) or named.doi != doi:
        raise NoAnswer("the registry answered about another work")
    title = clean(_text(_first(message.get("title"))), "title")
    authors = [_person(one) for one in _list(message.get("author"))]
    year = _year(_first(_first(_part(message.get("issued"), "date-parts"))))
    container = clean(_text(_first(message.get("container-title"))), "container")
    return Found(title, _joined(authors), container, year, doi=doi) if title else None


def of_pubmed(body: bytes, pmid: str) -> Found | None:
    """The work in an answer of esummary.fcgi (db=pubmed, JSON); None when PubMed has none. Raises NoAnswer."""
    record = _part(_part(_json(body), "result"), pmid)
    if not isinstance(record, dict):
        raise NoAnswer("the registry answered something else than a work")
    title = clean(_text(record.get("title")), "title")
    if record.get("error") or not title:
        return None
    authors = [clean(_text(_part(one, "name")), "authors") for one in _list(record.get("authors"))]
    ids = [_text(_part(one, "value")) for one in _list(record.get("articleids")) if _part(one, "idtype") == "doi"]
    named = identify(ids[0]) if ids else None
    doi = named.doi if isinstance(named, Identifier) else ""
    container = clean(_text(record.get("fulljournalname")) or _text(record.get("source")), "container")
    return Found(title, _joined(authors), container, _year(record.get("pubdate")), doi=doi, pmid=pmid)


def clean(text: str, name: str) -> str:
    """Plain text in one line, cut to what the field `name` holds: no tags, no characters that cannot be seen or stored."""
    storable = text[:10_000].encode("utf-8", "ignore").decode()  # JSON can hold halves of characters
    text = unescape(nh3.clean(storable, tags=set()))
    seen = "".join(char for char in text if char in _JOINERS or char.isspace() or unicodedata.category(char) not in _UNSEEN)
    line = " ".join(seen.split())
    limit = LIMITS[name]
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise NoAnswer("the registry answered something else than JSON") from None


def _part(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _list(value: Any) -> list[Any]:
    return value[:AUTHORS_READ] if isinstance(value, list) else []


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _person(value: Any) -> str:
    """A name as PubMed writes it: family name and initials; a group by its name."""
    family, given = (clean(_text(_part(value, name)), "authors") for name in ("family", "given"))
    initials = "".join(word[0].upper() for word in re.split(r"[\s.\-]+", given) if word)
    return f"{family} {initials}".strip() if family else clean(_text(_part(value, "name")), "authors")


def _joined(authors: list[str]) -> str:
    """As many whole names as the field holds, with "et al." for the others."""
    names = [" ".join(re.split(r"[\s,;]+", name)).strip() for name in authors if name.strip(" ,;")]
    kept = ""
    for place, name in enumerate(names):
        longer = f"{kept}, {name}" if kept else name
        rest = ", et al." if place + 1 < len(names) else ""
        if len(longer) + len(rest) > LIMITS["authors"]:
            return f"{kept}, et al." if kept else longer[: LIMITS["authors"]]
        kept = longer
    return kept


def _year(value: Any) -> int | None:
    """The year of 2019, "2019" or "2019 Jan 3"; None when there is none."""
    found = _YEAR.search(value) if isinstance(value, str) else None
    number = int(found.group()) if found else value
    return number if isinstance(number, int) and number in YEARS else None
