"""Restricted Markdown and imported HTML, both rendered to the same small allow-list of tags."""

import re
from html import escape, unescape
from typing import Final

import nh3
from markdown_it import MarkdownIt

MARKDOWN: Final = "markdown"
HTML: Final = "html"

_TAGS = {
    "p", "br", "hr", "strong", "em", "b", "i", "s", "del", "sub", "sup", "code", "pre", "blockquote",
    "ul", "ol", "li", "a", "h3", "h4", "h5", "h6", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "th": {"scope"}}
_HEADING = re.compile(r"(</?h)[12](?=[\s>])", re.IGNORECASE)
_BREAK = re.compile(r"</(?:p|li|h[1-6]|blockquote|pre|tr|dd|dt)>|<br\s*/?>")
_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(src|alt)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_SKIPPED = str.maketrans("", "", "\t\n\r")
_LEADING = "".join(map(chr, range(33)))

_markdown = MarkdownIt("zero", {"html": False, "linkify": False, "typographer": False, "maxNesting": 20}).enable(
    ["list", "blockquote", "heading", "link", "emphasis", "newline", "escape", "hr", "entity", "autolink", "backticks"]
)


def _keep(tag: str, name: str, value: str) -> str | None:
    # "//host" and "/\host" leave the site without naming a scheme; a browser skips what _SKIPPED and _LEADING name.
    start = value.translate(_SKIPPED).lstrip(_LEADING)[:2].replace("\\", "/")
    return None if name == "href" and start == "//" else value


# Made once: building it costs two thirds as much as cleaning a body.
_cleaner = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_keep,
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener noreferrer",
    clean_content_tags={"script", "style", "template", "svg", "math"},
)


def render(text: str, body_format: str) -> str:
    """Safe HTML for a body; `body_format` is MARKDOWN or HTML.

    No tag can load anything from anywhere: images become links, addresses must be http, https, mailto or local.
    """
    html = _markdown.render(text) if body_format == MARKDOWN else _without_images(text)
    return _cleaner.clean(_HEADING.sub(r"\g<1>3", html))


def _without_images(html: str) -> str:
    if "<img" not in html and "<IMG" not in html:
        return html
    # Behind the last ">" no tag ends, and looking for one from each "<img" there would take time with its square.
    end = html.rfind(">") + 1
    return _IMAGE.sub(_as_link, html[:end]) + html[end:]


def _as_link(match: re.Match[str]) -> str:
    found = {name.lower(): double or single for name, double, single in _ATTRIBUTE.findall(match.group())}
    if not found.get("src"):
        return ""
    return f'<a href="{found["src"]}">{found.get("alt") or escape(found["src"])}</a>'


def plain(html: str) -> str:
    """Text of rendered HTML, one line per block."""
    text = unescape(nh3.clean(_BREAK.sub("\n", html), tags=set()))
    return "\n".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)
