"""What editors do with a copied page, and what follows when one of its doctors comes: with and without scripts."""

import re
import secrets
import string
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Open
from tests.browser.test_journeys import sign_up
from tests.browser.watch import Watch
from tests.transfer.sheets import answer, page, write

BOTH = pytest.mark.parametrize("scripts", [False, True], ids=["without scripts", "with scripts"])
STATEMENT = "The tablet may be taken on the day of the test."
VALUES = ("Reasonable", "Advises against", "Advises against")
WORDS = "It is as simple as that."
# Where the imported questions are, once they were found.
ADDRESSES: dict[str, str] = {}


@pytest.fixture
def copied(visit: Open, tmp_path: Path) -> tuple[str, list[str]]:
    """A page of its own with three answers, imported: its title and the names of its doctors."""
    letters = "".join(secrets.choice(string.ascii_lowercase) for _ in range(7))
    title = f"May I take my {letters} tablet on the day of a skin test?"
    names = [f"{first} {letters.capitalize()}, MD" for first in ("Wilma", "Odo", "Ulla")]
    answers = [answer(f"Heading by {name}", WORDS, author=name, place="San Diego Dermatologist") for name in names]
    visit().demo.consilium("import", "pages", write(tmp_path, page(*answers, title=title), f"{letters}.txt"))
    return title, names


def follow(window: Watch, name: str) -> None:
    window.page.get_by_role("main").get_by_role("link", name=name, exact=True).click()


def press(window: Watch, name: str) -> None:
    window.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def told(window: Watch, words: str) -> None:
    expect(window.page.get_by_role("status").filter(has_text=words)).to_be_visible()


def tiles(window: Watch, title: str) -> tuple[int, int, int]:
    """On the question's page: tiles of verified doctors, of answers as editors read them, hollow ones."""
    if title in ADDRESSES:
        window.go(ADDRESSES[title])
    else:
        window.go("/")
        window.page.get_by_role("main").get_by_role("link", name=title).first.click()
        expect(window.page.get_by_role("heading", level=1)).to_have_text(title)
        ADDRESSES[title] = urlsplit(window.page.url).path
    stand = window.page.locator("#stand")
    rows = (stand.locator("ul.units:not(.grey) ol li"), stand.locator("ul.grey ol li"), stand.locator(".rest ol li"))
    return rows[0].count(), rows[1].count(), rows[2].count()


def read_all(window: Watch, title: str, *, mark: bool) -> None:
    """From the question's page through its three answers."""
    tiles(window, title)
    follow(window, "Code the copied answers")
    for value in VALUES:
        expect(window.page.get_by_role("main")).to_contain_text(WORDS)
        window.page.get_by_role("radio", name=value, exact=True).check()
        if mark:
            expect(window.page.get_by_role("button", name="Take the marked words").first).to_be_visible()  # the script listens
            window.page.locator("#answer span").last.select_text()
            press(window, "Take the marked words")
            expect(window.page.get_by_label("The words that show it")).to_have_value(WORDS)
        else:
            window.page.get_by_label("The words that show it").fill("2")
        press(window, "Save and next")
        told(window, "Your reading is saved.")


def second_editor(visit: Open, *, scripts: bool) -> Watch:
    window = visit(scripts=scripts)
    window.demo.consilium("role", sign_up(window), "editor")
    return window


def take_over(visit: Open, editor: Watch, name: str, *, scripts: bool) -> Watch:
    """Somebody asks for the profile; an editor hands it over."""
    doctor = visit(scripts=scripts)
    sign_up(doctor)
    doctor.go("/doctors/?specialty=dermatology")
    while not (link := doctor.page.get_by_role("main").get_by_role("link", name=name, exact=True)).count():
        doctor.page.get_by_role("link", name="More doctors").click()
        doctor.page.wait_for_load_state()
    link.click()
    follow(doctor, "Is this you? Ask for this profile")
    doctor.page.get_by_label("How can an editor be sure that it is you?").fill("The register knows me under 4711.")
    press(doctor, "Ask for this profile")
    editor.go("/editor/")
    follow(editor, "Requests for a profile")
    follow(editor, name)
    expect(editor.page.get_by_role("main")).to_contain_text("under 4711")
    editor.page.get_by_label("Where the licence holds").fill("Examplia")
    press(editor, "Hand over and confirm")
    told(editor, "The profile is handed over and the licence confirmed.")
    return doctor


