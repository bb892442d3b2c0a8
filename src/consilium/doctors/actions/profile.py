"""Changes to doctors' profiles."""

import hashlib
from itertools import chain, count
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consilium.accounts.models import Person
from consilium.doctors import facts
from consilium.doctors.actions.credentials import revoke_credential
from consilium.doctors.actions.errors import AlreadyClaimed, require
from consilium.doctors.models import Credential, Doctor, Practice
from consilium.journal.actions import record
from consilium.lib.text import fold, slug
from consilium.topics.models import Specialty


@transaction.atomic
def create(*, name: str, credentials: str = "", specialty: Specialty | None = None, **fields: Any) -> Doctor:
    """Make a profile that nobody holds, under an address that is free."""
    doctor = Doctor.objects.create(name=name, credentials=credentials, specialty=specialty, slug=free_slug(name), **fields)
    record(facts.CREATED, subject=f"doctor:{doctor.pk}")
    return doctor


def free_slug(name: str) -> str:
    """An address for a profile of this name that no other has; a name without letters still gets one."""
    wanted = slug(name) or "doctor"
    taken = set(Doctor.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(one for one in chain([wanted], (f"{wanted}-{n}" for n in count(2))) if one not in taken)


@transaction.atomic
def claim(*, doctor: Doctor, person: Person, actor: int | None = None) -> None:
    """Hand the profile to the person who proved to be this doctor."""
    held = Doctor.objects.select_for_update().get(pk=doctor.pk)
    if held.person_id == person.pk:
        return
    if held.person_id is not None or Doctor.objects.filter(person=person).exists():
        raise AlreadyClaimed(_("The profile is claimed already, or this account holds another profile."))
    held.person, held.claimed_at = person, timezone.now()
    held.save(update_fields=["person", "claimed_at"])
    record(facts.CLAIMED, subject=f"doctor:{doctor.pk}", actor=actor)


@transaction.atomic
def release(*, doctor: Doctor, actor: int | None = None) -> None:
    """Take the profile back from its account; the answers stay, but what was checked of the person no longer holds."""
    Doctor.objects.filter(pk=doctor.pk).update(person=None, claimed_at=None)
    for credential in Credential.objects.filter(doctor=doctor, revoked_at=None):
        revoke_credential(editor=None, credential=credential, reason=_("The profile was taken back from its account."))
    record(facts.RELEASED, subject=f"doctor:{doctor.pk}", actor=actor)


@transaction.atomic
def change(*, doctor: Doctor, actor: int | None = None, **fields: Any) -> None:
    """Change what a profile shows (name, badge, specialty, …); every page that names the doctor is renewed."""
    for name, value in fields.items():
        setattr(doctor, name, value)
    doctor.save(update_fields=list(fields))
    record(facts.CHANGED, subject=f"doctor:{doctor.pk}", actor=actor, fields=sorted(fields))


@transaction.atomic
def set_practice(*, editor: Person, doctor: Doctor, name: str) -> Practice | None:
    """Say where the doctor works, "" for nowhere known; doctors of one practice who say the same count once."""
    require(editor, "doctor.practice", why=_("Only an editor can say where a doctor works."))
    practice = _practice(" ".join(name.split()))
    if doctor.practice_id != (practice.pk if practice else None):
        change(doctor=doctor, actor=editor.pk, practice=practice)
    return practice


def _practice(name: str) -> Practice | None:
    """The practice of this name, however it is written; made when there is none."""
    if not name:
        return None
    there = Practice.objects.filter(name__iexact=name).order_by("pk").first()
    # The key is made of the name, so that two editors who write it at once make one practice.
    key = f"practice/{hashlib.sha256(fold(name).encode()).hexdigest()[:40]}"
    return there or Practice.objects.get_or_create(key=key, defaults={"name": name})[0]
