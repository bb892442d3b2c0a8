"""The topics that every site starts with: common treatments and conditions, with their other names."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from django.db import transaction

from consilium.journal.actions import record
from consilium.journal.models import Entry
from consilium.lib.text import fold
from consilium.topics import facts
from consilium.topics.models import Specialty, Topic, TopicSpecialty, TopicSynonym

SHIPPED = "Shipped with Consilium"


@dataclass(frozen=True, slots=True)
class ShippedTopic:
    """One topic of the shipped list; `kind` is one of Topic's kinds."""

    slug: str
    kind: str
    name: str
    description: str
    synonyms: tuple[str, ...]
    needs: tuple[tuple[str, str], ...] = ()  # (slug of a specialty, "primary" or "consulted")

    @property
    def key(self) -> str:
        """The same on every site, so that content which names it can move."""
        return f"topic/{self.slug}"


@cache
def shipped_topics() -> tuple[ShippedTopic, ...]:
    """The list, in its own order."""
    text = (files("consilium.topics") / "data" / "topics.toml").read_text(encoding="utf-8")
    return tuple(_topic(entry) for entry in tomllib.loads(text)["topic"])


def _topic(entry: dict[str, Any]) -> ShippedTopic:
    needs = [(slug, role) for role in TopicSpecialty.Role.values for slug in entry.get(role, ())]
    return ShippedTopic(entry["slug"], entry["kind"], entry["name"], entry["description"], tuple(entry["synonyms"]), tuple(needs))


@transaction.atomic
def load_topics() -> int:
    """Bring topics of the list that this site lacks into the table; return how long the list is. Others stay as they are."""
    shipped = {topic.key: topic for topic in shipped_topics()}
    there = set(Topic.objects.filter(slug__in=[topic.slug for topic in shipped.values()]).values_list("slug", flat=True))
    new = [topic for topic in shipped.values() if topic.slug not in there]
    rows = Topic.objects.bulk_create(
        Topic(
            key=topic.key, slug=topic.slug, kind=topic.kind, name=topic.name,
            folded=fold(topic.name), description=topic.description,
        )
        for topic in new
    )  # fmt: skip
    TopicSynonym.objects.bulk_create(
        (
            TopicSynonym(topic=row, name=name, folded=fold(name))
            for row, topic in zip(rows, new, strict=True)
            for name in topic.synonyms
        ),
        ignore_conflicts=True,  # a name that a topic of this site has already stays with that topic
    )
    _load_needs(shipped)
    if rows:
        record(facts.LOADED, subject="topics", topics=len(rows))
    return len(shipped)


def _load_needs(shipped: Mapping[str, ShippedTopic]) -> None:
    """Give the topics of the list the specialties they need, unless an editor here has ever decided about them."""
    decided = Entry.objects.filter(fact=facts.NEEDS_CHANGED).values_list("subject", flat=True).distinct()
    bare = Topic.objects.filter(key__in=shipped, needs=None).exclude(pk__in=[subject.partition(":")[2] for subject in decided])
    specialties = dict(Specialty.objects.values_list("slug", "pk"))
    TopicSpecialty.objects.bulk_create(
        TopicSpecialty(topic=topic, specialty_id=specialties[slug], role=role, source=SHIPPED)
        for topic in bare
        for slug, role in shipped[topic.key].needs
        if slug in specialties
    )
