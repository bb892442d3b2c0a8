"""Comparing wanted rows with stored ones by key: what is new, what differs, what is equal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from django.db.models import Model

from consilium.transfer.loader.batch import Batch
from consilium.transfer.loader.bulk import Values, among, insert
from consilium.transfer.loader.state import Run

M = TypeVar("M", bound=Model)
Row = tuple[Any, ...]


class _Keep:
    """Equal to everything: the record has no opinion about this column."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return "KEEP"


KEEP: Final = _Keep()


@dataclass
class Stored:
    """A row of the database: its number and the compared columns."""

    pk: int
    row: Row


@dataclass
class Diff:
    """`pks` holds the numbers of the rows that exist."""

    pks: dict[str, int] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    changed: dict[str, Stored] = field(default_factory=dict)
    same: int = 0


def diff(run: Run, model: type[Model], columns: Sequence[str], wanted: Mapping[str, Row]) -> Diff:
    """Sort the wanted rows by what must happen to them."""
    result = Diff()
    stored = model._default_manager.filter(key__in=among(wanted)).values_list("key", "pk", *columns)
    for key, pk, *row in stored:
        result.pks[key] = pk
        if wanted[key] == tuple(row):
            result.same += 1
        else:
            result.changed[key] = Stored(pk, tuple(row))
    missing = [key for key in wanted if key not in result.pks]
    ghosts = run.ghosts.find(model, missing) if run.dry_run and missing else {}
    result.pks.update(ghosts)
    result.same += len(ghosts)
    result.new = [key for key in missing if key not in ghosts]
    return result


def create(run: Run, batch: Batch, kind: str, model: type[Model], rows: Mapping[str, Values]) -> None:
    """Store new rows, given by key; `Run.find` knows the numbers that they got."""
    if not rows:
        return
    run.report.count(kind, "created", len(rows))
    batch.changes += len(rows)
    if run.dry_run:
        run.ghosts.add(model, list(rows))
    elif hasattr(model, "key"):
        insert(model, ({"key": key, **row} for key, row in rows.items()))
    else:
        insert(model, rows.values())


def update(run: Run, batch: Batch, kind: str, rows: Sequence[M], columns: Sequence[str]) -> None:
    """Store changed rows."""
    if not rows:
        return
    run.report.count(kind, "updated", len(rows))
    batch.changes += len(rows)
    if not run.dry_run:
        type(rows[0])._default_manager.bulk_update(rows, [name.removesuffix("_id") for name in columns], batch_size=200)


def filled(columns: Sequence[str], row: Row) -> dict[str, Any]:
    """The columns that the row has an opinion about."""
    return {name: value for name, value in zip(columns, row, strict=True) if value is not KEEP}


def merged(columns: Sequence[str], wanted: Row, stored: Row) -> dict[str, Any]:
    """The wanted row, with the stored values where it has no opinion."""
    pairs = zip(columns, wanted, stored, strict=True)
    return {name: old if value is KEEP else value for name, value, old in pairs}
