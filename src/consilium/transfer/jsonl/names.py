"""Whether everything that a file names is in it, or here. Kept in a private temporary database: memory stays constant."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from django.db.models import Model

from consilium.accounts.models import Person
from consilium.topics.models import Specialty, Topic
from consilium.transfer.kinds import KINDS, NAMED, OF
from consilium.transfer.records import Origin, QuestionRecord, Record, TopicRecord

CHUNK: Final = 2000
WORDS: Final = {kind.model: kind.name for kind in KINDS}
MODELS: Final = {kind.name: kind.model for kind in KINDS}
SCHEMA: Final = """
    CREATE TABLE there (kind TEXT, key TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID;
    CREATE TABLE named (kind TEXT, key TEXT, line INTEGER, PRIMARY KEY (kind, key)) WITHOUT ROWID;
    BEGIN;
"""
MISSING: Final = (
    "SELECT kind, key, line FROM named AS n WHERE NOT EXISTS (SELECT 1 FROM there AS t WHERE t.kind = n.kind AND t.key = n.key)"
)


class Missing(NamedTuple):
    """Something that a line names and that is nowhere."""

    kind: str
    key: str
    line: int


class Names:
    """The keys of a file and those that it names, each with the first line that does."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("")
        self._rows.executescript(SCHEMA)
        self._there: list[tuple[str, str]] = []
        self._named: list[tuple[str, str, int]] = []

    def add(self, record: Record) -> None:
        key = getattr(record, "key", None)
        if isinstance(key, str):
            self._there.append((OF[type(record)].name, key))
        self._named += [(kind, key, record.where.line) for kind, key in _named(record) if key]
        if len(self._named) + len(self._there) >= CHUNK:
            self._put()

    def missing(self) -> Missing | None:
        """What is named first of all that is nowhere."""
        self._put()
        found: list[Missing] = []
        rows = self._rows.execute(MISSING)
        while chunk := rows.fetchmany(CHUNK):
            found += _nowhere([Missing(*row) for row in chunk])
            found = sorted(found, key=lambda one: one.line)[:1]
        return found[0] if found else None

    def _put(self) -> None:
        self._rows.executemany("INSERT OR IGNORE INTO there VALUES (?, ?)", self._there)
        self._rows.executemany("INSERT OR IGNORE INTO named VALUES (?, ?, ?)", self._named)
        self._there, self._named = [], []


def _named(record: Any) -> Iterator[tuple[str, str | None]]:
    """The kinds and keys of what a record names; specialties by their slugs."""
    for name, model in NAMED[type(record)].items():
        yield WORDS[model], getattr(record, name)
    yield WORDS[Specialty], getattr(record, "specialty", None)
    if isinstance(record, QuestionRecord):
        yield from ((WORDS[Topic], key) for key in record.topic_keys)
    if isinstance(record, TopicRecord):
        for need in record.needs or ():
            yield WORDS[Specialty], need.specialty
            yield WORDS[Person], need.reviewed_by_key
    if isinstance(origin := getattr(record, "origin", None), Origin):
        yield WORDS[Specialty], origin.specialty


def _nowhere(rows: list[Missing]) -> list[Missing]:
    """Of these, those that are not on this site either."""
    here = {(kind, key) for kind in {row.kind for row in rows} for key in _here(MODELS[kind], kind, rows)}
    return [row for row in rows if (row.kind, row.key) not in here]


def _here(model: type[Model], kind: str, rows: list[Missing]) -> set[str]:
    field = "slug" if model is Specialty else "key"
    keys = [row.key for row in rows if row.kind == kind]
    return set(model._default_manager.filter(**{f"{field}__in": keys}).values_list(field, flat=True))
