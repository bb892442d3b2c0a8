"""What one import carries from batch to batch: its options, its report, and what a dry run would have made."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Model
from django.utils import timezone

from consilium.transfer.loader.bulk import among
from consilium.transfer.loader.shelf import Shelf
from consilium.transfer.loader.waiting import Ties
from consilium.transfer.records import Item, Options, Record
from consilium.transfer.report import Report

_CHUNK = 500  # keys of one statement of the temporary database


class Ghosts:
    """Keys that a dry run would have created, in a temporary database on disk; their numbers are negative."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("")
        self._rows.execute("CREATE TABLE ghost (number INTEGER PRIMARY KEY, kind TEXT, key TEXT, UNIQUE (kind, key))")

    def add(self, model: type[Model], keys: Collection[str]) -> None:
        rows = [(model.__name__, key) for key in keys]
        self._rows.executemany("INSERT OR IGNORE INTO ghost (kind, key) VALUES (?, ?)", rows)

    def find(self, model: type[Model], keys: Collection[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        wanted = list(keys)
        for start in range(0, len(wanted), _CHUNK):
            part = wanted[start : start + _CHUNK]
            marks = ",".join("?" * len(part))
            statement = f"SELECT key, -number FROM ghost WHERE kind = ? AND key IN ({marks})"  # noqa: S608 only question marks
            found.update(self._rows.execute(statement, [model.__name__, *part]).fetchall())
        return found

    def close(self) -> None:
        self._rows.close()


@dataclass
class Run:
    """One import. `topics` maps keys of the file to topics here, which may carry another key."""

    options: Options
    report: Report
    dry_run: bool = False
    now: datetime = field(default_factory=timezone.now)
    ghosts: Ghosts = field(default_factory=Ghosts)
    later: Shelf[Item] = field(default_factory=Shelf)  # what came before the things it names
    last_chance: bool = False  # the end of the input: what is still missing will not come any more
    topics: dict[str, int] = field(default_factory=dict)
    ties: Ties = field(default_factory=Ties)

    def close(self) -> None:
        self.ghosts.close()
        self.later.close()
        self.ties.close()

    def find(self, model: type[Model], keys: Collection[str]) -> dict[str, int]:
        """Numbers of the rows with these keys; those a dry run would have made included."""
        if not keys:
            return {}
        found = dict(model._default_manager.filter(key__in=among(keys)).values_list("key", "pk"))
        if self.dry_run and len(found) < len(keys):
            found.update(self.ghosts.find(model, [key for key in keys if key not in found]))
        return found

    def postpone(self, record: Record, kind: str, missing: str) -> None:
        """`record` names something that has not come yet; at the end of the input it is skipped instead."""
        if self.last_chance:
            self.report.skip(record.where, f"it names {missing}, which is neither in the input nor here.", kind)
        else:
            self.later.add(record)
