"""A progress bar on a terminal, silence elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

Advance = Callable[[int], None]


@contextmanager
def bar(label: str, total: int | None) -> Iterator[Advance]:
    """A bar on stderr, so that stdout stays the report's; `total` None: not known yet."""
    if not sys.stderr.isatty():
        yield _nowhere
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda number: progress.advance(task, number)


def _nowhere(number: int) -> None:
    pass
