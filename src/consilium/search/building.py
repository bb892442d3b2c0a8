"""Building the language model where that is possible: the extra and the weights must be installed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from consilium.search import semantic
from consilium.search.model_files import NoModel

if TYPE_CHECKING:
    from consilium.search.embedding import Model

_POSSIBLE: Final = semantic.INSTALLED and find_spec("onnx") is not None

if _POSSIBLE:
    from consilium.search.model_build import build, weights_folder
else:
    build = weights_folder = None  # type: ignore[assignment]


def can_build() -> bool:
    """Whether everything is there without any download."""
    return _POSSIBLE and weights_folder() is not None


@contextmanager
def borrowed(folder: str = "") -> Iterator[Model]:
    """The model of a folder, or one that is built for the while. Raises NoModel."""
    if not semantic.INSTALLED:
        raise NoModel("consilium[semantic] is not installed, so there is no language model.")
    if folder:
        yield semantic.load_model(Path(folder))
        return
    if build is None:
        raise NoModel("The package onnx is not installed, so no language model can be built. Name the folder of one that was.")
    with tempfile.TemporaryDirectory() as scratch:
        yield semantic.load_model(build(Path(scratch) / "model"))


__all__ = ["borrowed", "build", "can_build"]
