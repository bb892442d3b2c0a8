"""Load the demo content; `consilium demo` does this before it serves."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from consilium.accounts.models import Person
from consilium.doctors.models import Source
from consilium.questions.models import Answer, Question
from consilium.transfer.demo_content import load_demo
from consilium.transfer.demo_people import PERSONAS


class Command(BaseCommand):
    help = "Load the invented topics, doctors, questions and answers of the demo, and open its accounts. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        if _is_real():
            raise CommandError(
                "people use this site already, and invented doctors do not belong there. Set CONSILIUM_DATA to a new folder."
            )
        accounts = load_demo(settings.DATA)
        if options["verbosity"]:
            self.stdout.write(f"Demo content: {Question.objects.count()} questions, {Answer.objects.count()} answers.")
            self.stdout.write(f"Accounts: {', '.join(persona.email for persona in PERSONAS)}")
            self.stdout.write(f"Password of all of them: {accounts.password} (kept in {accounts.file})")


def _is_real() -> bool:
    """Whether people signed up here before any demo content came."""
    return Person.objects.filter(email__isnull=False).exists() and not Source.objects.filter(kind=Source.Kind.DEMO).exists()
