"""What the demo's doctors are beside their names: checked or not, members who take invitations, colleagues of a practice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from consilium.accounts.models import Person
from consilium.doctors.countries import name_of
from consilium.doctors.models import Claim, Credential, Doctor, Interest, Practice
from consilium.lib.text import slug
from consilium.transfer.records import PersonRecord, Where

Entry = Mapping[str, Any]
CHECKED: Final = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)


def person_key(entry: Entry) -> str | None:
    """The account behind a profile; None for one that its doctor has not claimed."""
    return f"demo/person/{entry['slug']}" if entry.get("member", True) else None


def people(entries: Sequence[Entry], where: Where, others: Mapping[str, object]) -> Iterator[PersonRecord]:
    """Accounts of doctors who are members; they have no address and cannot sign in. `others` hold an account already."""
    for entry in entries:
        key = person_key(entry)
        if key is not None and entry["slug"] not in others:
            yield PersonRecord(where=where, key=key)


def offers(entries: Sequence[Entry]) -> dict[str, dict[str, str]]:
    """By doctor and treatment: those they offer, and those of which they prefer not to speak."""
    return {
        entry["slug"]: dict.fromkeys(entry.get("offers", ()), Interest.Offers.YES.value)
        | dict.fromkeys(entry.get("undisclosed", ()), Interest.Offers.UNDISCLOSED.value)
        for entry in entries
    }


def load_standing(entries: Sequence[Entry]) -> None:
    """Credentials, practices and readiness to be invited, once: what an editor or a doctor changed here stays changed."""
    doctors = {one.slug: one for one in Doctor.objects.filter(key__startswith="demo/doctor/")}
    done = set(Credential.objects.filter(key__startswith="demo/credential/").values_list("doctor__slug", flat=True))
    new = [entry for entry in entries if entry["slug"] in doctors.keys() - done and entry.get("member", True)]
    willing = [doctors[entry["slug"]].pk for entry in new if entry.get("invitations")]
    Doctor.objects.filter(pk__in=willing).update(takes_invitations=True)
    for entry in new:
        if "practice" in entry:
            key, name = f"demo/practice/{slug(entry['practice'])}", entry["practice"]
            practice, _made = Practice.objects.get_or_create(key=key, defaults={"name": name})
            Doctor.objects.filter(pk=doctors[entry["slug"]].pk).update(practice=practice)
    Credential.objects.bulk_create(_credential(doctors[entry["slug"]], entry) for entry in new if entry.get("verified", True))


def _credential(doctor: Doctor, entry: Entry) -> Credential:
    revoked = entry.get("revoked", {})
    return Credential(
        key=f"demo/credential/{doctor.slug}", doctor=doctor, kind=Credential.Kind.DEMONSTRATION, specialty_id=doctor.specialty_id,
        level=Credential.Level.SOURCE, jurisdiction=name_of(entry["country"]), checked_at=CHECKED, revoked_at=revoked.get("at"),
        reason=revoked.get("reason", ""),
    )  # fmt: skip


def load_claim(doctor: str, person: str, proof: str) -> None:
    """Let somebody wait for an editor to hand them a profile (slug), the first time."""
    profile, asker = Doctor.objects.filter(slug=doctor, person=None).first(), Person.objects.filter(key=person).first()
    if profile is not None and asker is not None and not asker.claims.exists():
        Claim.objects.create(key=f"demo/claim/{doctor}", doctor=profile, person=asker, proof=proof)
