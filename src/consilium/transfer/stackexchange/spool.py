"""What must be looked up while the posts stream by, kept in a private temporary database: memory stays constant."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Any

SCHEMA = """
    CREATE TABLE name (user INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE votes (post INTEGER PRIMARY KEY, net INTEGER NOT NULL);
    CREATE TABLE excerpt (post INTEGER PRIMARY KEY, body TEXT NOT NULL);
    CREATE TABLE post (id INTEGER PRIMARY KEY, question INTEGER NOT NULL);
    CREATE TABLE seen (key TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE history (
        id INTEGER PRIMARY KEY, post INTEGER NOT NULL, guid TEXT NOT NULL, kind INTEGER NOT NULL, line INTEGER NOT NULL,
        at TEXT NOT NULL, user INTEGER, name TEXT NOT NULL, comment TEXT NOT NULL, text TEXT NOT NULL
    );
    CREATE TABLE wordings (post INTEGER PRIMARY KEY, number INTEGER NOT NULL);
    BEGIN;
"""


class Spool:
    """A few tables, written in bulk and read by number."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def write(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        self._database.executemany(statement, rows)

    def run(self, statement: str) -> None:
        self._database.execute(statement)

    def one(self, statement: str, *values: Any) -> Any:
        """The first column of the first row, None without a row."""
        row = self._database.execute(statement, values).fetchone()
        return row[0] if row else None

    def row(self, statement: str, *values: Any) -> tuple[Any, ...]:
        """The first row of a statement that always has one."""
        found: tuple[Any, ...] = self._database.execute(statement, values).fetchone()
        return found

    def all(self, statement: str) -> Iterator[tuple[Any, ...]]:
        return self._database.execute(statement)

    def first_time(self, key: str) -> bool:
        """Whether this key is asked about for the first time."""
        return self._database.execute("INSERT OR IGNORE INTO seen VALUES (?)", (key,)).rowcount == 1


@contextmanager
def opened() -> Iterator[Spool]:
    """A fresh spool; it lives in the system's folder for temporary files and is gone afterwards."""
    # An empty name is SQLite's private on-disk database: kept in its bounded cache as long as it fits there.
    with closing(sqlite3.connect("", isolation_level=None)) as database:
        database.executescript(f"PRAGMA cache_size=-16000; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {SCHEMA}")
        yield Spool(database)
