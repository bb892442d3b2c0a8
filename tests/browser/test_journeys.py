"""What people come for, from the first page to the last: without scripts, with them, and with the keyboard alone."""

import re
import secrets

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.asking import insist, publish
from tests.browser.conftest import Open
from tests.browser.watch import Watch

FOCUSED = """() => {
  const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect()
  return [e.id || e.href || e.tagName, s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
          r.width > 0 && r.height > 0 && r.top < innerHeight && r.bottom > 0, [...document.querySelectorAll('*')].indexOf(e)]
}"""
PASSPHRASE = "quite long and only for this test"


def sign_up(window: Watch) -> str:
    """From the home page to an account; the address signed up with."""
    email = f"reader-{secrets.token_hex(4)}@example.org"
    window.go("/")
    window.page.get_by_role("link", name="Sign in").click()
    window.page.get_by_role("link", name="Sign up").click()
    window.page.get_by_label("E-mail").fill(email)
    window.page.get_by_label("Password").fill(PASSPHRASE)
    window.page.get_by_role("main").get_by_role("button", name="Sign up").click()
    expect(window.page.get_by_role("link", name="Your account")).to_be_visible()
    return email


def ask(window: Watch, title: str, *, preview: bool = True) -> None:
    """From the home page to one's own published question."""
    window.go("/")
    window.page.get_by_role("link", name="Ask a question").first.click()
    window.page.get_by_label("Your question", exact=True).fill(title)
    window.page.get_by_label("Details").fill("I am **well** otherwise.\n\n- no medicines\n- no allergies")
    window.page.get_by_role("main").get_by_role("checkbox").first.check()
    window.page.get_by_label(re.compile("I agree")).check()
    if preview:
        window.page.get_by_role("button", name="Preview").click()
        expect(window.page.get_by_role("main").locator("strong", has_text="well")).to_be_visible()
        expect(window.page.get_by_role("heading", name="Preview")).to_be_in_viewport()
    publish(window)
    expect(window.page.get_by_role("heading", level=1)).to_have_text(title)
    assert "#" not in window.page.url, "the place of the preview is not part of the question's address"


def vote_button(window: Watch) -> Locator:
    return window.page.get_by_role("article").first.get_by_role("button", name=re.compile("^Helpful"))


@pytest.mark.parametrize("scripts", [False, True], ids=["without scripts", "with scripts"])
def test_a_question_from_asking_to_a_helpful_answer(visit: Open, scripts: bool) -> None:
    title = f"Does it matter {secrets.token_hex(3)} when I start?"
    patient = visit(scripts=scripts)
    sign_up(patient)
    ask(patient, title)
    address = patient.page.url

    doctor = visit("dermatologist", scripts=scripts)
    doctor.page.goto(address)
    doctor.page.get_by_role("link", name="Answer this question").click()
    doctor.page.get_by_label("Headline").fill("Sooner is easier")
    doctor.page.get_by_label(re.compile("^(Your )?[Aa]nswer$")).fill("Start when you have *time*.")
    doctor.page.get_by_role("button", name="Publish my answer").click()
    expect(doctor.page.get_by_role("article")).to_contain_text("Sooner is easier")
    expect(doctor.page.get_by_role("article").locator("em")).to_have_text("time")

    patient.page.goto(address)
    button = vote_button(patient)
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button.locator("b")).to_have_text("1")
    patient.page.wait_for_load_state()
    patient.page.reload()
    expect(vote_button(patient).locator("b")).to_have_text("1")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(button.locator("b")).to_have_text("0")

    following = patient.page.locator("#follow-button")
    expect(following).to_have_attribute("aria-pressed", "true")  # who asks follows
    following.click()
    expect(following).to_have_attribute("aria-pressed", "false")
    patient.go("/account/")
    expect(patient.page.get_by_role("main")).to_contain_text(title)


@pytest.mark.parametrize("scripts", [False, True], ids=["without scripts", "with scripts"])
def test_a_visitor_who_wants_to_vote_comes_back_to_the_answer(visit: Open, scripts: bool) -> None:
    window = visit(scripts=scripts)
    window.go("question")
    article = window.page.get_by_role("article").nth(1)
    anchor = article.get_attribute("id")
    article.get_by_role("link", name=re.compile("^Helpful")).click()
    window.sign_in("rheumatologist@demo.invalid", window.demo.password)
    assert window.page.url.endswith(f"#{anchor}")


def test_a_vote_with_scripts_changes_the_button_alone(visit: Open) -> None:
    window = visit("patient")
    window.go("question")
    window.page.evaluate("window.stayed = true")
    button = vote_button(window)
    before = button.get_attribute("aria-pressed")
    for expected in ({"true": "false", "false": "true"}[before or ""], before or ""):
        button.click()
        expect(button).to_have_attribute("aria-pressed", expected)
        assert window.page.evaluate("window.stayed && document.activeElement.id") == button.get_attribute("id"), "focus is kept"
    assert window.violations() == []


PRESS_THE_NEXT_AS_SOON_AS_IT_STANDS_THERE = """id => {
    let changes = 0;
    new MutationObserver(() => {
        document.body.dataset.changes = ++changes;
        if (changes === 1) document.getElementById(id).click();
    }).observe(document.querySelector("main"), { childList: true, subtree: true });
}"""


