"""One record as one line, and back. The fields of the format are those of the records, under plainer names."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from consilium.transfer.reading import checked
from consilium.transfer.records import (
    AnswerRecord,
    BadInput,
    CommentRecord,
    DoctorRecord,
    FollowRecord,
    LinkRecord,
    Origin,
    PersonRecord,
    QuestionRecord,
    Record,
    RevisionRecord,
    SourceAuthorRecord,
    SourceRecord,
    SpecialtyRecord,
    TopicRecord,
    VoteRecord,
    Where,
)

# In the order of a file: each type after those it refers to.
TYPES: Final[dict[str, type[Record]]] = {
    "specialty": SpecialtyRecord,
    "source": SourceRecord,
    "topic": TopicRecord,
    "person": PersonRecord,
    "author": SourceAuthorRecord,
    "doctor": DoctorRecord,
    "question": QuestionRecord,
    "answer": AnswerRecord,
    "revision": RevisionRecord,
    "comment": CommentRecord,
    "vote": VoteRecord,
    "follow": FollowRecord,
    "link": LinkRecord,
}
# Not part of the format: the place in a file, how a page names things, and all of a person but the key.
HIDDEN: Final = {"where", "mention", "exact", "display_name", "time_zone", "country", "theme", "joined_at"}
HIDDEN_OF_PERSON: Final = HIDDEN | {"language"}
# "topic_keys" reads "topics", "question_key" reads "question".
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


COLUMNS: Final = {record: columns(record) for record in (*TYPES.values(), Origin)}
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
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Origin):
        return _plain(value)
    return list(value) if isinstance(value, tuple) else value


def from_object(found: dict[str, Any], where: Where) -> Record:
    """The record that an object of a file describes; BadInput names what is wrong with it."""
    kind = found.get("type")
    record = TYPES.get(kind) if isinstance(kind, str) else None
    if record is None:
        raise BadInput(where, f"there is no type {_quoted(kind)}.", REPAIR)
    values = {name: value for name, value in found.items() if name != "type"}
    try:
        exact: dict[str, Any] = {"exact": True} if record is TopicRecord else {}
        return record(where=where, **exact, **_arguments(record, values, where))
    except Bad as error:
        raise BadInput(where, f"this {kind} cannot be read: {error}.", REPAIR) from None


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


def _texts(value: Any, where: Where) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Bad("is no list")
    return tuple(_text(item, where) for item in value)


def _origin(value: Any, where: Where) -> Origin:
    if not isinstance(value, dict):
        raise Bad("is no object")
    return Origin(**_arguments(Origin, value, where))


DECODERS: Final[dict[str, Callable[[Any, Where], Any]]] = {
    "str": _text,
    "int": _integer,
    "bool": _boolean,
    "datetime": _time,
    "Decimal": _decimal,
    "tuple[str, ...]": _texts,
    "Origin": _origin,
}


def _quoted(value: Any) -> str:
    """A value of the file inside a message: short, on one line, printable whatever it holds."""
    return json.dumps(value)[:60]
