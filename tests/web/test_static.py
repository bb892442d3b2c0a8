"""What the browser is given beside the pages."""

import re
from pathlib import Path

import pytest

import consilium.web

WEB = Path(consilium.web.__file__).parent
STATIC = WEB / "static" / "consilium"
SHEETS = sorted((STATIC / "css").glob("*.css"))
LAYERS = ["tokens", "base", "layout", "components", "pages", "print"]
# What a few pages alone load beside them, in the layers of pages and of print.
EXTRA = ["editor", "question", "sheet"]


def test_all_stylesheets_together_weigh_at_most_30_kb() -> None:
    assert sum(sheet.stat().st_size for sheet in SHEETS) <= 30 * 1024


def test_one_layer_per_stylesheet_in_the_stated_order() -> None:
    assert sorted(sheet.stem for sheet in SHEETS) == sorted(LAYERS + EXTRA)
    assert f"@layer {', '.join(LAYERS)};" in (STATIC / "css" / "tokens.css").read_text()
    for sheet in SHEETS:
        layers = set(re.findall(r"@layer (\w+) \{", sheet.read_text()))
        assert layers <= {"pages", "print"} if sheet.stem in EXTRA else layers == {sheet.stem}


def test_the_page_links_every_stylesheet_in_order() -> None:
    linked = re.findall(r"consilium/css/(\w+)\.css", (WEB / "templates" / "base.html").read_text())
    assert linked == LAYERS


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_logical_properties_only(sheet: Path) -> None:
    rules = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    physical = r"\b(left|right|(?:margin|padding|border|inset)-(?:top|bottom)|(?<![-\w])(?:min-|max-)?(?:width|height)\s*:)"
    assert not re.findall(physical, rules)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_every_class_is_used_by_a_template(sheet: Path) -> None:
    templates = "\n".join(path.read_text() for path in (WEB / "templates").rglob("*.html"))
    used = set(re.findall(r"[\w-]+", " ".join(re.findall(r'class="([^"]*)"', templates))))
    rules = re.sub(r"/\*.*?\*/|url\([^)]*\)", "", sheet.read_text(), flags=re.DOTALL)
    assert set(re.findall(r"\.([a-z][\w-]*)(?=[\s,{:.&>)\[])", rules)) <= used


def test_no_stylesheet_asks_another_host() -> None:
    for sheet in SHEETS:
        assert re.findall(r"url\([^)]*\)|@import", sheet.read_text()) == (
            ['url("../fonts/ahn.woff2")'] if sheet.stem == "tokens" else []
        )


def test_every_icon_that_a_template_uses_is_in_the_sprite_and_the_other_way_round() -> None:
    sprite = set(re.findall(r'<symbol id="(i-\w+)"', (WEB / "templates" / "components" / "icons.html").read_text()))
    templates = "\n".join(path.read_text() for path in (WEB / "templates").rglob("*.html"))
    assert set(re.findall(r'href="#(i-\w+)"', templates)) == sprite


@pytest.mark.parametrize("part", ["fonts/ahn-OFL.txt", "vendor/htmx-LICENSE.txt", "vendor/lucide-LICENSE.txt"])
def test_licences_lie_beside_what_they_license(part: str) -> None:
    assert (STATIC / part).stat().st_size > 300


def test_templates_have_no_inline_script_style_or_handler() -> None:
    for path in (WEB / "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text), path
        assert not re.search(r"<script(?![^>]*(\ssrc=|application/ld\+json))", text), path


def test_templates_use_five_htmx_attributes_and_no_others() -> None:
    allowed = {"hx-get", "hx-post", "hx-target", "hx-swap", "hx-trigger"}
    for path in (WEB / "templates").rglob("*.html"):
        assert set(re.findall(r"\s(hx-[\w-]+)=", path.read_text())) <= allowed, path


def test_templates_stay_short() -> None:
    for path in (WEB / "templates").rglob("*.html"):
        assert len(path.read_text().splitlines()) <= 120, path
