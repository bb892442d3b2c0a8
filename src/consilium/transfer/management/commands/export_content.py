"""`consilium export jsonl [FILE|-]`: write the content of this site in our own format."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError

from consilium.transfer import jsonl
from consilium.transfer.jsonl.snapshot import snapshot
from consilium.transfer.progress import bar

STDOUT = "-"


class Command(BaseCommand):
    help = (
        "Export topics, doctors, questions, answers and what hangs on them. No address, no password, no session leaves the site."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("format", choices=["jsonl"], help="jsonl: one JSON object per line, see docs/importing.md")
        parser.add_argument("file", nargs="?", default=STDOUT, help="where to write; -, the default: standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"] == STDOUT:
            # Bytes, so that the file is UTF-8 with bare line feeds on every terminal and system.
            with open(sys.stdout.fileno(), "w", encoding="utf-8", newline="\n", closefd=False) as out:
                write(out)
            return
        path = Path(options["file"])
        try:
            written = write_file(path)
        except OSError as error:
            raise CommandError(f"{path} cannot be written ({error.strerror}). Name a file in a folder that exists.") from None
        if options["verbosity"]:
            self.stdout.write(f"{path}: {written:,} records.")


def write_file(path: Path) -> int:
    """Write the export beside `path`, then put it in its place: a file of that name is always whole. Mode 600, because
    the keys of people tell which questions were asked by the same person."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.touch(mode=0o600, exist_ok=False)
        with part.open("w", encoding="utf-8", newline="\n") as out:
            written = write(out)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return written


def write(out: TextIO) -> int:
    """The number of records written."""
    number = 0
    with snapshot(), bar("Exporting", None) as advance:
        for line in jsonl.lines():
            out.write(f"{line}\n")
            advance(1)
            number += 1
    return number - 2  # the first and the last line are no records
