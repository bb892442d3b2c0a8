"""One record as one line, and back. The fields of the format are those of the records, under plainer names."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, fields
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from consilium.transfer.kinds import KINDS
from consilium.transfer.reading import checked
from consilium.transfer.records import BadInput, Condition, DoctorRecord, Need, Origin, PersonRecord, Record, TopicRecord, Where

TYPES: Final[dict[str, type[Any]]] = {kind.name: kind.record for kind in KINDS}
INSIDE: Final = {"Origin": Origin, "Need": Need, "Condition": Condition}  # objects inside the objects of a file
# Not part of the format: the place in a file, how a page names things, and all of a person but the key.
HIDDEN: Final = {"where", "mention", "exact", "whole", "display_name", "time_zone", "country", "theme", "joined_at"}
HIDDEN_OF_PERSON: Final = HIDDEN | {"language"}
# "topic_keys" reads "topics", "question_key" reads "question".
LARGEST: Final = 1e9  # of a number that is not whole
DEEPEST: Final = 10  # objects and lists inside each other
REPAIR: Final = "Export the file again, or correct this line; docs/importing.md describes the format."


class Bad(Exception):
    """A value is not what the format says; the text is the end of a sentence."""


def shown_name(name: str) -> str:
    """The field's name in a file."""
    return f"{name.removesuffix('_keys')}s" if name.endswith("_keys") else name.removesuffix("_key")


def columns(record: type) -> dict[str, Field[Any]]:
    """The fields of a type as they are called in a file, in their order there."""
    hidden = HIDDEN_OF_PERSON if record is PersonRecord else HIDDEN
    return {shown_name(field.name): field for field in fields(record) if field.name not in hidden}


# What a file of ours says by being one.
SAID: Final[dict[type[Any], dict[str, bool]]] = {TopicRecord: {"exact": True}, DoctorRecord: {"whole": True}}
COLUMNS: Final = {record: columns(record) for record in (*TYPES.values(), *INSIDE.values())}
NAMES: Final = {record: name for name, record in TYPES.items()}


def to_line(record: Record) -> str:
    """The record as JSON without a line end; fields that hold their default are left out."""
    return dumps({"type": NAMES[type(record)], **_plain(record)})


def dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _plain(record: Any) -> dict[str, Any]:
    values = ((name, getattr(record, field.name), field) for name, field in COLUMNS[type(record)].items())
    return {name: _json(value) for name, value, field in values if field.default is MISSING or value != field.default}


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Decimal | date):
        return str(value)
    if type(value) in COLUMNS:
        return _plain(value)
    if isinstance(value, dict):  # in one order, because a database may keep another
        return {name: _json(value[name]) for name in sorted(value)}
    return [_json(one) for one in value] if isinstance(value, tuple | list) else value


def from_object(found: dict[str, Any], where: Where) -> Record:
    """The record that an object of a file describes; BadInput names what is wrong with it."""
    kind = found.get("type")
    record = TYPES.get(kind) if isinstance(kind, str) else None
    if record is None:
        raise BadInput(where, f"there is no type {_quoted(kind)}.", REPAIR)
    values = {name: value for name, value in found.items() if name != "type"}
    try:
        made: Record = record(where=where, **SAID.get(record, {}), **_arguments(record, values, where))
    except Bad as error:
        raise BadInput(where, f"this {kind} cannot be read: {error}.", REPAIR) from None
    return made


def _arguments(record: type, values: dict[str, Any], where: Where) -> dict[str, Any]:
    known = COLUMNS[record]
    unknown = next((name for name in values if name not in known), None)
    if unknown is not None:
        raise Bad(f"there is no field {_quoted(unknown)}")
    missing = next((name for name, field in known.items() if field.default is MISSING and name not in values), None)
    if missing is not None:
        raise Bad(f'the field "{missing}" is missing')
    return {known[name].name: _value(name, known[name], value, where) for name, value in values.items()}


def _value(name: str, field: Field[Any], value: Any, where: Where) -> Any:
    decode = DECODERS[str(field.type).removesuffix(" | None")]
    try:
        return decode(value, where)
    except Bad as error:
        raise Bad(f'the field "{name}" {error}') from None


def _text(value: Any, where: Where) -> str:
    if not isinstance(value, str):
        raise Bad("is no text")
    return checked(value, where)


def _integer(value: Any, where: Where) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Bad("is no whole number")
    return value


def _number(value: Any, where: Where) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not -LARGEST <= value <= LARGEST:
        raise Bad("is no number")
    return float(value)


def _boolean(value: Any, where: Where) -> bool:
    if not isinstance(value, bool):
        raise Bad("is neither true nor false")
    return value


def _time(value: Any, where: Where) -> datetime:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        if found is not None and found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Bad('is no time with its zone, such as "2026-02-11T09:24:00Z"')


def _decimal(value: Any, where: Where) -> Decimal:
    try:
        found = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        found = None
    # Also what Decimal takes and nobody means: "NaN", "1e9", "٤".
    if found is None or not found.is_finite() or f"{found:.1f}" != value:
        raise Bad('is no number with one decimal in quotes, such as "4.8"')
    return found


def _day(value: Any, where: Where) -> date:
    try:
        if isinstance(value, str) and len(value) == len("2026-02-11"):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise Bad('is no day, such as "2026-02-11"')


def _object(value: Any, where: Where) -> dict[str, Any]:
    """Any JSON object that both databases can keep."""
    if not isinstance(value, dict):
        raise Bad("is no object")
    for part in _parts(value):
        if isinstance(part, str):
            checked(part, where)
        elif isinstance(part, float) and not math.isfinite(part):
            raise Bad("holds a number that is too large")
    return value


def _parts(value: Any, depth: int = 0) -> Iterator[Any]:
    """Everything that is neither object nor list in a JSON value, names included."""
    if depth > DEEPEST:
        raise Bad("is nested too deeply")
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if not isinstance(value, list):
        yield value
        return
    for one in value:
        yield from _parts(one, depth + 1)


def _list_of(decode: Callable[[Any, Where], Any]) -> Callable[[Any, Where], tuple[Any, ...]]:
    def texts(value: Any, where: Where) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Bad("is no list")
        return tuple(decode(item, where) for item in value)

    return texts


def _inside(kind: type[Any]) -> Callable[[Any, Where], Any]:
    def decoded(value: Any, where: Where) -> Any:
        if not isinstance(value, dict):
            raise Bad("is no object")
        try:
            return kind(**_arguments(kind, value, where))
        except Bad as error:
            raise Bad(f"holds an object in which {error}") from None

    return decoded


DECODERS: Final[dict[str, Callable[[Any, Where], Any]]] = {
    "str": _text,
    "int": _integer,
    "bool": _boolean,
    "float": _number,
    "datetime": _time,
    "Decimal": _decimal,
    "date": _day,
    "dict[str, Any]": _object,
    "tuple[str, ...]": _list_of(_text),
    **{name: _inside(kind) for name, kind in INSIDE.items()},
    **{f"tuple[{name}, ...]": _list_of(_inside(kind)) for name, kind in INSIDE.items()},
}


def _quoted(value: Any) -> str:
    """A value of the file inside a message: short, on one line, printable whatever it holds."""
    return json.dumps(value)[:60]
