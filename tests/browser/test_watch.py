"""The watch itself: a page that does what no page may do is caught."""

import pytest
from playwright.sync_api import Browser

from tests.browser.demo import Demo
from tests.browser.pool import Pool
from tests.browser.watch import Watch

ADD = "document.body.insertAdjacentHTML('beforeend', %r)"
WRONG = {
    "an inline script": ("let s = document.createElement('script'); s.text = '1'; document.body.append(s)", "policy: script-src"),
    "an inline style": (ADD % '<p style="color:red">x</p>', "policy: style-src"),
    "an image from elsewhere": ("new Image().src = 'http://elsewhere.invalid/x.png'", "elsewhere.invalid"),
    "a script that fails": ("setTimeout(() => nothing.there)", "script: "),
    "a word in the console": ("console.error('broken')", "console: broken"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_it_is_caught(browser: Browser, demo: Demo, name: str) -> None:
    script, expected = WRONG[name]
    page = browser.new_page()
    window = Watch(page, demo)
    window.go("/")
    assert window.faults() == []
    page.evaluate(script)
    page.wait_for_function("() => new Promise(done => setTimeout(() => done(true), 100))")
    assert any(expected in fault for fault in window.faults()), window.faults()
    page.close()


def test_axe_and_the_ruler_find_what_is_wrong(browser: Browser, demo: Demo) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 600})
    window = Watch(page, demo)
    window.go("/")
    assert window.overflow() == 0
    page.evaluate("""() => { const p = document.createElement('p'); p.textContent = 'x'.repeat(400); p.style.whiteSpace = 'nowrap'
      document.querySelector('main').append(p, document.createElement('button'), document.createElement('h6')) }""")
    assert window.overflow() > 100
    assert any(line.startswith("button-name") for line in window.violations())
    page.evaluate("document.querySelector('main p').style.setProperty('color', 'rgb(128 128 128 / 10%)', 'important')")
    for colours_only in (False, True):
        assert any(line.startswith("color-contrast") for line in window.violations(colours_only=colours_only))
    page.close()


def test_a_window_that_is_used_again_is_like_a_new_one(browser: Browser, demo: Demo) -> None:
    pool = Pool(browser, demo)
    cookie = {"name": "theme", "value": "dark", "url": demo.base}
    used = pool.take({"cookies": [cookie]}, scripts=True, viewport={"width": 320, "height": 600}, color_scheme="dark")
    used.go("/")
    used.page.evaluate("console.error('broken')")
    pool.put_back(used)
    again = pool.take(None, scripts=True)
    assert again is used
    assert pool.take(None, scripts=False) is not used
    again.go("/")
    assert again.page.context.cookies() == []
    seen = (
        "[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches, matchMedia('(prefers-reduced-motion: reduce)').matches]"
    )
    assert again.page.evaluate(seen) == [1280, False, True]
    assert again.faults() == []
