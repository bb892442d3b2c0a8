"""The rows of one XML file of a dump, one at a time, out of input that nobody vouches for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from lxml import etree

from consilium.transfer.reading import opened
from consilium.transfer.records import BadInput, Where

CHUNK = 65_536  # bytes read at most at once
ROW_LIMIT = 5_000_000  # bytes of one row; the longest of the network have 0.1 MB, and the parser itself would stop at 10 MB
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
    address is ever opened. What was read is thrown away row by row, so memory does not grow with the file.
    """
    parser = _parser()
    outermost: Any = None
    line, size = 1, 0
    with opened(path) as file:
        while chunk := file.readline(CHUNK):
            size += len(chunk)
            where = Where(path, line)
            _feed(parser, chunk, where)
            for _, element in parser.read_events():
                if outermost is None:
                    outermost = _outermost(element, root, where)
                    continue
                yield Row(where, _values(element, where))
                outermost.clear()
                size = 0
            if size > ROW_LIMIT:
                raise BadInput(Where(path, line), f"there is no row within {ROW_LIMIT:,} bytes.", WRONG_FILE)
            line += chunk.endswith(b"\n")
    _close(parser, Where(path, line))


def _parser() -> Any:
    return etree.XMLPullParser(
        events=("start",),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _feed(parser: Any, chunk: bytes, where: Where) -> None:
    try:
        parser.feed(chunk)
    except etree.XMLSyntaxError as error:
        raise _broken(error, where) from None


def _close(parser: Any, where: Where) -> None:
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        raise _broken(error, where) from None


def _broken(error: etree.XMLSyntaxError, where: Where) -> BadInput:
    reason = (error.msg or "a value is too long").split(", line ")[0]
    return BadInput(where, f"this is not well-formed XML ({reason}).", "The file is damaged or cut off; fetch it again.")


def _outermost(element: Any, root: str, where: Where) -> Any:
    if element.getroottree().docinfo.internalDTD is not None:
        raise BadInput(where, "the file declares a document type (DOCTYPE).", "Dumps have none; remove it.")
    if element.tag != root:
        raise BadInput(where, f"the outermost element is <{element.tag[:40]}>, not <{root}>.", WRONG_FILE)
    return element


def _values(element: Any, where: Where) -> dict[str, str]:
    if element.tag != "row":
        raise BadInput(where, f"there is a <{element.tag[:40]}> where a <row> should be.", WRONG_FILE)
    return dict(element.attrib)
