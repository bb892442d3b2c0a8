"""Publishing a question in a browser, whatever was asked before."""

from tests.browser.watch import Watch


def publish(window: Watch) -> None:
    """Press the button; where an earlier test has asked much the same, say that this is another question."""
    page = window.page
    page.get_by_role("button", name="Publish my question").click()
    page.wait_for_load_state()
    none = page.get_by_label("None of these is my question.")
    if none.count():
        none.check()
        page.get_by_role("button", name="Continue").click()
