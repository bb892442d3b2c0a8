"""The sheet to take along, on paper and on a telephone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_sheet_of_the_fullest_question_is_one_page_of_paper(visit: Open, paper: str) -> None:
    window = visit("", scripts=False)
    window.go("sheet")
    assert len(re.findall(rb"/Type\s*/Page\b", window.page.pdf(format=paper))) == 1


def test_paper_has_the_code_the_boxes_and_the_disclaimer_and_no_controls(visit: Open) -> None:
    window = visit("", scripts=False, color_scheme="dark")
    window.go("sheet")
    window.page.emulate_media(media="print")
    assert window.page.get_by_role("img", name="QR code that leads to").is_visible()
    assert window.page.locator(".ticks li").first.is_visible()
    assert window.page.get_by_text("They are not a diagnosis").is_visible()
    assert window.page.get_by_role("heading", name="Notes").is_visible()
    for control in ("Back to the question", "Ask a question", "Sign in"):
        assert not window.page.get_by_role("link", name=control).is_visible(), control
    assert window.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_the_question_leads_to_its_sheet_its_past_and_the_state_as_of_now(visit: Open) -> None:
    window = visit("", scripts=False)
    window.go("stood")
    for name, heading in (("Sheet to take to a doctor", "Sources"), ("Earlier states", "How the stances changed")):
        window.page.get_by_role("link", name=name).first.click()
        expect(window.page.get_by_role("heading", name=heading).first).to_be_visible()
        window.back()
    window.page.get_by_role("link", name="Link to the state as of now").first.click()
    expect(window.page.get_by_text("Nothing has changed since.")).to_be_visible()
    window.page.get_by_role("link", name="How they stand now").click()
    expect(window.page).to_have_url(re.compile("#stand$"))
