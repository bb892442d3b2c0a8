"""Taking a stance on the statements of a question, confirming it, changing it, taking it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consilium.accounts.models import Person
from consilium.doctors.actions import declare_interests
from consilium.doctors.models import Doctor, Interest
from consilium.journal.actions import record
from consilium.questions import facts, rules
from consilium.questions.actions.errors import NotAllowed, require
from consilium.questions.actions.keeping import bump, hold
from consilium.questions.actions.planning import askers
from consilium.questions.models import (
    CONDITIONAL,
    Answer,
    ConditionJSON,
    Disclosure,
    Question,
    SeenAnswers,
    Stance,
    Statement,
    Value,
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a doctor says of one statement, as a form sent it."""

    statement: Statement
    value: str
    conditions: Sequence[ConditionJSON] = ()
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class Interests:
    """What a doctor discloses with a stance: `offers` by number of a treatment; `paid` "" is none, None: not said now."""

    offers: Mapping[int, str] = field(default_factory=dict)
    paid: str | None = None


@transaction.atomic
def declare(
    *,
    doctor: Doctor,
    person: Person,
    question: Question,
    said: Sequence[Said],
    answer: Answer | None = None,
    interests: Interests | None = None,
    after_discussion: bool = False,
) -> list[Stance]:
    """Record where the doctor stands: with an answer of theirs, or without prose as a co-signature (`answer` None).

    A stance that says what the current one says confirms it; another one supersedes it. Raises NotAllowed when a
    condition is missing or interests are not disclosed yet.
    """
    # Before the question: two forms of one doctor wait in this order.
    Doctor.objects.select_for_update(no_key=True).get(pk=doctor.pk)
    held = hold(question)
    imported = answer is not None and answer.is_copy
    require(
        person, "stance.affirm" if imported else "stance.declare", held.state,
        why=_("Only doctors with a profile here can take a stance, while the question is open."),
    )  # fmt: skip
    _must_be_own(doctor, person, held, answer)
    return record_stances(
        question=held, doctor=doctor, said=said, answer=answer, interests=interests, after_discussion=after_discussion
    )


@transaction.atomic
def record_stances(
    *,
    question: Question,
    doctor: Doctor,
    said: Sequence[Said],
    answer: Answer | None,
    interests: Interests | None,
    after_discussion: bool = False,
) -> list[Stance]:
    """The same once the policy has been asked; `question` is held."""
    if doctor.person_id is not None and doctor.person_id in askers(question):
        raise NotAllowed(_("You asked this question, so you cannot take a stance on it."))
    _check(question, said)
    _disclose(question, doctor, interests or Interests())
    blind = not SeenAnswers.objects.filter(doctor=doctor, question=question).exists()
    now = timezone.now()
    current = {one.statement_id: one for one in Stance.objects.current().filter(doctor=doctor, statement__question=question)}
    stances = []
    for one in said:
        new = Stance(
            statement=one.statement, doctor=doctor, answer=answer, value=one.value, conditions=list(one.conditions),
            confidence=one.confidence, blind=blind, after_discussion=after_discussion, created_at=now, affirmed_at=now,
            source=Stance.Source.DECLARED if answer else Stance.Source.COSIGNED,
        )  # fmt: skip
        stances.append(_take_the_place(current.get(one.statement.pk), new))
    bump([question.pk])
    record(
        facts.STANCES_DECLARED, subject=f"question:{question.pk}", actor=doctor.person_id, doctor=doctor.pk,
        statements=[one.statement.pk for one in said],
    )  # fmt: skip
    return stances


def _take_the_place(old: Stance | None, new: Stance) -> Stance:
    if old is not None and old.withdrawn_at is None and _same(old, new):
        old.affirmed_at = new.affirmed_at
        old.save(update_fields=["affirmed_at"])
        return old
    if old is not None:
        Stance.objects.filter(pk=old.pk).update(superseded_at=new.created_at)
    new.save()
    return new


def _same(old: Stance, new: Stance) -> bool:
    return (old.value, old.conditions, old.confidence, old.answer_id) == (
        new.value, new.conditions, new.confidence, new.answer_id,
    )  # fmt: skip


