"""`consilium demo`: set everything up, load the demo content and serve it; the second time it only serves."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from rich.console import Console

from consilium.journal.delivery import deliver_due
from consilium.management.commands import serve

# Two commands of ours, in the order in which a site is set up, with what somebody who waits reads.
STEPS = (("setup", "Preparing the database"), ("load_demo", "Loading the demo content"))
MODEL = ("model", "build", "--if-missing")


class Command(serve.Command):
    help = "Set up the demo content and serve it, with its people's accounts printed, until stopped. The data stays."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(workers=1)

    def handle(self, *args: Any, **options: Any) -> None:
        for command, label in STEPS:
            with _waiting(label):
                call_command(command, stdout=self.stdout)
        with _waiting("Finding related questions"):
            while deliver_due():
                pass
        self.stdout.flush()
        super().handle(*args, **options)

    def beside(self, options: dict[str, Any]) -> serve.Beside:
        """The first time the language model is built meanwhile: nobody waits for it, and search is by words until it is there."""
        usual = super().beside(options)

        def with_model(stop: threading.Event) -> None:
            builder = threading.Thread(target=self._build_model, name="model")
            builder.start()
            usual(stop)
            builder.join()

        return with_model

    def _build_model(self) -> None:
        try:
            call_command(*MODEL, verbosity=0)
        except CommandError as error:
            self.stderr.write(f"The demo goes on without search by meaning: {error}")

    def delivers_beside(self, options: dict[str, Any]) -> bool:
        """One command starts everything, whatever the database."""
        return not options["no_worker"]


@contextmanager
def _waiting(label: str) -> Iterator[None]:
    """A spinner on a terminal, silence elsewhere; on stderr, so that stdout stays what was asked for."""
    if not sys.stderr.isatty():
        yield
        return
    with Console(stderr=True).status(f"{label} …"):
        yield
