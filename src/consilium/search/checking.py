"""Comparing a node's index with the tables: what is missing, what is too much, what differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from consilium.search import gathering, semantic
from consilium.search.documents import Kind, QuestionText
from consilium.search.following import unread
from consilium.search.models import Vector
from consilium.search.node import Node

NAMED: Final = 20
Advance = Callable[[int], None]


@dataclass(slots=True)
class Drift:
    """Numbers of documents by kind, and of questions by vector."""

    missing: dict[Kind, list[int]] = field(default_factory=dict)
    surplus: dict[Kind, list[int]] = field(default_factory=dict)
    differing: dict[Kind, list[int]] = field(default_factory=dict)
    vectors: list[int] = field(default_factory=list)
    compared: int = 0
    unread: int = 0

    @property
    def total(self) -> int:
        return len(self.vectors) + sum(len(rows) for one in (self.missing, self.surplus, self.differing) for rows in one.values())

    def lines(self) -> list[str]:
        """What to print, a line each."""
        found = []
        for word, rows in (("missing", self.missing), ("too much", self.surplus), ("different", self.differing)):
            found += [f"{kind.name.lower()}, {word}: {_list(numbers)}" for kind, numbers in rows.items() if numbers]
        return [*found, f"question, vectors: {_list(self.vectors)}"] if self.vectors else found


def compare(node: Node, advance: Advance | None = None) -> Drift:
    """Every document and every vector; what the journal has not told yet is no drift, but counted in `unread`."""
    node.words.refresh()
    drift = Drift(unread=unread(node.words.state).count())
    meant: dict[int, str] = {}
    for kind in Kind:
        held, there = node.words.digests(kind), gathering.all_numbers(kind)
        drift.surplus[kind] = sorted(held.keys() - set(there))
        drift.missing[kind] = sorted(set(there) - held.keys())
        drift.differing[kind] = []
        for document in gathering.documents(kind, there):
            drift.compared += 1
            if isinstance(document, QuestionText):
                meant[document.number] = document.meant
            if document.number in held and held[document.number] != document.digest:
                drift.differing[kind].append(document.number)
            if advance:
                advance(1)
    if node.vectors is not None:
        drift.vectors = _vectors(node, meant)
    return drift


def _vectors(node: Node, meant: Mapping[int, str]) -> list[int]:
    """Vectors that are missing, and those of words that are said no more. `meant`: see QuestionText."""
    assert node.vectors is not None
    node.vectors.refresh()
    rows = Vector.objects.good(semantic.MODEL).values_list("question", "digest")
    return sorted(node.vectors.numbers() ^ {pk for pk, digest in rows if meant.get(pk) == digest})


def _list(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:NAMED]))
    return f"{len(numbers)} ({shown}{', …' if len(numbers) > NAMED else ''})"
