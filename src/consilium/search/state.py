"""What search can do at the moment, in words for the page and for the operator. Nothing here raises."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _


class Reduced(StrEnum):
    """Why search does less than it could."""

    NO_INDEX = "no_index"
    BROKEN_INDEX = "broken_index"
    NO_EXTRA = "no_extra"
    NO_MODEL = "no_model"
    NO_VECTORS = "no_vectors"
    BROKEN_VECTORS = "broken_vectors"
    BEHIND = "behind"


@dataclass(frozen=True, slots=True)
class State:
    """`words` and `meaning`: what can be searched by. `behind`: entries of the journal that the index has not seen.

    `reason` is for the operator's log and status page: what exactly was found.
    """

    words: bool = True
    meaning: bool = True
    behind: int = 0
    reduced: tuple[Reduced, ...] = ()
    reason: str = ""

    @property
    def sentence(self) -> str:
        """For readers: what is reduced; "" when nothing is that they would notice."""
        if not self.words:
            return _("Search is not available at the moment. The newest questions are listed instead.")
        if Reduced.BEHIND in self.reduced:
            return _("The newest changes cannot be found yet.")
        return ""

    @property
    def remedies(self) -> list[str]:
        """For the operator: one sentence for each thing that is reduced, with what to do; then what exactly was found."""
        found = [_("What was found: %(reason)s.") % {"reason": self.reason.rstrip(".")}] if self.reduced and self.reason else []
        return [*(_REMEDIES[one]() for one in self.reduced), *found]


_REMEDIES = {
    Reduced.NO_INDEX: lambda: _("There is no search index on this node. Run `consilium reindex`."),
    Reduced.BROKEN_INDEX: lambda: _("The search index cannot be read. Run `consilium reindex`."),
    Reduced.NO_EXTRA: lambda: _("Search is by words alone. Install `consilium[semantic]`, then run `consilium model build`."),
    Reduced.NO_MODEL: lambda: _("Search is by words alone: the language model is missing. Run `consilium model build`."),
    Reduced.NO_VECTORS: lambda: _("Search is by words alone: the index has no vectors. Run `consilium reindex`."),
    Reduced.BROKEN_VECTORS: lambda: _("Search is by words alone: the vectors cannot be read. Run `consilium reindex`."),
    Reduced.BEHIND: lambda: _(
        "The search index is behind the journal: nothing follows it on this node. Start `consilium serve`."
    ),
}
