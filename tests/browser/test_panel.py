"""The panel in a real browser: heard, without styles, filtered without scripts, printed, in forced colours."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.watch import Watch

EXPECTED = Path(__file__).parent / "panel.yml"
STYLE = "e => { const s = getComputedStyle(e); return [s.borderTopStyle, s.borderTopColor, s.backgroundColor] }"


def heard(window: Watch) -> str:
    """The accessibility tree of the panel, as a screen reader goes through it, without the numbers in addresses."""
    tree = str(window.page.locator("#stand").aria_snapshot())
    return re.sub(r"(#a|/q/|%2Fq%2F|stances/|doctor-)\d+", r"\1N", tree)


def test_the_order_in_which_the_panel_is_heard(visit: Open) -> None:
    window = visit(scripts=False)
    window.go("panel")
    assert heard(window).strip().splitlines() == EXPECTED.read_text(encoding="utf-8").strip().splitlines()


def test_nothing_in_the_panel_is_heard_twice_or_without_a_name(visit: Open) -> None:
    window = visit()
    window.go("panel")
    tree = heard(window)
    assert "img" not in tree, "glyphs are decoration"
    assert not re.search(r"^\s*- link:$|- link \"\"", tree, re.MULTILINE)
    first = window.page.locator("#stand .units").first
    names = [link.inner_text() for link in first.get_by_role("link").all()]
    assert len(names) == len(set(names)) == 9


def test_without_styles_everything_is_there_to_read(visit: Open) -> None:
    window = visit()
    window.go("panel")
    window.page.evaluate("document.querySelectorAll('link[rel=stylesheet]').forEach(link => link.remove())")
    text = " ".join(window.page.locator("#stand").inner_text().split())
    for part in (
        "No clear agreement", "2 Advise against", "Ann One, MD, Dermatologist", "4 of 9 say only with conditions",
        "4 of 9 your nephrologist agrees first", "Dermatology 9", "No nephrologist has answered",
    ):  # fmt: skip
        assert part in text, part


def test_a_tile_leads_to_its_answer_and_shows_whose_it_is(visit: Open) -> None:
    window = visit()
    window.go("panel")
    tile = window.page.locator("#stand .units").first.get_by_role("link", name="Bea Two")
    name = tile.locator(".vh")
    assert (name.bounding_box() or {})["width"] <= 1
    tile.focus()
    window.page.keyboard.press("Shift+Tab")
    window.page.keyboard.press("Tab")
    assert (name.bounding_box() or {})["width"] > 40, "with the keyboard on it"
    assert window.overflow() == 0
    assert window.violations() == []
    window.page.keyboard.press("Enter")
    article = window.page.locator("article:target")
    expect(article).to_contain_text("Bea Two")
    expect(article).to_be_in_viewport()


@pytest.mark.parametrize("width", [1280, 320])
def test_tiles_are_large_enough_and_wrap(visit: Open, width: int) -> None:
    window = visit()
    window.page.set_viewport_size({"width": width, "height": 900})
    for page in ("panel", "panel_many"):
        window.go(page)
        boxes = [tile.bounding_box() or {} for tile in window.page.locator("#stand .units a").all()[:80]]
        assert min(box["width"] for box in boxes) >= 36, page
        assert min(box["height"] for box in boxes) >= 36, page
        assert max(box["x"] + box["width"] for box in boxes) <= width
        assert window.overflow() == 0


def visible(window: Watch) -> set[str]:
    return {str(one.get_attribute("data-stance")) for one in window.page.locator("article").all() if one.is_visible()}


def test_a_choice_shows_at_once_without_scripts(visit: Open) -> None:
    window = visit(scripts=False)
    window.go("panel")
    page = window.page
    assert visible(window) == {"no", "if", "ok"}
    expect(page.get_by_role("button", name="Apply")).to_be_hidden()
    for label, code in (("Advise against 2", "no"), ("Only with conditions 4", "if"), ("Consider it reasonable 2", "ok")):
        page.get_by_label(label, exact=True).check()
        assert visible(window) == {code}
        assert page.locator(".bunch:visible").count() == 1, "headings of empty groups go, too"
    page.get_by_label("Cite evidence 2", exact=True).check()
    assert page.locator("article:visible").count() == 2
    page.get_by_label("All 8", exact=True).check()
    assert page.locator("article:visible").count() == 8


def test_the_address_of_a_choice_shows_the_same_and_can_be_left(visit: Open) -> None:
    window = visit(scripts=False)
    window.page.goto(window.demo.url("panel") + "?stance=no#answers")
    assert visible(window) == {"no"}
    page = window.page
    page.get_by_label("Only with conditions 4", exact=True).check()
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile("[?]stance=if#answers$"))
    page.wait_for_load_state()
    assert visible(window) == {"if"}
    page.get_by_role("link", name="Show all answers").click()
    expect(page.locator("article:visible")).to_have_count(8)


def test_paper_shows_all_of_it_and_no_controls(visit: Open) -> None:
    window = visit()
    window.go("panel")
    page = window.page
    page.emulate_media(media="print")
    for glyph in page.locator("#stand .units svg").all():
        expect(glyph).to_be_visible()
    exact = page.locator("#stand .units a").first.evaluate("e => getComputedStyle(e).printColorAdjust")
    assert exact == "exact"
    hidden = page.locator("#stand details p").first
    assert (hidden.bounding_box() or {}).get("height", 0) > 10, "what is folded on the screen is open on paper"
    for useless in (".pick", ".tabs", "#stand .gap a"):
        for one in page.locator(useless).all():
            expect(one).to_be_hidden()
    headings = [one.inner_text() for one in page.locator(".bunch > h3").all()]
    assert headings == ["Only with conditions: 4 answers", "Advise against: 2 answers", "Consider it reasonable: 2 answers"]
    assert len(page.pdf(format="A4")) > 20_000


@pytest.mark.parametrize("name", ["panel", "panel_copied", "/"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_keep_tiles_and_glyphs_apart(visit: Open, name: str, scheme: str) -> None:
    window = visit(forced_colors="active", color_scheme=scheme)
    window.go(name)
    for tile in window.page.locator("#stand .units a").all()[:12]:
        style = tile.evaluate(
            "e => { const s = getComputedStyle(e); return [s.borderTopStyle, s.borderTopColor, s.backgroundColor] }"
        )
        assert style[0] == "solid"
        assert style[1] != style[2], "the border is seen"
        expect(tile.locator("svg")).to_be_visible()
    if scheme == "light":
        assert window.violations() == []


def test_the_mirrored_panel_fits_a_narrow_screen(visit: Open) -> None:
    window = visit()
    window.page.set_viewport_size({"width": 320, "height": 900})
    for name in ("panel", "panel_many", "panel_copied", "/"):
        window.go(name)
        window.page.evaluate("document.documentElement.dir = 'rtl'")
        assert window.overflow() == 0, name
        for box in [one.bounding_box() or {} for one in window.page.locator("#stand .units a, #stand .rest li > *").all()[:80]]:
            assert box["x"] >= 0, name
            assert box["x"] + box["width"] <= 320, name


def test_a_patient_invites_and_sees_that_it_was_sent(visit: Open) -> None:
    window = visit("patient", scripts=False)
    window.go("panel")
    window.page.get_by_role("button", name="Invite a nephrologist").click()
    expect(window.page.locator("#stand")).to_contain_text("Invited 1.")
    expect(window.page.get_by_role("button", name="Invite a nephrologist")).to_have_count(0)
