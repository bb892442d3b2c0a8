"""Building the language model where that is possible: the extra and the weights must be installed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from consilium.search import semantic
from consilium.search.model_files import NoModel

if TYPE_CHECKING:
    from consilium.search.embedding import Model

_POSSIBLE: Final = semantic.INSTALLED and find_spec("onnx") is not None


def build(folder: Path, weights: Path | None = None) -> Path:
    """Build the model into `folder`; the folder. Raises NoModel, also where a package for it is missing."""
    if not _POSSIBLE:
        raise NoModel("the package onnx, which writes the model, is missing. Run: pip install 'consilium[semantic]'")
    built: Path = _module().build(folder, weights)
    return built


def can_build() -> bool:
    """Whether everything is there without any download."""
    return _POSSIBLE and _module().weights_folder() is not None


def _module() -> Any:
    return import_module("consilium.search.model_build")  # it needs packages that are an extra


@contextmanager
def borrowed(folder: str = "") -> Iterator[Model]:
    """The model of a folder, or one that is built for the while. Raises NoModel."""
    if not semantic.INSTALLED:
        raise NoModel("consilium[semantic] is not installed, so there is no language model.")
    if folder:
        yield semantic.load_model(Path(folder))
        return
    with tempfile.TemporaryDirectory() as scratch:
        yield semantic.load_model(build(Path(scratch) / "model"))