@BOTH
def test_one_of_the_doctors_comes_and_exactly_one_tile_moves(visit: Open, copied: tuple[str, list[str]], scripts: bool) -> None:
    title, names = copied
    editor, reader = visit("editor", scripts=scripts), visit(scripts=scripts)
    tiles(editor, title)
    follow(editor, "Statements")
    write_statement(editor)
    read_all(editor, title, mark=scripts)
    assert tiles(reader, title) == (0, 0, 0), "one editor's reading counts nowhere"
    read_all(second_editor(visit, scripts=scripts), title, mark=False)
    assert tiles(reader, title) == (0, 3, 0)

    doctor = take_over(visit, editor, names[1], scripts=scripts)
    assert tiles(reader, title) == (0, 3, 0)
    tiles(doctor, title)
    follow(doctor, "Say what your copied answer means")
    doctor.page.get_by_role("radio", name="Advise against", exact=True).check()
    doctor.page.get_by_role("group", name="paid").get_by_role("radio", name="No", exact=True).check()
    press(doctor, "Declare my stance")
    assert tiles(reader, title) == (1, 2, 0)
    expect(reader.page.locator("#stand ul.units:not(.grey)")).to_contain_text(names[1])

    editor.go("/editor/")
    revoke(editor, reader, names[1])
    assert tiles(reader, title) == (0, 2, 1)
    expect(reader.page.locator("#stand .rest")).to_contain_text("no longer confirmed")


def revoke(editor: Watch, reader: Watch, name: str) -> None:
    """The editor takes the confirmation back, from the public profile on."""
    reader.page.locator("#stand ul.units:not(.grey) ol a").first.click()
    address = reader.page.get_by_role("article").get_by_role("link", name=name, exact=True).first.get_attribute("href")
    assert address
    editor.go(address)
    follow(editor, "What is confirmed of this doctor (for editors)")
    take_back: Locator = editor.page.get_by_role("main").get_by_role("link", name="Take back")
    take_back.click()
    press(editor, "Take it back")
    expect(editor.page).to_have_title(re.compile("^Error: "))
    editor.page.get_by_label("Why it no longer holds").fill("Left the register.")
    press(editor, "Take it back")
    told(editor, "The licence is no longer confirmed")


def write_statement(editor: Watch) -> None:
    editor.page.get_by_role("textbox").first.fill(STATEMENT)
    editor.page.get_by_role("combobox").first.select_option("safe")
    press(editor, "Save the statements")
    told(editor, "The statements are saved.")


def test_an_answer_is_coded_with_the_keyboard_alone(visit: Open, copied: tuple[str, list[str]]) -> None:
    title, _names = copied
    editor = visit("editor")
    tiles(editor, title)
    follow(editor, "Statements")
    write_statement(editor)
    tiles(editor, title)
    follow(editor, "Code the copied answers")
    expect(editor.page.get_by_role("button", name="Take the marked words").first).to_be_visible()  # the script has run
    keys = editor.page.keyboard
    editor.page.locator("#text").evaluate("e => e.closest('section').focus()")
    for key in ("Tab", "Space", "Tab"):  # the first choice, then the words
        keys.press(key)
    keys.type("2")
    for _ in range(6):  # the button for marked words, the condition with its kind and specialty, more conditions, then save
        keys.press("Tab")
    assert editor.page.evaluate("document.activeElement.textContent").strip() == "Save and next"
    keys.press("Enter")
    told(editor, "Your reading is saved.")


@BOTH
def test_a_form_with_mistakes_keeps_what_was_typed(visit: Open, scripts: bool) -> None:
    editor = visit("editor", scripts=scripts)
    editor.go("editor_code")
    words = editor.page.get_by_label("The words that show it").first
    words.fill("These words stand nowhere")
    editor.page.get_by_role("radio", name="Reasonable", exact=True).first.check()
    press(editor, "Save and next")
    expect(editor.page).to_have_title(re.compile("^Error: "))
    expect(editor.page.get_by_role("alert")).to_contain_text("These words do not stand in the answer.")
    expect(words).to_have_value("These words stand nowhere")
    editor.page.get_by_role("alert").get_by_role("link").click()
    expect(words).to_be_focused()
    if scripts:
        assert editor.violations() == []
