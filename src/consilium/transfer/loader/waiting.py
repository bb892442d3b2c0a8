"""Questions that name another one by its key, in a temporary database on disk until that one has come."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from consilium.transfer.records import QuestionRecord, Where

SCHEMA: Final = """
    CREATE TABLE tie (number INTEGER PRIMARY KEY, question TEXT, other TEXT, joined INTEGER, file TEXT, line INTEGER);
    CREATE INDEX tie_to ON tie (other);
"""
_CHUNK: Final = 500  # keys of one statement
_COLUMNS: Final = "question, other, joined, file, line"


class Tie(NamedTuple):
    """A question, by its key, is a variant of another one, or (`joined`) was joined to it."""

    question: str
    other: str
    joined: bool
    where: Where


class Ties:
    """Those whose other question is not here yet."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("")
        self._rows.executescript(SCHEMA)

    def add(self, record: QuestionRecord) -> str:
        """Remember whom the record names; the key of that one."""
        other = record.merged_into_key or record.variant_of_key or ""
        values = (record.key, other, bool(record.merged_into_key), *record.where)
        self._rows.execute(f"INSERT INTO tie ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)", values)  # noqa: S608 names of columns
        return other

    def take(self, keys: Collection[str]) -> list[Tie]:
        """Those that name one of these, in their order; they are forgotten."""
        wanted = list(keys)
        parts = [wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK)]
        return [tie for part in parts for tie in self._take(f"other IN ({','.join('?' * len(part))})", part)]

    def rest(self) -> Iterator[Tie]:
        yield from self._take("1", [])

    def close(self) -> None:
        self._rows.close()

    def _take(self, condition: str, values: list[str]) -> list[Tie]:
        # Only names of our own columns and question marks are put into the statements.
        rows = self._rows.execute(f"SELECT {_COLUMNS} FROM tie WHERE {condition} ORDER BY number", values).fetchall()  # noqa: S608
        self._rows.execute(f"DELETE FROM tie WHERE {condition}", values)  # noqa: S608
        return [Tie(question, other, bool(joined), Where(file, line)) for question, other, joined, file, line in rows]
