"""What search does when something happened: it marks vectors as due. Following the journal is following.py's."""

import time
from typing import Final

from django.db import transaction

from consilium.journal.models import Entry
from consilium.search import actions, semantic
from consilium.search.changes import touched

SWEEP_SECONDS: Final = 30.0
_last_sweep = [float("-inf")]


def expect_vectors(entry: Entry) -> None:
    """The text of a question, or of an answer to it, is new or changed."""
    if semantic.INSTALLED:
        actions.expect(touched([entry]).questions)


def compute_vectors() -> bool:
    """A round of the worker: the vectors of a few questions; whether there may be more to do."""
    if not semantic.INSTALLED or actions.model() is None:
        return False
    if actions.embed_some():
        return True
    now = time.monotonic()
    if now - _last_sweep[0] < SWEEP_SECONDS:
        return False
    _last_sweep[0] = now
    with transaction.atomic():
        return actions.sweep() > 0
