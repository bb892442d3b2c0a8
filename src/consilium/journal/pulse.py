"""A sign that somebody delivers the journal: an idle site has no deliveries by which that could be seen."""

import time
from typing import Final

from django.utils import timezone

from consilium.journal.models import Heartbeat

EVERY_SECONDS: Final = 30.0


class Pulse:
    """One worker's sign of life: a write now and then."""

    def __init__(self) -> None:
        self._last = float("-inf")

    def beat(self) -> None:
        now = time.monotonic()
        if now - self._last >= EVERY_SECONDS:
            Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now()})
            self._last = now
