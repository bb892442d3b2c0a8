"""The beginning of each day (UTC), which the worker writes down once for all who have something to do every night."""

from datetime import date

from django.db import IntegrityError
from django.utils import timezone

from consilium.journal import facts
from consilium.journal.actions import record
from consilium.journal.models import Entry


class Days:
    """One worker's calendar. It asks the database only when the day it knows is over."""

    def __init__(self) -> None:
        self._known: date | None = None

    def look(self) -> bool:
        """Record that a new day began, unless another worker has; whether this one did. Days without a worker are left out."""
        today = timezone.now().date()
        if today == self._known:
            return False
        began = begin(today)
        self._known = today
        return began


def begin(day: date) -> bool:
    """Record the beginning of this day; False when it is recorded already."""
    subject = f"day:{day.isoformat()}"
    if Entry.objects.filter(fact=facts.DAY_BEGAN, subject=subject).exists():  # a read takes no lock
        return False
    try:
        record(facts.DAY_BEGAN, subject=subject)
    except IntegrityError:  # another worker was quicker: the database lets one of them
        return False
    return True
