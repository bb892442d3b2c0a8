"""What lies before a doctor who takes a stance: the statements, and what they have said so far. Never the others' answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from consilium.accounts.models import Person
from consilium.accounts.policy import can
from consilium.doctors.models import Doctor, Interest
from consilium.doctors.standing import who
from consilium.questions.models import Answer, Disclosure, Question, Stance, Statement
from consilium.topics.models import Specialty, Topic

PAID = "paid"
UNPAID = "none"


@dataclass(frozen=True)
class Desk:
    """`current`: the doctor's stances by statement; `offers`: by treatment; `paid`: what was disclosed last, None: never."""

    statements: Sequence[Statement]
    treatments: Sequence[Topic]
    specialties: Sequence[tuple[str, str]]
    current: Mapping[int, Stance]
    offers: Mapping[int, str]
    paid: str | None

    @property
    def initial(self) -> dict[str, Any]:
        """What a form shows before anything is typed."""
        first: dict[str, Any] = {f"offers_{topic}": value for topic, value in self.offers.items()}
        for number, stance in self.current.items():
            first |= {f"value_{number}": stance.value, f"confidence_{number}": stance.confidence}
            for row, condition in enumerate(stance.conditions, 1):
                first |= {f"{name}_{number}_{row}": condition.get(name, "") for name in ("text", "kind", "specialty")}
        if self.paid is not None:
            first |= {"paid": PAID if self.paid else UNPAID, "payer": self.paid}
        return first


EMPTY: Final = Desk((), (), (), {}, {}, None)


def desk_of(question: Question, doctor: Doctor) -> Desk:
    """The desk of a doctor at a question: six queries at most."""
    statements = list(question.statements.active().order_by("place"))
    mine = Stance.objects.current().filter(doctor=doctor, statement__in=statements, withdrawn_at=None)
    treatments = list(question.topics.filter(kind=Topic.Kind.TREATMENT).order_by("folded")) if statements else []
    told = Interest.objects.filter(doctor=doctor, topic__in=treatments)
    return Desk(
        statements=statements,
        treatments=treatments,
        specialties=list(Specialty.objects.order_by("noun").values_list("slug", "noun")) if statements else [],
        current={one.statement_id: one for one in mine} if statements else {},
        offers=dict(told.values_list("topic", "offers")) if treatments else {},
        paid=_paid(question, doctor) if statements else None,
    )


def desk_for_edit(person: Person, answer: Answer) -> Desk:
    """The desk of somebody who changes an answer; without statements where they may take no stance with it."""
    doctor = answer.doctor
    if doctor is None or doctor.person_id != person.pk or not may_stand(person, answer.question, answer):
        return EMPTY
    return desk_of(answer.question, doctor)


def may_stand(person: Person, question: Question, answer: Answer | None = None) -> bool:
    """Whether this person may take a stance here: for a copied answer of theirs, also where no new answers are taken."""
    copied = answer is not None and answer.is_copy
    return can(who(person), "stance.affirm" if copied else "stance.declare", question.state)


def _paid(question: Question, doctor: Doctor) -> str | None:
    """What the doctor disclosed here, else what they disclosed last elsewhere; None: nothing yet."""
    rows = Disclosure.objects.filter(doctor=doctor)
    here = rows.filter(question=question).values_list("paid", flat=True).first()
    return here if here is not None else rows.order_by("-at").values_list("paid", flat=True).first()
