"""How a source is written on a page: by plain rules, the same for every work, with nothing asked of another site."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import quote, urlsplit

AUTHORS_SHOWN: Final = 3
LINK_SHOWN: Final = 60  # characters of an address
_STRONG: Final = re.compile("[;；؛]")
_WEAK: Final = re.compile("[,，،、]")
_ENDS: Final = (".", "?", "!", "…", "。", "？", "！", "؟", "।")
# What may stand in the path of a DOI link as it is (RFC 3986, pchar and "/"); everything else is percent-encoded.
_SAFE: Final = "/:;()@!$&*+,=~-._"


class Describable(Protocol):
    """The parts of a Work that are written."""

    doi: str
    pmid: str
    url: str
    title: str
    authors: str
    container: str
    year: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """The parts of a source; each but the link may be empty. `href` is the only thing that leads to another site.

    Each part is shown in an element of its own with dir="auto": it may be in another script than its neighbours.
    """

    authors: str
    title: str
    container: str
    year: str
    link: str
    href: str

    def __str__(self) -> str:
        """The whole in one line, as somebody copies it."""
        published = ", ".join(part for part in (self.container, self.year) if part)
        parts = [part for part in (self.authors, self.title, published) if part]
        return " ".join([*(part if part.endswith(_ENDS) else f"{part}." for part in parts), self.link])


def citation_line(work: Describable) -> Line:
    """Authors, title, where and when it appeared, and a link: the DOI, the PubMed number or the address in short."""
    link, href = _link(work)
    year = str(work.year) if work.year else ""
    return Line(short_authors(work.authors), work.title.strip(), work.container.strip(), year, link, href)


def short_authors(authors: str) -> str:
    """At most three names, then "et al."; names stand between semicolons, or commas where there is no semicolon."""
    mark, join = (_STRONG, "; ") if _STRONG.search(authors) else (_WEAK, ", ")
    names = [name.strip() for name in mark.split(authors) if name.strip()]
    others = bool(names) and names[-1].casefold().rstrip(".") == "et al"
    shown = names[: len(names) - others][:AUTHORS_SHOWN]
    return join.join(shown) + (" et al." if others or len(names) > AUTHORS_SHOWN else "")


def _link(work: Describable) -> tuple[str, str]:
    if work.doi:
        return f"doi:{work.doi}", f"https://doi.org/{quote(work.doi, safe=_SAFE)}"
    if work.pmid:
        return f"PMID {work.pmid}", f"https://pubmed.ncbi.nlm.nih.gov/{work.pmid}/"
    parts = urlsplit(work.url)
    # A title says enough of the page; without one the address must.
    shown = parts.netloc if work.title else f"{parts.netloc}{parts.path.rstrip('/')}"
    return (shown if len(shown) <= LINK_SHOWN else f"{shown[: LINK_SHOWN - 1]}…"), work.url
