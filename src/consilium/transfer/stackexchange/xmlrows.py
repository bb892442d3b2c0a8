"""The rows of one XML file of a dump, one at a time, out of input that nobody vouches for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final, NamedTuple
from xml.parsers import expat

from consilium.transfer.reading import opened
from consilium.transfer.records import BadInput, Where

CHUNK = 65_536  # bytes read at most at once
ROW_LIMIT = 5_000_000  # bytes of one row; the longest of the network have 0.1 MB
NAMES_LIMIT: Final = 1_000  # different names of elements and attributes, which the parser keeps; dumps have about 60
INTEGER_LIMIT = 2**31 - 1
WRONG_FILE = "Check that this is the right file."


class Row(NamedTuple):
    """One <row>: its attributes as the dump wrote them, and its place."""

    where: Where
    values: dict[str, str]

    def text(self, name: str) -> str:
        return self.values.get(name, "")

    def integer(self, name: str) -> int | None:
        """A whole number, None when the row has no such attribute."""
        value = self.values.get(name)
        if value is None:
            return None
        try:
            number = int(value[:20])
        except ValueError:
            raise BadInput(self.where, f"{name}={value[:40]!r} is not a whole number.", WRONG_FILE) from None
        if abs(number) > INTEGER_LIMIT:
            raise BadInput(self.where, f"{name}={value[:40]!r} is out of range.", WRONG_FILE)
        return number

    def number(self, name: str) -> int:
        """A whole number that the row must have."""
        found = self.integer(name)
        if found is None:
            raise BadInput(self.where, f"the row has no {name}.", WRONG_FILE)
        return found

    def time(self, name: str) -> datetime | None:
        """A time; dumps write UTC without saying so."""
        value = self.values.get(name)
        if not value:
            return None
        try:
            found = datetime.fromisoformat(value)
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, OverflowError):
            raise BadInput(self.where, f"{name}={value[:40]!r} is not a time.", WRONG_FILE) from None


def rows(path: str, root: str) -> Iterator[Row]:
    """Each <row> of a file whose outermost element is `root`. Raises BadInput where the file stops making sense.

    A document type declaration is refused before anything it declares can be used: no entity is ever expanded, no
    address is ever opened. No tree is built, so memory does not grow with the file.
    """
    table = _Table(path, root)
    size = 0
    with opened(path) as file:
        while chunk := file.read(CHUNK):
            found, problem = table.take(chunk)
            yield from found
            size = 0 if found else size + len(chunk)
            if problem is None and size > ROW_LIMIT:
                problem = table.problem(f"there is no row within {ROW_LIMIT:,} bytes.")
            if problem is not None:
                raise problem
    _, problem = table.take(b"", last=True)
    if problem is not None:
        raise problem


class _Table:
    """The parser and what it has found. A problem comes after the rows before it, each of which may have one of its own."""

    def __init__(self, path: str, root: str) -> None:
        self._path, self._root = path, root
        self._open = 0  # elements that have begun and not ended
        self._found: list[Row] = []
        self._names: dict[str, str] = {}
        self._parser = expat.ParserCreate(intern=self._names)
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._document_type

    def take(self, chunk: bytes, *, last: bool = False) -> tuple[list[Row], BadInput | None]:
        """The rows that begin in this part of the file, and what is wrong behind them."""
        self._found, problem = [], None
        try:
            self._parser.Parse(chunk, last)
        except BadInput as error:
            problem = error
        except expat.ExpatError as error:
            problem = self._broken(error)
        except (LookupError, ValueError):
            problem = self.problem("its first line names an encoding that is not known here.", "Save it as UTF-8.")
        if problem is None and len(self._names) > NAMES_LIMIT:
            problem = self.problem(f"there are more than {NAMES_LIMIT:,} different attributes.")
        return self._found, problem

    def problem(self, what: str, remedy: str = WRONG_FILE) -> BadInput:
        return BadInput(Where(self._path, self._parser.CurrentLineNumber), what, remedy)

    def _broken(self, error: expat.ExpatError) -> BadInput:
        reason = MALFORMED.get(error.code) or expat.ErrorString(error.code)
        what = f"this is not well-formed XML ({reason})."
        return BadInput(Where(self._path, error.lineno), what, "The file is damaged or cut off; fetch it again.")

    def _begin(self, name: str, values: dict[str, str]) -> None:
        if self._open == 1:
            if name != "row":
                raise self.problem(f"there is a <{name[:40]}> where a <row> should be.")
            self._found.append(Row(Where(self._path, self._parser.CurrentLineNumber), values))
        elif self._open:
            raise self.problem(f"there is a <{name[:40]}> inside of a <row>.")
        elif name != self._root:
            raise self.problem(f"the outermost element is <{name[:40]}>, not <{self._root}>.")
        self._open += 1

    def _end(self, name: str) -> None:
        self._open -= 1

    def _document_type(self, *declared: object) -> None:
        raise self.problem("the file declares a document type (DOCTYPE).", "Dumps have none; remove it.")


MALFORMED: Final = {
    expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]: "a sign that XML does not allow, or another encoding than it names",
}
