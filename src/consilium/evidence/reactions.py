"""What happens to sources by itself."""

from datetime import timedelta
from typing import Final

import structlog
from django.utils import timezone

from consilium.evidence import actions, backends
from consilium.evidence.models import Work
from consilium.journal.models import Entry
from consilium.journal.registry import apart

log = structlog.get_logger(__name__)

# A registry that has not answered for so long will not be asked about the same work again by itself.
_GIVE_UP: Final = timedelta(days=3)


def follow_moved(entry: Entry) -> None:
    """Answers moved to another question: their citations say the same of the same statement there."""
    actions.move_citations(answers=entry.data["answers"], statements=[(now, then) for now, then in entry.data["statements"]])


@apart
def recheck_daily(entry: Entry) -> None:
    """A day began: every cited work is compared with the list of retractions again."""
    actions.recheck()


@apart
def resolve_cited(entry: Entry) -> None:
    """Works were cited: ask their registry for what is not known of them, if the operator allows that."""
    if not backends.switched_on():
        return
    silent = None
    for work in Work.objects.filter(pk__in=entry.data["works"], url="").order_by("pk"):
        try:
            _resolve(work)
        except backends.NoAnswer as error:
            silent = error
            log.warning("evidence.no_answer", work=work.pk, reason=str(error))
    if silent is not None and timezone.now() - entry.at < _GIVE_UP:
        raise silent  # the journal tries again, later and later


def _resolve(work: Work) -> None:
    if work.title and work.resolved_at is not None:
        return
    found = backends.look_up(doi=work.doi, pmid=work.pmid)
    if found is not None:
        actions.resolve(work=work, found=found)
