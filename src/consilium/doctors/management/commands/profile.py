"""`consilium profile …`: doctors' profiles, which account holds them, and whether a licence is confirmed."""

import json
from argparse import ArgumentTypeError
from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consilium.accounts.models import Person
from consilium.doctors import actions
from consilium.doctors.actions.credentials import grant
from consilium.doctors.models import Credential, Doctor
from consilium.topics.models import Specialty

_LIMIT = 80  # characters of a jurisdiction or a reason


class Command(BaseCommand):
    help = (
        "Make a doctor's profile, hand it to an account, take it back, confirm a licence. "
        "Check first that the person is this doctor."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        new = verbs.add_parser("new", help="make a profile that nobody holds yet")
        new.add_argument("name")
        new.add_argument("--credentials", default="", help='such as "MD, PhD"')
        new.add_argument("--specialty", default="", help="slug of a specialty, such as dermatology")
        claim = verbs.add_parser("claim", help="hand a profile to an account")
        claim.add_argument("slug", help="last part of the profile's address")
        claim.add_argument("email", help="address the account signs in with")
        release = verbs.add_parser("release", help="take a profile back; its answers stay")
        release.add_argument("slug")
        verify = verbs.add_parser("verify", help="write down that you have seen proof of a licence: the doctor's stances count")
        verify.add_argument("slug")
        verify.add_argument("--jurisdiction", required=True, type=_some, help='where the licence holds, such as "California"')
        verify.add_argument("--expires", type=_day, metavar="YYYY-MM-DD", help="last day on which it holds; left out: no end")
        revoke = verbs.add_parser("revoke", help="take the confirmation back: the doctor's stances leave every count")
        revoke.add_argument("slug")
        revoke.add_argument("--reason", required=True, type=_some, help="why, for the other editors")
        show = verbs.add_parser("show", help="tell what is known of a profile")
        show.add_argument("slug")
        show.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['verb']}")(options)

    def _new(self, options: dict[str, Any]) -> None:
        specialty = Specialty.objects.filter(slug=options["specialty"]).first()
        if options["specialty"] and specialty is None:
            raise CommandError(f"there is no specialty {options['specialty']!r}. See the list on /doctors/.")
        doctor = actions.create(name=options["name"], credentials=options["credentials"], specialty=specialty)
        self.stdout.write(f"Made {doctor.get_absolute_url()}; hand it over with: consilium profile claim {doctor.slug} EMAIL")

    def _claim(self, options: dict[str, Any]) -> None:
        person = Person.objects.filter(email__iexact=options["email"]).first()
        if person is None:
            raise CommandError("nobody has signed up with this address. Let them sign up first.")
        try:
            actions.claim(doctor=self._doctor(options["slug"]), person=person)
        except actions.AlreadyClaimed as error:
            raise CommandError(str(error)) from None
        self.stdout.write("Done.")

    def _release(self, options: dict[str, Any]) -> None:
        actions.release(doctor=self._doctor(options["slug"]))
        self.stdout.write("Done.")

    def _verify(self, options: dict[str, Any]) -> None:
        doctor, day = self._doctor(options["slug"]), options["expires"]
        if not doctor.is_claimed:
            raise CommandError(f"nobody holds this profile. Hand it over first: consilium profile claim {doctor.slug} EMAIL")
        grant(doctor=doctor, jurisdiction=options["jurisdiction"], expires_at=actions.end_of(day) if day else None)
        self.stdout.write(f"Done. What {doctor.full_name} says counts now{f' until {day}' if day else ''}.")

    def _revoke(self, options: dict[str, Any]) -> None:
        doctor = self._doctor(options["slug"])
        held = list(doctor.credentials_held.filter(revoked_at=None, level__gte=Credential.COUNTED))
        for credential in held:
            actions.revoke_credential(editor=None, credential=credential, reason=options["reason"])
        self.stdout.write("Done. What the doctor says no longer counts." if held else "Nothing to do: nothing was confirmed.")

    def _show(self, options: dict[str, Any]) -> None:
        doctor = self._doctor(options["slug"])
        known = {
            "name": doctor.full_name, "title": doctor.title, "place": doctor.place, "claimed": doctor.is_claimed,
            "verified": Credential.objects.filter(doctor=doctor).valid().exists(),
        }  # fmt: skip
        plain = "\n".join(f"{name}: {value}" for name, value in known.items())
        self.stdout.write(json.dumps(known, ensure_ascii=False) if options["json"] else plain)

    def _doctor(self, slug: str) -> Doctor:
        doctor = Doctor.objects.listed().filter(slug=slug).first()
        if doctor is None:
            raise CommandError(f"there is no profile {slug!r}. Copy the last part of its address on the site.")
        return doctor


def _some(text: str) -> str:
    """A text that is not empty and fits."""
    stripped = " ".join(text.split())
    if not stripped or len(stripped) > _LIMIT:
        raise ArgumentTypeError(f"write 1 to {_LIMIT} characters")
    return stripped


def _day(text: str) -> date:
    """A day that is still to come."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a day; write it as YYYY-MM-DD") from None
    if day < datetime.now(UTC).date():
        raise ArgumentTypeError(f"{text} has passed; give a day that is still to come")
    return day
