"""A real Chromium on the running demo. Kept for the package alone: Playwright leaves an event loop running meanwhile."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from consilium.search.building import can_build
from tests.browser.demo import Demo, served
from tests.browser.watch import Watch
from tests.search.conftest import language_model

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-dev-shm-usage",
]  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A page that glides to a field is pressed before it has arrived, and pressed again a second later: nothing glides here.
CALM: dict[str, Any] = {"locale": "en-US", "reduced_motion": "reduce"}
Open = Callable[..., Watch]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with served(language_model(tmp_path_factory) if can_build() else None) as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CONSILIUM_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def signed_in_states(browser: Browser, demo: Demo) -> dict[str, Any]:
    """The cookies of the personas that have signed in so far; signing in is slow on purpose."""
    return {}


@pytest.fixture
def visit(browser: Browser, demo: Demo, signed_in_states: dict[str, Any]) -> Iterator[Open]:
    """Open a window as somebody ("" is a visitor): `visit("patient", scripts=False)`. All of them are watched to the end."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_window(persona: str = "", *, scripts: bool = True, **options: Any) -> Watch:
        if persona and persona not in signed_in_states:
            signed_in_states[persona] = _sign_in(browser, demo, persona)
        context = browser.new_context(java_script_enabled=scripts, storage_state=signed_in_states.get(persona), **CALM, **options)
        watch = Watch(context.new_page(), demo)
        opened.append((context, watch))
        return watch

    yield open_window
    for context, watch in opened:
        faults = watch.faults()
        context.close()
        assert faults == []


@pytest.fixture(scope="package")
def windows(browser: Browser, demo: Demo, signed_in_states: dict[str, Any]) -> dict[str, Watch]:
    """A window of each persona that stays open from test to test, for tests that only look."""
    return {}


@pytest.fixture
def look(browser: Browser, demo: Demo, signed_in_states: dict[str, Any], windows: dict[str, Watch]) -> Iterator[Open]:
    """The window that stays open: `look("patient")`. Only for tests that change nothing: cookies and preferences stay."""
    used: list[Watch] = []

    def open_window(persona: str = "") -> Watch:
        if persona not in windows:
            if persona and persona not in signed_in_states:
                signed_in_states[persona] = _sign_in(browser, demo, persona)
            context = browser.new_context(storage_state=signed_in_states.get(persona), **CALM)
            windows[persona] = Watch(context.new_page(), demo)
        used.append(windows[persona])
        return windows[persona]

    yield open_window
    assert [fault for watch in used for fault in watch.faults()] == []


def _sign_in(browser: Browser, demo: Demo, persona: str) -> Any:
    context = browser.new_context(java_script_enabled=False)
    window = Watch(context.new_page(), demo)
    window.go("/accounts/login/")
    window.sign_in(f"{persona}@demo.invalid", demo.password)
    state = context.storage_state()
    context.close()
    return state
