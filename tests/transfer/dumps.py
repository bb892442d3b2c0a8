"""Dumps of invented posts, as small as a test needs them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

Row = Mapping[str, object]


def question(number: int = 1, **more: object) -> dict[str, object]:
    return {
        "Id": number, "PostTypeId": 1, "CreationDate": "2019-03-01T10:00:00.500", "Score": 3,
        "Title": f"Why does soil smell, part {number}?",
        "Body": "<p>After rain.</p>",
        "Tags": "<rain><soil>", "OwnerUserId": 7, "AnswerCount": 1,
    } | more  # fmt: skip


def answer(number: int = 2, parent: int = 1, **more: object) -> dict[str, object]:
    return {
        "Id": number, "PostTypeId": 2, "ParentId": parent, "CreationDate": "2019-03-02T11:00:00.000", "Score": 5,
        "Body": "<p>Because of geosmin.</p>", "OwnerUserId": 8,
    } | more  # fmt: skip


def xml(root: str, rows: Iterable[Row]) -> str:
    lines = ["<row " + " ".join(f"{name}={quoteattr(str(value))}" for name, value in row.items()) + " />" for row in rows]
    return "\n".join(['<?xml version="1.0" encoding="utf-8"?>', f"<{root}>", *lines, f"</{root}>", ""])


def write(folder: Path, **tables: Iterable[Row]) -> str:
    """A folder with one file per table; its path."""
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        (folder / f"{name}.xml").write_text(xml(name.lower(), rows), encoding="utf-8")
    return str(folder)
