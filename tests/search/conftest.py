"""A node of its own for each test; the language model."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from consilium.search import actions, opening
from consilium.search.following import Follower
from tests.shared import language_model


@pytest.fixture(autouse=True)
def _own_node(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA = tmp_path / "data"
    (tmp_path / "data").mkdir()
    opening.forget()
    yield
    opening.forget()


@pytest.fixture(scope="session")
def built_model() -> Path:
    """The real model."""
    return language_model()


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
