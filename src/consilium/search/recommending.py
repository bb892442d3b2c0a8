"""Questions like those that somebody has dealt with before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import structlog

from consilium.search import opening, semantic
from consilium.search.models import Vector
from consilium.search.node import ALIKE
from consilium.search.text_index import BrokenIndex, Hit

log = structlog.get_logger(__name__)

LIKE: Final = 0.50
"""The cosine from which on a question can be said to be like the others."""


def like(questions: Iterable[int], *, limit: int) -> list[Hit]:
    """Questions whose meaning is nearest to what these have in common, with the cosine. Whether they are visible is not asked.

    At most one query; empty, never an error, where this node has no vectors to look in.
    """
    node, _state = opening.opened()
    if node is None or node.vectors is None:
        return []
    known = set(questions)
    wholes = [
        whole for whole in Vector.objects.good(semantic.MODEL).filter(pk__in=known).values_list("whole", flat=True) if whole
    ]
    if not wholes:
        return []
    try:
        hits = node.vectors.nearest(semantic.middle(wholes), limit + len(known), whole=True)
    except BrokenIndex as error:
        log.warning("search.broken_index", reason=str(error)[:200])
        return []
    return [hit for hit in hits if hit.score >= ALIKE and hit.number not in known][:limit]
