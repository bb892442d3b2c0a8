"""Publishing a question in a browser, whatever was asked before."""

from playwright.sync_api import expect

from tests.browser.watch import Watch


def publish(window: Watch) -> None:
    """Press the button; where an earlier test has asked much the same, say that this is another question."""
    window.page.get_by_role("button", name="Publish my question").click()
    insist(window)


def insist(window: Watch) -> None:
    """Once the button was pressed: the question is there, or the site asks whether it is one of those that were asked before."""
    page = window.page
    none = page.get_by_label("None of these is my question.")
    published = page.get_by_role("heading", level=1).filter(has_not_text="Ask the doctors")
    expect(none.or_(published)).to_be_visible()
    if none.count():
        none.press("Space")
        page.get_by_role("button", name="Continue").press("Enter")
