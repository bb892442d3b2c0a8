"""The list of retractions as one reads it: a CSV with the columns of Retraction Watch, one notice per row."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from consilium.evidence.rules import Identifier, identify

REASON_LIMIT: Final = 300  # characters
NATURES: Final = {
    "retraction": "retracted",
    "expression of concern": "concern",
    "correction": "corrected",
    "reinstatement": "none",
}
_WORST_FIRST: Final = ("retracted", "concern", "corrected")
_DOI_COLUMN, _PMID_COLUMN, _NATURE_COLUMN = "originalpaperdoi", "originalpaperpubmedid", "retractionnature"
_DATE_COLUMN, _REASON_COLUMN = "retractiondate", "reason"
_USED: Final = frozenset({_DOI_COLUMN, _PMID_COLUMN, _NATURE_COLUMN, _DATE_COLUMN, _REASON_COLUMN})
_AMERICAN: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


class Problem(StrEnum):
    """What is wrong with a list of retractions or one of its rows."""

    HEADINGS = "headings"
    CSV = "csv"
    SHORT = "short"
    NATURE = "nature"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that cannot be used; `line` is the number, from 1, of its last line, `value` what stood there."""

    line: int
    problem: Problem
    value: str = ""


class BadList(Exception):
    """The list, or a row of it when nobody asked to be told of bad rows, cannot be used."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"line {fault.line}: {fault.problem} {fault.value}".rstrip())
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice about a work. `nature`: "retracted", "concern", "corrected", or "none" for a reinstatement."""

    doi: str
    pmid: str
    nature: str
    reason: str = ""
    noticed_on: date | None = None


def standing(notices: Iterable[Notice]) -> Notice | None:
    """The notice that decides how a work stands; None: nothing is held against it.

    A reinstatement takes away what was noticed before it or on its day. Of the rest the gravest decides, then the latest:
    a later correction does not undo a retraction.
    """
    held: list[Notice] = []
    for notice in sorted(notices, key=lambda one: (one.noticed_on or date.min, one.nature == "none")):
        held = [] if notice.nature == "none" else [*held, notice]
    latest_first = reversed(held)
    return min(latest_first, key=lambda one: _WORST_FIRST.index(one.nature), default=None)


def parse_retractions(lines: Iterable[str], tell: Callable[[Fault], None] | None = None) -> Iterator[Notice]:
    """The notices of a CSV, read row by row.

    Needed columns: RetractionNature and OriginalPaperDOI or OriginalPaperPubMedID; RetractionDate and Reason are used
    when there; others are skipped, and so are rows about a paper without DOI and PubMed number, which nothing can match.
    `tell` hears of bad rows, which are then left out; without it the first raises BadList, as what is no such list does.
    """
    reader = csv.reader(_unmarked(lines), strict=True)
    try:
        columns = _columns(next(reader, []))
        for row in reader:
            found = _notice(row, columns, reader.line_num) if any(row) else None
            if isinstance(found, Notice):
                yield found
            elif found is not None:
                _report(found, tell)
    except csv.Error as error:
        raise BadList(Fault(reader.line_num, Problem.CSV, str(error))) from None


def _unmarked(lines: Iterable[str]) -> Iterator[str]:
    """The lines without the mark that some programs put before the first."""
    for number, line in enumerate(lines):
        yield line.removeprefix("\ufeff") if number == 0 else line


def _report(fault: Fault, tell: Callable[[Fault], None] | None) -> None:
    if tell is None:
        raise BadList(fault)
    tell(fault)


def _columns(headings: list[str]) -> dict[str, int]:
    found = {name.strip().replace(" ", "").casefold(): place for place, name in enumerate(headings)}
    if _NATURE_COLUMN not in found or not found.keys() & {_DOI_COLUMN, _PMID_COLUMN}:
        raise BadList(Fault(1, Problem.HEADINGS, ",".join(headings)[:REASON_LIMIT]))
    return found


def _notice(row: list[str], columns: dict[str, int], line: int) -> Notice | Fault | None:
    """The notice of one row; None when it names no paper."""
    if len(row) <= max(columns[name] for name in _USED & columns.keys()):
        return Fault(line, Problem.SHORT)
    cells = {name: row[columns[name]].strip() for name in _USED & columns.keys()}
    doi, pmid = _doi(cells.get(_DOI_COLUMN, "")), _pmid(cells.get(_PMID_COLUMN, ""))
    if not doi and not pmid:
        return None
    nature = NATURES.get(cells[_NATURE_COLUMN].casefold())
    if nature is None:
        return Fault(line, Problem.NATURE, cells[_NATURE_COLUMN][:REASON_LIMIT])
    written = cells.get(_DATE_COLUMN, "")
    day = _day(written)
    if day is None and written:
        return Fault(line, Problem.DATE, written[:REASON_LIMIT])
    return Notice(doi, pmid, nature, _reason(cells.get(_REASON_COLUMN, "")), day)


def _doi(text: str) -> str:
    found = identify(text) if "10." in text else None
    return found.doi if isinstance(found, Identifier) else ""


def _pmid(text: str) -> str:
    return text.lstrip("0") if text.isascii() and text.isdigit() and len(text) <= 8 else ""


def _day(text: str) -> date | None:
    """A day as 2020-11-03 or, as Retraction Watch writes it, 11/3/2020; a time behind it is left out."""
    day = text.partition(" ")[0].partition("T")[0]
    try:
        american = _AMERICAN.fullmatch(day)
        return date(int(american[3]), int(american[1]), int(american[2])) if american else date.fromisoformat(day)
    except ValueError:
        return None


def _reason(text: str) -> str:
    """Reasons as "first; second", cut after a whole one: the source writes "+First;+Second;"."""
    if not text.isprintable():
        text = "".join(char for char in text if char.isspace() or unicodedata.category(char) not in {"Cc", "Cf", "Cs"})
    reasons = [" ".join(one.split()).removeprefix("+").strip() for one in text.split(";")]
    kept = ""
    for reason in filter(None, reasons):
        longer = f"{kept}; {reason}" if kept else reason[:REASON_LIMIT]
        if len(longer) > REASON_LIMIT:
            break
        kept = longer
    return kept
