"""Windows that are used again: a new one costs Chromium a second, most of it for its first page."""

from typing import Any, Final

from playwright.sync_api import Browser

from tests.browser.demo import Demo
from tests.browser.watch import Watch

# A page that glides to a field is pressed before it has arrived, and pressed again a second later: nothing glides here.
CALM: Final[dict[str, Any]] = {"locale": "en-US", "reduced_motion": "reduce"}
_SIZE: Final = {"width": 1280, "height": 720}


class Pool:
    """Whoever takes a window finds it like a new one: no cookies, nothing stored, size and colours as they were."""

    def __init__(self, browser: Browser, demo: Demo) -> None:
        self._browser, self._demo = browser, demo
        self._free: dict[bool, list[Watch]] = {True: [], False: []}

    def take(self, state: Any, *, scripts: bool, viewport: Any = _SIZE, **media: Any) -> Watch:
        """A window with the cookies of a `storage_state`; `media` as for Playwright's `emulate_media`."""
        free = self._free[scripts]
        if free:
            window = free.pop()
        else:
            page = self._browser.new_context(java_script_enabled=scripts, **CALM).new_page()
            window = Watch(page, self._demo, scripts=scripts)
        if state:
            window.page.context.add_cookies(state["cookies"])
        window.page.set_viewport_size(viewport)
        window.page.emulate_media(**{"media": "null", "color_scheme": "light", "forced_colors": "none", **media})
        return window

    def put_back(self, window: Watch) -> None:
        """Make it like a new one. The site keeps nothing in the browser but cookies."""
        page, context = window.page, window.page.context
        for other in context.pages:
            if other is not page:
                other.close()
        page.goto("about:blank")
        context.clear_cookies()
        window.faults()
        self._free[window.scripts].append(window)
