"""The rows that a panel is made of, read in a constant number of queries for any number of questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from consilium.consensus.models import Invitation, Snapshot
from consilium.doctors.models import Credential, Doctor, Interest
from consilium.evidence.models import Citation
from consilium.questions.models import Answer, Coding, ConditionJSON, Disclosure, Question, QuestionTopic, Stance, Statement
from consilium.topics.models import Specialty, Topic

_FOR_EVER: Final = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(slots=True)
class Held:
    """A doctor's current stance with what counting asks of the doctor.

    `live` False: its answer was taken back. `until`: when the last valid credential ends, None without one. `offers`: "yes"
    or "no" to the treatment, None undisclosed; `paid` None: not disclosed. `asked`: the doctor asked a question that was
    joined to this one.

    Made by hand from plain rows: a page may have hundreds, and the same doctor stands on each statement.
    """

    pk: int
    statement_id: int
    answer_id: int | None
    doctor: Doctor
    doctor_id: int
    value: str
    conditions: list[ConditionJSON]
    confidence: str
    blind: bool
    after_discussion: bool
    affirmed_at: datetime
    withdrawn_at: datetime | None
    live: bool
    was_verified: bool
    until: datetime | None
    offers: str | None
    paid: str | None
    asked: bool

    @property
    def verified(self) -> bool:
        return self.until is not None

    @property
    def valid_until(self) -> datetime | None:
        """When the last credential ends, None without an end."""
        return None if self.until == _FOR_EVER else self.until


@dataclass
class Rows:
    """Everything by question number. `answers` are the published ones, with doctor, specialty and origin."""

    statements: dict[int, list[Statement]] = field(default_factory=lambda: defaultdict(list))
    stances: dict[int, list[Held]] = field(default_factory=lambda: defaultdict(list))
    codings: dict[int, list[Coding]] = field(default_factory=lambda: defaultdict(list))
    answers: dict[int, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    needs: dict[int, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    topics: dict[int, dict[int, Topic]] = field(default_factory=lambda: defaultdict(dict))
    citations: dict[int, list[Citation]] = field(default_factory=lambda: defaultdict(list))
    askers: dict[int, int | None] = field(default_factory=dict)


def read(questions: Sequence[int], askers: dict[int, int | None], given: Iterable[Answer] | None = None) -> Rows:
    """The rows of these questions: five queries, or six when no answers are `given`, and one more with copied answers."""
    rows = Rows(askers=askers)
    for statement in _statements(questions):
        rows.statements[statement.question_id].append(statement)
    for answer in answers(questions) if given is None else given:
        rows.answers[answer.question_id].append(answer)
    _read_stances(rows, questions)
    _read_topics(rows, questions)
    for citation in _citations(questions):
        rows.citations[citation.answer.question_id].append(citation)
    return rows


def _statements(questions: Sequence[int]) -> Iterable[Statement]:
    """Statements of all versions, each with the number of the kept state that still holds, if any."""
    kept = Snapshot.objects.holding().filter(statement=OuterRef("pk"))
    every = Statement.objects.filter(question__in=questions).annotate(snapshot=Subquery(kept.values("pk")[:1]))
    return every.order_by("question", "place", "version")


def _read_stances(rows: Rows, questions: Sequence[int]) -> None:
    if not rows.statements:
        return
    doctors: dict[int, Doctor] = {}
    for question, stance in _stances(questions, doctors):
        rows.stances[question].append(stance)
    if any(answer.is_copy for group in rows.answers.values() for answer in group):
        for coding in _codings(questions):
            rows.codings[coding.statement.question_id].append(coding)


def answers(questions: Sequence[int]) -> Iterable[Answer]:
    """The published answers of these questions as `Rows` holds them."""
    live = Answer.objects.filter(question__in=questions, state=Answer.State.PUBLISHED).order_by("place", "id")
    return live.select_related("doctor__specialty", "origin__specialty", "source").defer("body", "body_html")


_OWN = ("pk", "statement_id", "answer_id", "value", "conditions", "confidence", "blind", "after_discussion", "affirmed_at",
        "withdrawn_at", "answer__state")  # fmt: skip
_DOCTOR = ("pk", "name", "credentials", "slug", "specialty_text", "person_id", "practice_id")
_SPECIALTY = ("pk", "slug", "noun", "title")


def _stances(questions: Sequence[int], doctors: dict[int, Doctor]) -> Iterator[tuple[int, Held]]:
    """Current stances with the numbers of their questions, in one query; each doctor is made once."""
    asked = _asked(timezone.now())
    # Said, because the databases differ: those without prose come after those with an answer.
    order = (F("answer__place").asc(nulls_last=True), "created_at", "pk")
    columns = (
        "statement__question_id", *_OWN, *(f"doctor__{name}" for name in _DOCTOR),
        *(f"doctor__specialty__{name}" for name in _SPECIALTY), *asked,
    )  # fmt: skip
    found = Stance.objects.current().filter(statement__question__in=questions).annotate(**asked).order_by(*order)
    ends = (1 + len(_OWN), 1 + len(_OWN) + len(_DOCTOR), 1 + len(_OWN) + len(_DOCTOR) + len(_SPECIALTY))
    for row in found.values_list(*columns):
        own, known = dict(zip(_OWN, row[1 : ends[0]], strict=True)), row[ends[0]]
        if known not in doctors:
            doctors[known] = _doctor(row[ends[0] : ends[1]], row[ends[1] : ends[2]])
        own["live"] = own.pop("answer__state") in {None, Answer.State.PUBLISHED} and own["withdrawn_at"] is None
        yield row[0], Held(doctor=doctors[known], doctor_id=known, **own, **dict(zip(asked, row[ends[2] :], strict=True)))


def _doctor(own: Sequence[Any], specialty: Sequence[Any]) -> Doctor:
    made = Doctor(**dict(zip(_DOCTOR, own, strict=True)))
    made.specialty = Specialty(**dict(zip(_SPECIALTY, specialty, strict=True))) if specialty[0] else None
    return made


def _asked(now: datetime) -> dict[str, Any]:
    """What counting asks of the doctor behind a stance."""
    held = Credential.objects.filter(doctor=OuterRef("doctor"))
    valid = held.valid(now)
    # The treatments of the question, whatever their number: one "yes" makes a doctor one who offers it.
    offers = Interest.objects.filter(
        doctor=OuterRef("doctor"), topic__kind="treatment", topic__about__question=OuterRef("statement__question")
    )
    paid = Disclosure.objects.filter(doctor=OuterRef("doctor"), question=OuterRef("statement__question"))
    here: dict[str, Any] = {"asked_by": OuterRef("doctor__person")}
    joined = Question.objects.filter(merged_into=OuterRef("statement__question"), **here)
    by_way_of_another = Question.objects.filter(merged_into__merged_into=OuterRef("statement__question"), **here)
    return {
        "asked": Exists(joined) | Exists(by_way_of_another),
        "was_verified": Exists(held.filter(level__gte=Credential.COUNTED)),
        # With several valid credentials the one that lasts longest matters; without an end it lasts for ever.
        "until": Subquery(valid.annotate(end=Coalesce("expires_at", _FOR_EVER)).order_by("-end").values("end")[:1]),
        "offers": Subquery(offers.filter(offers__in=("yes", "no")).order_by("-offers").values("offers")[:1]),
        "paid": Subquery(paid.values("paid")[:1]),
    }


def _codings(questions: Sequence[int]) -> Iterable[Coding]:
    return (
        Coding.objects.filter(statement__question__in=questions, statement__state="active", answer__state="published")
        .select_related("statement")
        .order_by("answer__place", "created_at", "pk")
    )


_TOPIC = ("pk", "slug", "name", "folded", "language", "kind")


def _read_topics(rows: Rows, questions: Sequence[int]) -> None:
    """Topics by name, and the specialties that they need, in one query."""
    about = QuestionTopic.objects.filter(question__in=questions).order_by("topic__folded", "topic")
    columns = (*(f"topic__{name}" for name in _TOPIC), "topic__needs__specialty__slug", "topic__needs__role")
    for question, *topic, specialty, role in about.values_list("question", *columns):
        rows.topics[question].setdefault(topic[0], Topic(**dict(zip(_TOPIC, topic, strict=True))))
        if specialty:
            rows.needs[question].append((specialty, role))


def _citations(questions: Sequence[int]) -> Iterable[Citation]:
    live = Citation.objects.filter(answer__question__in=questions, answer__state="published")
    return live.select_related("work", "answer").defer("answer__body", "answer__body_html").order_by("answer__place", "pk")


def specialties(slugs: Iterable[str], missing: Iterable[str], question: int | None) -> dict[str, Any]:
    """Specialties by slug, those that are missing with their members and the invitations to a question: one query."""
    wanted = {slug for slug in slugs if slug}
    if not wanted:
        return {}
    rows = Specialty.objects.filter(slug__in=wanted)
    if question is not None and any(missing):
        members = Doctor.objects.filter(specialty=OuterRef("pk")).filter(
            Exists(Credential.objects.filter(doctor=OuterRef("pk")).valid())
        )
        sent = Invitation.objects.filter(specialty=OuterRef("pk"), question=question).order_by().values("specialty")
        rows = rows.annotate(
            members=_number(members),
            willing=_number(members.filter(takes_invitations=True, person__isnull=False)),
            invited=Subquery(sent.annotate(n=Count("pk")).values("n")),
            declined=Subquery(sent.annotate(n=Count("pk", filter=Q(state="declined"))).values("n")),
            outside=Subquery(sent.annotate(n=Count("pk", filter=Q(state="declined", reason="expertise"))).values("n")),
        )
    return {row.slug: row for row in rows}


def _number(rows: Any) -> Subquery:
    return Subquery(rows.order_by().values("specialty").annotate(n=Count("pk")).values("n"))
