"""The index of meanings: two vectors per question, nearest ones found in a memory-mapped graph.

Rewriting the graph for every change would take seconds, so changes wait beside it in a small file that is searched whole,
and are worked in when they have become many. One process writes, many read; a reader sees either the old files or the new.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime  # noqa: F401  # before usearch 2.26: loaded after it, onnxruntime 1.31 ends the process
from numpy.typing import NDArray
from usearch.index import Index

from consilium.search.text_index import BrokenIndex, Hit

DIMENSIONS: Final = 384
WAITING: Final = 1_000
"""Changes that wait before they are worked into the graph, or 2 % of it when that is more."""
_MANIFEST: Final = "vectors.json"
_CONNECTIVITY: Final = 16
_EFFORT_ADD: Final = 128
_EFFORT_SEARCH: Final = 96

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Pair:
    """The vectors of one question: of its title, and of the question with its answers."""

    question: Halves
    whole: Halves


class _Changes:
    """What is newer than the graph: vectors by number, and numbers whose vectors in the graph no longer hold."""

    def __init__(self) -> None:
        self.pairs: dict[int, Pair] = {}
        self.gone: set[int] = set()
        self._matrix: tuple[NDArray[np.int64], Floats, Floats] | None = None

    def put(self, number: int, pair: Pair) -> None:
        self.pairs[number] = pair
        self.gone.add(number)
        self._matrix = None

    def remove(self, number: int) -> None:
        self.pairs.pop(number, None)
        self.gone.add(number)
        self._matrix = None

    def matrix(self) -> tuple[NDArray[np.int64], Floats, Floats]:
        if self._matrix is None:
            numbers = np.array(list(self.pairs), np.int64)
            both = list(self.pairs.values())
            empty = np.zeros((0, DIMENSIONS), np.float32)
            self._matrix = (
                numbers,
                np.array([pair.question for pair in both], np.float32) if both else empty,
                np.array([pair.whole for pair in both], np.float32) if both else empty,
            )
        return self._matrix

    def save(self, path: Path) -> None:
        numbers, questions, wholes = self.matrix()
        gone = np.array(sorted(self.gone), np.int64)
        with path.open("wb") as file:
            np.savez(file, numbers=numbers, questions=questions.astype(np.float16), wholes=wholes.astype(np.float16), gone=gone)

    @classmethod
    def load(cls, path: Path) -> _Changes:
        found = cls()
        with np.load(path) as content:
            questions, wholes = content["questions"], content["wholes"]
            found.pairs = {int(n): Pair(questions[row], wholes[row]) for row, n in enumerate(content["numbers"])}
            found.gone = {int(number) for number in content["gone"]}
        return found


class VectorIndex:
    """An open index. Raises BrokenIndex when its files are not what they should be."""

    def __init__(self, path: Path, *, writing: bool = False) -> None:
        self.path = path
        self._writing = writing
        self._changed = False
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] = (0, 0)
        self._graphs: _Graphs
        self._changes: _Changes
        self._graph_number = self._changes_number = 0
        self._load()

    @classmethod
    def create(cls, path: Path) -> VectorIndex:
        try:
            path.mkdir(parents=True, exist_ok=True)
            _Graphs(_graph(), _graph()).save(path, 1)
            _Changes().save(path / "changes-1.npz")
            _write_manifest(path, 1, 1)
        except (OSError, ValueError, RuntimeError) as error:
            raise BrokenIndex(str(error)) from error
        return cls(path, writing=True)

    def __len__(self) -> int:
        return len(self._graphs) + len(self._changes.pairs) - sum(self._graphs.has(number) for number in self._changes.gone)

    def refresh(self) -> None:
        """See what was written since."""
        if self._stamped() != self._stamp:
            with self._lock:
                self._load()

    def put(self, number: int, pair: Pair) -> None:
        self._changes.put(number, pair)
        self._changed = True

    def remove(self, number: int) -> None:
        if self.has(number):
            self._changes.remove(number)
            self._changed = True

    def has(self, number: int) -> bool:
        """Whether a question has vectors here."""
        return number in self._changes.pairs or (number not in self._changes.gone and self._graphs.has(number))

    def add_many(self, pairs: Mapping[int, Pair]) -> None:
        """Work new questions into the graph at once; for building from nothing."""
        if pairs:
            numbers = np.array(list(pairs), np.int64)
            self._graphs.question.add(numbers, np.array([pair.question for pair in pairs.values()], np.float32))
            self._graphs.whole.add(numbers, np.array([pair.whole for pair in pairs.values()], np.float32))

    def save(self, *, whole: bool = False) -> None:
        """Make the changes visible; `whole`, or when they are many: work them into the graph. Nothing without changes."""
        if not (self._changed or whole):
            return
        try:
            self._save(whole=whole)
        except (OSError, ValueError, RuntimeError) as error:
            raise BrokenIndex(str(error)) from error

    def nearest(self, vector: Floats, limit: int, *, whole: bool) -> list[Hit]:
        """The questions whose vector is nearest, with the cosine; best first."""
        try:
            with self._lock:
                graphs, changes = self._graphs, self._changes
            return _nearest(graphs.whole if whole else graphs.question, changes, vector, limit, whole=whole)
        except (OSError, ValueError, RuntimeError) as error:
            raise BrokenIndex(str(error)) from error

    def numbers(self) -> set[int]:
        """All questions with vectors here."""
        return ({int(number) for number in self._graphs.question.keys} - self._changes.gone) | set(self._changes.pairs)

    def pair(self, number: int) -> Pair | None:
        """The vectors of a question as they are kept here."""
        if number in self._changes.pairs:
            return self._changes.pairs[number]
        if not self.has(number):
            return None
        return Pair(
            *(np.asarray(graph.get(number), np.float16).reshape(-1) for graph in (self._graphs.question, self._graphs.whole))
        )

    def _save(self, *, whole: bool) -> None:
        graph, number = self._graph_number, self._changes_number + 1
        if whole or len(self._changes.gone) > max(WAITING, len(self._graphs) // 50):
            if not self._writing:
                self._graphs = _Graphs.load(self.path, graph)
                self._writing = True
            self._graphs.work_in(self._changes)
            graph += 1
            self._graphs.save(self.path, graph)
            self._changes = _Changes()
            self._graphs, self._writing = _Graphs.view(self.path, graph), False  # the memory of the whole graph is given back
        self._changes.save(self.path / f"changes-{number}.npz")
        _write_manifest(self.path, graph, number)
        self._graph_number, self._changes_number = graph, number
        self._stamp = self._stamped()
        self._changed = False
        _sweep(self.path, graph, number)

    def _load(self) -> None:
        try:
            self._stamp = self._stamped()
            manifest = json.loads((self.path / _MANIFEST).read_text(encoding="ascii"))
            self._graph_number, self._changes_number = int(manifest["graph"]), int(manifest["changes"])
            self._graphs = (_Graphs.load if self._writing else _Graphs.view)(self.path, self._graph_number)
            self._changes = _Changes.load(self.path / f"changes-{self._changes_number}.npz")
        except Exception as error:
            # usearch, numpy and json each have errors of their own for files that are not what they should be.
            raise BrokenIndex(f"{type(error).__name__}: {error}") from error

    def _stamped(self) -> tuple[int, int]:
        try:
            found = (self.path / _MANIFEST).stat()
        except OSError as error:
            raise BrokenIndex(str(error)) from error
        return found.st_ino, found.st_mtime_ns


@dataclass(slots=True)
class _Graphs:
    question: Any
    whole: Any

    def __len__(self) -> int:
        return len(self.question)

    def has(self, number: int) -> bool:
        return bool(number in self.question)

    @classmethod
    def load(cls, path: Path, number: int) -> _Graphs:
        return cls(*(_opened(file, view=False) for file in cls._files(path, number)))

    @classmethod
    def view(cls, path: Path, number: int) -> _Graphs:
        return cls(*(_opened(file, view=True) for file in cls._files(path, number)))

    def save(self, path: Path, number: int) -> None:
        for graph, file in zip((self.question, self.whole), self._files(path, number), strict=True):
            graph.save(str(file))

    def work_in(self, changes: _Changes) -> None:
        known = [number for number in changes.gone if self.has(number)]
        if known:
            self.question.remove(np.array(known, np.int64))
            self.whole.remove(np.array(known, np.int64))
        numbers, questions, wholes = changes.matrix()
        if len(numbers):
            self.question.add(numbers, questions)
            self.whole.add(numbers, wholes)

    @staticmethod
    def _files(path: Path, number: int) -> tuple[Path, Path]:
        return path / f"question-{number}.usearch", path / f"whole-{number}.usearch"


def _graph() -> Any:
    return Index(
        ndim=DIMENSIONS, metric="cos", dtype="f16", connectivity=_CONNECTIVITY, expansion_add=_EFFORT_ADD,
        expansion_search=_EFFORT_SEARCH,
    )  # fmt: skip


def _opened(path: Path, *, view: bool) -> Any:
    if not path.is_file() or path.stat().st_size == 0:
        raise BrokenIndex(f"{path.name} is missing or empty")
    graph = _graph()
    if view:
        graph.view(str(path))
    else:
        graph.load(str(path))
    if graph.ndim != DIMENSIONS:
        raise BrokenIndex(f"{path.name} holds vectors of {graph.ndim} numbers")
    return graph


def _nearest(graph: Any, changes: _Changes, vector: Floats, limit: int, *, whole: bool) -> list[Hit]:
    found: list[Hit] = []
    if len(graph):
        wanted = min(len(graph), limit + min(len(changes.gone), limit))
        matches = graph.search(vector, wanted, threads=1)
        pairs = zip(matches.keys.tolist(), matches.distances.tolist(), strict=True)
        found = [Hit(int(number), 1.0 - distance) for number, distance in pairs if number not in changes.gone]
    numbers, questions, wholes = changes.matrix()
    if len(numbers):
        cosines = (wholes if whole else questions) @ vector
        found += [Hit(int(numbers[row]), float(cosines[row])) for row in np.argsort(-cosines)[:limit]]
        found.sort(key=lambda hit: -hit.score)
    return found[:limit]


def _write_manifest(path: Path, graph: int, changes: int) -> None:
    fresh = path / f"{_MANIFEST}.new"
    fresh.write_text(json.dumps({"graph": graph, "changes": changes}), encoding="ascii")
    fresh.replace(path / _MANIFEST)


def _sweep(path: Path, graph: int, changes: int) -> None:
    """Remove what no manifest names any more; the one before stays for readers who were just about to open it."""
    keep = {f"{name}-{number}.usearch" for name in ("question", "whole") for number in (graph, graph - 1)}
    keep |= {f"changes-{number}.npz" for number in (changes, changes - 1)} | {_MANIFEST}
    for file in path.iterdir():
        if file.name not in keep:
            file.unlink(missing_ok=True)


def packed(vector: Floats | Halves) -> bytes:
    """A vector as the database keeps it."""
    return np.asarray(vector, np.float16).tobytes()


def unpacked(content: bytes | memoryview) -> Halves:
    return np.frombuffer(bytes(content), np.float16)


def middle(vectors: Sequence[bytes | memoryview]) -> Floats:
    """The mean, of length 1."""
    mean: Floats = np.array([unpacked(vector) for vector in vectors], np.float32).mean(axis=0)
    return mean / max(float(np.linalg.norm(mean)), 1e-9)


class Table:
    """Vectors of questions at hand, to be compared with each other."""

    def __init__(self) -> None:
        self._rows: dict[int, int] = {}
        self._titles = np.zeros((0, DIMENSIONS), np.float32)
        self._wholes = np.zeros((0, DIMENSIONS), np.float32)

    def __contains__(self, number: int) -> bool:
        return number in self._rows

    def add(self, pairs: Sequence[tuple[int, bytes | memoryview, bytes | memoryview]]) -> None:
        """Questions that are not in it yet: number, title and whole, as the database keeps them."""
        if pairs:
            self._rows |= {number: row for row, (number, _, _) in enumerate(pairs, len(self._rows))}
            self._titles = np.vstack([self._titles, _stacked([title for _, title, _ in pairs])])
            self._wholes = np.vstack([self._wholes, _stacked([whole for _, _, whole in pairs])])

    def vector(self, number: int, *, whole: bool) -> Floats:
        vector: Floats = (self._wholes if whole else self._titles)[self._rows[number]]
        return vector

    def cosines(self, number: int, others: Sequence[int], *, whole: bool) -> dict[int, float]:
        """The cosine with each of the others."""
        matrix = (self._wholes if whole else self._titles)[[self._rows[one] for one in others]]
        return dict(zip(others, (matrix @ self.vector(number, whole=whole)).tolist(), strict=True))


def _stacked(vectors: Sequence[bytes | memoryview]) -> Floats:
    return np.frombuffer(b"".join(vectors), np.float16).reshape(len(vectors), DIMENSIONS).astype(np.float32)
