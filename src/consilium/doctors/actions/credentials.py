"""What somebody has checked of a doctor, and taking it back."""

from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from consilium.accounts.models import Person
from consilium.doctors import facts
from consilium.doctors.actions.errors import Refused, require
from consilium.doctors.models import Credential, Doctor
from consilium.journal.actions import record
from consilium.topics.models import Specialty


def end_of(day: date) -> datetime:
    """When a confirmation that is good until this day ends: with the day, in UTC."""
    return datetime.combine(day, time(23, 59, 59), UTC)


@transaction.atomic
def grant_credential(*, editor: Person, doctor: Doctor, jurisdiction: str, expires_at: datetime | None = None) -> Credential:
    """Write down that an editor has seen this doctor's proof."""
    require(editor, "credential.grant", why=_("Only an editor can confirm a doctor's licence."))
    if doctor.person_id is None:
        raise Refused(_("Nobody holds this profile yet: let the doctor ask for it, and decide about that."))
    if doctor.person_id == editor.pk:
        raise Refused(_("This is your own profile, so another editor must confirm it."))
    if not doctor.is_claimed:
        raise Refused(_("Nobody holds this profile. A licence is confirmed for the person who holds it: wait for their request."))
    return grant(doctor=doctor, checked_by=editor, jurisdiction=jurisdiction, expires_at=expires_at)


@transaction.atomic
def grant(
    *,
    doctor: Doctor,
    checked_by: Person | None = None,
    kind: str = Credential.Kind.LICENCE,
    level: int = Credential.Level.SEEN,
    jurisdiction: str = "",
    expires_at: datetime | None = None,
) -> Credential:
    """The same for callers that have asked the policy, and for the operator, who stands above it."""
    new = Credential.objects.create(
        doctor=doctor, kind=kind, specialty=doctor.specialty, level=level, jurisdiction=jurisdiction, checked_by=checked_by,
        expires_at=expires_at,
    )  # fmt: skip
    renew_roster(doctor)
    record(
        facts.CREDENTIAL_GRANTED, subject=f"doctor:{doctor.pk}", actor=checked_by.pk if checked_by else None, credential=new.pk
    )
    return new


@transaction.atomic
def revoke_credential(*, editor: Person | None, credential: Credential, reason: str) -> None:
    """Take a check back, for a reason; the doctor's stances leave every count. `editor` None: the operator. Once is enough."""
    if editor is not None:
        require(editor, "credential.revoke", why=_("Only an editor can take back a confirmation."))
    held = Credential.objects.select_for_update().get(pk=credential.pk)
    if held.revoked_at is not None:
        return
    held.revoked_at, held.reason = timezone.now(), reason
    held.save(update_fields=["revoked_at", "reason"])
    renew_roster(held.doctor)
    record(facts.CREDENTIAL_REVOKED, subject=f"doctor:{held.doctor_id}", actor=editor.pk if editor else None, credential=held.pk)


def renew_roster(doctor: Doctor) -> None:
    """Say that the members of the doctor's specialty are others now, or may be invited or not.

    Copies of pages are compared by the latest of these times, so it only ever grows, whatever a clock does.
    """
    if doctor.specialty_id is not None:
        latest = Specialty.objects.aggregate(latest=Max("roster_at"))["latest"]
        at = timezone.now() if latest is None else max(timezone.now(), latest + timedelta(microseconds=1))
        Specialty.objects.filter(pk=doctor.specialty_id).update(roster_at=at)
