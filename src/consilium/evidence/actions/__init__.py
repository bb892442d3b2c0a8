"""Everything that changes what answers cite. One verb each; each ends in a fact."""

from consilium.evidence.actions.citing import cite, keep_sources, move_citations, set_sources, uncite
from consilium.evidence.actions.editing import EDITABLE, edit_citation, edit_work
from consilium.evidence.actions.errors import BadSource
from consilium.evidence.actions.resolving import resolve
from consilium.evidence.actions.retractions import EmptyList, Loaded, load_retractions, recheck
from consilium.evidence.actions.sources import Says, Source

__all__ = [
    "EDITABLE",
    "BadSource",
    "EmptyList",
    "Loaded",
    "Says",
    "Source",
    "cite",
    "edit_citation",
    "edit_work",
    "keep_sources",
    "load_retractions",
    "move_citations",
    "recheck",
    "resolve",
    "set_sources",
    "uncite",
]
