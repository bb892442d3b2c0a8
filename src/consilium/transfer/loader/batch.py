"""One batch of records, and what writing it touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from consilium.transfer.records import DoctorRecord, FollowRecord, LinkRecord, Record, VoteRecord

SIZE = 2000  # records of one transaction

R = TypeVar("R", bound=Record)


@dataclass
class Batch:
    """Records by type, each key at most once. `touched` and the sets below collect numbers of rows while writing."""

    records: dict[type, dict[object, Record]] = field(default_factory=dict)
    size: int = 0
    new_questions: set[int] = field(default_factory=set)
    shown_changes: set[int] = field(default_factory=set)  # questions whose page shows something else now
    recount: set[int] = field(default_factory=set)  # questions whose answers changed in number
    relate: set[int] = field(default_factory=set)  # new questions, and those with other topics or links
    stands: set[int] = field(default_factory=set)  # questions on which doctors may stand elsewhere now
    doctors: set[int] = field(default_factory=set)  # doctors whose number of answers changed
    changed_doctors: set[int] = field(default_factory=set)
    voted: set[int] = field(default_factory=set)  # answers whose helpful votes changed
    changes: int = 0  # rows created or updated

    @property
    def full(self) -> bool:
        return self.size >= SIZE

    def add(self, record: Record) -> bool:
        """Take a record; False if another record with its key waits here, which must be written first."""
        rows = self.records.setdefault(type(record), {})
        identity = _identity(record)
        known = rows.get(identity)
        if known is None:
            rows[identity] = record
            self.size += 1
            return True
        return _same(known, record)

    def of(self, kind: type[R]) -> Sequence[R]:
        return list(self.records.get(kind, {}).values())  # type: ignore[arg-type]


def _identity(record: Record) -> object:
    if isinstance(record, LinkRecord):
        return record.question_key, record.other_key, record.kind
    if isinstance(record, VoteRecord):
        return record.answer_key, record.person_key
    if isinstance(record, FollowRecord):
        return record.question_key, record.person_key
    if isinstance(record, DoctorRecord) and record.mention:
        return record.key, record.source_key  # mentions of a doctor on several pages are put together by the loader
    return record.key


def _same(one: Record, other: Record) -> bool:
    """Whether two records say the same, wherever they stand."""
    names = [name for name in type(one).__dataclass_fields__ if name != "where"]
    return all(getattr(one, name) == getattr(other, name) for name in names)
