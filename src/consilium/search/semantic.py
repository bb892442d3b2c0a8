"""The door to what search by meaning needs. The extra `consilium[semantic]` may not be installed: whoever calls one of the
functions asks INSTALLED first. Its libraries are loaded at the first use, since they cost every process 0.2 s and 40 MB.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from consilium.search.model_files import MODEL, NoModel

if TYPE_CHECKING:
    from consilium.search.embedding import Model
    from consilium.search.vector_index import Floats, Pair, Table, VectorIndex

INSTALLED: Final = all(find_spec(name) for name in ("numpy", "usearch", "onnxruntime", "tokenizers"))


def load_model(folder: Path) -> Model:
    """The language model in a folder. Raises NoModel."""
    model: Model = _module("embedding").Model(folder)
    return model


def create_vectors(path: Path) -> VectorIndex:
    index: VectorIndex = _module("vector_index").VectorIndex.create(path)
    return index


def open_vectors(path: Path) -> VectorIndex:
    """Raises BrokenIndex."""
    index: VectorIndex = _module("vector_index").VectorIndex(path)
    return index


def pair(title: bytes | memoryview, whole: bytes | memoryview) -> Pair:
    """The vectors of a question as the database keeps them."""
    module = _module("vector_index")
    found: Pair = module.Pair(module.unpacked(title), module.unpacked(whole))
    return found


def packed(vector: Floats) -> bytes:
    """A vector as the database keeps it."""
    content: bytes = _module("vector_index").packed(vector)
    return content


def middle(vectors: Sequence[bytes | memoryview]) -> Floats:
    """What vectors have in common: their mean, of length 1."""
    vector: Floats = _module("vector_index").middle(vectors)
    return vector


def table() -> Table:
    """An empty table of vectors to compare."""
    empty: Table = _module("vector_index").Table()
    return empty


@cache
def _module(name: str) -> Any:
    return import_module(f"consilium.search.{name}")


__all__ = [
    "INSTALLED", "MODEL", "NoModel", "create_vectors", "load_model", "middle", "open_vectors", "packed", "pair", "table",
]  # fmt: skip
