"""Many rows into one table. `bulk_create` asks every field of every row a dozen questions and takes four times as long:
measured, half of an import's time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import DateField, DateTimeField, DecimalField, Field, JSONField, Model

ADAPTED = (DecimalField, DateField, JSONField)
Adapt = Callable[[Any], Any]
Values = Mapping[str, Any]  # of one row, by column ("question_id")


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
    adapted = [(place, adapt) for place, name in enumerate(names) if (adapt := _adapter(fields[name]))]
    with connection.cursor() as cursor:
        cursor.executemany(statement, [_row(row, adapted) for row in rows])


def _adapter(field: Field[Any, Any]) -> Adapt | None:
    """What makes a value of this field one that the driver takes; None: it takes it as it is."""
    if isinstance(field, DateTimeField):
        return lru_cache(1000)(connection.ops.adapt_datetimefield_value)  # one time stands in several columns
    return (lambda value: field.get_db_prep_save(value, connection)) if isinstance(field, ADAPTED) else None


def _row(values: Sequence[Any], adapted: Sequence[tuple[int, Adapt]]) -> list[Any]:
    row = list(values)
    for place, adapt in adapted:
        if row[place] is not None:
            row[place] = adapt(row[place])
    return row
