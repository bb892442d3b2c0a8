"""Asking for a profile, and an editor's decision about it."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consilium.accounts.models import Person
from consilium.doctors import facts
from consilium.doctors.actions.credentials import grant
from consilium.doctors.actions.errors import AlreadyClaimed, Refused, require
from consilium.doctors.actions.profile import claim as hand_over
from consilium.doctors.models import Claim, Credential, Doctor
from consilium.journal.actions import record


@transaction.atomic
def request_claim(*, person: Person, doctor: Doctor, proof: str) -> Claim:
    """Ask an editor for a profile; a person has at most one request waiting, and asking again gives that one back."""
    require(person, "claim.request", why=_("Sign in to ask for this profile."))
    if doctor.is_group:
        raise Refused(_("This profile stands for a group of doctors, so one person cannot claim it."))
    if doctor.person_id is not None or Doctor.objects.filter(person=person).exists():
        raise AlreadyClaimed(_("This profile is claimed already, or your account holds another profile."))
    waiting = Claim.objects.filter(person=person, state=Claim.State.REQUESTED).first()
    if waiting is None:
        waiting = _ask(person, doctor, proof)
    if waiting.doctor_id != doctor.pk:
        raise Refused(_("You have asked for another profile already. Withdraw that request first."))
    return waiting


def _ask(person: Person, doctor: Doctor, proof: str) -> Claim:
    try:
        with transaction.atomic():
            new = Claim.objects.create(person=person, doctor=doctor, proof=proof)
    except IntegrityError:  # the same form sent twice at once
        return Claim.objects.get(person=person, state=Claim.State.REQUESTED)
    record(facts.CLAIM_REQUESTED, subject=f"claim:{new.pk}", actor=person.pk)
    return new


@transaction.atomic
def withdraw_claim(*, person: Person, claim: Claim) -> None:
    """Take one's request back."""
    held = _held(claim)
    require(person, "claim.withdraw", held.state, owner=held.person_id == person.pk, why=_("This request is decided already."))
    _decide(held, Claim.State.WITHDRAWN, by=None)
    record(facts.CLAIM_WITHDRAWN, subject=f"claim:{held.pk}", actor=person.pk)


@transaction.atomic
def approve_claim(
    *, editor: Person, claim: Claim, jurisdiction: str, expires_at: datetime | None = None, note: str = ""
) -> Credential:
    """Hand the profile over and write down that an editor has seen proof: from now on the doctor's stances count."""
    Doctor.objects.select_for_update().get(pk=claim.doctor_id)  # before any claim: two claims of one profile wait in this order
    held = _held(claim)
    _may_decide(editor, held)
    hand_over(doctor=held.doctor, person=held.person, actor=editor.pk)
    _decide(held, Claim.State.APPROVED, by=editor, note=note)
    Claim.objects.filter(doctor=held.doctor, state=Claim.State.REQUESTED).update(
        state=Claim.State.DECLINED, decided_at=timezone.now(), decided_by=editor
    )
    credential = grant(doctor=held.doctor, checked_by=editor, jurisdiction=jurisdiction, expires_at=expires_at)
    record(facts.CLAIM_DECIDED, subject=f"claim:{held.pk}", actor=editor.pk, approved=True)
    return credential


@transaction.atomic
def decline_claim(*, editor: Person, claim: Claim, note: str) -> None:
    """Say no, with a reason that the person reads on the account page."""
    held = _held(claim)
    _may_decide(editor, held)
    _decide(held, Claim.State.DECLINED, by=editor, note=note)
    record(facts.CLAIM_DECIDED, subject=f"claim:{held.pk}", actor=editor.pk, approved=False)


def _held(claim: Claim) -> Claim:
    return Claim.objects.select_for_update(of=("self",)).select_related("doctor", "person").get(pk=claim.pk)


def _may_decide(editor: Person, held: Claim) -> None:
    require(editor, "claim.decide", held.state, why=_("Only an editor can decide this, and only once."))
    if held.person_id == editor.pk:
        raise Refused(_("You asked for this profile yourself, so another editor must decide."))


def _decide(held: Claim, state: str, *, by: Person | None, note: str = "") -> None:
    held.state, held.decided_at, held.decided_by, held.note = state, timezone.now(), by, note
    held.save(update_fields=["state", "decided_at", "decided_by", "note"])
