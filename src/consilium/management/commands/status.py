"""`consilium status`: how the site is."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consilium.search import health as search
from consilium.web import status


class Command(BaseCommand):
    help = "Say how database, journal, worker and search are; exit status 1 if something does less than it was set up to do."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        found = status.now()
        self.stdout.write(json.dumps(found.data, indent=2) if options["json"] else "\n".join(_lines(found)))
        if not found.ok:
            raise CommandError(" ".join(found.problems))


def _lines(found: status.Status) -> list[str]:
    told = [f"consilium {found.release} ({found.build})", f"database  {found.database}"]
    if found.journal:
        own = found.data["journal"]
        told += [
            f"journal   newest entry {own['newest']}; {own['waiting']} deliveries wait, {own['failing']} of them failed before",
            f"worker    {_ago(own['worker_seen_seconds'])}",
        ]
    if found.search:
        told += _search(found.search)
    return told


def _search(found: search.Health) -> list[str]:
    index = "no index" if found.documents is None else f"{found.documents} documents, {found.size / 1e6:.1f} MB"
    by_meaning = f"{found.vectors or 0} questions by meaning, {found.due} due, {found.overdue} overdue"
    model = "full text only" if found.words_only else found.model or "no language model"
    return [f"search    {index}; {found.behind} entries behind", f"meaning   {model}; {by_meaning}"]


def _ago(seconds: int | None) -> str:
    return "never seen" if seconds is None else f"seen {seconds} s ago"
