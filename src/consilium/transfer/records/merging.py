"""Questions that ask the same: what was joined, what that moved, and pairs of which somebody said so (jsonl only)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from consilium.transfer.records.base import Where


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRecord:
    """A question was joined to another one. `was`: the state it had, and what it was a variant of, to be undone."""

    where: Where
    key: str
    question_key: str
    canonical_key: str
    was: str
    was_variant_of_key: str | None = None
    was_difference: str = ""
    note: str = ""
    by_key: str | None = None
    at: datetime
    undone_by_key: str | None = None
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedRecord:
    """One thing that a merge took along: an answer from its `place`, a stance or coding from a statement, or a follow that it
    gave to a person."""

    where: Where
    merge_key: str
    answer_key: str | None = None
    place: int = 0
    stance_key: str | None = None
    coding_key: str | None = None
    statement_key: str | None = None
    follower_key: str | None = None  # a PersonRecord

    @property
    def key(self) -> tuple[str | None, ...]:
        return self.merge_key, self.answer_key, self.stance_key, self.coding_key, self.follower_key


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionRecord:
    """Two questions may ask the same. `suggested_by_key` None: a site found it by the cosine of the titles."""

    where: Where
    question_key: str
    other_key: str
    kind: str = "duplicate"
    state: str = "suggested"
    cosine: float = 0.0
    difference: str = ""
    suggested_by_key: str | None = None
    at: datetime
    decided_by_key: str | None = None
    decided_at: datetime | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.question_key, self.other_key
