"""Whether a record fits our tables; asked before anything is written, because SQLite would take anything."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from django.db.models import CharField, Model, URLField

from consilium.accounts.models import Person
from consilium.doctors.models import Doctor, Source
from consilium.questions.models import Answer, AnswerOrigin, Comment, Question, QuestionLink, Revision, SourceAuthor
from consilium.topics.models import Specialty, Topic
from consilium.transfer.reading import checked
from consilium.transfer.records import (
    AnswerRecord,
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
    Where,
)

BODY_LIMIT: Final = 500_000  # characters of one body; the longest posts of large sites have about 60,000
INTEGER: Final = 2**31 - 1  # what both databases keep in an integer column

TABLES: Final[dict[type, type[Model]]] = {
    SourceRecord: Source,
    SpecialtyRecord: Specialty,
    PersonRecord: Person,
    SourceAuthorRecord: SourceAuthor,
    TopicRecord: Topic,
    DoctorRecord: Doctor,
    QuestionRecord: Question,
    AnswerRecord: Answer,
    RevisionRecord: Revision,
    CommentRecord: Comment,
    LinkRecord: QuestionLink,
    Origin: AnswerOrigin,
}
NOT_EMPTY: Final = {
    SourceRecord: ("key", "name"), SourceAuthorRecord: ("key",), TopicRecord: ("key", "name"), DoctorRecord: ("key", "name"),
    QuestionRecord: ("key", "title"), AnswerRecord: ("key",), RevisionRecord: ("key",), CommentRecord: ("key", "body"),
    PersonRecord: ("key",), SpecialtyRecord: ("slug", "noun", "title"),
}  # fmt: skip


def _addresses(model: type[Model]) -> tuple[str, ...]:
    return tuple(column.name for column in model._meta.get_fields() if isinstance(column, URLField))


def _limits(record: type, model: type[Model]) -> list[tuple[str, int, frozenset[str]]]:
    """(attribute, longest, allowed values or empty) of each text that the record shares with the table."""
    names = set(record.__dataclass_fields__)  # type: ignore[attr-defined]
    found = []
    for column in model._meta.get_fields():
        if column.name in names and isinstance(column, CharField) and column.max_length:
            allowed = frozenset(str(value) for value, _ in column.choices or ())
            found.append((column.name, column.max_length, allowed))
    return found


ADDRESSES: Final = {record: _addresses(model) for record, model in TABLES.items()}
LIMITS: Final = {record: _limits(record, model) for record, model in TABLES.items()}
NUMBERS: Final[dict[type, tuple[str, ...]]] = {
    DoctorRecord: ("source_reviews", "city_id"),
    QuestionRecord: ("source_answer_count", "revision"),
    AnswerRecord: ("place", "revision"),
    RevisionRecord: ("number",),
    Origin: ("review_count", "city_id"),
    FollowRecord: ("seen_answers",),
    LinkRecord: ("rank",),
}
LARGEST: Final[dict[type, int]] = {LinkRecord: 2**15 - 1}  # where a column keeps less than INTEGER
WORD: Final = re.compile(r"[-\w]+")  # what an address here can hold between two slashes
SIGNED: Final = {QuestionRecord: "source_votes", AnswerRecord: "source_helpful", CommentRecord: "source_votes"}
RATINGS: Final = {DoctorRecord: "source_rating", Origin: "rating"}


def fault(record: Record) -> str | None:
    """Why this record cannot be stored, in a sentence; None if it can. Raises BadInput for text that is no text."""
    found = _fault(record, record.where)
    if found is None and isinstance(record, AnswerRecord) and record.origin is not None:
        return _fault(record.origin, record.where)
    return found


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
    empty = next((name for name in NOT_EMPTY.get(kind, ()) if not getattr(record, name).strip()), None)
    return f"{_words(empty)} is empty." if empty else _bad_address(record, kind)


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
    for name in NUMBERS.get(kind, ()):
        number = getattr(record, name)
        if number is not None and not 0 <= number <= LARGEST.get(kind, INTEGER):
            return f"{_words(name)} is {number}, which is no count."
    signed = getattr(record, SIGNED.get(kind, ""), None) if kind in SIGNED else None
    if signed is not None and abs(signed) > INTEGER:
        return f"{_words(SIGNED[kind])} is {signed}, which is too large."
    rating = getattr(record, RATINGS[kind]) if kind in RATINGS else None
    if rating is not None and not Decimal(0) <= rating <= Decimal(5):
        return f"the rating is {rating}; it must lie between 0 and 5."
    return None


def _words(name: str) -> str:
    return f"the {name.replace('_', ' ')}"
