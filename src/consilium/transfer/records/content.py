"""Questions, answers, and what hangs on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from consilium.transfer.records.base import Where


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRecord:
    """A question. `state` None: archived (open where Options.open says so), or as it is here already.

    A variant says how it differs; a duplicate names the question that it was joined to. Both may come later in the input.
    """

    where: Where
    key: str
    title: str
    body: str = ""
    body_format: str = "markdown"  # markdown | html
    language: str = "en"
    alias: str = ""
    state: str | None = None
    topic_keys: tuple[str, ...] = ()
    asked_by_key: str | None = None  # a PersonRecord
    author_key: str | None = None  # a SourceAuthorRecord
    source_key: str | None = None
    source_url: str = ""
    source_votes: int | None = None
    source_answer_count: int | None = None  # as announced by the source
    asked_at: datetime | None = None
    listed_at: datetime | None = None  # None: asked_at, else the time of the import
    edited_at: datetime | None = None
    revision: int = 1
    variant_of_key: str | None = None
    difference: str = ""
    merged_into_key: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """The byline of an answer as shown by the source, not checked by anybody."""

    author_text: str = ""
    credentials_text: str = ""
    specialty: str = ""  # slug of a Specialty
    specialty_text: str = ""
    city_id: int | None = None
    city_text: str = ""
    badge: str = ""
    rating: Decimal | None = None
    review_count: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRecord:
    """An answer. `place` None: the next free place of its question. `state` None: published, or as it is here already."""

    where: Where
    key: str
    question_key: str
    place: int | None = None
    doctor_key: str | None = None
    written_by_key: str | None = None  # a PersonRecord
    author_key: str | None = None  # a SourceAuthorRecord
    source_key: str | None = None
    headline: str = ""
    body: str = ""
    body_format: str = "markdown"
    language: str = "en"
    state: str | None = None
    answered_at: datetime | None = None
    listed_at: datetime | None = None  # None: answered_at, else that of the question
    edited_at: datetime | None = None
    source_helpful: int | None = None  # None: unknown at the source, shown as unknown
    revision: int = 1
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionRecord:
    """One stored wording of a question or of an answer (exactly one of the two keys is given)."""

    where: Where
    key: str
    number: int
    question_key: str | None = None
    answer_key: str | None = None
    title: str = ""
    body: str = ""
    body_format: str = "markdown"
    person_key: str | None = None
    author_key: str | None = None
    comment: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentRecord:
    """A remark below a question or an answer (exactly one of the two keys is given); read only here."""

    where: Where
    key: str
    body: str
    question_key: str | None = None
    answer_key: str | None = None
    author_key: str | None = None
    at: datetime | None = None
    source_votes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRecord:
    """`question_key` is a duplicate of, or related to, `other_key`."""

    where: Where
    question_key: str
    other_key: str
    kind: str = "duplicate"
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteRecord:
    """One person found one answer helpful (jsonl only; sources that give sums use `source_helpful`)."""

    where: Where
    answer_key: str
    person_key: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowRecord:
    """One person follows one question (jsonl only)."""

    where: Where
    question_key: str
    person_key: str
    at: datetime
    seen_answers: int = 0
