"""What every test shares: a private data folder, the database asked for, settings untouched by the machine."""

import atexit
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

import django
import hypothesis
import pytest

from tests.postgres import PrivateServer

_KEPT = {"CONSILIUM_CHROMIUM", "CONSILIUM_SEEDS", "CONSILIUM_TEST_DATABASE"}


_ON_POSTGRESQL = os.environ.get("CONSILIUM_TEST_DATABASE") == "postgresql"
_STARTING_PROCESSES = {"browser", "promises", "journeys"}
# These test what files of an index can suffer, what a server does before it asks any database, and what the demo is made of
# (that it can be loaded into PostgreSQL, too, is seen in the browser).
_OF_NO_DATABASE = {"test_demo.py", "test_demo_stands.py", "test_search_broken.py", "test_slow_clients.py"}


def _prepare() -> None:
    """Before Django reads its settings: `CONSILIUM_TEST_DATABASE=postgresql` runs the suite on a private server."""
    for name in [name for name in os.environ if name.startswith("CONSILIUM_") and name not in _KEPT]:
        del os.environ[name]
    data = tempfile.mkdtemp(prefix="consilium-test-")
    atexit.register(shutil.rmtree, data, ignore_errors=True)
    os.environ["CONSILIUM_DATA"] = data
    os.environ["DJANGO_SETTINGS_MODULE"] = "consilium.settings"
    if "TESTS_SHARED" not in os.environ:  # workers inherit the controller's
        os.environ["TESTS_SHARED"] = tempfile.mkdtemp(prefix="consilium-shared-")
        atexit.register(shutil.rmtree, os.environ["TESTS_SHARED"], ignore_errors=True)
    wanted = os.environ.get("CONSILIUM_TEST_DATABASE", "sqlite")
    if wanted in {"sqlite", "both"}:  # "both" is for the tests in a browser, which ask for a database by name
        os.environ.pop("DATABASE_URL", None)
    elif "PYTEST_XDIST_WORKER" not in os.environ:  # workers inherit the address of the controller's server
        server = PrivateServer()
        server.start()
        atexit.register(server.stop)
        os.environ["DATABASE_URL"] = server.url


_prepare()
django.setup()
# How long an example takes says more of the machine than of the code: timings live in bench/.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")


def pytest_report_header() -> str:
    left_out = "; tests that open no database are left out" if _ON_POSTGRESQL else ""
    return f"database: {os.environ.get('DATABASE_URL', 'SQLite')}, Python {sys.version.split()[0]}{left_out}"


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: looking through it again and again was a tenth of the time."""
    gc.collect()
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--first-case", action="store_true", help="of a test of pages with many cases, only the first")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, run what can differ there: pure rules, the tree's form, the command line's words and the server's handling
    of requests are the same for both databases."""
    left_out: set[pytest.Item] = set()
    if _ON_POSTGRESQL:
        left_out |= {item for item in items if not _opens_a_database(item)}
    if config.getoption("first_case"):
        left_out |= set(_later_cases(items))
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = sorted((item for item in items if item not in left_out), key=_turn)


def _turn(item: pytest.Item) -> int:
    """Long tests first, so that no worker is left with one while the other is done. A test that works without the transaction
    of the test empties tables: it comes after those with one, as pytest-django has it."""
    marker = item.get_closest_marker("django_db")
    empties = (marker is not None and marker.kwargs.get("transaction")) or "transactional_db" in getattr(item, "fixturenames", ())
    short = item.get_closest_marker("slow") is None
    return (2 if empties else 0) + (1 if short else 0)


def _later_cases(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """The cases of one test of pages or of the API ask the database much the same."""
    seen: set[str] = set()
    for item in items:
        name = item.nodeid.partition("[")[0]
        if name in seen and name.startswith(("tests/web/", "tests/api/")):
            yield item
        seen.add(name)


def _opens_a_database(item: pytest.Item) -> bool:
    """Whether it asks for one, or is of those that start processes of the product, which ask for it themselves."""
    if item.path.name in _OF_NO_DATABASE:
        return False
    if item.path.parent.name in _STARTING_PROCESSES or item.get_closest_marker("django_db") is not None:
        return True
    return not {"db", "transactional_db"}.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture(autouse=True)
def _quick_settings(settings: Any) -> None:
    """No collected, compressed static files; a cheap password hash. The browser tests use the real ones."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
