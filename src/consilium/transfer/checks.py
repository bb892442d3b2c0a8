"""Whether a record fits our tables; asked before anything is written, because SQLite would take anything."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from decimal import Decimal
from typing import Any, Final

from django.db.models import (
    CharField,
    IntegerField,
    Model,
    PositiveIntegerField,
    PositiveSmallIntegerField,
    SmallIntegerField,
    TextField,
    URLField,
)

from consilium.questions.models import AnswerOrigin
from consilium.topics.models import TopicSpecialty
from consilium.transfer.consistency import contradiction
from consilium.transfer.kinds import KINDS
from consilium.transfer.reading import checked
from consilium.transfer.records import DoctorRecord, Need, Origin, Record, Where

BODY_LIMIT: Final = 500_000  # characters of one body; the longest posts of large sites have about 60,000
INTEGER: Final = 2**31 - 1  # what both databases keep in an integer column
SMALL: Final = 2**15 - 1
SIZES: Final = {
    PositiveSmallIntegerField: (0, SMALL), SmallIntegerField: (-SMALL, SMALL),
    PositiveIntegerField: (0, INTEGER), IntegerField: (-INTEGER, INTEGER),
}  # fmt: skip

TABLES: Final[dict[type[Any], type[Model]]] = {kind.record: kind.model for kind in KINDS} | {
    Origin: AnswerOrigin,
    Need: TopicSpecialty,
}
INSIDE: Final = {  # fields that hold records inside a record
    record: [name for name in ("origin", "needs") if name in record.__dataclass_fields__] for record in TABLES
}


def _names(record: type[Any]) -> set[str]:
    return {field.name for field in fields(record)}


def _columns(record: type[Any], model: type[Model]) -> list[Any]:
    """The columns that the record shares with the table."""
    return [column for column in model._meta.concrete_fields if column.name in _names(record)]


def _texts(record: type[Any], model: type[Model]) -> list[tuple[str, int, frozenset[str]]]:
    """(attribute, longest, allowed values or empty) of each short text."""
    columns = [column for column in _columns(record, model) if isinstance(column, CharField)]
    allowed = {column.name: frozenset(str(value) for value, _ in column.choices or ()) for column in columns}
    return [(column.name, column.max_length, allowed[column.name]) for column in columns if column.max_length]


def _numbers(record: type[Any], model: type[Model]) -> list[tuple[str, int, int]]:
    """(attribute, smallest, largest) of each whole number. `city_id` is the number of a row."""
    found = [(column.name, *SIZES[type(column)]) for column in _columns(record, model) if type(column) in SIZES]
    return [*found, ("city_id", 0, INTEGER)] if "city_id" in _names(record) else found


def _never_empty(record: type[Any], model: type[Model]) -> list[str]:
    """Texts without which a row says nothing: a record must hold them, or they are one of a few words."""
    written = [one for one in _columns(record, model) if isinstance(one, CharField | TextField) and not one.blank]
    defaults = {field.name: field.default for field in fields(record)}
    return [one.name for one in written if defaults[one.name] is MISSING or (one.choices and defaults[one.name] != "")]


LIMITS: Final = {record: _texts(record, model) for record, model in TABLES.items()}
NUMBERS: Final = {record: _numbers(record, model) for record, model in TABLES.items()}
NOT_EMPTY: Final = {record: _never_empty(record, model) for record, model in TABLES.items()}
ADDRESSES: Final = {
    record: [column.name for column in _columns(record, model) if isinstance(column, URLField)]
    for record, model in TABLES.items()
}
WORD: Final = re.compile(r"[-\w]+")  # what an address here can hold between two slashes
RATINGS: Final = {DoctorRecord: "source_rating", Origin: "rating"}


def fault(record: Record) -> str | None:
    """Why this record cannot be stored, in a sentence; None if it can. Raises BadInput for text that is no text."""
    found = _fault(record, record.where)
    for name in INSIDE[type(record)]:
        value = getattr(record, name) or ()
        for part in value if isinstance(value, tuple) else (value,):
            found = found or _fault(part, record.where)
    return found or contradiction(record)


def _fault(record: Any, where: Where) -> str | None:
    kind = type(record)
    return _bad_text(record, kind, where) or _bad_body(record, where) or _bad_number(record, kind)


def _bad_text(record: Any, kind: type, where: Where) -> str | None:
    for name, longest, allowed in LIMITS.get(kind, ()):
        text = getattr(record, name)
        if not text:
            continue
        if len(text) > longest:
            return f"{_words(name)} has {len(text):,} characters; at most {longest} fit."
        if allowed and text not in allowed:
            return f"{_words(name)} is {text!r}, which is none of {', '.join(sorted(allowed))}."
        checked(text, where)
    empty = next((name for name in NOT_EMPTY.get(kind, ()) if _blank(getattr(record, name))), None)
    return f"{_words(empty)} is empty." if empty else _bad_address(record, kind)


def _blank(text: str | None) -> bool:
    """Whether a text is given and says nothing; None is not given."""
    return text is not None and not text.strip()


def _bad_address(record: Any, kind: type) -> str | None:
    word = getattr(record, "slug", "")
    if word and not WORD.fullmatch(word):
        return f"the slug {word!r} holds something else than letters, digits, hyphens and underscores."
    for name in ADDRESSES.get(kind, ()):
        address = getattr(record, name)
        if address and not address.startswith(("https://", "http://")):
            return f"{_words(name)} is no address that starts with https:// or http://."
    return None


def _bad_body(record: Any, where: Where) -> str | None:
    body = getattr(record, "body", None)
    if not body:
        return None
    if len(body) > BODY_LIMIT:
        return f"the body has {len(body):,} characters; at most {BODY_LIMIT:,} fit."
    checked(body, where)
    return None


def _bad_number(record: Any, kind: type) -> str | None:
    for name, smallest, largest in NUMBERS.get(kind, ()):
        number = getattr(record, name)
        if number is not None and not smallest <= number <= largest:
            return f"{_words(name)} is {number}, which is {'too large' if smallest else 'no count'}."
    rating = getattr(record, RATINGS[kind]) if kind in RATINGS else None
    if rating is not None and not Decimal(0) <= rating <= Decimal(5):
        return f"the rating is {rating}; it must lie between 0 and 5."
    return None


def _words(name: str) -> str:
    return f"the {name.replace('_', ' ')}"
