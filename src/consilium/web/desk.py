"""What lies before a doctor who takes a stance: the statements, and what they have said so far. Never the others' answers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from consilium.accounts.models import Person
from consilium.accounts.policy import can
from consilium.doctors.models import Doctor, Interest
from consilium.doctors.standing import licence_marks, who
from consilium.evidence.actions import Says, Source
from consilium.evidence.models import Citation, Work
from consilium.questions.models import Answer, Disclosure, Question, Stance, Statement
from consilium.topics.models import Specialty, Topic
from consilium.web import shown
from consilium.web.shown import Byline

PAID: Final = "paid"
UNPAID: Final = "none"
_OF_A_SOURCE: Final = ("identifier", "kind", "title", "authors", "container", "year", "quote")


@dataclass(frozen=True)
class Desk:
    """`about` are the statements that a source can speak of, `statements` those to take a stance on: all of them or none.

    `current`: the doctor's stances by statement; `offers`: by treatment; `paid`: what was disclosed last, None: never;
    `sources`: what the answer cites.
    """

    about: Sequence[Statement]
    statements: Sequence[Statement] = ()
    treatments: Sequence[Topic] = ()
    specialties: Sequence[tuple[str, str]] = ()
    current: Mapping[int, Stance] = field(default_factory=dict)
    offers: Mapping[int, str] = field(default_factory=dict)
    paid: str | None = None
    sources: Sequence[Source] = ()

    @property
    def initial(self) -> dict[str, Any]:
        """What a form shows before anything is typed."""
        first: dict[str, Any] = {f"offers_{topic}": value for topic, value in self.offers.items()}
        for number, stance in self.current.items():
            first |= _of_stance(number, stance)
        for row, source in enumerate(self.sources, 1):
            first |= _of_source(row, source)
        if self.paid is not None:
            first |= {"paid": PAID if self.paid else UNPAID, "payer": self.paid}
        return first


def desk_of(question: Question, doctor: Doctor, answer: Answer | None = None) -> Desk:
    """The desk of a doctor at a question, `answer` being theirs: seven queries at most."""
    statements = list(question.statements.active().order_by("place"))
    sources = _sources(answer) if answer else ()
    if not statements:
        return Desk((), sources=sources)
    mine = Stance.objects.current().filter(doctor=doctor, statement__in=statements, withdrawn_at=None)
    treatments = list(question.topics.filter(kind=Topic.Kind.TREATMENT).order_by("folded"))
    told = Interest.objects.filter(doctor=doctor, topic__in=treatments)
    return Desk(
        about=statements, statements=statements, treatments=treatments,
        specialties=list(Specialty.objects.order_by("noun").values_list("slug", "noun")),
        current={one.statement_id: one for one in mine}, offers=dict(told.values_list("topic", "offers")),
        paid=_paid(question, doctor), sources=sources,
    )  # fmt: skip


def desk_for_edit(person: Person, answer: Answer) -> Desk:
    """The desk of somebody who changes an answer; no stances are asked for where they may take none with it."""
    doctor = answer.doctor
    if doctor is not None and doctor.person_id == person.pk and may_stand(person, answer.question, answer):
        return desk_of(answer.question, doctor, answer)
    return Desk(list(answer.question.statements.active().order_by("place")), sources=_sources(answer))


def signed_as(doctor: Doctor) -> Byline:
    """The byline under which this doctor is about to write, with what is known of the licence now."""
    return shown.of_doctor(doctor, Doctor.objects.annotate(**licence_marks()).get(pk=doctor.pk))


def may_stand(person: Person, question: Question, answer: Answer | None = None) -> bool:
    """Whether this person may take a stance here: not on a question of their own, and for a copied answer also where no new
    answers are taken.
    """
    if question.asked_by_id == person.pk:
        return False
    copied = answer is not None and answer.is_copy
    return can(who(person), "stance.affirm" if copied else "stance.declare", question.state)


def _paid(question: Question, doctor: Doctor) -> str | None:
    """What the doctor disclosed here, else what they disclosed last elsewhere; None: nothing yet."""
    rows = Disclosure.objects.filter(doctor=doctor)
    here = rows.filter(question=question).values_list("paid", flat=True).first()
    return here if here is not None else rows.order_by("-at").values_list("paid", flat=True).first()


def _sources(answer: Answer) -> list[Source]:
    """What the answer cites, as its doctor would type it; what is said of retired statements is not theirs to change."""
    rows = Citation.objects.filter(answer=answer).exclude(statement__state=Statement.State.RETIRED)
    works: dict[int, list[Citation]] = defaultdict(list)
    for row in rows.select_related("work", "statement").order_by("statement__place", "pk"):
        works[row.work_id].append(row)
    return [_source(own[0].work, own) for own in sorted(works.values(), key=lambda own: min(row.pk for row in own))]


def _source(work: Work, rows: Sequence[Citation]) -> Source:
    return Source(
        identifier=work.doi or (f"PMID: {work.pmid}" if work.pmid else work.url), kind=work.kind, title=work.title,
        authors=work.authors, container=work.container, year=work.year,
        quote=next((row.quote for row in rows if row.quote), ""),
        says=tuple(Says(one, row.direction, row.applies) for row in rows if (one := row.statement) is not None),
    )  # fmt: skip


def _of_stance(number: int, stance: Stance) -> dict[str, Any]:
    first: dict[str, Any] = {f"value_{number}": stance.value, f"confidence_{number}": stance.confidence}
    for row, condition in enumerate(stance.conditions, 1):
        first |= {f"text_{number}_{row}": condition["text"], f"kind_{number}_{row}": condition["kind"]}
        first[f"specialty_{number}_{row}"] = condition["specialty"]
    return first


def _of_source(row: int, source: Source) -> dict[str, Any]:
    first: dict[str, Any] = {f"source_{row}_{name}": getattr(source, name) for name in _OF_A_SOURCE}
    for one in source.says:
        if one.statement is not None:
            number = one.statement.pk
            first |= {f"source_{row}_says_{number}": one.direction, f"source_{row}_applies_{number}": one.applies}
    return first
