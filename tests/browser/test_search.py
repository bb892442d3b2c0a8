"""Searching with a keyboard, with a script and without one."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open


@pytest.mark.parametrize("persona", ["", "patient"])
def test_links_appear_below_the_box_and_can_be_reached_by_key(visit: Open, persona: str) -> None:
    window = visit(persona)
    page = window.page
    window.go("/search/")
    box = page.get_by_role("searchbox", name="Your question, or a few words")
    with page.expect_response(lambda response: response.url.endswith("q=botul")):  # the last of what was sent meanwhile
        box.press_sequentially("botul")
    links = page.locator("#suggested").get_by_role("link")
    links.first.wait_for()
    assert page.locator("#suggested").get_attribute("aria-live") == "polite"
    assert window.violations() == []
    box.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#suggested') !== null")
    page.keyboard.press("Enter")
    page.wait_for_url("**/topics/**")


def test_without_a_script_words_are_found_filtered_and_asked_instead(visit: Open) -> None:
    window = visit(scripts=False)
    page = window.page
    window.go("/help/")
    page.get_by_role("banner").get_by_role("searchbox").fill("botx ms")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=botx+ms")
    assert "for “botx ms”" in page.get_by_role("heading", level=2).first.inner_text()
    assert page.locator("article mark").count() > 0
    before = page.locator("article").count()
    page.get_by_label("Number of answers").select_option("3")
    page.get_by_role("button", name="Apply filters").click()
    page.wait_for_url("**answers=3**")
    assert 0 < page.locator("article").count() <= before
    page.get_by_role("link", name="take this filter off").click()
    expect(page.locator("article")).to_have_count(before)
    page.get_by_role("main").get_by_role("link", name="Ask a question").click()
    page.wait_for_url("**title**")  # the words wait until the reader has signed in


def test_the_box_of_the_first_page_searches(visit: Open) -> None:
    window = visit()
    window.go("/")
    window.page.get_by_role("searchbox").fill("multiple sclerosis")
    window.page.get_by_role("button", name="Search").click()
    expect(window.page.locator("article").first).to_be_visible()
