"""The indexes of this node, opened once per process and renewed when they change on disk."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from consilium.search import actions, folder, gathering, semantic
from consilium.search.following import root
from consilium.search.node import VECTORS, WORDS, Node
from consilium.search.state import Reduced, State
from consilium.search.text_index import BrokenIndex, TextIndex

if TYPE_CHECKING:
    from consilium.search.vector_index import VectorIndex

NAMES_SECONDS: Final = 60.0
"""How long other names of topics are remembered."""

_lock = threading.Lock()
_words: dict[Path, TextIndex] = {}
_vectors: dict[Path, VectorIndex] = {}
_names: dict[str, tuple[float, Mapping[str, Sequence[str]]]] = {}


def opened(where: Path | None = None) -> tuple[Node | None, State]:
    """The indexes as they are now, and what is reduced; None when not even words can be searched."""
    generation = folder.current(where or root())
    if generation is None:
        return None, State(words=False, meaning=False, reduced=(Reduced.NO_INDEX,))
    with _lock:
        try:
            words = _open_words(generation)
        except BrokenIndex as error:
            _words.pop(generation, None)
            return None, State(words=False, meaning=False, reduced=(Reduced.BROKEN_INDEX,), reason=str(error))
        vectors, reduced, reason = _open_vectors(generation)
    loaded = actions.model()
    if loaded is None and not reduced:
        reduced = (Reduced.NO_MODEL,)
    return Node(words, vectors, loaded), State(meaning=not reduced, reduced=reduced, reason=reason)


def names() -> Mapping[str, Sequence[str]]:
    """Other names of topics (see gathering.names); a rename is known here a minute later at the latest."""
    now = time.monotonic()
    when, found = _names.get("", (float("-inf"), {}))
    if now - when > NAMES_SECONDS:
        found = gathering.names()
        _names[""] = (now, found)
    return found


def forget() -> None:
    """Close everything; the next use opens it again."""
    with _lock:
        _words.clear()
        _vectors.clear()
        _names.clear()


def _open_words(generation: Path) -> TextIndex:
    if generation not in _words:
        _words.clear()
        _words[generation] = TextIndex.open(generation / WORDS)
    _words[generation].refresh()
    return _words[generation]


def _open_vectors(generation: Path) -> tuple[VectorIndex | None, tuple[Reduced, ...], str]:
    if not semantic.INSTALLED:
        return None, (Reduced.NO_EXTRA,), ""
    if not (generation / VECTORS).exists():
        return None, (Reduced.NO_VECTORS,), ""
    try:
        if generation not in _vectors:
            _vectors.clear()
            _vectors[generation] = semantic.open_vectors(generation / VECTORS)
        _vectors[generation].refresh()
    except BrokenIndex as error:
        _vectors.pop(generation, None)
        return None, (Reduced.BROKEN_VECTORS,), str(error)
    return _vectors[generation], (), ""
