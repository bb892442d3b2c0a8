"""Reading files that nobody vouches for: strict UTF-8, bounded lines, and one clear sentence for everything else.

Nothing here loads a file of unknown size: a line of a gigabyte costs `LINE_LIMIT` bytes and is then refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from consilium.transfer.records import BadInput, Where

LINE_LIMIT = 1_000_000  # bytes of one line
MAGIC = (
    (b"PK\x03\x04", "is a ZIP archive, not text."),
    (b"\x1f\x8b", "is compressed with gzip, not text."),
    (b"7z\xbc\xaf\x27\x1c", "is a 7z archive, not text."),
    (b"BZh", "is compressed with bzip2, not text."),
    (b"\xfd7zXZ\x00", "is compressed with xz, not text."),
    (b"\x28\xb5\x2f\xfd", "is compressed with zstd, not text."),
    (b"%PDF-", "is a PDF document, not text."),
)
UTF16 = (b"\xff\xfe", b"\xfe\xff")


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """The file in binary, past a UTF-8 byte order mark. Archives and UTF-16 are refused by their first bytes."""
    where = Where(path)
    try:
        file = Path(path).open("rb")  # noqa: SIM115 closed below; only the opening may fail here
    except IsADirectoryError:
        raise BadInput(where, "is a directory.", "Name the files in it.") from None
    except FileNotFoundError:
        raise BadInput(where, "does not exist.", "Check the name.") from None
    except OSError as error:
        raise BadInput(where, f"cannot be read ({error.strerror}).", "Check its permissions.") from None
    with file:
        refuse_foreign(file.peek(8)[:8], where)
        if file.peek(3)[:3] == b"\xef\xbb\xbf":
            file.read(3)
        yield file


def refuse_foreign(head: bytes, where: Where) -> None:
    for magic, what in MAGIC:
        if head.startswith(magic):
            raise BadInput(where, what, "Unpack it or save it as text first.")
    if head.startswith(UTF16):
        raise BadInput(where, "is encoded in UTF-16.", "Save it as UTF-8.")


def lines(path: str, limit: int = LINE_LIMIT) -> Iterator[tuple[Where, str]]:
    """Each line with its place, without its line end (LF, CRLF or a lone CR at the end)."""
    for where, line in whole_lines(path, limit):
        yield where, line.rstrip("\r\n")


def whole_lines(path: str, limit: int = LINE_LIMIT, *, lenient: bool = False) -> Iterator[tuple[Where, str]]:
    """Each line with its place and its line end; `lenient`: a sign (�) stands for bytes that are not UTF-8."""
    with opened(path) as file:
        number = 0
        while raw := file.readline(limit + 1):
            number += 1
            where = Where(path, number)
            if len(raw) > limit:
                raise BadInput(
                    where,
                    f"the line is longer than {limit:,} bytes.",
                    "Check that this is the right file.",
                )
            yield where, checked(raw.decode("utf-8", "replace"), where) if lenient else decoded(raw, where)


def decoded(raw: bytes, where: Where) -> str:
    """The bytes as text. UTF-8 strictly, so that lone surrogates and overlong forms are refused too; no NUL."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        what = f"byte {error.start + 1} of the line (0x{raw[error.start]:02x}) is not UTF-8."
        raise BadInput(where, what, "Save the file as UTF-8.") from None
    return checked(text, where)


def checked(text: str, where: Where) -> str:
    """The text itself, once it is certain that both databases can store it (no NUL, no lone surrogate)."""
    if "\x00" in text:
        raise BadInput(where, "there is a NUL character.", "Remove it; no database can store it.")
    try:
        text.isascii() or text.encode()
    except UnicodeEncodeError:
        raise BadInput(where, "there is half of a surrogate pair.", "Repair the text; it is not valid Unicode.") from None
    return text


def whole(path: str, limit: int) -> bytes:
    """All bytes of a file of at most `limit` bytes."""
    with opened(path) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise BadInput(
            Where(path),
            f"is larger than {limit:,} bytes.",
            "Split it or check that it is the right file.",
        )
    return data
