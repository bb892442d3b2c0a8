"""Whether what a record says agrees with itself, where our tables ask for that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from consilium.doctors.models import Claim, Credential
from consilium.questions import rules
from consilium.questions.models import CONDITIONAL, ConditionKind, Question, Value
from consilium.transfer.records import (
    ClaimRecord,
    CodingRecord,
    Condition,
    CredentialRecord,
    DoctorRecord,
    MergeRecord,
    MovedRecord,
    QuestionRecord,
    Record,
    SnapshotRecord,
    StanceRecord,
    StatementRecord,
    SuggestionRecord,
)
from consilium.transfer.states import misshapen

KINDS_OF_CONDITIONS: Final = frozenset(ConditionKind.values)
ITSELF: Final = "it names the same question twice."
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


def _question(record: QuestionRecord) -> str | None:
    if (record.state == Question.State.DUPLICATE) != bool(record.merged_into_key):
        return f"the state is {record.state!r}, and it was joined to {record.merged_into_key or 'no other question'}."
    if record.variant_of_key and record.merged_into_key:
        return "it was joined to another question, so it is no variant."
    if record.variant_of_key and not record.difference.strip():
        return "it is a variant and does not say in what it differs."
    return ITSELF if record.key in {record.variant_of_key, record.merged_into_key} else None


def _merge(record: MergeRecord) -> str | None:
    if record.was not in Question.PUBLIC:
        return f"the state before was {record.was!r}, which is none of {', '.join(sorted(Question.PUBLIC))}."
    return ITSELF if record.question_key in {record.canonical_key, record.was_variant_of_key} else None


def _moved(record: MovedRecord) -> str | None:
    stands = bool(record.stance_key) + bool(record.coding_key)
    if stands + bool(record.answer_key) + bool(record.follower_key) != 1:
        return "it names not exactly one of answer, stance, coding and follower."
    if bool(record.statement_key) != bool(stands):
        return "a stance or a coding comes from a statement, and nothing else does."
    return None


def _suggestion(record: SuggestionRecord) -> str | None:
    if not -1 <= record.cosine <= 1:
        return f"the cosine is {record.cosine}; it lies between -1 and 1."
    return ITSELF if record.question_key == record.other_key else None


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
    QuestionRecord: _question,
    MergeRecord: _merge,
    MovedRecord: _moved,
    SuggestionRecord: _suggestion,
}
