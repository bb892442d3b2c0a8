"""A node of its own for each test; the language model, built once per run."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from consilium.search import actions, opening
from consilium.search.building import build
from consilium.search.following import Follower


@pytest.fixture(autouse=True)
def _own_node(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA = tmp_path / "data"
    (tmp_path / "data").mkdir()
    opening.forget()
    yield
    opening.forget()


@pytest.fixture(scope="session")
def built_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real model; the processes of one run share it, and those of all parts of `make test` (TESTS_SHARED)."""
    return language_model(tmp_path_factory)


def language_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its folder; it is built by who asks first."""
    shared = Path(os.environ.get("TESTS_SHARED") or tmp_path_factory.getbasetemp().parent)
    folder = shared / "language-model"
    with (shared / "language-model.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return folder if folder.exists() else build(folder)


@pytest.fixture
def with_model(built_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "model_folder", lambda: built_model)


@pytest.fixture
def follower(settings: Any) -> Iterator[Follower]:
    one = Follower(settings.DATA / "search")
    yield one
    one.close()


def catch_up(follower: Follower) -> None:
    """Bring the index level with the journal."""
    while follower.step():
        pass
