"""How the search of this node stands: for the people who run the site."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.db.models import Max
from django.utils import timezone

from consilium.questions.models import Question
from consilium.search import actions, folder, opening, semantic
from consilium.search.following import root, unread
from consilium.search.models import Vector, overdue
from consilium.search.node import Node
from consilium.search.state import Reduced, State

MANY: Final = 1_000
"""No further is counted."""
LATELY: Final = 5_000
"""Questions, the newest by number, among which overdue vectors are looked for; the worker looks at all."""
LAGGING: Final = timedelta(minutes=1)
"""An entry that the index has not seen for so long will not be seen without help."""


@dataclass(frozen=True, slots=True)
class Health:
    """What there is, and what `state` makes of it. Numbers of what waits are counted up to MANY.

    `documents`: questions, doctors and topics in the index, None without one; `vectors`: questions in it that are found by
    meaning, None where they cannot be; `size` of the index in bytes; `behind`: entries of the journal that it has not seen.
    `due`: questions whose vectors wait for the worker; `overdue`: of the newest LATELY, those that nobody marked so far.
    `model`: the language model's name, "" where it is missing; `installed`: whether the extra is.
    """

    state: State
    documents: int | None
    vectors: int | None
    size: int
    behind: int
    due: int
    overdue: int
    model: str
    installed: bool

    @property
    def words_only(self) -> bool:
        """Whether the site was set up for full text only; nothing is wrong with that."""
        return not self.installed

    @property
    def remedies(self) -> list[str]:
        """What does less than it was set up to do, a sentence each with the command that repairs it."""
        wrong = tuple(one for one in self.state.reduced if one is not Reduced.NO_EXTRA)
        return replace(self.state, reduced=wrong).remedies


def health() -> Health:
    """Five queries, each of which stops early; never an error because of an index."""
    node, state = opening.opened()
    behind, since = _behind(node)
    if since is not None and timezone.now() - since > LAGGING:
        state = _with(state, Reduced.BEHIND)
    if semantic.INSTALLED and actions.model() is None:
        state = _with(state, Reduced.NO_MODEL)
    last = Question.objects.aggregate(last=Max("pk"))["last"] or 0
    missed = overdue(semantic.MODEL).filter(pk__gt=last - LATELY)
    return Health(
        state=state,
        documents=node.words.searcher.num_docs - 1 if node else None,
        vectors=len(node.vectors) if node and node.vectors is not None else None,
        size=_size(folder.current(root())),
        behind=behind,
        due=Vector.objects.filter(due=True).values("pk")[:MANY].count(),
        overdue=missed.values("pk")[:MANY].count() if semantic.INSTALLED else 0,
        model=semantic.MODEL if actions.model() is not None else "",
        installed=semantic.INSTALLED,
    )


def _with(state: State, one: Reduced) -> State:
    return state if one in state.reduced else replace(state, reduced=(*state.reduced, one))


def _behind(node: Node | None) -> tuple[int, datetime | None]:
    """How many entries the index has not seen, and when the oldest of them was recorded."""
    if node is None:
        return 0, None
    times = list(unread(node.words.state).order_by("pk").values_list("at", flat=True)[:MANY])
    return len(times), times[0] if times else None


def _size(generation: Path | None) -> int:
    try:
        return sum(file.stat().st_size for file in generation.rglob("*") if file.is_file()) if generation else 0
    except OSError:
        return 0  # the files of a generation may go while they are looked at
