"""`consilium import retractions`: a list of retracted papers, with the columns that Retraction Watch gives it.

A newer list takes the place of the one before. The file is read to its end first; what is read waits on disk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from itertools import zip_longest
from typing import Final

from consilium.evidence.actions import load_retractions
from consilium.evidence.models import RetractionNotice
from consilium.evidence.retraction_list import Notice
from consilium.evidence.rules import Identifier, identify
from consilium.transfer.loader.shelf import Shelf
from consilium.transfer.progress import bar
from consilium.transfer.records import BadInput, Where
from consilium.transfer.report import Report
from consilium.transfer.sheet import Row, rows

DOI, PMID, NATURE, REASON, DATE = "OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature", "Reason", "RetractionDate"
COLUMNS: Final = (DOI, PMID, NATURE, REASON, DATE)
NATURES: Final = {
    "retraction": "retracted", "expression of concern": "concern", "correction": "corrected", "reinstatement": "none",
}  # fmt: skip
NOTICES, WORKS = "notices", "works"
REASON_LIMIT: Final = RetractionNotice._meta.get_field("reason").max_length or 0
EVERY: Final = 1000  # rows between two moves of the bar
_DAY: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\b")


def load(path: str, *, dry_run: bool = False) -> Report:
    """Take the list in. Raises BadInput, before anything is written, for what is no such list."""
    report = Report(files=[path], dry_run=dry_run, always=(NOTICES, WORKS))
    with closing(Shelf[Notice]()) as kept:
        _read(path, kept, report)
        if not kept.count:
            raise BadInput(Where(path), "no row names a paper that was retracted.", "Check that this is the right file.")
        if _is_here(kept.each()):
            report.count(NOTICES, "unchanged", kept.count)
        else:
            report.count(NOTICES, "created", kept.count)
            if not dry_run:
                _put(kept.each(), report)
    return report


def _read(path: str, kept: Shelf[Notice], report: Report) -> None:
    nameless = 0
    with bar("Checking", None) as advance:
        for number, row in enumerate(rows(path, COLUMNS, others=True), 1):
            works = _works(row)
            reason = row.fault or _unknown_nature(row.cells[NATURE])
            if reason:
                report.skip(row.where, reason, NOTICES)
            elif not works:
                nameless += 1
            else:
                kept.add(_notice(row, *works))
            if not number % EVERY:
                advance(EVERY)
    if nameless:
        report.note(Where(path), f"{nameless:,} rows name neither DOI nor PubMed number and are left out.")


def _works(row: Row) -> tuple[str, str] | None:
    """DOI and PubMed number of the paper; None if the row has neither ("unavailable", 0)."""
    doi, pmid = (identify(row.cells[name]) for name in (DOI, PMID))
    names = (doi.doi if isinstance(doi, Identifier) else "", pmid.pmid if isinstance(pmid, Identifier) else "")
    return names if any(names) else None


def _unknown_nature(nature: str) -> str:
    known = nature.strip().casefold() in NATURES
    return "" if known else f"the column {NATURE} says {nature[:40]!r}; known are: {', '.join(NATURES)}."


def _notice(row: Row, doi: str, pmid: str) -> Notice:
    reasons = [part.strip().lstrip("+").strip() for part in row.cells[REASON].split(";")]
    text = "; ".join(part for part in reasons if part)
    short = text if len(text) <= REASON_LIMIT else f"{text[: REASON_LIMIT - 1]}…"
    return Notice(doi, pmid, NATURES[row.cells[NATURE].strip().casefold()], short, _day(row.cells[DATE]))


def _day(text: str) -> date | None:
    """The day as Retraction Watch writes it (2/24/2024 0:00), or by ISO 8601; None for anything else."""
    found = _DAY.match(text.strip())
    try:
        return date(int(found[3]), int(found[1]), int(found[2])) if found else date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def _is_here(notices: Iterator[Notice]) -> bool:
    """Whether the list on this site is this very list."""
    stored = RetractionNotice.objects.order_by("pk").values_list("doi", "pmid", "nature", "reason", "noticed_on")
    here = (Notice(*row) for row in stored.iterator(chunk_size=2000))
    return all(one == other for one, other in zip_longest(notices, here))


def _put(notices: Iterator[Notice], report: Report) -> None:
    """Replace the list, and compare what is cited here with it."""
    done = load_retractions(notices)
    report.count(WORKS, "updated", done.changed)
    report.count(WORKS, "unchanged", done.works - done.changed)
    if done.retracted:
        report.note(Where(report.files[0]), f"works cited here that are retracted: {done.retracted:,}.")
