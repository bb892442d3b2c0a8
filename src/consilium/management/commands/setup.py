"""`consilium migrate`: bring the database, its reference data and the static files up to date."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from consilium.doctors.cities import load_cities
from consilium.topics.actions import load_specialties
from consilium.topics.vocabulary import load_topics


class Command(BaseCommand):
    help = (
        "Bring the database, its reference data (specialties, topics, cities) and the static files up to date. Safe to run again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = {"verbosity": 0}
        call_command("migrate", interactive=False, **quiet)
        call_command("createcachetable", **quiet)
        call_command("collectstatic", interactive=False, **quiet)
        specialties, topics, cities = load_specialties(), load_topics(), load_cities()
        if options["verbosity"]:
            self.stdout.write(f"The database is up to date: {specialties} specialties, {topics} topics, {cities} cities.")
