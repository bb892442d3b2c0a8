"""Writing a fact down."""

from typing import Any

from django.db import transaction

from consilium.journal import registry
from consilium.journal.models import Delivery, Entry


@transaction.atomic
def record(fact: str, *, subject: str, actor: int | None = None, **data: Any) -> Entry:
    """Append a fact in the caller's transaction, run its immediate reactions and queue the others.

    `data` must be JSON and holds no text of a person: only numbers, keys and codes.
    """
    entry = Entry.objects.create(fact=fact, subject=subject, actor=actor, data=data)
    for reaction in registry.at_once(fact):
        reaction(entry)
    waiting = [Delivery(entry=entry, reaction=registry.name(reaction)) for reaction in registry.later(fact)]
    if waiting:
        Delivery.objects.bulk_create(waiting)
    return entry
