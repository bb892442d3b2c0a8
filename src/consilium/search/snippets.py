"""The piece of a text where the words stand that were looked for, with their places; cut from the text as it is now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import tantivy

from consilium.search.node import Node
from consilium.search.text_query import question_query, read
from consilium.search.words import stemmed_as

LENGTH: Final = 220


@dataclass(frozen=True, slots=True)
class Part:
    """A run of characters; `found`: it is one of the words."""

    text: str
    found: bool = False


def snippet(node: Node, query: str, text: str, language: str, *, title: bool = False, length: int = LENGTH) -> list[Part]:
    """The best piece of a plain text (or `title`), in parts; its beginning when no word is in it. Parts are to be escaped."""
    name = f"{'title' if title else 'text'}_{stemmed_as(language)}"
    asked = question_query(node.words, read(node.words, query))
    generator = tantivy.SnippetGenerator.create(node.words.searcher, asked, node.words.schema, name)
    generator.set_max_num_chars(length)
    document = tantivy.Document()
    document.add_text(name, text)
    found = generator.snippet_from_doc(document)
    fragment = found.fragment()
    if not fragment:
        return [Part(text[:length].rsplit(" ", 1)[0] + "…" if len(text) > length else text)]
    parts = _parts(fragment.encode(), [(one.start, one.end) for one in found.highlighted()])
    whole = found.fragment_range()
    start, end = [Part("…")] * (whole.start > 0), [Part("…")] * (whole.end < len(text.encode()))
    return [*start, *parts, *end]


def _parts(content: bytes, places: Sequence[tuple[int, int]]) -> list[Part]:
    """tantivy counts bytes."""
    parts, last = [], 0
    for start, end in sorted(places):
        if start >= last:
            parts += [Part(content[last:start].decode()), Part(content[start:end].decode(), found=True)]
            last = end
    return [part for part in [*parts, Part(content[last:].decode())] if part.text]
