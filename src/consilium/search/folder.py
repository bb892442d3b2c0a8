"""Where a node keeps its indexes: generations below one folder, one of them current, one process that writes.

search/current        the name of the generation that is read
search/writer.lock    held by the process that follows the journal; the system frees it when that process dies
search/g-…/words      tantivy
search/g-…/vectors    usearch
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

CURRENT: Final = "current"
WRITER: Final = "writer.lock"
REBUILDER: Final = "rebuild.lock"


def current(root: Path) -> Path | None:
    """The generation that is read; None when there is none (yet)."""
    try:
        name = (root / CURRENT).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return root / name if name.startswith("g-") and "/" not in name else None


def fresh(root: Path) -> Path:
    """A name for a new generation."""
    return root / f"g-{secrets.token_hex(8)}"


def publish(root: Path, generation: Path) -> None:
    """Make a generation the current one, in one step; then remove the others. Who reads an older one can finish reading it."""
    waiting = root / f"{CURRENT}.{os.getpid()}"
    waiting.write_text(generation.name, encoding="ascii")
    waiting.replace(root / CURRENT)
    sweep(root)


def sweep(root: Path) -> None:
    """Remove generations that nobody reads: those before, and what a rebuild that was broken off has left."""
    kept = current(root)
    for folder in root.glob("g-*"):
        if folder != kept:
            discard(folder)


def discard(generation: Path) -> None:
    """Remove a generation that nobody reads, as far as that can be done."""
    shutil.rmtree(generation, ignore_errors=True)


@contextmanager
def lock(root: Path, name: str) -> Iterator[bool]:
    """Hold a lock while the block runs; false when another process holds it. A crash frees it."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / name).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
