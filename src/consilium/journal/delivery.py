"""Handing entries to their reactions: each delivery in a transaction of its own, tried again after a failure.

A reaction that must not run in a transaction (`registry.apart`) is put off first, so that no other worker takes it while
it runs, and so that it is run again should this worker die.
"""

import threading
import traceback
from datetime import timedelta

import structlog
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.utils import timezone

from consilium.journal import registry
from consilium.journal.days import Days
from consilium.journal.models import Delivery
from consilium.journal.pulse import Pulse

log = structlog.get_logger(__name__)

IDLE_SECONDS = 0.5
_FIRST_DELAY = timedelta(seconds=5)
_LONGEST_DELAY = timedelta(hours=1)
# Longer than any reaction takes; after this a worker that took it is believed dead.
_PUT_OFF = timedelta(minutes=30)


def deliver_due(limit: int = 100) -> int:
    """Deliver at most `limit` due entries; return how many were tried."""
    tried = 0
    while tried < limit and _deliver_next():
        tried += 1
    return tried


def make_rounds() -> bool:
    """Let every round do a piece of its work; whether one has more. A failure of one is in nobody's way."""
    busy = False
    for one in registry.rounds():
        try:
            busy = one() or busy
        except DatabaseError:
            raise
        except Exception as error:
            # Like a failed reaction: logged, and tried again with the next round.
            log.warning("round.failed", round=one.__name__, error="".join(traceback.format_exception_only(error)).strip()[:1000])
    return busy


def run_forever(stop: threading.Event) -> None:
    """Deliver until `stop` is set, give signs of life, and see each day begin. A database that is away is waited for."""
    days, pulse = Days(), Pulse()
    while not stop.is_set():
        try:
            pulse.beat()
            days.look()
            busy = deliver_due() > 0
            busy = make_rounds() or busy
        except DatabaseError as error:
            log.warning("worker.database_away", error=type(error).__name__)
            busy = False
        close_old_connections()
        if not busy:
            stop.wait(IDLE_SECONDS)
    connection.close()


def _deliver_next() -> bool:
    if not Delivery.objects.due().exists():  # a read takes no lock: an idle worker never blocks a writer
        return False
    with transaction.atomic():
        # SQLite has one writer at a time (IMMEDIATE); PostgreSQL lets workers pass each other.
        locking = {"skip_locked": True} if connection.features.has_select_for_update_skip_locked else {}
        delivery = (
            Delivery.objects.due().select_for_update(of=("self",) if locking else (), **locking).select_related("entry").first()
        )
        if delivery is None:
            return False
        reaction = registry.by_name(delivery.reaction)
        if reaction is None or not registry.is_apart(reaction):
            _attempt(delivery, reaction)
            return True
        delivery.due_at = timezone.now() + _PUT_OFF
        delivery.save(update_fields=["due_at"])
    _attempt(delivery, reaction)
    return True


def _attempt(delivery: Delivery, reaction: registry.Reaction | None) -> None:
    delivery.attempts += 1
    try:
        _run(delivery, reaction)
    except Exception as error:
        # Any failure of one reaction must not stop the others; the row keeps what the operator needs to know.
        delivery.last_error = "".join(traceback.format_exception_only(error)).strip()[:1000]
        delivery.due_at = timezone.now() + min(_FIRST_DELAY * 2 ** min(delivery.attempts - 1, 12), _LONGEST_DELAY)
        log.warning("delivery.failed", reaction=delivery.reaction, entry=delivery.entry_id, attempts=delivery.attempts)
    else:
        delivery.done_at = timezone.now()
        delivery.last_error = ""
    delivery.attempts = min(delivery.attempts, 1000)
    delivery.save(update_fields=["attempts", "last_error", "due_at", "done_at"])


def _run(delivery: Delivery, reaction: registry.Reaction | None) -> None:
    if reaction is None:
        raise LookupError(f"this release has no reaction {delivery.reaction}")
    if registry.is_apart(reaction):
        reaction(delivery.entry)
        return
    with transaction.atomic():
        reaction(delivery.entry)
