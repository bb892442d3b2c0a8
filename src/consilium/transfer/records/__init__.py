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
from typing import Protocol

from consilium.transfer.records.base import BadInput, Note, Options, Skip, Where
from consilium.transfer.records.content import (
    AnswerRecord,
    CommentRecord,
    FollowRecord,
    LinkRecord,
    Origin,
    QuestionRecord,
    RevisionRecord,
    VoteRecord,
)
from consilium.transfer.records.merging import MergeRecord, MovedRecord, SuggestionRecord
from consilium.transfer.records.people import (
    ClaimRecord,
    CredentialRecord,
    DoctorRecord,
    InterestRecord,
    Need,
    PersonRecord,
    PracticeRecord,
    SourceAuthorRecord,
    SourceRecord,
    SpecialtyRecord,
    TopicRecord,
)
from consilium.transfer.records.stands import (
    CitationRecord,
    CodingRecord,
    Condition,
    DisclosureRecord,
    InvitationRecord,
    ReplyRecord,
    RoundRecord,
    SeenRecord,
    SnapshotRecord,
    StanceRecord,
    StatementRecord,
    WorkRecord,
)

Record = (
    SourceRecord
    | SpecialtyRecord
    | PersonRecord
    | SourceAuthorRecord
    | TopicRecord
    | DoctorRecord
    | PracticeRecord
    | CredentialRecord
    | ClaimRecord
    | InterestRecord
    | QuestionRecord
    | AnswerRecord
    | RevisionRecord
    | CommentRecord
    | LinkRecord
    | VoteRecord
    | FollowRecord
    | StatementRecord
    | StanceRecord
    | CodingRecord
    | DisclosureRecord
    | SeenRecord
    | WorkRecord
    | CitationRecord
    | InvitationRecord
    | RoundRecord
    | ReplyRecord
    | SnapshotRecord
    | MergeRecord
    | MovedRecord
    | SuggestionRecord
)
Item = Record | Skip | Note
Stream = Iterator[Item]


class Reader(Protocol):
    """Turns a path into a stream. Called once per import; all of it is read and checked before anything is written.

    Raises BadInput at the place where the input stops making sense. Memory must not grow with the file.
    """

    def __call__(self, path: str, options: Options, /) -> Stream: ...


__all__ = [
    "AnswerRecord",
    "BadInput",
    "CitationRecord",
    "ClaimRecord",
    "CodingRecord",
    "CommentRecord",
    "Condition",
    "CredentialRecord",
    "DisclosureRecord",
    "DoctorRecord",
    "FollowRecord",
    "InterestRecord",
    "InvitationRecord",
    "Item",
    "LinkRecord",
    "MergeRecord",
    "MovedRecord",
    "Need",
    "Note",
    "Options",
    "Origin",
    "PersonRecord",
    "PracticeRecord",
    "QuestionRecord",
    "Reader",
    "Record",
    "ReplyRecord",
    "RevisionRecord",
    "RoundRecord",
    "SeenRecord",
    "Skip",
    "SnapshotRecord",
    "SourceAuthorRecord",
    "SourceRecord",
    "SpecialtyRecord",
    "StanceRecord",
    "StatementRecord",
    "Stream",
    "SuggestionRecord",
    "TopicRecord",
    "VoteRecord",
    "Where",
    "WorkRecord",
]
