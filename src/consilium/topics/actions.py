"""Changes to topics and specialties."""

import csv
from collections.abc import Iterator
from importlib.resources import files
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from consilium.journal.actions import record
from consilium.lib.text import fold
from consilium.topics import facts
from consilium.topics.models import Specialty, SpecialtySynonym, Topic, TopicSpecialty


class _Line(NamedTuple):
    slug: str
    noun: str
    title: str
    mesh_id: str
    synonyms: str


@transaction.atomic
def rename(*, topic: Topic, name: str, actor: int | None = None) -> None:
    """Give a topic another name; its address stays."""
    topic.name, topic.folded = name, fold(name)
    topic.save(update_fields=["name", "folded"])
    record(facts.RENAMED, subject=f"topic:{topic.pk}", actor=actor)


@transaction.atomic
def set_need(*, topic: Topic, specialty: Specialty, role: str, source: str = "", actor: int | None = None) -> None:
    """Say that questions about the topic need a specialty, as one that treats it or one that is asked for advice."""
    TopicSpecialty.objects.update_or_create(
        topic=topic, specialty=specialty,
        defaults={"role": role, "source": source, "reviewed_by_id": actor, "reviewed_at": timezone.now() if actor else None},
    )  # fmt: skip
    record(facts.NEEDS_CHANGED, subject=f"topic:{topic.pk}", actor=actor)


@transaction.atomic
def drop_need(*, topic: Topic, specialty: Specialty, actor: int | None = None) -> None:
    """Say that questions about the topic do not need a specialty."""
    removed, _rows = TopicSpecialty.objects.filter(topic=topic, specialty=specialty).delete()
    if removed:
        record(facts.NEEDS_CHANGED, subject=f"topic:{topic.pk}", actor=actor)


@transaction.atomic
def need_nothing(*, topic: Topic, actor: int | None = None) -> None:
    """Write down that somebody has looked: questions about the topic need no specialty. What it needs already stays."""
    if not TopicSpecialty.objects.filter(topic=topic).exists():
        record(facts.NEEDS_CHANGED, subject=f"topic:{topic.pk}", actor=actor)


@transaction.atomic
def load_specialties() -> int:
    """Bring the shipped list of specialties into the table; return how many there are. Running it again adds nothing."""
    lines = list(_lines())
    Specialty.objects.bulk_create(
        [Specialty(slug=line.slug, noun=line.noun, title=line.title, mesh_id=line.mesh_id) for line in lines],
        update_conflicts=True, unique_fields=["slug"], update_fields=["noun", "title", "mesh_id"],
    )  # fmt: skip
    numbers = dict(Specialty.objects.values_list("slug", "pk"))
    names = {
        fold(name): (line.slug, name) for line in lines for name in (line.noun, line.title, *line.synonyms.split("|")) if name
    }
    SpecialtySynonym.objects.bulk_create(
        [SpecialtySynonym(specialty_id=numbers[slug], name=name, folded=folded) for folded, (slug, name) in names.items()],
        ignore_conflicts=True,
    )
    return len(lines)


def shipped_specialties() -> frozenset[str]:
    """Slugs of the shipped list; what else is in the table was added on this site."""
    return frozenset(line.slug for line in _lines())


def _names(line: _Line) -> list[str]:
    return [name for name in (line.noun, line.title, *line.synonyms.split("|")) if name]


def _lines() -> Iterator[_Line]:
    with (files("consilium.topics") / "data" / "specialties.tsv").open(encoding="utf-8") as file:
        for row in csv.reader((line for line in file if not line.startswith("#")), delimiter="\t"):
            yield _Line(*row)
