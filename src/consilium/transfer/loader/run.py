"""One import from start to end: check everything, then write it in batches."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager

from django.db import connection, transaction

from consilium.journal.actions import record as record_fact
from consilium.transfer import facts
from consilium.transfer.checks import fault
from consilium.transfer.kinds import OF
from consilium.transfer.loader.answers import load_answers
from consilium.transfer.loader.batch import SIZE, Batch
from consilium.transfer.loader.counts import settle
from consilium.transfer.loader.doctors import load_doctors
from consilium.transfer.loader.needs import load_needs
from consilium.transfer.loader.profiles import load_authors, load_people, load_sources, load_specialties, load_topics
from consilium.transfer.loader.questions import load_questions
from consilium.transfer.loader.remarks import load_comments, load_follows, load_links, load_revisions, load_votes
from consilium.transfer.loader.shelf import Shelf
from consilium.transfer.loader.stands import writer
from consilium.transfer.loader.state import Run
from consilium.transfer.loader.tables import AFTER_ANSWERS, AFTER_DOCTORS, AFTER_QUESTIONS, BEFORE_DOCTORS
from consilium.transfer.loader.ties import report_untied
from consilium.transfer.progress import bar
from consilium.transfer.records import Item, Note, Options, Reader, Record, Skip
from consilium.transfer.report import Report

# What SQLite does otherwise during an import: it keeps 64 MB of pages, so that none is written twice in a batch and most are
# there when a row is looked up, and what was written is copied from the log into the database every 32 MB instead of every 4.
# Measured, a sixth of a large import. (A mapped file is as quick and costs as much memory as it is large.)
LARGE: dict[str, int] = {"cache_size": -64_000, "wal_autocheckpoint": 8_000}
# What a later step names, an earlier one has written.
STEPS: Sequence[Callable[[Run, Batch], None]] = (
    load_specialties, load_sources, load_people, load_authors, load_topics, load_needs,
    *map(writer, BEFORE_DOCTORS), load_doctors, *map(writer, AFTER_DOCTORS),
    load_questions, *map(writer, AFTER_QUESTIONS),
    load_answers, load_revisions, load_comments, load_links, load_votes, load_follows,
    *map(writer, AFTER_ANSWERS),
)  # fmt: skip


def load(reader: Reader, paths: Sequence[str], options: Options, *, dry_run: bool = False) -> Report:
    """Import the files; raises BadInput, before anything is written, if one of them is not what it should be."""
    run = Run(options=options, report=Report(files=list(paths), dry_run=dry_run), dry_run=dry_run)
    with closing(Shelf[Item]()) as checked, closing(run), _seldom_collected(), _in_bulk():
        _check(_items(reader, paths, options), checked)
        with bar("Importing", checked.count) as advance:
            _load(run, checked.take(), advance)
            _load_postponed(run)
    return run.report


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Records hold no cycles, yet each few hundred of them make Python look for some: measured, 7 % of an import."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def _in_bulk() -> Iterator[None]:
    """Let SQLite work as LARGE says."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        usual = {name: cursor.execute(f"PRAGMA {name}").fetchone() for name in LARGE}
        for name, value in LARGE.items():
            cursor.execute(f"PRAGMA {name}={value}")
        try:
            yield
        finally:
            for name, found in usual.items():
                cursor.execute(f"PRAGMA {name}={found[0] if found else 0}")


def _items(reader: Reader, paths: Iterable[str], options: Options) -> Iterator[Item]:
    for path in paths:
        yield from reader(path, options)


def _check(items: Iterable[Item], checked: Shelf[Item]) -> None:
    """Read everything to its end before anything is written; what can be stored and what cannot is put on the shelf."""
    with bar("Checking", None) as advance:
        for item in items:
            reason = None if isinstance(item, Skip | Note) else fault(item)
            checked.add(Skip(item.where, reason, OF[type(item)].plural) if reason else item)
            if not checked.count % SIZE:
                advance(SIZE)


def _load(run: Run, items: Iterable[Item], advance: Callable[[int], None]) -> None:
    batch = Batch()
    for number, item in enumerate(items, 1):
        if isinstance(item, Skip):
            run.report.skip(item.where, item.reason, item.kind)
        elif isinstance(item, Note):
            run.report.note(item.where, item.text)
        else:
            batch = _take(run, batch, item)
        if not number % SIZE:
            advance(SIZE)
    _write(run, batch)


def _take(run: Run, batch: Batch, record: Record) -> Batch:
    """Add the record; the batch to go on with, a new one where the old was full."""
    if batch.full or not batch.add(record):
        _write(run, batch)
        batch = Batch()
        batch.add(record)
    return batch


def _load_postponed(run: Run) -> None:
    """What came before the things it names: again and again while that helps, then for the last time."""
    before = -1
    while run.later.count and run.later.count != before:
        before = run.later.count
        _load(run, run.later.take(), _silent)
    run.last_chance = True
    _load(run, run.later.take(), _silent)
    report_untied(run)


def _silent(number: int) -> None:
    pass


def _write(run: Run, batch: Batch) -> None:
    if not batch.size:
        return
    with transaction.atomic():
        for step in STEPS:
            step(run, batch)
        if batch.changes and not run.dry_run:
            settle(batch)
            for first, last in _spans(batch.relate | batch.stands) or [(1, 0)]:
                record_fact(facts.IMPORTED, subject="import", questions=[first, last], rows=batch.changes)


def _spans(numbers: set[int]) -> list[tuple[int, int]]:
    """The numbers as first and last of each run without wide gaps, so that reactions need not look at what lies between."""
    spans: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if spans and number - spans[-1][1] <= SIZE:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    return spans
