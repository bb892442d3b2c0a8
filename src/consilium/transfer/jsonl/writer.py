"""The content of this site as lines of our own format, in an order that an import keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from operator import attrgetter
from typing import Any, Final

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from consilium.accounts.models import Person
from consilium.questions.models import Answer, Question
from consilium.topics.models import Topic, TopicSpecialty
from consilium.transfer.jsonl.codec import COLUMNS, dumps, to_line
from consilium.transfer.jsonl.reader import END, FORMAT, VERSION
from consilium.transfer.kinds import KINDS, NAMED, Kind
from consilium.transfer.records import (
    CommentRecord,
    Condition,
    MovedRecord,
    Need,
    Origin,
    Record,
    SnapshotRecord,
    Where,
)

BATCH: Final = 500
NOWHERE: Final = Where("")


def lines() -> Iterator[str]:
    """Every line of an export, without line ends. Rows come in the order in which they were made, so that an import
    makes them in the same order and a second export is the same to the byte."""
    yield dumps({"type": FORMAT, "version": VERSION})
    number = 0
    for record in _records():
        yield to_line(record)
        number += 1
    yield dumps({"type": END, "records": number})


def _records() -> Iterator[Record]:
    for kind in KINDS:
        rows = _people() if kind.model is Person else kind.rows()
        names = [field.name for field in COLUMNS[kind.record].values()]
        for row in _in_order(rows):
            yield kind.record(where=NOWHERE, **{name: _value(kind, name, row) for name in names})


def _people() -> QuerySet[Person]:
    """Those whose key the content names; nobody else's account is told."""
    named = Q(Exists(TopicSpecialty.objects.filter(reviewed_by=OuterRef("pk"))))
    for kind in KINDS:
        for field, model in NAMED[kind.record].items():
            if model is Person:
                rows: QuerySet[Any] = kind.model._default_manager.filter(kind.only(), **{kind.attribute(field): OuterRef("pk")})
                named |= Q(Exists(rows))
    return Person.objects.filter(named)


def _in_order(rows: QuerySet[Any]) -> Iterator[Model]:
    """All rows by number, a batch at a time: constant memory, and each batch one look into the index."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield from batch
        last = batch[-1].pk


def _value(kind: Kind, name: str, row: Any) -> Any:
    special = SPECIAL.get((kind.record, name)) or SPECIAL.get((None, name))
    if special is not None:
        return special(row)
    found = getattr(row, kind.attribute(name))
    if isinstance(found, Model):
        return getattr(found, "key")  # noqa: B009 every table that a record names has one
    return tuple(found) if isinstance(found, list) else found


def _commented(row: Any) -> str | None:
    """A comment on an answer hangs on that; the answer knows its question."""
    return None if row.answer_id else row.question.key


def _specialty(row: Any) -> str:
    return row.specialty.slug if row.specialty else ""


def _synonyms(row: Any) -> tuple[str, ...]:
    return tuple(synonym.name for synonym in sorted(row.synonyms.all(), key=attrgetter("pk")))


def _topics(row: Question) -> tuple[str, ...]:
    return tuple(about.topic.key for about in sorted(row.about.all(), key=attrgetter("topic_id")))


def _needs(row: Topic) -> tuple[Need, ...]:
    needs = sorted(row.needs.all(), key=attrgetter("specialty.slug"))
    reviewers = ((need, need.reviewed_by.key if need.reviewed_by else None) for need in needs)
    return tuple(Need(need.specialty.slug, need.role, need.source, by, need.reviewed_at) for need, by in reviewers)


def _conditions(row: Any) -> tuple[Condition, ...]:
    return tuple(Condition(one["kind"], one["text"], one["specialty"]) for one in row.conditions)


def _origin(row: Answer) -> Origin | None:
    origin = getattr(row, "origin", None)
    if origin is None:
        return None
    values: dict[str, Any] = {field.name: getattr(origin, field.name) for field in fields(Origin)}
    return Origin(**values | {"specialty": _specialty(origin)})


def _moved_from(row: Any) -> str | None:
    """The key of a statement, of which the row keeps the number."""
    found: str | None = row.statement_key
    return found


def _follower(row: Any) -> str | None:
    return row.follow.person.key if row.follow else None


def _state(row: Any) -> dict[str, Any]:
    """What is kept of a consensus; questions have other numbers elsewhere."""
    return {name: value for name, value in row.data.items() if name != "question"}


SPECIAL: Final[dict[tuple[type[Any] | None, str], Callable[[Any], Any]]] = {
    (None, "specialty"): _specialty,
    (None, "synonyms"): _synonyms,
    (None, "topic_keys"): _topics,
    (None, "needs"): _needs,
    (None, "conditions"): _conditions,
    (None, "origin"): _origin,
    (CommentRecord, "question_key"): _commented,
    (SnapshotRecord, "data"): _state,
    (MovedRecord, "statement_key"): _moved_from,
    (MovedRecord, "follower_key"): _follower,
}