@transaction.atomic
def affirm(*, doctor: Doctor, person: Person, question: Question) -> int:
    """Say that one's stances on the present wording still hold; how many there are."""
    held = hold(question)
    _must_be_own(doctor, person, held, None)
    mine = Stance.objects.current().filter(doctor=doctor, statement__question=held, withdrawn_at=None)
    count = mine.filter(statement__state=Statement.State.ACTIVE).update(affirmed_at=timezone.now())
    if count:
        bump([held.pk])
        record(facts.STANCES_AFFIRMED, subject=f"question:{held.pk}", actor=person.pk, doctor=doctor.pk)
    return count


@transaction.atomic
def withdraw_stances(*, doctor: Doctor, person: Person, question: Question) -> int:
    """Take one's stances on a question back; an answer's text stays. How many were taken back."""
    held = hold(question)
    _must_be_own(doctor, person, held, None)
    mine = Stance.objects.current().filter(doctor=doctor, statement__question=held, withdrawn_at=None)
    count = mine.update(withdrawn_at=timezone.now())
    if count:
        bump([held.pk])
        record(facts.STANCES_WITHDRAWN, subject=f"question:{held.pk}", actor=person.pk, doctor=doctor.pk)
    return count


@transaction.atomic
def see_answers(*, doctor: Doctor, question: Question) -> bool:
    """Remember that the doctor opens the other answers; whether it is the first time. Later stances are not blind."""
    row, first = SeenAnswers.objects.get_or_create(doctor=doctor, question=question)
    if first:
        record(facts.ANSWERS_SEEN, subject=f"question:{question.pk}", actor=doctor.person_id, doctor=row.doctor_id)
    return first


def _must_be_own(doctor: Doctor, person: Person, question: Question, answer: Answer | None) -> None:
    if doctor.person_id != person.pk:
        raise NotAllowed(_("You can only take a stance under your own profile."))
    if answer is None:
        return
    if answer.doctor_id != doctor.pk or answer.question_id != question.pk:
        raise NotAllowed(_("You can only take a stance with your own answer."))
    if answer.state != Answer.State.PUBLISHED:
        raise NotAllowed(_("You have taken this answer back, so it carries no stance."))


def _check(question: Question, said: Sequence[Said]) -> None:
    active = set(question.statements.active().values_list("pk", flat=True))
    for one in said:
        if one.statement.pk not in active:
            raise NotAllowed(_("The statements have changed since you opened the form. Look at them again."))
        if one.value not in Value.values:
            raise NotAllowed(_("Choose where you stand on each statement."))
        texts = [row["text"] for row in one.conditions]
        if rules.conditions_problem(one.value, texts, conditional=CONDITIONAL):
            raise NotAllowed(_("Write at least one condition, or choose “yes” or “no”."))
        if len(texts) > rules.CONDITIONS_OF_A_STANCE or any(len(text) > rules.CONDITION_LIMIT for text in texts):
            raise NotAllowed(_("Write at most five conditions of at most 200 characters."))


def _disclose(question: Question, doctor: Doctor, interests: Interests) -> None:
    """Both interests are needed with the first stance on a treatment; afterwards what was said before holds."""
    treatments = treatments_of(question)
    told = set(Interest.objects.filter(doctor=doctor, topic__in=treatments).values_list("topic", flat=True))
    if treatments - told - set(interests.offers):
        raise NotAllowed(_("Say whether you offer this treatment."))
    declare_interests(
        doctor=doctor, offers={pk: value for pk, value in interests.offers.items() if pk in treatments}, actor=doctor.person_id
    )
    if interests.paid is not None:
        Disclosure.objects.update_or_create(
            doctor=doctor, question=question, defaults={"paid": interests.paid.strip(), "at": timezone.now()}
        )
    elif not Disclosure.objects.filter(doctor=doctor, question=question).exists():
        raise NotAllowed(_("Say whether a maker of the treatment has paid you."))


def treatments_of(question: Question) -> set[int]:
    """Numbers of the treatments that a question is about."""
    return set(question.topics.filter(kind="treatment").values_list("pk", flat=True))
