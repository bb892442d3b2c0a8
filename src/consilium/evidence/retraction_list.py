"""What a list of retractions says of one work. Reading such a list from a file is the importers' affair."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

_WORST_FIRST: Final = ("retracted", "concern", "corrected")


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
