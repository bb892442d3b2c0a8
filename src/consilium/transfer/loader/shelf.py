"""Items kept on disk, in their order, between one pass over them and the next."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from operator import attrgetter
from os import SEEK_END
from typing import Any, BinaryIO, Final, Generic, TypeVar

from consilium.transfer.records import Condition, Need, Origin, Where

T = TypeVar("T")

CHUNK = 500  # items pickled together: names that come again and again are written once


class Shelf(Generic[T]):
    """An unnamed temporary file of frozen dataclasses with slots; its memory is that of one chunk."""

    def __init__(self) -> None:
        self.count = 0
        self._chunk: list[T] = []
        self._file: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 lives as long as the import

    def add(self, item: T) -> None:
        self.count += 1
        self._chunk.append(item)
        if len(self._chunk) >= CHUNK:
            self._put()

    def take(self) -> Iterator[T]:
        """All of them, leaving the shelf empty; those added meanwhile come the next time."""
        self._put()
        kept, self._file = self._file, tempfile.TemporaryFile()  # noqa: SIM115
        end, self.count = kept.tell(), 0
        with closing(kept):
            kept.seek(0)
            while kept.tell() < end:
                yield from _chunk(kept)

    def each(self) -> Iterator[T]:
        """All of them; they stay."""
        self._put()
        place, end = 0, self._file.tell()
        while place < end:
            self._file.seek(place)
            chunk = _chunk(self._file)
            place = self._file.tell()
            yield from chunk

    def close(self) -> None:
        self._file.close()

    def _put(self) -> None:
        self._file.seek(0, SEEK_END)  # `each` may have left it elsewhere
        # Each chunk is a pickle of its own, so reading it back remembers no object of another.
        pickler = pickle.Pickler(self._file, pickle.HIGHEST_PROTOCOL)
        pickler.dispatch_table = _INSIDE
        pickler.dump([_row(item) for item in self._chunk])
        self._chunk = []


# What a frozen dataclass does by itself asks it for its fields each time, and a named tuple for its arguments: measured,
# a tenth of an import.
def _chunk(file: BinaryIO) -> list[Any]:
    rows = pickle.load(file)  # noqa: S301 our own file, unnamed, written by this process
    return [_put_together(*row) for row in rows]


def _put_together(kind: Any, *values: Any) -> Any:
    item = object.__new__(kind)
    setters = _setters(kind)
    if len(values) > len(setters):  # the first two are a place
        values = (Where(*values[:2]), *values[2:])
    for put, value in zip(setters, values, strict=True):
        put(item, value)
    return item


def _row(item: Any) -> tuple[Any, ...]:
    kind: Any = type(item)
    return kind, *_values(kind)(item)


def _taken_apart(item: Any) -> tuple[Any, ...]:
    return _put_together, _row(item)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(kind.__dataclass_fields__)


@cache
def _values(kind: Any) -> attrgetter[Any]:
    first, *others = _names(kind)
    return attrgetter(*(("where.file", "where.line") if first == "where" else (first,)), *others)


@cache
def _setters(kind: Any) -> tuple[Callable[[Any, Any], None], ...]:
    return tuple(getattr(kind, name).__set__ for name in _names(kind))


_INSIDE: Final = dict.fromkeys((Origin, Need, Condition), _taken_apart)
