"""Which specialties topics need, as a file says it; what an editor here has decided stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from consilium.accounts.models import Person
from consilium.journal.actions import record as record_fact
from consilium.journal.models import Entry
from consilium.topics import facts
from consilium.topics.models import Specialty, TopicSpecialty
from consilium.transfer.loader.batch import Batch
from consilium.transfer.loader.state import Run
from consilium.transfer.records import Need, TopicRecord

COLUMNS = ("specialty_id", "role", "source", "reviewed_by_id", "reviewed_at")
Row = tuple[Any, ...]  # in the order of COLUMNS


def load_needs(run: Run, batch: Batch) -> None:
    """Give topics the needs of the file; the topics themselves have been written."""
    said = {
        run.topics[one.key]: one.needs
        for one in batch.of(TopicRecord)
        if one.needs is not None and run.topics.get(one.key, 0) > 0
    }
    if not said:
        return
    wanted = _rows(run, said)
    stored: dict[int, set[Row]] = {topic: set() for topic in said}
    for topic, *row in TopicSpecialty.objects.filter(topic__in=said).values_list("topic", *COLUMNS):
        stored[topic].add(tuple(row))
    decided = Entry.objects.filter(fact=facts.NEEDS_CHANGED, actor__isnull=False, subject__in=[f"topic:{pk}" for pk in said])
    kept = set(decided.values_list("subject", flat=True))
    for topic, rows in wanted.items():
        if rows != stored[topic] and f"topic:{topic}" not in kept:
            _replace(run, batch, topic, rows)


def _rows(run: Run, said: Mapping[int, tuple[Need, ...]]) -> dict[int, set[Row]]:
    """A specialty that is not here is left out (the reader has refused a file that names one)."""
    specialties = dict(Specialty.objects.values_list("slug", "pk"))
    people = run.find(Person, {need.reviewed_by_key for needs in said.values() for need in needs if need.reviewed_by_key})
    return {
        topic: {
            (specialties[need.specialty], need.role, need.source, people.get(need.reviewed_by_key or ""), need.reviewed_at)
            for need in needs
            if need.specialty in specialties
        }
        for topic, needs in said.items()
    }


def _replace(run: Run, batch: Batch, topic: int, rows: set[Row]) -> None:
    run.report.count("needs", "updated")
    batch.changes += 1
    if run.dry_run:
        return
    TopicSpecialty.objects.filter(topic=topic).delete()
    TopicSpecialty.objects.bulk_create(
        TopicSpecialty(topic_id=topic, **dict(zip(COLUMNS, row, strict=True))) for row in sorted(rows, key=lambda row: row[0])
    )
    record_fact(facts.NEEDS_CHANGED, subject=f"topic:{topic}")
