"""`consilium serve`: the site over HTTP."""

import os
import threading
from argparse import ArgumentTypeError
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from consilium.journal.delivery import run_forever
from consilium.search.following import follow
from consilium.server.environ import NotANetwork, Proxies
from consilium.server.limits import Limits
from consilium.server.run import CannotListen, Options, serve

Beside = Callable[[threading.Event], None]


class Command(BaseCommand):
    help = "Serve the site over HTTP, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=settings.CONFIG.host, help="address to listen on (default: %(default)s)")
        parser.add_argument(
            "--port", default=settings.CONFIG.port, type=_port, help="port, 0 for any free one (default: %(default)s)"
        )
        parser.add_argument("--workers", default=_cores(), type=_positive, help="processes (default: %(default)s)")
        parser.add_argument(
            "--threads", default=3, type=_positive, help="requests that one process answers at once (default: %(default)s)"
        )
        parser.add_argument("--no-worker", action="store_true", help="with SQLite: leave the journal to `consilium worker`")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            what = Options(
                host=options["host"],
                port=options["port"],
                workers=options["workers"],
                threads=options["threads"],
                limits=Limits(body_bytes=settings.CONFIG.max_body_bytes),
                proxies=Proxies(settings.CONFIG.trusted_proxies),
                beside=self.beside(options),
            )
            serve(what, announce=self._announce)
        except (CannotListen, NotANetwork) as error:
            raise CommandError(str(error)) from None

    def beside(self, options: dict[str, Any]) -> Beside:
        """What a thread of the parent does once pages are answered, until its event is set."""
        return deliver_and_follow if self.delivers_beside(options) else follow

    def delivers_beside(self, options: dict[str, Any]) -> bool:
        """Whether the journal is delivered by a thread of this process."""
        return connection.vendor == "sqlite" and not options["no_worker"]

    def _announce(self, address: str) -> None:
        self.stdout.write(f"{settings.CONFIG.site_name} listens on {address}")
        self.stdout.flush()


def deliver_and_follow(stop: threading.Event) -> None:
    """Beside the requests: deliver the journal, and keep this node's search index level with it."""
    follower = threading.Thread(target=follow, args=(stop,), name="search")
    follower.start()
    run_forever(stop)
    follower.join()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text} is no number of at least 1")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise ArgumentTypeError(f"{text} is no port; use a number from 0 to 65535")
    return int(text)
