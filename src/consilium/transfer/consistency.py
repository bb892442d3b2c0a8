"""Whether what a record says agrees with itself, where our tables ask for that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from consilium.doctors.models import Claim, Credential
from consilium.questions import rules
from consilium.questions.models import CONDITIONAL, ConditionKind, Value
from consilium.transfer.records import (
    ClaimRecord,
    CodingRecord,
    Condition,
    CredentialRecord,
    DoctorRecord,
    Record,
    SnapshotRecord,
    StanceRecord,
    StatementRecord,
)
from consilium.transfer.states import misshapen

KINDS_OF_CONDITIONS: Final = frozenset(ConditionKind.values)
HIGHEST: Final = max(Credential.Level.values)


def contradiction(record: Record) -> str | None:
    """What does not agree, in a sentence; None if all does."""
    rule = RULES.get(type(record))
    return rule(record) if rule else None


def _doctor(record: DoctorRecord) -> str | None:
    return "it belongs to a person and does not say since when." if record.person_key and not record.claimed_at else None


def _claim(record: ClaimRecord) -> str | None:
    return "only requests that are decided leave a site." if record.state == Claim.State.REQUESTED else None


def _credential(record: CredentialRecord) -> str | None:
    if not 0 <= record.level <= HIGHEST:
        return f"the level is {record.level}; it lies between 0 and {HIGHEST}."
    return "it was taken back without a reason." if record.revoked_at and not record.reason else None


def _statement(record: StatementRecord) -> str | None:
    last = rules.STATEMENTS_OF_A_QUESTION
    return None if 1 <= record.place <= last else f"the place is {record.place}; it lies between 1 and {last}."


def _stance(record: StanceRecord) -> str | None:
    return _unconditional(record.value, record.conditions) or _conditions(record.conditions)


def _coding(record: CodingRecord) -> str | None:
    if record.value != Value.NOT_ADDRESSED and not record.quote:
        return "there is no quote that shows it."
    return _unconditional(record.value, record.conditions) or _conditions(record.conditions)


def _unconditional(value: str, conditions: Sequence[Condition]) -> str | None:
    return f"the value is {value!r}, and no condition is named." if value in CONDITIONAL and not conditions else None


def _conditions(conditions: Sequence[Condition]) -> str | None:
    for one in conditions:
        if one.kind not in KINDS_OF_CONDITIONS:
            return f"the kind of a condition is {one.kind!r}, which is none of {', '.join(sorted(KINDS_OF_CONDITIONS))}."
        if not one.text.strip() or len(one.text) > rules.CONDITION_LIMIT:
            return f"a condition has {len(one.text):,} characters; it has 1 to {rules.CONDITION_LIMIT}."
    return None


def _snapshot(record: SnapshotRecord) -> str | None:
    return misshapen(record.data)


RULES: Final[dict[type[Any], Callable[[Any], str | None]]] = {
    DoctorRecord: _doctor,
    ClaimRecord: _claim,
    CredentialRecord: _credential,
    StatementRecord: _statement,
    StanceRecord: _stance,
    CodingRecord: _coding,
    SnapshotRecord: _snapshot,
}
