"""Tables that are written as their records say, row by row: what doctors are, where they stand, what they cite."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Model, Q

from consilium.consensus.actions import digest
from consilium.consensus.models import Round
from consilium.questions.models import Answer, Question, Stance, Statement
from consilium.transfer import records as r
from consilium.transfer.loader.joins import Values, as_moved, as_pair, not_joined, strange_moves


@dataclass(frozen=True, slots=True)
class Once:
    """At most one row has these values in these columns, of those that `rows` finds and `holds` is true of.

    `reason` says, in a sentence, which one is here when another comes.
    """

    columns: tuple[str, ...]
    reason: str
    rows: Q = field(default_factory=Q)
    holds: Callable[[Mapping[str, Any]], bool] = bool


@dataclass(frozen=True, slots=True)
class End:
    """Columns that a row here takes from the file, together, while the first of them still holds `before`."""

    columns: tuple[str, ...]
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """How rows lead to the questions whose pages show them: the column's value is looked up in a table."""

    column: str
    model: type[Model]
    lookup: str = "pk"
    question: str = "question"


@dataclass(frozen=True, slots=True)
class Table:
    """One table. A row that is here is left as it is, but for an end that it may still get.

    `counts`: its rows change what is said of a consensus. `known_by`: the columns that tell a row without a key.
    `shape` makes a row of what the record says; `refuse` gives reasons for those that cannot be here; `finish` adds to a
    row what each site works out for itself, given the number of its question.
    """

    record: type[Any]
    way: Way | None = None
    counts: bool = True
    known_by: tuple[str, ...] = ()
    once: tuple[Once, ...] = ()
    ends: tuple[End, ...] = ()
    shape: Callable[[Values], Values] | None = None
    refuse: Callable[[Mapping[object, Values]], Mapping[object, str]] | None = None
    finish: Callable[[Values, int], Values] | None = None


def _of_this_site(values: Values, question: int) -> Values:
    """A kept state with the question's number here. It is believed once it has been worked out again here."""
    data = values["data"] | {"question": question}
    return values | {"data": data, "inputs_hash": digest(data)}


OF_QUESTION: Final = Way("question_id", Question, question="pk")
OF_STATEMENT: Final = Way("statement_id", Statement)
OF_ANSWER: Final = Way("answer_id", Answer)
OF_DOCTOR: Final = Way("doctor_id", Stance, "doctor", "statement__question")

BEFORE_DOCTORS: Final = (Table(r.PracticeRecord, counts=False),)
AFTER_DOCTORS: Final = (
    Table(r.ClaimRecord, counts=False),
    Table(r.CredentialRecord, OF_DOCTOR, ends=(End(("revoked_at", "reason")),)),
    Table(r.InterestRecord, OF_DOCTOR, known_by=("doctor_id", "topic_id")),
)
AFTER_QUESTIONS: Final = (
    Table(
        r.MergeRecord, counts=False, refuse=not_joined,
        once=(
            Once(
                ("question_id",), "it is joined to another question here.", Q(undone_at=None),
                lambda values: values["undone_at"] is None,
            ),
        ),
    ),
)  # fmt: skip
AFTER_ANSWERS: Final = (
    Table(
        r.StatementRecord, OF_QUESTION, ends=(End(("state",), "active"),),
        once=(
            Once(
                ("question_id", "place"), "another statement stands in its place here.", Q(state="active"),
                lambda values: values["state"] == "active",
            ),
        ),
    ),
    Table(
        r.StanceRecord, OF_STATEMENT, ends=(End(("superseded_at",)), End(("withdrawn_at",))),
        once=(
            Once(
                ("doctor_id", "statement_id"), "the doctor has taken a stance on the statement here.", Q(superseded_at=None),
                lambda values: values["superseded_at"] is None,
            ),
        ),
    ),
    Table(r.CodingRecord, OF_STATEMENT, once=(Once(("answer_id", "statement_id", "coder"), "the coder has coded it here."),)),
    Table(r.DisclosureRecord, OF_QUESTION, known_by=("doctor_id", "question_id")),
    Table(r.SeenRecord, counts=False, known_by=("doctor_id", "question_id")),
    Table(r.WorkRecord, counts=False),
    Table(r.CitationRecord, OF_ANSWER, once=(Once(("answer_id", "work_id", "statement_id"), "the answer cites it here."),)),
    Table(
        r.InvitationRecord, OF_QUESTION, counts=False, ends=(End(("decided_at", "state", "reason")),),
        once=(Once(("question_id", "doctor_id"), "the doctor was invited here."),),
    ),
    Table(
        r.RoundRecord, OF_QUESTION, counts=False, ends=(End(("closed_at",)),),
        once=(
            Once(
                ("question_id",), "the doctors are being asked to look again here.", Q(closed_at=None),
                lambda values: values["closed_at"] is None,
            ),
        ),
    ),
    Table(
        r.ReplyRecord, Way("round_id", Round), counts=False, known_by=("round_id", "doctor_id"), ends=(End(("at", "state")),),
    ),
    Table(
        r.SnapshotRecord, OF_STATEMENT, known_by=("statement_id", "at"), ends=(End(("superseded_at",)),), finish=_of_this_site,
        once=(
            Once(
                ("statement_id",), "a later state was kept here.", Q(superseded_at=None),
                lambda values: values["superseded_at"] is None,
            ),
        ),
    ),
    Table(
        r.MovedRecord, counts=False, known_by=("merge_id", "answer_id", "stance_id", "coding_id", "follow__person_id"),
        refuse=strange_moves, finish=as_moved,
    ),
    Table(
        r.SuggestionRecord, counts=False, known_by=("question_id", "other_id"), shape=as_pair,
        ends=(End(("state", "decided_by_id", "decided_at"), "suggested"),),
    ),
)  # fmt: skip
