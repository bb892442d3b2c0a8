"""Paging by key: the next page starts after the last row of this one, so every page costs the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from urllib.parse import unquote

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)
_SEPARATOR = "~"


class BadCursor(ValueError):
    """The place in the list named by the address does not exist."""


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page of a list; `next` is the cursor of the following page, None at the end; `first` is true on page one."""

    items: list[M]
    next: str | None
    first: bool


def paginate(rows: QuerySet[M], cursor: str, *, order: Sequence[str], size: int) -> Page[M]:
    """The page after `cursor` ("" = the first), ordered by `order`, whose fields must end in a unique one.

    Fields are written as in order_by, "-" for descending, must not be null, and all go the same way.
    Raises BadCursor for a cursor that this function did not make.
    """
    if cursor:
        rows = rows.filter(_after(rows.model, order, cursor))
    found = list(rows.order_by(*order)[: size + 1])
    items = found[:size]
    return Page(items, _cursor(items[-1], order) if len(found) > size else None, not cursor)


def _after(model: type[Model], order: Sequence[str], cursor: str) -> Q:
    parts = cursor.split(_SEPARATOR)
    names = [name.lstrip("-") for name in order]
    if len(parts) != len(names):
        raise BadCursor
    values = [_parse(model, name, part) for name, part in zip(names, parts, strict=True)]
    compare = "lt" if order[0].startswith("-") else "gt"
    condition = Q()
    for depth in range(len(names)):
        equal = Q(**dict(zip(names[:depth], values[:depth], strict=True)))
        condition |= equal & Q(**{f"{names[depth]}__{compare}": values[depth]})
    # The redundant bound on the first field lets both databases seek in the index instead of scanning it.
    return Q(**{f"{names[0]}__{compare}e": values[0]}) & condition


def _parse(model: type[Model], name: str, part: str) -> Any:
    for step in name.split("__")[:-1]:
        related = model._meta.get_field(step).related_model
        assert isinstance(related, type)
        model = related
    field = model._meta.get_field(name.rsplit("__", maxsplit=1)[-1])
    try:
        # The stubs also think of generic relations here, which no list is ordered by.
        value = field.to_python(unquote(part))  # type: ignore[union-attr]
        if isinstance(value, datetime):
            value.astimezone(UTC)  # fails for the first and last hours of all time, as the database's adapter would
    except Exception as error:
        raise BadCursor from error
    if value is None or (isinstance(value, int) and abs(value) >= 2**63):
        raise BadCursor
    if isinstance(value, str) and "\x00" in value:
        raise BadCursor
    return value


def _cursor(item: Model, order: Sequence[str]) -> str:
    values = []
    for name in order:
        value: Any = item
        for step in name.lstrip("-").split("__"):
            value = getattr(value, step)
        text = value.isoformat() if isinstance(value, datetime) else str(value)
        values.append(text.replace("%", "%25").replace(_SEPARATOR, f"%{ord(_SEPARATOR):X}"))
    return _SEPARATOR.join(values)
