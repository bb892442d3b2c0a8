"""`consilium profile claim|release|list`: which account holds which doctor's profile."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consilium.accounts.models import Person
from consilium.doctors import actions
from consilium.doctors.models import Doctor
from consilium.topics.models import Specialty


class Command(BaseCommand):
    help = "Make a doctor's profile, hand it to an account, or take it back. Check first that the person is this doctor."

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

    def _show(self, options: dict[str, Any]) -> None:
        doctor = self._doctor(options["slug"])
        known = {"name": doctor.full_name, "title": doctor.title, "place": doctor.place, "claimed": doctor.is_claimed}
        plain = "\n".join(f"{name}: {value}" for name, value in known.items())
        self.stdout.write(json.dumps(known, ensure_ascii=False) if options["json"] else plain)

    def _doctor(self, slug: str) -> Doctor:
        doctor = Doctor.objects.listed().filter(slug=slug).first()
        if doctor is None:
            raise CommandError(f"there is no profile {slug!r}. Copy the last part of its address on the site.")
        return doctor
