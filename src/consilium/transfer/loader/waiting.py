"""Questions that name another one by its key, in a temporary database on disk until that one has come."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from typing import Any, Final, NamedTuple

from consilium.transfer.records import QuestionRecord, Where

SCHEMA: Final = """
    CREATE TABLE tie (number INTEGER PRIMARY KEY, question TEXT, other TEXT, joined INTEGER, file TEXT, line INTEGER);
    CREATE INDEX tie_to ON tie (other);
"""
_ADD: Final = "INSERT INTO tie (question, other, joined, file, line) VALUES (?, ?, ?, ?, ?)"
# The keys come as one JSON value: there may be more of them than a statement takes.
_TAKE: Final = """
    DELETE FROM tie WHERE other IN (SELECT value FROM json_each(?)) RETURNING number, question, other, joined, file, line
"""
_TAKE_ALL: Final = "DELETE FROM tie RETURNING number, question, other, joined, file, line"


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
        self._rows.execute(_ADD, values)
        return other

    def take(self, keys: Collection[str]) -> list[Tie]:
        """Those that name one of these, in their order; they are forgotten."""
        return self._taken(self._rows.execute(_TAKE, [json.dumps(list(keys))]))

    def rest(self) -> list[Tie]:
        """All that are left, in their order; they are forgotten."""
        return self._taken(self._rows.execute(_TAKE_ALL))

    def close(self) -> None:
        self._rows.close()

    def _taken(self, rows: Iterable[Any]) -> list[Tie]:
        return [
            Tie(question, other, bool(joined), Where(file, line)) for _number, question, other, joined, file, line in sorted(rows)
        ]
