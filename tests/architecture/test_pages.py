"""What every template and style sheet must and must not hold."""

import re

import pytest
from django.template.loader import get_template

from tests.architecture.repository import PACKAGE, having, name, text

TEMPLATES = having(".html", below=PACKAGE)
CSS = having(".css", below=PACKAGE)
SIDES = re.compile(
    r"(?<![\w-])(?:left|right)(?![\w-])\s*[:;!]|(?:margin|padding|border|inset)-(?:left|right)\b|:\s*(?:left|right)\s*[;}]"
)
ids = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: name(path).rpartition("templates/")[2])


def plain(source: str) -> str:
    """A template without its comments and tags."""
    return re.sub(r"{%.*?%}|{#.*?#}|{{.*?}}", "", source, flags=re.DOTALL)


def test_there_are_templates_and_style_sheets() -> None:
    assert TEMPLATES
    assert CSS


@ids
def test_it_compiles(path) -> None:
    get_template(str(path).rpartition("/templates/")[2])


@ids
def test_every_form_that_changes_something_carries_a_token(path) -> None:
    for form in re.findall(r"<form\b.*?</form>", text(path), re.DOTALL | re.IGNORECASE):
        if re.search(r"<form[^>]*method=[\"']?post", form, re.IGNORECASE):
            assert "{% csrf_token %}" in form, form[:120]
    elements = re.findall(r"{% element form .*?%}.*?{% endelement %}", text(path), re.DOTALL)
    assert all("csrf_token" in form for form in elements)


@ids
def test_nothing_runs_or_is_styled_inline(path) -> None:
    source = plain(text(path))
    assert re.findall(r"<style\b", source, re.IGNORECASE) == []
    assert re.findall(r"\sstyle\s*=", source, re.IGNORECASE) == []
    assert re.findall(r"<[^>]*\son[a-z]+\s*=", source, re.IGNORECASE) == []
    assert re.findall(r"javascript:", source, re.IGNORECASE) == []
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", text(path), re.IGNORECASE | re.DOTALL)
    for attributes, content in scripts:
        is_data = 'type="application/ld+json"' in attributes
        assert is_data or ("src=" in attributes and not content.strip()), attributes


@ids
def test_nothing_is_loaded_from_another_host(path) -> None:
    loading = r"<(?:script|img|iframe|video|audio|source|object|embed|link)\b[^>]*\s(?:src|href|data)=[\"']?(?:https?:)?//"
    assert re.findall(loading, plain(text(path)), re.IGNORECASE) == []


@ids
def test_a_new_window_and_raw_text_are_never_an_accident(path) -> None:
    source = text(path)
    assert re.findall(r"(?<![\w-])target=", plain(source)) == []
    # Bodies are rendered by lib/markdown.py alone; nothing else may call itself safe.
    raw = set(re.findall(r"{{\s*([\w.]+)\s*\|\s*safe\s*}}", source))
    assert raw <= {"question.body_html", "answer.body_html", "card.body_html", "comment.html", "html", "comment.body_html", "field.help_text"}, raw
    assert "autoescape off" not in source


@ids
def test_visible_words_are_translated(path) -> None:
    source = re.sub(r"{% (?:blocktranslate|comment).*?{% end(?:blocktranslate|comment) %}", "", text(path), flags=re.DOTALL)
    words = re.sub(r"<script.*?</script>|<code>.*?</code>|<[^>]*>|&\w+;", " ", plain(source), flags=re.DOTALL)
    left = re.findall(r"[A-Za-z]{3,}", words)
    assert left == [], "wrap it in {% translate %}"
    attributes = re.findall(r"\s(?:aria-label|title|alt|placeholder)=\"([^\"]*)\"", plain(source))
    assert [said for said in attributes if re.search(r"[A-Za-z]{3,}", said)] == []


@pytest.mark.parametrize("path", CSS, ids=lambda path: path.name)
def test_style_sheets_know_start_and_end_not_left_and_right(path) -> None:
    source = re.sub(r"/\*.*?\*/", "", text(path), flags=re.DOTALL)
    assert SIDES.findall(source) == []
    assert re.findall(r"text-align:\s*(?:left|right)|float:\s*(?:left|right)", source) == []


@pytest.mark.parametrize("path", CSS, ids=lambda path: path.name)
def test_style_sheets_load_nothing_from_elsewhere(path) -> None:
    assert re.findall(r"@import|url\(\s*[\"']?(?:https?:)?//", text(path)) == []
    assert "@layer" in text(path)
