"""Building the language model where that is possible: the extra and the weights must be installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from consilium.search import semantic

_POSSIBLE: Final = semantic.INSTALLED and find_spec("onnx") is not None

if _POSSIBLE:
    from consilium.search.model_build import build, weights_folder
else:
    build = weights_folder = None  # type: ignore[assignment]


def can_build() -> bool:
    """Whether everything is there without any download."""
    return _POSSIBLE and weights_folder() is not None


__all__ = ["build", "can_build"]
