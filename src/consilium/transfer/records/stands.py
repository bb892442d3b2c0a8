"""Statements, where doctors stand on them, what they cite, and what is kept of the consensus (jsonl only)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from consilium.transfer.records.base import Where


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRecord:
    """One wording of a statement of a question; `replaces_key`: the wording that it took the place of."""

    where: Where
    key: str
    question_key: str
    place: int
    text: str
    kind: str
    language: str = "en"
    version: int = 1
    state: str = "active"
    replaces_key: str | None = None
    created_by_key: str | None = None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a stance; `specialty` is a slug."""

    kind: str
    text: str
    specialty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StanceRecord:
    """Where a doctor stands or stood; `answer_key` None: a co-signature."""

    where: Where
    key: str
    statement_key: str
    doctor_key: str
    answer_key: str | None = None
    value: str
    conditions: tuple[Condition, ...] = ()
    confidence: str = ""
    source: str
    blind: bool = False
    after_discussion: bool = False
    created_at: datetime
    affirmed_at: datetime
    superseded_at: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingRecord:
    """How one coder reads a copied answer; `person_key`: the editor of this site who it was."""

    where: Where
    key: str
    answer_key: str
    statement_key: str
    coder: str
    person_key: str | None = None
    value: str
    conditions: tuple[Condition, ...] = ()
    quote: str = ""
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureRecord:
    """What a doctor says of payments with regard to a question; `paid` "" is none."""

    where: Where
    doctor_key: str
    question_key: str
    paid: str = ""
    at: datetime

    @property
    def key(self) -> tuple[str, str]:
        return self.doctor_key, self.question_key


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRecord:
    """A doctor has opened the answers of a question; what they say later is not blind."""

    where: Where
    doctor_key: str
    question_key: str
    at: datetime

    @property
    def key(self) -> tuple[str, str]:
        return self.doctor_key, self.question_key


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRecord:
    """Something that answers cite. One that is here, by its key, is left as it is."""

    where: Where
    key: str
    doi: str = ""
    pmid: str = ""
    url: str = ""
    kind: str
    title: str = ""
    authors: str = ""
    container: str = ""
    year: int | None = None
    retraction: str = "unchecked"
    retraction_reason: str = ""
    retracted_on: date | None = None
    checked_at: datetime | None = None
    resolved_at: datetime | None = None
    edited_fields: tuple[str, ...] = ()
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationRecord:
    """An answer cites a work, for one statement or (None) in general."""

    where: Where
    key: str
    work_key: str
    answer_key: str
    statement_key: str | None = None
    direction: str = "mentions"
    applies: str = "unclear"
    quote: str = ""
    added_by_key: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRecord:
    """A doctor was asked to answer a question."""

    where: Where
    key: str
    question_key: str
    doctor_key: str
    specialty: str
    invited_by_key: str | None = None
    state: str = "invited"
    reason: str = ""
    at: datetime
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRecord:
    """The doctors of a question were asked to look again."""

    where: Where
    key: str
    question_key: str
    reason: str
    opened_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRecord:
    """What one doctor did in a round."""

    where: Where
    round_key: str
    doctor_key: str
    state: str = "waiting"
    at: datetime | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.round_key, self.doctor_key


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotRecord:
    """The consensus on a statement as it was from `at` on: `data` is what the API said then, without the question's number."""

    where: Where
    statement_key: str
    at: datetime
    superseded_at: datetime | None = None
    good_until: datetime | None = None
    algorithm: str
    label: str
    side: str = ""
    data: dict[str, Any]

    @property
    def key(self) -> tuple[str, datetime]:
        return self.statement_key, self.at