def test_a_vote_taken_back_at_once_changes_the_button_alone_too(visit: Open) -> None:
    window = visit("patient")
    window.go("question")
    button = vote_button(window)
    before = button.get_attribute("aria-pressed")
    window.page.evaluate(PRESS_THE_NEXT_AS_SOON_AS_IT_STANDS_THERE, button.get_attribute("id"))
    button.click()
    expect(window.page.locator("body")).to_have_attribute("data-changes", "2")  # it is still the same page
    expect(button).to_have_attribute("aria-pressed", before or "")
    assert window.violations() == []


def test_the_keyboard_alone_reaches_everything_and_shows_where_it_is(visit: Open) -> None:
    window = visit("patient")
    window.go("question")
    keyboard, page = window.page.keyboard, window.page
    keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    stops = []
    for _ in range(150):
        keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop[0] == "BODY" or stop[3] in {place for *_, place in stops}:
            break
        stops.append(stop)
        if str(stop[0]).startswith("helpful-"):
            pressed = page.evaluate("document.activeElement.getAttribute('aria-pressed')")
            keyboard.press("Space")
            button = page.locator(f"#{stop[0]}")
            expect(button).not_to_have_attribute("aria-pressed", pressed)
            expect(button).to_be_focused()
            keyboard.press("Enter")
            expect(button).to_have_attribute("aria-pressed", pressed)
            expect(button).to_be_focused()
    assert len(stops) > 10
    assert [name for name, outlined, *_ in stops if not outlined] == [], "no outline"
    assert [name for name, _, seen, _ in stops if not seen] == [], "focus out of sight"
    assert any(str(name).startswith("helpful-") for name, *_ in stops)
    assert "follow-button" in [name for name, *_ in stops]


def test_asking_with_the_keyboard_alone(visit: Open) -> None:
    window = visit("patient")
    window.go("/ask/")
    keyboard, page = window.page.keyboard, window.page
    title = f"Can I {secrets.token_hex(3)} type all of this?"
    for _ in range(60):
        keyboard.press("Tab")
        focused = page.evaluate("[document.activeElement.name || '', document.activeElement.innerText || '']")
        if focused[0] == "title":
            keyboard.type(title)
        elif focused[0] == "consent":
            keyboard.press("Space")
        elif focused[1].strip() == "Publish my question":
            keyboard.press("Enter")
            break
    insist(window)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_back_and_forward_keep_the_place_and_repeat_nothing(visit: Open) -> None:
    window = visit("patient")
    window.go("/")
    link = window.page.get_by_role("main").locator("h3 a").first
    title = link.inner_text()
    link.click()
    expect(window.page.get_by_role("heading", level=1)).to_have_text(title)
    window.back()
    expect(window.page.get_by_role("heading", level=1)).not_to_have_text(title)
    window.forward()
    expect(window.page.get_by_role("heading", level=1)).to_have_text(title)


def test_back_after_asking_does_not_ask_again(visit: Open) -> None:
    window = visit("patient", scripts=False)
    title = f"Is {secrets.token_hex(3)} asked once?"
    ask(window, title, preview=False)
    window.back()
    expect(window.page.get_by_role("button", name="Publish my question")).to_be_visible()
    window.forward()
    expect(window.page.get_by_role("heading", level=1)).to_have_text(title)
    window.go("/account/questions/")
    assert window.page.get_by_role("main").get_by_role("link", name=title).count() == 1


def test_after_signing_out_back_shows_nothing_of_the_account(visit: Open) -> None:
    window = visit(scripts=False)
    email = sign_up(window)
    window.go("/account/")
    expect(window.page.get_by_role("main")).to_contain_text(email)
    window.page.get_by_role("button", name="Sign out").click()
    expect(window.page.get_by_role("link", name="Sign in")).to_be_visible()
    window.back()
    expect(window.page.locator("body")).not_to_contain_text(email)


def test_right_to_left_text_runs_from_the_right(visit: Open) -> None:
    window = visit()
    window.go("rtl")
    title = window.page.get_by_role("heading", level=1)
    expect(title).to_have_attribute("dir", "rtl")
    assert title.evaluate("e => getComputedStyle(e).direction") == "rtl"
    edges = title.evaluate("""e => { const range = document.createRange(); range.selectNodeContents(e)
      const text = range.getBoundingClientRect(), box = e.getBoundingClientRect()
      return [text.left - box.left, box.right - text.right] }""")
    assert edges[1] <= 1, "the text ends at the right edge"
    assert window.page.locator("html").get_attribute("dir") == "ltr", "the page around it keeps its own direction"


def test_the_whole_page_mirrored_still_fits(visit: Open) -> None:
    window = visit()
    window.page.set_viewport_size({"width": 320, "height": 900})
    window.go("question")
    window.page.evaluate("document.documentElement.dir = 'rtl'")
    assert window.overflow() == 0
    assert window.violations() == []


def test_print_is_a_document_of_its_own(visit: Open) -> None:
    window = visit("patient")
    window.go("question")
    window.page.emulate_media(media="print")
    assert window.page.get_by_role("article").count() > 1
    for useless in (".skip", "nav", "#follow-form", ".btn.main", "input"):
        for element in window.page.locator(useless).all():
            expect(element).to_be_hidden()
    expect(window.page.get_by_role("heading", level=1)).to_be_visible()
    for article in window.page.get_by_role("article").all():
        expect(article).to_be_visible()
    paper = window.page.pdf(format="A4")
    assert paper.startswith(b"%PDF-")
    assert len(paper) > 20_000
