"""`consilium role EMAIL ROLE [--take]`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consilium.accounts.actions import grant, take
from consilium.accounts.models import Person, Role


class Command(BaseCommand):
    help = "Give the person with this e-mail address a role, or take it away."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=[name.value for name in Role.Name])
        parser.add_argument("--take", action="store_true", help="take the role away")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(email__iexact=options["email"]).first()
        if person is None:
            raise CommandError("nobody has signed up with this address. Let them sign up first.")
        changed = take(person=person, role=options["role"]) if options["take"] else grant(person=person, role=options["role"])
        self.stdout.write("Done." if changed else "Nothing to do: it was so already.")
