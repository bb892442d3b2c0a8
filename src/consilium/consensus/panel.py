"""Where the doctors stand on a question, worked out from the rows each time it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consilium.consensus.agreement import FEWEST, Counts, Group, Levels, Verdict, algorithm, answers_to_overturn, contested
from consilium.consensus.counting import Reason
from consilium.consensus.coverage import Coverage, Need
from consilium.evidence.models import Citation
from consilium.questions.models import ConditionJSON, Statement
from consilium.topics.models import Specialty, Topic

CROSS_MIN = 2  # counted stances that a needed specialty must have before "agreed across specialties" is said


@dataclass(frozen=True, slots=True)
class Seat:
    """One doctor (or copied answer) on one statement. `reason` None: it counts. `answer` None: a co-signature.

    `doctor` None: the copied answer names no doctor. `offers`: "yes", "no" or "" (undisclosed). `paid` None: not disclosed.
    """

    doctor: int | None
    name: str
    title: str
    slug: str
    specialty: str
    answer: int | None
    value: str
    group: Group | None
    reason: Reason | None
    conditions: Sequence[ConditionJSON]
    confidence: str = ""
    blind: bool = False
    changed: bool = False
    offers: str = ""
    paid: str | None = None
    affirmed_at: datetime | None = None
    stance: int | None = None


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """A condition that `n` of the counted doctors set, in the words of the first of them."""

    text: str
    kind: str
    specialty: str
    n: int


@dataclass(frozen=True, slots=True)
class Imported:
    """Copied answers as two editors coded them: never part of the verified counts. `of` answers are copied in all."""

    seats: tuple[Seat, ...]
    counts: Counts
    of: int
    not_addressed: int
    unclear: int
    waiting: int
    uncoded: int
    coders: int
    conditions: tuple[ConditionLine, ...]
    captured_at: datetime | None


@dataclass(frozen=True, slots=True)
class Offer:
    """How many of the counted doctors offer the treatment, do not, or have not said; how many were paid by a maker."""

    yes: int
    no: int
    unknown: int
    paid: int


@dataclass(frozen=True, slots=True)
class Cited:
    """Works that count and are cited for a statement, and by how many doctors; `retracted` works do not count."""

    works: int
    doctors: int
    retracted: int


@dataclass(frozen=True, slots=True)
class StatementPanel:
    """Everything the page says of one statement."""

    statement: Statement
    counts: Counts
    blind: Counts
    verdict: Verdict
    seats: tuple[Seat, ...]
    others: tuple[Seat, ...]
    conditions: tuple[ConditionLine, ...]
    coverage: Coverage
    by_specialty: tuple[tuple[str, Counts], ...]
    across: bool
    offer: Offer
    cited: Cited
    imported: Imported | None
    levels: Levels
    good_until: datetime | None
    snapshot: int | None = None  # the kept state that says the same, if there is one

    @property
    def n(self) -> int:
        return self.counts.n

    @property
    def algorithm(self) -> str:
        return algorithm(self.levels)

    @property
    def overturn(self) -> int | None:
        """How many further answers would change what the label says; None below five answers, or if more than ten."""
        return answers_to_overturn(self.counts) if self.n >= FEWEST else None

    @property
    def contested(self) -> float:
        return contested(self.counts)

    @property
    def not_addressed(self) -> int:
        silent = {Reason.UNSTATED, Reason.NOT_ADDRESSED}
        return sum(seat.reason in silent for seat in self.others)

    def seats_of(self, group: Group) -> list[Seat]:
        return [seat for seat in self.seats if seat.group is group]

    def not_counted(self) -> list[tuple[Reason, int]]:
        """Reasons why stances that were taken do not count, with their numbers."""
        silent = {Reason.UNSTATED, Reason.NOT_ADDRESSED}
        found = Counter(seat.reason for seat in self.others if seat.reason is not None and seat.reason not in silent)
        return [(reason, found[reason]) for reason in Reason if found[reason]]


@dataclass(frozen=True, slots=True)
class Missing:
    """A needed specialty whose doctors are not among those counted.

    `answered`: doctors of it who answered without counting. `members`: verified doctors of it here; `willing`: those of
    them who take invitations. `invited` and `declined` count invitations to this question; `outside` those declined as
    outside the doctor's expertise.
    """

    need: Need
    specialty: Specialty
    answered: int
    members: int
    willing: int
    invited: int
    declined: int
    outside: int = 0


@dataclass(frozen=True, slots=True)
class Panel:
    """Where the doctors stand on a question. `coverage` is over all who answered, counted or not."""

    question: int
    statements: tuple[StatementPanel, ...]
    coverage: Coverage
    missing: tuple[Missing, ...]
    specialties: Mapping[str, Specialty]
    cited: Cited
    citations: tuple[Citation, ...] = ()
    topics: tuple[Topic, ...] = ()

    @property
    def has_stances(self) -> bool:
        return any(one.n for one in self.statements)

    def noun(self, slug: str) -> str:
        found = self.specialties.get(slug)
        return found.noun if found else slug


def data(panel: Panel, one: StatementPanel) -> dict[str, Any]:
    """The state of one statement as the API gives it and snapshots keep it (all but the time)."""
    return {
        "question": panel.question,
        "statement": one.statement.text,
        "statement_key": one.statement.key,
        "kind": one.statement.kind,
        "language": one.statement.language,
        "counts": _counts(one.counts),
        "n": one.n,
        "not_addressed": one.not_addressed,
        "not_counted": [{"reason": reason.value, "n": n} for reason, n in one.not_counted()],
        **_verdict(one),
        **_behind(panel, one),
        "imported": _imported(one.imported),
        "blind": one.blind.n,
        "changed": sum(seat.changed for seat in one.seats),
        "algorithm": one.algorithm,
    }


def _verdict(one: StatementPanel) -> dict[str, Any]:
    return {
        "label": one.verdict.label.value,
        "side": one.verdict.side.value if one.verdict.side else None,
        "capped_by": [cap.value for cap in one.verdict.capped_by],
        "p": one.verdict.p,
        "answers_to_overturn": one.overturn,
        "contested": round(one.contested, 4),
    }


def _behind(panel: Panel, one: StatementPanel) -> dict[str, Any]:
    """Who stands behind the counts: specialties, conditions, interests, sources."""
    return {
        "coverage": {
            "required": [panel.noun(need.specialty) for need in one.coverage.required],
            "answered": {panel.noun(slug) if slug else "": n for slug, n in one.coverage.answered.items()},
            "missing": [panel.noun(need.specialty) for need in one.coverage.missing],
        },
        "conditions": [
            {"text": line.text, "n": line.n, "kind": line.kind, "specialty": panel.noun(line.specialty) or None}
            for line in one.conditions
        ],
        "interest": {"offers_treatment": one.offer.yes, "no": one.offer.no, "unknown": one.offer.unknown, "paid": one.offer.paid},
        "evidence": {"cited": one.cited.works, "doctors": one.cited.doctors, "retracted": one.cited.retracted},
        "provenance": {
            "declared": sum(seat.answer is not None for seat in one.seats),
            "cosigned": sum(seat.answer is None for seat in one.seats),
            "editor_coded": one.imported.counts.n if one.imported else 0,
        },
    }


def _counts(counts: Counts) -> dict[str, int]:
    return {group.value: counts.of(group) for group in Group}


def _imported(row: Imported | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "of": row.of,
        "counts": _counts(row.counts),
        "not_addressed": row.not_addressed,
        "unclear": row.unclear,
        "waiting": row.waiting,
        "uncoded": row.uncoded,
    }
