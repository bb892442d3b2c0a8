"""What every importer yields: one flat stream of small, typed, frozen records.

A reader (`pages`, `qapage`, `stackexchange`, `jsonl`) turns a file into records and knows nothing of the database;
the loader turns records into rows and knows nothing of the file. So each new format is one reader.

Order: a record should come after those it names by key (`source_key`, `author_key`, `question_key` …). One that
comes too early is set aside by the loader and tried again at the end of the file; if its target never came, it is
skipped and the report says so.

`key` names an object over all sites and all runs: the same input always gives the same key, which is what makes an
import idempotent. All times are aware and in UTC. `None` means that the source does not say; it is never 0 or "".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, Protocol


class Where(NamedTuple):
    """A place in the input; `line` is 1-based, 0 stands for the file as a whole."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


class BadInput(Exception):
    """The file cannot be imported. `what` says what is wrong, `remedy` what to do; both are whole sentences."""

    def __init__(self, where: Where, what: str, remedy: str) -> None:
        super().__init__(f"{where}: {what} {remedy}")
        self.where = where
        self.what = what
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Options:
    """What the operator says about a whole import, because the files themselves do not."""

    url: str = ""
    captured_on: date | None = None
    licence: str = ""
    language: str = "en"
    site: str = ""  # short name of a Stack Exchange site; "": as the file or folder is called
    open: bool = False  # imported questions accept new answers; otherwise they are archived


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """Where content came from; `kind` is one of Source's kinds (pages, qapage, stackexchange, jsonl, demo)."""

    where: Where
    key: str
    kind: str
    name: str
    url: str = ""
    licence: str = ""
    captured_at: datetime | None = None
    imported_at: datetime | None = None  # None: the time of the import


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialtyRecord:
    """A branch of medicine that is not on the shipped list (jsonl only). One whose slug exists here is left as it is."""

    where: Where
    slug: str
    noun: str
    title: str
    mesh_id: str = ""
    synonyms: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.slug


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    """Somebody with an account on the exporting site. Carries no address and cannot sign in (jsonl only)."""

    where: Where
    key: str
    display_name: str = ""
    language: str = ""
    time_zone: str = ""
    country: str = ""
    theme: str = ""
    joined_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAuthorRecord:
    """An author as the source names him, who is neither a doctor nor a person here."""

    where: Where
    key: str
    name: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRecord:
    """A topic. One known here by key, slug, name or synonym is that topic and is left as it is.

    `exact=True`: names do not tell, because the site that wrote the record kept topics of such names apart (jsonl).
    """

    where: Where
    key: str
    name: str
    slug: str = ""  # "": made from the name
    kind: str = "other"
    description: str = ""
    language: str = "en"
    synonyms: tuple[str, ...] = ()
    exact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorRecord:
    """A doctor or a group of doctors.

    `mention=True`: a page merely names the doctor. Then an existing profile only gains what it lacks, and a rating
    gives way only to one from more reviews, so that pages may be imported in any order, any number of times.
    """

    where: Where
    key: str
    name: str
    slug: str = ""  # "": made from the name
    kind: str = "person"
    credentials: str = ""
    specialty: str = ""  # slug of a Specialty
    specialty_text: str = ""
    city_id: int | None = None  # geonames id
    city_text: str = ""
    badge: str = ""
    source_rating: Decimal | None = None
    source_reviews: int | None = None
    source_key: str | None = None
    about: str = ""
    language: str = "en"
    invented: bool = False
    person_key: str | None = None
    claimed_at: datetime | None = None
    created_at: datetime | None = None
    mention: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRecord:
    """A question. `state` None: archived (open where Options.open says so), or as it is here already."""

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


@dataclass(frozen=True, slots=True)
class Skip:
    """Something in the input that is left out; the report names place and reason."""

    where: Where
    reason: str
    kind: str = "other"  # a word of the report: questions, answers, comments …


@dataclass(frozen=True, slots=True)
class Note:
    """Something in the input that was taken in and that the operator should know (count announced ≠ count found)."""

    where: Where
    text: str


Record = (
    SourceRecord
    | SpecialtyRecord
    | PersonRecord
    | SourceAuthorRecord
    | TopicRecord
    | DoctorRecord
    | QuestionRecord
    | AnswerRecord
    | RevisionRecord
    | CommentRecord
    | LinkRecord
    | VoteRecord
    | FollowRecord
)
Item = Record | Skip | Note
Stream = Iterator[Item]


class Reader(Protocol):
    """Turns a path into a stream. Called once per import; all of it is read and checked before anything is written.

    Raises BadInput at the place where the input stops making sense. Memory must not grow with the file.
    """

    def __call__(self, path: str, options: Options, /) -> Stream: ...
