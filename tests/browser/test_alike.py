"""Asking what was asked already: with and without scripts, by hand and by keyboard."""

import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.browser.asking import publish
from tests.browser.conftest import Open
from tests.browser.watch import Watch

BEGINNING = "Does the invented salve help against"
DIFFERENCE = "I am allergic to <wool>."


def ask(window: Watch, title: str) -> str:
    """Publish a question and return its address; whatever is like it is said to be another one."""
    window.go("/ask/")
    page = window.page
    page.get_by_label("Your question", exact=True).fill(title)
    page.get_by_label(re.compile("I agree")).check()
    publish(window)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    return page.url


def until_found(window: Watch, title: str) -> None:
    """The index follows within a second, once the worker has read the demo's own questions."""
    for _ in range(400):
        window.page.goto(f"{window.demo.base}/ask/?title={title}")
        if window.page.locator("#alike").get_by_text(title).count():
            return
        window.page.wait_for_timeout(250)
    raise AssertionError("the question is not found")


def in_other_situations(page: Page) -> str:
    return page.get_by_role("region", name="The same question in other situations").inner_text()


@pytest.mark.parametrize("scripts", [False, True], ids=["without scripts", "with scripts"])
def test_the_same_question_in_another_situation(visit: Open, scripts: bool) -> None:
    word = secrets.token_hex(4)
    first, second = f"{BEGINNING} {word}?", f"{BEGINNING} {word}, too?"
    window = visit("patient", scripts=scripts)
    page, address = window.page, ask(window, first)
    until_found(window, first)
    window.go("/ask/")
    title = page.get_by_label("Your question", exact=True)
    if scripts:
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url))
        page.get_by_label("Details").fill("Nobody reads this before it is published.")
        title.press_sequentially(second)
        expect(page.locator("#alike")).to_contain_text(first)
        expect(title).to_be_focused()
        assert window.violations() == []
        assert not [url for url in sent if "Nobody" in url or "csrf" in url or not url.startswith(window.demo.base)]
    title.fill(second)
    page.get_by_label(re.compile("I agree")).check()
    page.get_by_role("button", name="Publish my question").click()
    expect(page.get_by_text("Nothing is published yet.")).to_be_visible()
    if scripts:  # what looks for violations is one
        assert window.violations() == []
    page.get_by_label(first, exact=True).check()
    page.get_by_label("That one asks the same, but my situation differs.").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Enter how your situation differs").click()
    expect(page.locator("#id_difference")).to_be_focused()
    page.keyboard.type(DIFFERENCE)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(second)
    expect(page.get_by_text(f"In this situation: {DIFFERENCE}")).to_be_visible()
    assert first in in_other_situations(page)
    page.get_by_role("link", name=first).first.click()
    expect(page).to_have_url(address)
    there = in_other_situations(page)
    assert second in there
    assert DIFFERENCE in there


def test_one_that_answers_is_read_first_and_followed(visit: Open) -> None:
    word = secrets.token_hex(4)
    title = f"{BEGINNING} {word}?"
    address = ask(visit("moderator", scripts=False), title)
    window = visit("patient")
    page = window.page
    until_found(window, title)
    page.get_by_label("Details").fill("What I typed.")
    page.get_by_role("button", name=re.compile(f"^Read it.*{word}")).click()
    expect(page).to_have_url(address)
    page.get_by_role("banner").get_by_role("link", name="Ask a question").click()
    expect(page.get_by_label("Details")).to_have_value("What I typed.")
    page.get_by_role("button", name=re.compile(f"^This answers me: follow it.*{word}")).click()
    expect(page).to_have_url(address)
    expect(page.locator("#follow-button")).to_have_attribute("aria-pressed", "true")
