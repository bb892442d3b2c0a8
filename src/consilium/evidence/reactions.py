"""What happens to sources by itself."""

from consilium.evidence import actions
from consilium.journal.models import Entry
from consilium.journal.registry import apart


@apart
def recheck_daily(entry: Entry) -> None:
    """A day began: every cited work is compared with the list of retractions again."""
    actions.recheck()
