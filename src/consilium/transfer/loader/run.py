"""One import from start to end: check everything, then write it in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from django.db import transaction

from consilium.journal.actions import record as record_fact
from consilium.transfer import facts
from consilium.transfer.checks import fault
from consilium.transfer.loader.answers import load_answers
from consilium.transfer.loader.batch import SIZE, Batch
from consilium.transfer.loader.counts import settle
from consilium.transfer.loader.doctors import load_doctors
from consilium.transfer.loader.profiles import load_authors, load_people, load_sources, load_specialties, load_topics
from consilium.transfer.loader.questions import load_questions
from consilium.transfer.loader.remarks import load_comments, load_follows, load_links, load_revisions, load_votes
from consilium.transfer.loader.state import Run
from consilium.transfer.progress import bar
from consilium.transfer.records import Item, Note, Options, Reader, Record, Skip
from consilium.transfer.report import Report

# What a later step names, an earlier one has written.
STEPS: Sequence[Callable[[Run, Batch], None]] = (
    load_specialties, load_sources, load_people, load_authors, load_topics, load_doctors, load_questions, load_answers,
    load_revisions, load_comments, load_links, load_votes, load_follows,
)  # fmt: skip
KINDS = {
    "SourceRecord": "sources", "SpecialtyRecord": "specialties",
    "PersonRecord": "people", "SourceAuthorRecord": "authors", "TopicRecord": "topics",
    "DoctorRecord": "doctors", "QuestionRecord": "questions", "AnswerRecord": "answers", "RevisionRecord": "revisions",
    "CommentRecord": "comments", "LinkRecord": "links", "VoteRecord": "votes", "FollowRecord": "follows",
}  # fmt: skip


def load(reader: Reader, paths: Sequence[str], options: Options, *, dry_run: bool = False) -> Report:
    """Import the files; raises BadInput, before anything is written, if one of them is not what it should be."""
    total = _check(reader, paths, options)
    run = Run(options=options, report=Report(files=list(paths), dry_run=dry_run), dry_run=dry_run)
    try:
        with bar("Importing", total) as advance:
            _load(run, _items(reader, paths, options), advance)
            _load_postponed(run)
    finally:
        run.close()
    return run.report


def _items(reader: Reader, paths: Iterable[str], options: Options) -> Iterator[Item]:
    for path in paths:
        yield from reader(path, options)


def _check(reader: Reader, paths: Sequence[str], options: Options) -> int:
    """Read everything once without writing; how many items there are."""
    number = 0
    with bar("Checking", None) as advance:
        for item in _items(reader, paths, options):
            number += 1
            if not isinstance(item, Skip | Note):
                fault(item)
            if not number % SIZE:
                advance(SIZE)
    return number


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
    reason = fault(record)
    if reason:
        run.report.skip(record.where, reason, KINDS[type(record).__name__])
        return batch
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
            for first, last in _spans(batch.relate) or [(1, 0)]:
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
