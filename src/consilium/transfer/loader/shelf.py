"""Items kept on disk, in their order, between one pass over them and the next."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from operator import attrgetter
from os import SEEK_END
from typing import Any, BinaryIO, Final, Generic, TypeVar, get_args

from consilium.transfer.records import Item

T = TypeVar("T")

CHUNK = 500  # items pickled together: names that come again and again are written once


class Shelf(Generic[T]):
    """An unnamed temporary file of items; its memory is that of one chunk."""

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
                yield from pickle.load(kept)  # noqa: S301 our own file, unnamed, written by this process

    def each(self) -> Iterator[T]:
        """All of them; they stay."""
        self._put()
        place, end = 0, self._file.tell()
        while place < end:
            self._file.seek(place)
            chunk = pickle.load(self._file)  # noqa: S301 our own file, as above
            place = self._file.tell()
            yield from chunk

    def close(self) -> None:
        self._file.close()

    def _put(self) -> None:
        self._file.seek(0, SEEK_END)  # `each` may have left it elsewhere
        # Each chunk is a pickle of its own, so reading it back remembers no object of another.
        pickler = pickle.Pickler(self._file, pickle.HIGHEST_PROTOCOL)
        pickler.dispatch_table = _TABLE
        pickler.dump(self._chunk)
        self._chunk = []


# What a frozen dataclass does by itself asks it for its fields each time: measured, a twentieth of an import.
def _taken_apart(item: Any) -> tuple[Any, ...]:
    kind: Any = type(item)
    return _put_together, (kind, _values(kind)(item))


def _put_together(kind: Any, values: tuple[Any, ...]) -> Any:
    item = kind.__new__(kind)
    for name, value in zip(_names(kind), values, strict=True):
        object.__setattr__(item, name, value)
    return item


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(kind.__dataclass_fields__)


@cache
def _values(kind: Any) -> attrgetter[Any]:
    return attrgetter(*_names(kind))


_TABLE: Final = dict.fromkeys(get_args(Item), _taken_apart)
