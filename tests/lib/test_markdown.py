"""Bodies become safe HTML: what a writer means arrives, what an attacker means does not."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from consilium.lib.markdown import HTML, MARKDOWN, render
from tests.lib.vectors import VECTORS

ALLOWED = {
    "p", "br", "hr", "strong", "em", "b", "i", "s", "del", "sub", "sup", "code", "pre", "blockquote", "ul", "ol", "li", "a",
    "h3", "h4", "h5", "h6", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
SCHEMES = ("http:", "https:", "mailto:")


class Reader(HTMLParser):
    """Tags with their attributes, as parsed."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def assert_harmless(rendered: str) -> None:
    """As a browser would read it: only the listed tags, no attribute that runs or loads anything, no way off by stealth."""
    reader = Reader()
    reader.feed(rendered)
    for tag, attributes in reader.found:
        assert tag in ALLOWED, rendered
        assert set(attributes) <= {"a": {"href", "rel"}, "ol": {"start"}, "th": {"scope"}}.get(tag, set()), rendered
        # A browser drops white space and controls around and inside an address before it looks at the scheme.
        target = "".join(char for char in attributes.get("href", "") if char > " ").lower()
        scheme = re.match(r"[a-z][a-z0-9+.-]*:", target)
        assert scheme is None or scheme.group() in SCHEMES, rendered
        assert not target.replace("\\", "/").startswith("//"), rendered


@pytest.mark.parametrize("body_format", [MARKDOWN, HTML])
@pytest.mark.parametrize("vector", VECTORS)
def test_no_vector_survives(vector, body_format):
    assert_harmless(render(vector, body_format))


@pytest.mark.parametrize("wrapped", ["[words]({})", "<{}>", "![picture]({})", "[ref]\n\n[ref]: {}"])
@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "//evil.example/x", "/\\evil.example", "data:text/html,x", "vbscript:x"]
)
def test_no_markdown_link_leads_astray(wrapped, target):
    assert_harmless(render(wrapped.format(target), MARKDOWN))
    assert 'href="javascript' not in render(wrapped.format(target), MARKDOWN)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300), st.sampled_from([MARKDOWN, HTML]))
def test_no_text_at_all_gets_out(text, body_format):
    assert_harmless(render(text, body_format))


@given(st.lists(st.sampled_from(["<", ">", "a", "img", "src=", "href=", "'", '"', "`", "*", "[", "](", ")", "javascript:", "//", "&#", "x3c;", "\\", "\n", "svg", "on"]), max_size=30))  # fmt: skip  # noqa: E501
def test_no_mix_of_the_signs_of_both_languages_gets_out(signs):
    for body_format in (MARKDOWN, HTML):
        assert_harmless(render("".join(signs), body_format))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Take **two** *a day*.", "<p>Take <strong>two</strong> <em>a day</em>.</p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("3. three\n4. four", '<ol start="3">\n<li>three</li>\n<li>four</li>\n</ol>'),
        ("first\n\nsecond", "<p>first</p>\n<p>second</p>"),
        ("# Big", "<h3>Big</h3>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("{{7*7}} {% load x %}", "<p>{{7*7}} {% load x %}</p>"),
        ("5 < 6 & 7 > 3", "<p>5 &lt; 6 &amp; 7 &gt; 3</p>"),
        ("<b>bold</b>", "<p>&lt;b&gt;bold&lt;/b&gt;</p>"),
        ("", ""),
    ],
)
def test_markdown_means_what_it_says(written, shown):
    assert render(written, MARKDOWN).strip() == shown


def test_a_link_says_that_it_is_not_ours():
    shown = render("[a study](https://example.org/a?b=1&c=2)", MARKDOWN)
    link = html.fromstring(shown).find("a")
    assert link.get("href") == "https://example.org/a?b=1&c=2"
    assert set(link.get("rel").split()) == {"nofollow", "ugc", "noopener", "noreferrer"}


def test_an_image_becomes_a_link_and_loads_nothing():
    shown = render('<p>See <img src="https://example.org/x.png" alt="the scar"></p>', HTML)
    assert "<img" not in shown
    assert '<a href="https://example.org/x.png"' in shown
    assert ">the scar</a>" in shown


def test_an_image_without_words_shows_its_address_and_one_without_address_goes():
    assert ">https://example.org/x.png</a>" in render('<img src="https://example.org/x.png">', HTML)
    assert render("<p>a<img>b</p>", HTML) == "<p>ab</p>"


def test_headings_of_a_body_stand_below_those_of_the_page():
    assert render("<h1>One</h1><h2 class='x'>Two</h2><h4>Four</h4>", HTML) == "<h3>One</h3><h3>Two</h3><h4>Four</h4>"
