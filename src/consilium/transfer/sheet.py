"""Tables in text files (CSV): one header line with the names of the columns, then one row after another.

Read strictly and a row at a time. Cells that a spreadsheet would take for a formula are guarded by an apostrophe when
they are written, and freed of it when they are read, so that a table comes back as it was.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final, NamedTuple

from consilium.transfer.reading import LINE_LIMIT, whole_lines
from consilium.transfer.records import BadInput, Where

DELIMITERS: Final = ",;\t"
REMEDY: Final = "Save the table again as CSV in UTF-8."
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
_GUARDED: Final = re.compile(r"'+[=+\-@\t\r]")


class Row(NamedTuple):
    """A row of the table: its place (its first line), and its cells by column; `fault` says why it is none."""

    where: Where
    cells: dict[str, str]
    fault: str = ""


def guarded(cell: str) -> str:
    """The cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def freed(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if _GUARDED.match(cell) else cell


def rows(path: str, columns: Sequence[str], *, others: bool = False) -> Iterator[Row]:
    """The rows of a table with these columns, in any order. Commas, semicolons or tabs part the cells, as in the header.

    `others`: somebody else's table, which may have more columns, in any encoding; these are left out. Raises BadInput
    for what is no such table.
    """
    source = _Source(path, lenient=others)
    first = next(source, None)
    if first is None:
        raise BadInput(Where(path), "the file is empty.", _wanted(columns))
    parsed = source.parsed(csv.reader(chain([first], source), delimiter=_delimiter(first), strict=True))
    called = {name.casefold(): name for name in columns}
    names = [called.get(name.strip().casefold(), name.strip()) for name in next(parsed)]
    _check(names, columns, source.where, others=others)
    for cells in parsed:
        if any(cells):
            fault = "" if len(cells) == len(names) else f"it has {len(cells)} cells, and the header has {len(names)}."
            found = dict(zip(names, map(freed, cells), strict=False))
            yield Row(source.start, {name: found.get(name, "") for name in columns}, fault)


class _Source:
    """The lines of the file for Python's reader; `start` is where the row begins that was read last."""

    def __init__(self, path: str, *, lenient: bool) -> None:
        self.where = self.start = Where(path)
        self._lines = whole_lines(path, LINE_LIMIT, lenient=lenient)
        self._new_row = True

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.where, line = next(self._lines)
        if self._new_row:
            self.start, self._new_row = self.where, False
        return line

    def parsed(self, reader: Iterable[list[str]]) -> Iterator[list[str]]:
        try:
            for cells in reader:
                yield cells
                self._new_row = True
        except csv.Error as error:
            what = f"the row that begins here is no CSV ({str(error).partition(' - ')[0]})."
            raise BadInput(self.start, what, REMEDY) from None


def _delimiter(header: str) -> str:
    """The one that parts most cells of the header; names of columns hold none of them."""
    return max(DELIMITERS, key=header.count)


def _check(names: Sequence[str], columns: Sequence[str], where: Where, *, others: bool) -> None:
    """Raise BadInput unless each column is named once and, without `others`, nothing else is."""
    twice = [name for name, number in Counter(names).items() if number > 1 and (name in columns or not others)]
    missing = [name for name in columns if name not in names]
    unknown = [] if others else [name for name in names if name not in columns]
    for found, words in ((twice, "twice"), (missing, "not"), (unknown, "unknown")):
        if found:
            raise BadInput(where, _problem(words, found), _wanted(columns))


def _wanted(columns: Sequence[str]) -> str:
    return f"The first line must name the columns {', '.join(columns)}."


def _problem(words: str, found: Sequence[str]) -> str:
    shown = ", ".join(repr(name[:40]) for name in found[:5])
    return {
        "twice": f"the header names {shown} twice.",
        "not": f"the header does not name {shown}.",
        "unknown": f"the header names {shown}, which is no column of this format.",
    }[words]
