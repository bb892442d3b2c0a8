"""The topics that every site starts with: common treatments and conditions, with their other names."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from django.db import transaction

from consilium.lib.text import fold
from consilium.topics.models import Topic, TopicSynonym


@dataclass(frozen=True, slots=True)
class ShippedTopic:
    """One topic of the shipped list; `kind` is one of Topic's kinds."""

    slug: str
    kind: str
    name: str
    description: str
    synonyms: tuple[str, ...]

    @property
    def key(self) -> str:
        """The same on every site, so that content which names it can move."""
        return f"topic/{self.slug}"


@cache
def shipped_topics() -> tuple[ShippedTopic, ...]:
    """The list, in its own order."""
    text = (files("consilium.topics") / "data" / "topics.toml").read_text(encoding="utf-8")
    return tuple(
        ShippedTopic(entry["slug"], entry["kind"], entry["name"], entry["description"], tuple(entry["synonyms"]))
        for entry in tomllib.loads(text)["topic"]
    )


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
    return len(shipped)
