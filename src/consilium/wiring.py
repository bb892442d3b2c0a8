"""Who reacts to what: the one place that knows all apps.

AT_ONCE runs inside the recording transaction, for what must never lag, such as the version numbers of the pages that
a doctor's rename touches. LATER is run by the worker. So a lower app can change what a higher page shows without
knowing the page.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from consilium.doctors import facts as doctors
from consilium.journal import registry
from consilium.questions import facts as questions
from consilium.questions import reactions
from consilium.topics import facts as topics
from consilium.transfer import facts as transfer

AT_ONCE: Final[Mapping[str, Sequence[registry.Reaction]]] = {
    doctors.CHANGED: [reactions.renew_pages_of_doctor],
    doctors.CLAIMED: [reactions.renew_pages_of_doctor],
    doctors.RELEASED: [reactions.renew_pages_of_doctor],
    topics.RENAMED: [reactions.renew_pages_of_topic],
}
LATER: Final[Mapping[str, Sequence[registry.Reaction]]] = {
    questions.ASKED: [reactions.relate],
    transfer.IMPORTED: [reactions.relate_imported],
}


def wire() -> None:
    """Fill the journal's registry; called once when all apps are loaded."""
    registry.fill(AT_ONCE, LATER)
