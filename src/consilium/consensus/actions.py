"""Keeping the states of a consensus, inviting who is missing, and asking those who disagree once more."""

import hashlib
import json
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from consilium.accounts.models import Person
from consilium.accounts.policy import can
from consilium.consensus import facts, reading
from consilium.consensus.models import Invitation, Round, RoundReply, Snapshot
from consilium.consensus.panel import Panel, StatementPanel, data
from consilium.doctors.models import Credential, Doctor
from consilium.doctors.standing import who
from consilium.journal.actions import record
from consilium.questions.actions import NotAllowed, bump
from consilium.questions.models import Answer, Question, Stance, Statement
from consilium.topics.models import Specialty

INVITED_AT_ONCE: Final = 5
INVITED_A_WEEK: Final = 2  # of one doctor
WEEK: Final = timedelta(days=7)


class CannotInvite(NotAllowed):
    """Nobody can be invited now; the message says why."""


def expire(questions: Iterable[int]) -> None:
    """Say that the kept states of these questions may no longer be right; readers then work them out from the stances."""
    Snapshot.objects.filter(statement__question__in=list(questions), superseded_at=None, stale=False).update(stale=True)


@transaction.atomic
def keep(question: Question, *, at: datetime | None = None, answers: Iterable[Answer] | None = None) -> int:
    """Append the states of a question's statements that differ from those kept last; how many did.

    `at` and `answers` are for content that brings its past along: the time of this state, and the answers there were.
    """
    Question.objects.select_for_update().filter(pk=question.pk).first()
    panel = reading.panel_of(question, answers)
    kept = {row.statement_id: row for row in Snapshot.objects.filter(statement__question=question, superseded_at=None)}
    at = at or timezone.now()
    gone = kept.keys() - {one.statement.pk for one in panel.statements}
    Snapshot.objects.filter(pk__in=[kept[pk].pk for pk in gone]).update(superseded_at=at)
    appended = sum(_keep_one(panel, one, kept.get(one.statement.pk), at) for one in panel.statements)
    if appended or not all(row.holds for row in kept.values()):
        bump([question.pk])  # the page leads to the kept states
    return appended


def digest(state: dict[str, Any]) -> str:
    """A fingerprint of a state: the same for the same state."""
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()


def _keep_one(panel: Panel, one: StatementPanel, old: Snapshot | None, at: datetime) -> bool:
    state = data(panel, one)
    found = digest(state)
    if old is not None and old.inputs_hash == found:
        Snapshot.objects.filter(pk=old.pk).update(stale=False, good_until=one.good_until)
        return False
    if old is not None:
        Snapshot.objects.filter(pk=old.pk).update(superseded_at=at)
    Snapshot.objects.create(
        statement=one.statement, algorithm=one.algorithm, inputs_hash=found, data=state, label=one.verdict.label.value,
        side=one.verdict.side.value if one.verdict.side else "", good_until=one.good_until, at=at,
    )  # fmt: skip
    return True


@transaction.atomic
def invite(*, person: Person, question: Question, specialty: Specialty) -> int:
    """Ask up to five willing verified doctors of a missing specialty, chosen by chance; how many were asked."""
    held = Question.objects.select_for_update().get(pk=question.pk)
    if not can(who(person), "question.invite", held.state):
        raise NotAllowed(_("Sign in to invite a doctor; the question must be open for answers."))
    if specialty.slug not in {one.need.specialty for one in reading.panel_of(held).missing}:
        raise CannotInvite(_("A doctor of this specialty has answered already, or the question does not need one."))
    room = INVITED_AT_ONCE - Invitation.objects.filter(question=held, specialty=specialty, state="invited").count()
    willing = list(_willing(held, specialty).values_list("pk", flat=True)[:200])
    chosen = random.SystemRandom().sample(willing, min(max(room, 0), len(willing)))
    if not chosen:
        raise CannotInvite(_no_one(room))
    Invitation.objects.bulk_create(
        Invitation(question=held, doctor_id=pk, specialty=specialty, invited_by=person) for pk in chosen
    )
    bump([held.pk])
    record(facts.INVITED, subject=f"question:{held.pk}", actor=person.pk, specialty=specialty.pk, doctors=len(chosen))
    return len(chosen)


