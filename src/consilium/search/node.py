"""The two indexes of one node together, and how a query is answered from them. No database: what may be shown is decided by
the caller, who asks it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from consilium.search import semantic
from consilium.search.documents import Kind
from consilium.search.names import Names
from consilium.search.ranking import fuse, highest
from consilium.search.text_index import NO_FILTERS, Filters, Hit, TextIndex
from consilium.search.text_query import Asked, every_query, everything, named_query, question_query, read, within
from consilium.search.words import told, typed

if TYPE_CHECKING:
    from consilium.search.embedding import Model
    from consilium.search.vector_index import VectorIndex

DEPTH: Final = 200
"""Places of each ranking that are put together; nobody reads further."""
ALIKE: Final = 0.30
"""The smallest cosine of a question that is found by meaning alone: below, texts have nothing to do with each other."""
WORDS: Final = "words"
VECTORS: Final = "vectors"


class Mode(StrEnum):
    """Which rankings are asked. HYBRID is what people get; the others are for the benchmark and for a site without the model."""

    WORDS = "words"
    MEANING = "meaning"
    HYBRID = "hybrid"


@dataclass(slots=True)
class Node:
    """The open indexes; `vectors` and `model` are None where search is by words alone."""

    words: TextIndex
    vectors: VectorIndex | None = None
    model: Model | None = None

    @classmethod
    def create(cls, folder: Path, *, vectors: bool) -> Node:
        return cls(TextIndex.create(folder / WORDS), semantic.create_vectors(folder / VECTORS) if vectors else None)

    def rank(
        self,
        text: str,
        *,
        names: Names | None = None,
        mode: Mode = Mode.HYBRID,
        filters: Filters = NO_FILTERS,
        limit: int = DEPTH,
    ) -> list[Hit]:
        """Questions for what somebody typed, best first."""
        asked = read(self.words, text, names)
        rankings: list[Sequence[Hit]] = []
        if mode is not Mode.MEANING:
            rankings.append(self.by_words(asked, filters, limit))
        if mode is not Mode.WORDS:
            rankings += self._passing(self.by_meaning(asked, limit), filters)
        return _one(rankings)

    def rank_around(self, text: str, *, names: Names | None = None, filters: Filters, limit: int = DEPTH) -> list[Hit]:
        """`rank` with these filters, then what it finds without them: the query is read and its meaning computed once."""
        asked = read(self.words, text, names)
        near = self.by_meaning(asked, limit)
        found = _one([self.by_words(asked, NO_FILTERS, limit), *near])
        if not filters.any:
            return found
        return _chained(_one([self.by_words(asked, filters, limit), *self._passing(near, filters)]), found)

    def by_words(self, asked: Asked, filters: Filters, limit: int) -> list[Hit]:
        if asked.empty:
            return []
        return self.words.find(within(self.words, question_query(self.words, asked), filters), limit)

    def by_meaning(self, asked: Asked, limit: int) -> list[Sequence[Hit]]:
        """Two rankings: by the question (of a long query its nearest sentence counts), and by the question with its answers;
        none without the model."""
        if self.vectors is None or self.model is None or asked.empty:
            return []
        # An abbreviation alone means little to the model; what it stands for does.
        vectors = self.model.vectors([", ".join([asked.text, *asked.others[:2]]), *told(asked.text)])
        titles = [self.vectors.nearest(vector, limit, whole=False) for vector in vectors]
        found = [highest(titles, limit), self.vectors.nearest(vectors[0], limit, whole=True)]
        return [[hit for hit in hits if hit.score >= ALIKE] for hits in found]

    def newest(
        self, text: str, *, names: Names | None = None, filters: Filters = NO_FILTERS, limit: int = DEPTH
    ) -> list[Hit]:  # fmt: skip
        """Questions with all the words, or with other names of the same, newest first; without words, all."""
        query = everything(self.words) if read(self.words, text).empty else every_query(self.words, text, names or {})
        return self.words.find(within(self.words, query, filters), limit, newest=True)

    def newest_around(self, text: str, *, names: Names | None = None, filters: Filters, limit: int = DEPTH) -> list[Hit]:
        """`newest` with these filters, then what it finds without them."""
        found = self.newest(text, names=names, limit=limit)
        if not filters.any:
            return found
        return _chained(self.newest(text, names=names, filters=filters, limit=limit), found)

    def completing(self, text: str, *, limit: int) -> list[Hit]:
        """Questions for what somebody is still typing."""
        asked = read(self.words, text)
        return [] if asked.empty else self.words.find(question_query(self.words, asked, completing=True), limit)

    def named(self, text: str, kind: Kind, *, names: Names | None = None, limit: int) -> list[Hit]:
        """Doctors or topics."""
        return self.words.find(named_query(self.words, text, kind, names or {}), limit)

    def alike(self, text: str, *, limit: int) -> list[Hit]:
        """Questions that ask the same as a text, with the cosine of their titles."""
        if self.vectors is None or self.model is None or not text.strip():
            return []
        return self.vectors.nearest(self.model.vectors([typed(text)])[0], limit, whole=False)

    def neighbours(self, number: int, *, limit: int) -> list[Hit]:
        """Questions that are nearest to a question with its answers; itself is not among them."""
        pair = self.vectors.pair(number) if self.vectors is not None else None
        if pair is None or self.vectors is None:
            return []
        near = self.vectors.nearest(pair.whole.astype("float32"), limit + 1, whole=True)
        return [hit for hit in near if hit.number != number][:limit]

    def _passing(self, rankings: list[Sequence[Hit]], filters: Filters) -> list[Sequence[Hit]]:
        numbers = {hit.number for hits in rankings for hit in hits}
        if not filters.any or not numbers:
            return rankings
        query = within(self.words, self.words.among(numbers), filters)
        passing = {hit.number for hit in self.words.find(query, len(numbers))}
        return [[hit for hit in hits if hit.number in passing] for hits in rankings]


def _one(rankings: Sequence[Sequence[Hit]]) -> list[Hit]:
    return list(rankings[0]) if len(rankings) == 1 else fuse(rankings)


def _chained(first: Sequence[Hit], then: Sequence[Hit]) -> list[Hit]:
    there = {hit.number for hit in first}
    return [*first, *(hit for hit in then if hit.number not in there)]
