"""What search by meaning needs, or None of it: the extra `consilium[semantic]` may not be installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

INSTALLED: Final = all(find_spec(name) for name in ("numpy", "usearch", "onnxruntime", "tokenizers"))

if INSTALLED:
    from consilium.search.embedding import MODEL, Model, NoModel
    from consilium.search.vector_index import Pair, VectorIndex, packed, unpacked
else:  # everything that uses these asks INSTALLED first
    MODEL = ""  # type: ignore[misc]
    Model = NoModel = Pair = VectorIndex = packed = unpacked = None  # type: ignore[assignment, misc]

__all__ = ["INSTALLED", "MODEL", "Model", "NoModel", "Pair", "VectorIndex", "packed", "unpacked"]