def _willing(question: Question, specialty: Specialty) -> QuerySet[Doctor]:
    """Doctors who agreed to be asked, are verified, have not answered or been asked, and are not asked too often."""
    lately = Count("invitations", filter=Q(invitations__at__gt=timezone.now() - WEEK))
    said = Stance.objects.filter(doctor=OuterRef("pk"), statement__question=question)
    answered = Answer.objects.filter(doctor=OuterRef("pk"), question=question)
    asked = Invitation.objects.filter(doctor=OuterRef("pk"), question=question)
    return (
        Doctor.objects.filter(specialty=specialty, takes_invitations=True, person__isnull=False)
        .filter(Exists(Credential.objects.filter(doctor=OuterRef("pk")).valid()))
        .exclude(Exists(said) | Exists(answered) | Exists(asked))
        .exclude(person=question.asked_by_id)
        .annotate(lately=lately)
        .filter(lately__lt=INVITED_A_WEEK)
        .order_by("pk")
    )


def _no_one(room: int) -> str:
    if room <= 0:
        return _("Five doctors of this specialty are invited already. Wait for their answers.")
    return _("No doctor of this specialty can be invited at the moment: none is a member here, or all have been asked.")


@transaction.atomic
def decline(*, doctor: Doctor, person: Person, invitation: Invitation, reason: str) -> None:
    """Say no to an invitation. Saying it twice is saying it once."""
    held = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if held.doctor_id != doctor.pk or doctor.person_id != person.pk:
        raise NotAllowed(_("This invitation was sent to another doctor."))
    if held.state != Invitation.State.INVITED:
        return
    held.state, held.reason, held.decided_at = Invitation.State.DECLINED, reason, timezone.now()
    held.save(update_fields=["state", "reason", "decided_at"])
    bump([held.question_id])
    record(facts.INVITATION_DECLINED, subject=f"question:{held.question_id}", actor=person.pk, reason=reason)


def note_answered(question: int, doctor: int) -> None:
    """An invited doctor has taken a stance."""
    Invitation.objects.filter(question=question, doctor=doctor).exclude(state="answered").update(
        state=Invitation.State.ANSWERED, reason="", decided_at=timezone.now()
    )


@transaction.atomic
def open_round(*, question: Question, reason: str, actor: Person | None = None) -> Round | None:
    """Ask every doctor with a current stance to look at the others' and keep or change their own; None: nobody to ask.

    A question has at most one open round; opening it again gives that one.
    """
    if actor is not None and not can(who(actor), "question.reconsider", question.state):
        raise NotAllowed(_("Only an editor can ask the doctors to look again."))
    there = Round.objects.filter(question=question, closed_at=None).first()
    if there is not None:
        return there
    doctors = set(_standing(question).values_list("doctor", flat=True))
    if not doctors:
        return None
    try:
        with transaction.atomic():
            new = Round.objects.create(question=question, reason=reason)
    except IntegrityError:  # two at once
        return Round.objects.get(question=question, closed_at=None)
    RoundReply.objects.bulk_create(RoundReply(round=new, doctor_id=pk) for pk in sorted(doctors))
    bump([question.pk])
    record(facts.RECONSIDER_OPENED, subject=f"question:{question.pk}", actor=actor.pk if actor else None, reason=reason)
    return new


def _standing(question: Question) -> QuerySet[Stance]:
    active = Stance.objects.current().filter(statement__question=question, statement__state=Statement.State.ACTIVE)
    return active.filter(withdrawn_at=None, doctor__person__isnull=False)


@transaction.atomic
def reply(*, doctor: Doctor, person: Person, question: Question, changed: bool) -> None:
    """Answer the open round; it closes when all have answered. Call it after the new stances are declared."""
    if doctor.person_id != person.pk:
        raise NotAllowed(_("You can only answer for your own profile."))
    own = RoundReply.objects.select_for_update().filter(round__question=question, round__closed_at=None, doctor=doctor).first()
    if own is None:
        raise NotAllowed(_("There is no open round on this question for you."))
    own.state = RoundReply.State.CHANGED if changed else RoundReply.State.KEPT
    own.at = timezone.now()
    own.save(update_fields=["state", "at"])
    if not own.round.replies.filter(state=RoundReply.State.WAITING).exists():
        Round.objects.filter(pk=own.round_id).update(closed_at=timezone.now())
    bump([question.pk])
    record(facts.RECONSIDERED, subject=f"question:{question.pk}", actor=person.pk, doctor=doctor.pk, changed=changed)
