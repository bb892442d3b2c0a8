"""The content of this site as lines of our own format, in an order that an import keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from operator import attrgetter
from typing import Any, Final

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from consilium.accounts.models import Person
from consilium.doctors.models import Doctor, Source
from consilium.questions.models import (
    Answer,
    AnswerOrigin,
    Comment,
    Follow,
    HelpfulVote,
    Question,
    QuestionLink,
    Revision,
    SourceAuthor,
)
from consilium.topics.actions import shipped_specialties
from consilium.topics.models import Specialty, Topic
from consilium.transfer.jsonl.codec import COLUMNS, dumps, to_line
from consilium.transfer.jsonl.reader import END, FORMAT, VERSION
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
    VoteRecord,
    Where,
)

BATCH: Final = 500
NOWHERE: Final = Where("")
# Where a record's word is not the model's.
ATTRIBUTES: Final = {"author_key": "source_author", "at": "created_at"}


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
    for kind, rows in _sections():
        for row in _in_order(rows):
            yield kind(where=NOWHERE, **_values(kind, row))


def _sections() -> list[tuple[type[Any], QuerySet[Any]]]:
    """Each type with its rows, in the order of the file."""
    return [
        (SpecialtyRecord, Specialty.objects.exclude(slug__in=shipped_specialties()).prefetch_related("synonyms")),
        (SourceRecord, Source.objects.all()),
        (TopicRecord, Topic.objects.prefetch_related("synonyms")),
        (PersonRecord, _people()),
        (SourceAuthorRecord, SourceAuthor.objects.all()),
        (DoctorRecord, Doctor.objects.select_related("specialty", "source", "person")),
        (QuestionRecord, Question.objects.select_related("asked_by", "source_author", "source").prefetch_related("about__topic")),
        (
            AnswerRecord,
            Answer.objects.select_related("question", "doctor", "written_by", "source_author", "source", "origin__specialty"),
        ),
        (RevisionRecord, Revision.objects.select_related("question", "answer", "person", "source_author")),
        (CommentRecord, Comment.objects.select_related("question", "answer", "source_author")),
        (VoteRecord, HelpfulVote.objects.select_related("answer", "person")),
        (FollowRecord, Follow.objects.select_related("question", "person")),
        # Related questions are computed anew by the site that imports.
        (LinkRecord, QuestionLink.objects.filter(kind=QuestionLink.Kind.DUPLICATE).select_related("question", "other")),
    ]


def _people() -> QuerySet[Person]:
    """Those whose key the content names; nobody else's account is told."""
    named = Q(doctor__isnull=False)
    for model, field in (
        (Question, "asked_by"),
        (Answer, "written_by"),
        (Revision, "person"),
        (HelpfulVote, "person"),
        (Follow, "person"),
    ):
        rows: QuerySet[Any] = model._default_manager.filter(**{field: OuterRef("pk")})
        named |= Q(Exists(rows))
    return Person.objects.filter(named)


def _in_order(rows: QuerySet[Any]) -> Iterator[Model]:
    """All rows by number, a batch at a time: constant memory, and each batch one look into the index."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield from batch
        last = batch[-1].pk


def _values(kind: type, row: Any) -> dict[str, Any]:
    return {field.name: _value(kind, field.name, row) for field in fields(kind) if field in COLUMNS[kind].values()}


def _value(kind: type, name: str, row: Any) -> Any:
    if name in SPECIAL:
        return SPECIAL[name](row)
    if kind is CommentRecord and name == "question_key" and row.answer_id:
        return None  # it hangs on the answer; the answer knows its question
    if name.endswith("_key"):
        other = getattr(row, ATTRIBUTES.get(name, name.removesuffix("_key")))
        return other.key if other else None
    return getattr(row, name if hasattr(row, name) else ATTRIBUTES[name])


def _specialty(row: Doctor | AnswerOrigin) -> str:
    return row.specialty.slug if row.specialty else ""


def _synonyms(row: Any) -> tuple[str, ...]:
    return tuple(synonym.name for synonym in sorted(row.synonyms.all(), key=attrgetter("pk")))


def _topics(row: Question) -> tuple[str, ...]:
    return tuple(about.topic.key for about in sorted(row.about.all(), key=attrgetter("topic_id")))


def _origin(row: Answer) -> Origin | None:
    origin = getattr(row, "origin", None)
    return Origin(**_values(Origin, origin)) if origin else None


SPECIAL: Final[dict[str, Callable[[Any], Any]]] = {
    "specialty": _specialty,
    "synonyms": _synonyms,
    "topic_keys": _topics,
    "origin": _origin,
}
