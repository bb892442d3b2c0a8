"""Plain text on its way into our Markdown: nothing in it may become markup by accident."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_INVISIBLE: Final = re.compile(r"[\u200b\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]")
_ACTIVE: Final = re.compile(r"([\\`*_\[\]<>]|&(?=#?\w+;))")
_AT_START: Final = re.compile(r"^(#{1,6}(?=\s|$)|[-+](?=\s|$)|[-=~]{2,}\s*$|\d{1,9}(?=[.)](?:\s|$)))")


def tidy(text: str) -> str:
    """One line without invisible signs and with single plain spaces (pages are full of no-break spaces)."""
    return " ".join(_INVISIBLE.sub("", text).split())


def as_markdown(lines: Iterable[tuple[str, bool]]) -> str:
    """(line, whether a paragraph starts with it) pairs as Markdown that shows exactly these lines."""
    text = ""
    for line, starts_paragraph in lines:
        joint = "" if not text else "\n\n" if starts_paragraph else "\\\n"
        text += joint + escaped(line)
    return text


def escaped(line: str) -> str:
    """The line so that Markdown shows it as it is."""
    line = _ACTIVE.sub(r"\\\1", line)
    found = _AT_START.match(line)
    if not found:
        return line
    mark = found.group(1)
    if mark[0].isdigit():
        return f"{mark}\\{line[len(mark) :]}"
    return f"\\{line}"
