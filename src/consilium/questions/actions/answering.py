"""Answering, and changing or taking back one's answer."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from consilium.accounts.models import Person
from consilium.doctors.models import Doctor
from consilium.journal.actions import record
from consilium.lib.markdown import MARKDOWN, render
from consilium.questions import facts, rules
from consilium.questions.actions.errors import AlreadyAnswered, EditConflict, NotAllowed, require
from consilium.questions.actions.keeping import bump, hold, hold_answer, hold_doctors, recount, recount_doctors
from consilium.questions.actions.planning import askers
from consilium.questions.actions.stances import Interests, Said, record_stances
from consilium.questions.models import Answer, Question, Revision, Stance


@transaction.atomic
def answer(
    *,
    doctor: Doctor,
    person: Person,
    question: Question,
    headline: str,
    body: str,
    language: str,
    said: Sequence[Said] = (),
    interests: Interests | None = None,
) -> Answer:
    """Publish a doctor's answer with the stances it takes; raise AlreadyAnswered when there is one."""
    hold_doctors([doctor.pk])
    held = hold(question)
    _may_answer(held, doctor, person)
    now = timezone.now()
    place = (held.answers.aggregate(last=Max("place"))["last"] or 0) + 1
    new = Answer.objects.create(
        question=held, doctor=doctor, written_by=person, headline=headline, body=body, body_html=render(body, MARKDOWN),
        language=language, place=place, answered_at=now, listed_at=now,
    )  # fmt: skip
    _keep_wording(new, person)
    _renew(new)
    if said:
        record_stances(question=held, doctor=doctor, said=said, answer=new, interests=interests)
    record(facts.ANSWERED, subject=f"question:{held.pk}", actor=person.pk, answer=new.pk)
    return new


def _may_answer(question: Question, doctor: Doctor, person: Person) -> None:
    require(person, "question.answer", question.state, why=_closed_or_no_doctor(question))
    if doctor.person_id != person.pk:
        raise NotAllowed(_("You can only answer under your own profile."))
    if person.pk in askers(question):
        raise NotAllowed(_("You asked this question, so other doctors answer it."))
    existing = question.answers.filter(doctor=doctor, state=Answer.State.PUBLISHED, source=None).first()
    if existing:
        raise AlreadyAnswered(existing)


@transaction.atomic
def edit_answer(*, person: Person, answer: Answer, headline: str, body: str, based_on: int) -> Answer:
    """Save another wording of one's answer; `based_on` is the revision the form showed, a newer one raises EditConflict."""
    held = _held(person, answer, "answer.edit")
    if held.revision != based_on:
        raise EditConflict(held)
    if (held.headline, held.body) == (headline, body):
        return held
    if not held.revisions.exists():
        _keep_wording(held, held.written_by)  # it came without one
    held.headline, held.body, held.body_html = headline, body, render(body, held.body_format)
    held.revision, held.edited_at = held.revision + 1, timezone.now()
    held.save(update_fields=["headline", "body", "body_html", "revision", "edited_at"])
    _keep_wording(held, person)
    bump([held.question_id])
    record(facts.ANSWER_EDITED, subject=f"answer:{held.pk}", actor=person.pk, revision=held.revision)
    return held


@transaction.atomic
def withdraw_answer(*, person: Person, answer: Answer) -> None:
    """Take one's answer back: a note stays in its place, the text is no longer shown."""
    held = _held(person, answer, "answer.withdraw")
    held.state = Answer.State.WITHDRAWN
    held.save(update_fields=["state"])
    _end_stances(held, person)
    _renew(held)
    record(facts.ANSWER_WITHDRAWN, subject=f"answer:{held.pk}", actor=person.pk)


def _end_stances(answer: Answer, person: Person) -> None:
    """The stances taken with it, wherever they are: a merge may have left one on another question than the answer."""
    ended = Stance.objects.current().filter(answer=answer, withdrawn_at=None)
    elsewhere = set(ended.values_list("statement__question", flat=True)) - {answer.question_id}
    ended.update(withdrawn_at=timezone.now())
    bump(elsewhere)
    for number in sorted(elsewhere):
        record(facts.STANCES_WITHDRAWN, subject=f"question:{number}", actor=person.pk, doctor=answer.doctor_id)


def _closed_or_no_doctor(question: Question) -> str:
    if question.takes_answers:
        return _("Only doctors with a profile here can answer. Sign in with the account that holds your profile.")
    return _("This question takes no new answers at the moment.")


def _held(person: Person, answer: Answer, action: str) -> Answer:
    held = hold_answer(answer)
    holder = held.doctor.person_id if held.doctor else None
    owner = rules.is_own(person.pk, writer=held.written_by_id, holder=holder)
    require(person, action, held.state, owner=owner, why=_("Only the doctor who wrote this answer can do this."))
    return held


def _renew(answer: Answer) -> None:
    recount(answer.question_id)
    bump([answer.question_id])
    assert answer.doctor_id is not None
    recount_doctors([answer.doctor_id])


def _keep_wording(answer: Answer, person: Person | None) -> None:
    Revision.objects.create(
        answer=answer, number=answer.revision, title=answer.headline, body=answer.body, body_format=answer.body_format,
        person=person, at=answer.edited_at or answer.listed_at,
    )  # fmt: skip
