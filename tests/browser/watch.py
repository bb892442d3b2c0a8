"""A browser window that notes what no page may do: break the content policy, ask another host, fail in the console."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.sync_api import ConsoleMessage, Page, Request, expect

from tests.browser.demo import Demo

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# axe reads a dozen colours of a page ten thousand times, and keeps each part of each in a WeakMap, which costs the browser's
# memory dear: two thirds of its time. So its maps keep what they know at the objects themselves, and a colour is read once.
LOADING = """() => {
  class WeakMap {
    mark = Symbol();
    has(key) { return Object.hasOwn(key, this.mark); }
    get(key) { return key[this.mark]; }
    set(key, value) { key[this.mark] = value; return this; }
    delete(key) { return delete key[this.mark]; }
  }
  class WeakSet extends WeakMap {
    add(key) { return this.set(key, true); }
  }
  %s
  const { Color } = axe.commons.color, read = Color.prototype.parseString, known = new Map();
  Color.prototype.parseString = function (text) {
    if (!known.has(text)) known.set(text, new Color(read.call(new Color(), text)));
    return Object.assign(this, (({ r, g, b, alpha }) => ({ r, g, b, alpha }))(known.get(text)));
  };
}"""
# The rules of axe whose outcome depends on the colour scheme; the others look at the document and its layout alone.
COLOURS = ["color-contrast", "link-in-text-block"]
# WCAG 1.4.12: a reader may space text like this.
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-block-end: 2em !important; }"""
REPORTED = """document.addEventListener("securitypolicyviolation", event =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`))"""


class Watch:
    """A page with its faults; `page` is Playwright's."""

    def __init__(self, page: Page, demo: Demo, *, scripts: bool = True) -> None:
        self.page, self.demo, self.scripts = page, demo, scripts
        self._faults: list[str] = []
        page.add_init_script(REPORTED)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._faults.append(f"script: {error}"))
        page.on("request", self._request)

    def go(self, name: str) -> int:
        """Open a page by name or path; its status."""
        response = self.page.goto(self.demo.url(name))
        assert response is not None
        return response.status

    def back(self) -> None:
        """To the page before, once this one is there: a page that is still coming in has no history yet."""
        self.page.wait_for_load_state()
        self.page.go_back()

    def forward(self) -> None:
        """And forth again."""
        self.page.wait_for_load_state()
        self.page.go_forward()

    def sign_in(self, email: str, password: str) -> None:
        """Fill in the sign-in form that is open."""
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page).not_to_have_url(re.compile("/accounts/login/"))

    def violations(self, *, colours_only: bool = False) -> list[str]:
        """What axe finds wrong now, one line per rule and element; `colours_only`: of what a colour scheme can change."""
        self.page.wait_for_load_state()
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(LOADING % AXE)  # by the debugger: the page's own policy would rightly refuse a script element
        rules = {"type": "rule", "values": COLOURS} if colours_only else {"type": "tag", "values": TAGS}
        options = {"runOnly": rules, "resultTypes": ["violations"]}
        found: dict[str, Any] = self.page.evaluate("options => axe.run(document, options)", options)
        return [f"{one['id']}: {node['target']} {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]]

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        self.page.wait_for_load_state()
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def space_text(self) -> None:
        """Space the text as WCAG 1.4.12 says, by the browser's own style sheet (a page's would break the policy)."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("DOM.enable")
        session.send("CSS.enable")
        frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
        sheet = session.send("CSS.createStyleSheet", {"frameId": frame})["styleSheetId"]
        session.send("CSS.setStyleSheetText", {"styleSheetId": sheet, "text": SPACING})

    def faults(self) -> list[str]:
        """Those since this was last asked."""
        found, self._faults = self._faults, []
        return found

    def _console(self, message: ConsoleMessage) -> None:
        # A page with an error status is one line in the console; that the status is right is checked where it is asked for.
        if message.type in {"error", "warning"} and "Failed to load resource: the server responded" not in message.text:
            self._faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        there, here = urlsplit(request.url), urlsplit(self.demo.base)
        if there.scheme not in {"data", "about", "blob"} and there.netloc != here.netloc:
            self._faults.append(f"another host: {request.url}")
