"""`consilium worker`: deliver journal entries to their reactions."""

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from consilium.journal.days import Days
from consilium.journal.delivery import deliver_due, make_rounds, run_forever
from consilium.journal.pulse import Pulse
from consilium.lib.interrupts import Interrupt


class Command(BaseCommand):
    help = "Deliver what happened to those who react to it, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="deliver what is due now, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            Pulse().beat()
            Days().look()
            while deliver_due() or make_rounds():
                pass
            return
        stop = Interrupt()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        run_forever(stop)
