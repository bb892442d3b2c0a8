"""Where the words stand that were looked for, in a text as it is now; the index knows the words, never the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog
import tantivy

from consilium.search.names import Names, others
from consilium.search.node import Node
from consilium.search.text_index import BrokenIndex, guarded
from consilium.search.text_query import marking_query, read
from consilium.search.words import stemmed_as

log = structlog.get_logger(__name__)

LENGTH: Final = 220
"""Bytes of a piece."""
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """A run of characters; `found`: it is one of the words."""

    text: str
    found: bool = False


class Marker:
    """Marks the words of one query, and other names of what they name, in any number of plain texts; without an index nothing.
    Parts are to be escaped.
    """

    def __init__(self, node: Node | None, query: str, names: Names | None = None) -> None:
        self._node, self._query = node, query
        self._others = _named(others(query, names)) if node and names else None
        self._marking: tantivy.Query | None = None
        self._generators: dict[str, tantivy.SnippetGenerator] = {}

    def piece(self, text: str, language: str, *, title: bool = False, length: int = LENGTH) -> list[Part]:
        """The best piece of a text (or title); its beginning when no word is in it."""
        start, end, places = self._found(text, language, title=title, length=length)
        if not places and self._others and (name := self._others.search(text)):
            start = text.rfind(" ", 0, max(0, name.start() - length // 4)) + 1 if name.start() > length // 4 else 0
            end = max(name.end(), text.rfind(" ", start, start + length)) if start + length < len(text) else len(text)
        elif not places:
            return [Part(text[:length].rsplit(" ", 1)[0] + "…" if len(text) > length else text)]
        while start > 0 and not text[start - 1].isspace():
            start -= 1
        while end < len(text) and not text[end].isspace():
            end += 1
        parts = self._parts(text[start:end], [(first - start, last - start) for first, last in places])
        return [*[Part("…")] * (start > 0), *parts, *[Part("…")] * (end < len(text))]

    def whole(self, text: str, language: str, *, title: bool = False) -> list[Part]:
        """All of a short text."""
        return self._parts(text, self._found(text, language, title=title, length=4 * len(text) + 1)[2])

    def _found(self, text: str, language: str, *, title: bool, length: int) -> tuple[int, int, list[Place]]:
        """Begin and end of the best piece, and of the words in it."""
        name = f"{'title' if title else 'text'}_{stemmed_as(language)}"
        try:
            generator = self._generator(name)
        except BrokenIndex as error:
            log.warning("search.broken_index", reason=str(error)[:200])
            self._node = generator = None
        if generator is None:
            return 0, 0, []
        generator.set_max_num_chars(length)
        document = tantivy.Document()
        document.add_text(name, text)
        return _in_characters(text, generator.snippet_from_doc(document))

    def _generator(self, name: str) -> tantivy.SnippetGenerator | None:
        if self._node is None:
            return None
        words = self._node.words
        with guarded():
            if self._marking is None:
                self._marking = marking_query(words, read(words, self._query))
            if name not in self._generators:
                self._generators[name] = tantivy.SnippetGenerator.create(words.searcher, self._marking, words.schema, name)
        return self._generators[name]

    def _parts(self, text: str, places: Sequence[Place]) -> list[Part]:
        named = [found.span() for found in self._others.finditer(text)] if self._others else []
        parts, last = [], 0
        for start, end in sorted([*named, *places], key=lambda place: (place[0], -place[1])):
            if start >= last:
                parts += [Part(text[last:start]), Part(text[start:end], found=True)]
                last = end
        return [part for part in [*parts, Part(text[last:])] if part.text]


def snippet(node: Node, query: str, text: str, language: str, *, title: bool = False, length: int = LENGTH) -> list[Part]:
    """One piece of one text (see Marker)."""
    return Marker(node, query).piece(text, language, title=title, length=length)


def _named(names: Sequence[str]) -> re.Pattern[str] | None:
    """Any of these names, the longest first; as a whole, since one of its words alone may mean anything."""
    alternatives = "|".join(re.escape(one) for one in sorted(names, key=len, reverse=True) if one)
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE) if alternatives else None


def _in_characters(text: str, found: tantivy.Snippet) -> tuple[int, int, list[Place]]:
    """tantivy counts bytes, and the words from the begin of the piece."""
    content, piece = text.encode(), found.fragment_range()
    start, end = len(content[: piece.start].decode()), len(content[: piece.end].decode())
    inside = content[piece.start : piece.end]
    return start, end, [
        (start + len(inside[: one.start].decode()), start + len(inside[: one.end].decode())) for one in found.highlighted()
    ]  # fmt: skip
