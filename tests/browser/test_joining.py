"""An editor joins two questions of the list and parts them again, on a small screen."""

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.test_editors import follow, press, told
from tests.browser.watch import Watch


def looked_at(window: Watch) -> None:
    """No page of the way breaks a rule."""
    assert window.violations() == []
    assert window.overflow() == 0


def test_from_the_list_to_one_question_and_back_to_two(visit: Open) -> None:
    window = visit("editor", viewport={"width": 390, "height": 900})
    window.go("/editor/duplicates/")
    pair = window.page.get_by_role("article").filter(has_text="When may I swim after it?")
    expect(pair).to_contain_text("in the sea")
    pair.get_by_role("button", name="They ask the same").click()
    expect(window.page.get_by_role("heading", level=1)).to_have_text("Join two questions?")
    expect(window.page.get_by_role("main")).to_contain_text("No answer moves.")
    looked_at(window)
    press(window, "Let the other page stay")
    expect(window.page.get_by_role("main")).to_contain_text("2 answers move along:")
    looked_at(window)
    press(window, "Let the other page stay")
    expect(window.page.get_by_role("main")).to_contain_text("No answer moves.")
    press(window, "Join them")
    told(window, "The questions are joined.")
    follow(window, "Questions that were joined")
    joined = window.page.get_by_role("article").filter(has_text="When may I swim after it?")
    joined.get_by_role("link", name="Make two questions again").click()
    press(window, "Make two questions again")
    told(window, "These are two questions again.")
    expect(window.page.get_by_role("heading", level=1)).to_have_text("When may I swim after it?")


def test_a_situation_is_named_after_a_page_that_says_so(visit: Open) -> None:
    window = visit("editor")
    window.go("question_same")
    window.page.get_by_label("How this question’s situation differs").fill("in the sea")
    press(window, "See what would happen")
    expect(window.page.get_by_role("main")).to_contain_text("Both pages stay")
    looked_at(window)
    press(window, "Change")
    expect(window.page.get_by_label("How this question’s situation differs")).to_have_value("in the sea")
