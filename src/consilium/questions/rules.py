"""Pure decisions about questions."""

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

# Two plain words make a pseudonym for one question; it is stored with the question and leads nowhere else.
_FIRST: Final = [
    "Amber",
    "Autumn",
    "Brave",
    "Bright",
    "Calm",
    "Clear",
    "Clever",
    "Copper",
    "Coral",
    "Early",
    "Gentle",
    "Golden",
    "Green",
    "Happy",
    "Hidden",
    "Honest",
    "Indigo",
    "Ivory",
    "Kind",
    "Late",
    "Little",
    "Lively",
    "Lucky",
    "Mellow",
    "Mild",
    "Misty",
    "Modest",
    "Noble",
    "Northern",
    "Olive",
    "Patient",
    "Pearl",
    "Plain",
    "Quick",
    "Quiet",
    "Rapid",
    "Rosy",
    "Rustic",
    "Sandy",
    "Scarlet",
    "Silent",
    "Silver",
    "Simple",
    "Smooth",
    "Snowy",
    "Southern",
    "Steady",
    "Still",
    "Sunny",
    "Swift",
    "Tall",
    "Tender",
    "Tidy",
    "Velvet",
    "Violet",
    "Warm",
    "Western",
    "Wild",
    "Windy",
    "Young",
]
_SECOND: Final = [
    "Acorn",
    "Alder",
    "Anchor",
    "Aspen",
    "Badger",
    "Beacon",
    "Birch",
    "Bramble",
    "Brook",
    "Cedar",
    "Clover",
    "Comet",
    "Crane",
    "Daisy",
    "Dolphin",
    "Dove",
    "Ember",
    "Falcon",
    "Fern",
    "Finch",
    "Fjord",
    "Fox",
    "Garden",
    "Harbor",
    "Hazel",
    "Heron",
    "Island",
    "Ivy",
    "Juniper",
    "Kestrel",
    "Lake",
    "Lantern",
    "Lark",
    "Linden",
    "Lotus",
    "Maple",
    "Meadow",
    "Moon",
    "Oak",
    "Orchard",
    "Otter",
    "Owl",
    "Pebble",
    "Pine",
    "Plum",
    "Poplar",
    "Quail",
    "Raven",
    "Reed",
    "River",
    "Robin",
    "Rowan",
    "Sage",
    "Sparrow",
    "Spruce",
    "Star",
    "Swan",
    "Thistle",
    "Tulip",
    "Valley",
    "Violin",
    "Walnut",
    "Willow",
    "Wren",
]

RELATED_LIMIT: Final = 5


def new_alias() -> str:
    """A pseudonym of two words, by chance, so that it says nothing about the person."""
    return f"{secrets.choice(_FIRST)} {secrets.choice(_SECOND)}"


def is_own(person: int | None, *, writer: int | None, holder: int | None) -> bool:
    """Whether an answer is this account's: it wrote the answer, and still holds the profile that the answer stands under."""
    return person is not None and person == writer == holder


def with_update(body: str, text: str, heading: str) -> str:
    """The body with an addition under a (dated) heading: once doctors have answered, the text they answered must stay."""
    addition = f"**{heading}** {text.strip()}"
    return f"{body}\n\n{addition}" if body else addition


def most_related(candidates: Iterable[tuple[int, int]], answers: Mapping[int, int]) -> list[int]:
    """Question numbers by shared topics, then by answers, then newest; `candidates` are (question, topic) pairs."""
    shared = Counter(question for question, _ in set(candidates))
    return sorted(shared, key=lambda pk: (-shared[pk], -answers.get(pk, 0), -pk))[:RELATED_LIMIT]
