"""A real Chromium on the running demo. Kept for the package alone: Playwright leaves an event loop running meanwhile.

With CONSILIUM_TEST_DATABASE=both each test has a demo on one of the two databases, always the same one: a journey with scripts
is made on SQLite, the same without scripts on PostgreSQL, and so in turn for the pages. Each database is one worker's.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from consilium.search.building import can_build
from tests.browser.demo import Demo, served
from tests.browser.pool import CALM, Pool
from tests.browser.watch import Watch
from tests.shared import language_model

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-dev-shm-usage",
]  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DATABASE = os.environ.get("CONSILIUM_TEST_DATABASE", "sqlite")
# Of the tests that say nothing of scripts: so that both halves take as long.
IN_THE_SECOND_HALF = {"test_doctors.py", "test_editors.py", "test_joining.py", "test_journeys.py"}
Open = Callable[..., Watch]
# How long a busy machine takes is no fault of a page.
expect.set_options(timeout=30_000)


@dataclass
class Stage:
    """A running demo and what is kept of it from test to test: the cookies of the personas that have signed in so far
    (signing in is slow on purpose), windows to be used again, and windows that stay open."""

    demo: Demo
    browser: Browser
    pool: Pool
    signed_in: dict[str, Any] = field(default_factory=dict)
    looking: dict[str, Watch] = field(default_factory=dict)

    def cookies(self, persona: str) -> Any:
        if persona and persona not in self.signed_in:
            context = self.browser.new_context(java_script_enabled=False, **CALM)
            window = Watch(context.new_page(), self.demo)
            window.go("/accounts/login/")
            window.sign_in(f"{persona}@demo.invalid", self.demo.password)
            self.signed_in[persona] = context.storage_state()
            context.close()
        return self.signed_in.get(persona)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            if DATABASE == "both":
                item.add_marker(pytest.mark.xdist_group(_database(item)))


def _database(item: pytest.Item) -> str:
    """Where a test finds its demo."""
    if DATABASE != "both":
        return DATABASE
    call = getattr(item, "callspec", None)
    if call is not None and "scripts" in call.params:
        second = not call.params["scripts"]
    elif call is not None and item.path.name == "test_every_page.py":
        second = bool(call.indices.get("name", 0) % 2)
    else:
        second = item.path.name in IN_THE_SECOND_HALF
    return "postgresql" if second else "sqlite"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CONSILIUM_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def stages(browser: Browser) -> Iterator[Callable[[str], Stage]]:
    """The stage on a database, set up by who asks first."""
    there: dict[str, Stage] = {}
    with ExitStack() as stack:

        def on(database: str) -> Stage:
            if database not in there:
                model = language_model() if can_build() else None
                demo = stack.enter_context(served(model, database))
                there[database] = Stage(demo, browser, Pool(browser, demo))
            return there[database]

        yield on


@pytest.fixture
def stage(stages: Callable[[str], Stage], request: pytest.FixtureRequest) -> Stage:
    return stages(_database(request.node))


@pytest.fixture
def demo(stage: Stage) -> Demo:
    return stage.demo


@pytest.fixture
def visit(stage: Stage) -> Iterator[Open]:
    """Open a window as somebody ("" is a visitor): `visit("patient", scripts=False)`. All of them are watched to the end."""
    opened: list[Watch] = []

    def open_window(persona: str = "", *, scripts: bool = True, **options: Any) -> Watch:
        opened.append(stage.pool.take(stage.cookies(persona), scripts=scripts, **options))
        return opened[-1]

    yield open_window
    faults = [fault for watch in opened for fault in watch.faults()]
    for watch in opened:
        stage.pool.put_back(watch)
    assert faults == []


@pytest.fixture
def look(stage: Stage) -> Iterator[Open]:
    """The window of a persona that stays open: `look("patient")`. Only for tests that change nothing: cookies and preferences
    stay."""
    used: list[Watch] = []

    def open_window(persona: str = "") -> Watch:
        if persona not in stage.looking:
            stage.looking[persona] = stage.pool.take(stage.cookies(persona), scripts=True)
        used.append(stage.looking[persona])
        return used[-1]

    yield open_window
    assert [fault for watch in used for fault in watch.faults()] == []
