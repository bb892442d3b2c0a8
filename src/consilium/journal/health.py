"""How the delivery of the journal stands: for the people who run the site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from consilium.journal.models import Delivery, Entry, Heartbeat

MANY: Final = 1_000
"""No further is counted."""
SILENT: Final = timedelta(minutes=5)
"""A worker that has not been seen for so long is not there; a single reaction takes less."""
LATE: Final = timedelta(minutes=15)
"""So long nothing waits that is delivered, or fails and is tried again."""


@dataclass(frozen=True, slots=True)
class Health:
    """`newest`: number of the last entry, 0 without one. `waiting` and `failing` deliveries are counted up to MANY.

    `oldest_at`: when the oldest entry was recorded that somebody has still to hear of. `seen_at`: when a worker was there.
    """

    newest: int
    newest_at: datetime | None
    waiting: int
    failing: int
    oldest_at: datetime | None
    seen_at: datetime | None

    @property
    def silent(self) -> bool:
        """Whether no worker is there."""
        return self.seen_at is None or timezone.now() - self.seen_at > SILENT

    @property
    def late(self) -> bool:
        """Whether something waits that should have been done."""
        return self.oldest_at is not None and timezone.now() - self.oldest_at > LATE


def health() -> Health:
    """Five queries, none of which looks at everything."""
    last = Entry.objects.order_by("-pk").values_list("pk", "at").first()
    open_ones = Delivery.objects.filter(done_at=None)
    oldest = open_ones.order_by("pk").values_list("entry__at", flat=True).first()
    return Health(
        newest=last[0] if last else 0, newest_at=last[1] if last else None,
        waiting=open_ones.values("pk")[:MANY].count(), failing=open_ones.filter(attempts__gt=0).values("pk")[:MANY].count(),
        oldest_at=oldest, seen_at=Heartbeat.objects.filter(name="worker").values_list("at", flat=True).first(),
    )  # fmt: skip
