"""Places in the input, what is wrong with it, and what the operator says about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Where(NamedTuple):
    """A place in the input; `line` is 1-based, 0 stands for the file as a whole."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


class BadInput(Exception):
    """The file cannot be imported. `what` says what is wrong, `remedy` what to do; both are whole sentences."""

    def __init__(self, where: Where, what: str, remedy: str) -> None:
        super().__init__(f"{where}: {what} {remedy}")
        self.where = where
        self.what = what
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Options:
    """What the operator says about a whole import, because the files themselves do not."""

    url: str = ""
    captured_on: date | None = None
    licence: str = ""
    language: str = "en"
    site: str = ""  # short name of a Stack Exchange site; "": as the file or folder is called
    open: bool = False  # imported questions accept new answers; otherwise they are archived


@dataclass(frozen=True, slots=True)
class Skip:
    """Something in the input that is left out; the report names place and reason."""

    where: Where
    reason: str
    kind: str = "other"  # a word of the report: questions, answers, comments …


@dataclass(frozen=True, slots=True)
class Note:
    """Something in the input that was taken in and that the operator should know (count announced ≠ count found)."""

    where: Where
    text: str
