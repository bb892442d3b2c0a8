"""Many rows into one table, and many values to look for. Django's own ways ask every field of every row, and every value,
a dozen questions: measured, half of an import's time for `bulk_create` and a fifteenth for `__in`."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import DateField, DateTimeField, DecimalField, Field, JSONField, Model
from django.db.models.expressions import RawSQL

ADAPTED = (DecimalField, DateField, JSONField)
Adapt = Callable[[Any], Any]
Values = Mapping[str, Any]  # of one row, by column ("question_id")


def among(values: Collection[str] | Collection[int]) -> Any:
    """What the lookup `__in` takes for keys or numbers, many at a time."""
    if connection.vendor != "sqlite" or not values:
        return list(values)
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(values))])


def insert(model: type[Model], rows: Iterable[Values]) -> None:
    """Store new rows; a column that a row does not name gets its field's default."""
    defaults = {field.attname: field.get_default() for field in model._meta.concrete_fields if not field.primary_key}
    insert_values(model, list(defaults), ([row.get(name, default) for name, default in defaults.items()] for row in rows))


def insert_values(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """The same for rows in the order of `names`, which are all columns of the table but its number."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    columns = ", ".join(connection.ops.quote_name(str(fields[name].column)) for name in names)
    marks = ", ".join(["%s"] * len(names))
    # Only names of our own tables are put into the statement.
    statement = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608
    # One time stands in several columns, and in rows that follow each other.
    at: Adapt = lru_cache(1000)(connection.ops.adapt_datetimefield_value)
    adapted = [(place, adapt) for place, name in enumerate(names) if (adapt := _adapter(fields[name], at))]
    with connection.cursor() as cursor:
        cursor.executemany(statement, [_row(row, adapted) for row in rows])


def _adapter(field: Field[Any, Any], at: Adapt) -> Adapt | None:
    """What makes a value of this field one that the driver takes; None: it takes it as it is."""
    if isinstance(field, DateTimeField):
        return at
    return (lambda value: field.get_db_prep_save(value, connection)) if isinstance(field, ADAPTED) else None


def _row(values: Sequence[Any], adapted: Sequence[tuple[int, Adapt]]) -> list[Any]:
    row = list(values)
    for place, adapt in adapted:
        if row[place] is not None:
            row[place] = adapt(row[place])
    return row
