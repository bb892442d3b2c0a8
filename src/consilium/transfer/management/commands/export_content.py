"""`consilium export FORMAT [FILE|-]`: write content of this site to a file."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TextIO

from django.core.management.base import BaseCommand, CommandError

from consilium.transfer import jsonl, stances
from consilium.transfer.jsonl.snapshot import snapshot
from consilium.transfer.progress import bar

STDOUT: Final = "-"


@dataclass(frozen=True)
class Format:
    """What writes a format, line by line with line ends, and how many of the lines are no records."""

    lines: Callable[[], Iterator[str]]
    frame: int
    summary: str


def _jsonl() -> Iterator[str]:
    return (f"{line}\n" for line in jsonl.lines())


FORMATS: Final = {
    "jsonl": Format(_jsonl, 2, "everything that belongs to the content, one JSON object per line"),
    "stances": Format(stances.lines, 1, "how editors read copied answers, as a table (CSV)"),
}


class Command(BaseCommand):
    help = "Export content; docs/importing.md describes the formats. No address, no password, no session leaves the site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        said = "; ".join(f"{name}: {kind.summary}" for name, kind in FORMATS.items())
        parser.add_argument("format", choices=list(FORMATS), help=said)
        parser.add_argument("file", nargs="?", default=STDOUT, help="where to write; -, the default: standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        kind = FORMATS[options["format"]]
        if options["file"] == STDOUT:
            # Bytes, so that the file is UTF-8 with bare line feeds on every terminal and system.
            with open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False) as out:
                write(kind, out)
            return
        path = Path(options["file"])
        try:
            written = write_file(kind, path)
        except OSError as error:
            raise CommandError(f"{path} cannot be written ({error.strerror}). Name a file in a folder that exists.") from None
        if options["verbosity"]:
            self.stdout.write(f"{path}: {written:,} records.")


def write_file(kind: Format, path: Path) -> int:
    """Write the export beside `path`, then put it in its place: a file of that name is always whole. Mode 600, because
    the keys of people tell which questions were asked by the same person."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.touch(mode=0o600, exist_ok=False)
        with part.open("w", encoding="utf-8", newline="") as out:
            written = write(kind, out)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return written


def write(kind: Format, out: TextIO) -> int:
    """The number of records written."""
    number = -kind.frame
    with snapshot(), bar("Exporting", None) as advance:
        for line in kind.lines():
            out.write(line)
            advance(1)
            number += 1
    return number
