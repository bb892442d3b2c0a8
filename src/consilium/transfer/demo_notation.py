"""The demo's files about where doctors stand: their notation, as typed objects. Reads no database.

A doctor's words on one statement are one string: the value, a confidence if the doctor named one, then the conditions,
each as its kind, its specialty if it has one, and its text:

    "yes_if, high | clearance@neurology: two lines from the neurologist | dose: a small first dose"

"" says nothing of the statement at all; "not_addressed" says so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from consilium.questions.models import CONDITIONAL, ConditionJSON, ConditionKind, Stance, Value
from consilium.transfer.records import BadInput, Where

REMEDY: Final = "Correct the demo content."
BARE: Final = (Value.YES, Value.NO, Value.NOT_ADDRESSED)
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Word:
    """What a doctor, or an editor who reads a copied answer, says of one statement."""

    value: str
    confidence: str
    conditions: Sequence[ConditionJSON]


@dataclass(frozen=True, slots=True)
class Stand:
    """One question of a file: `entry` is its table, `said` and `cosigned` the words of each doctor (slug), by statement."""

    where: Where
    key: str
    entry: Entry
    said: Mapping[str, Sequence[Word | None]]
    cosigned: Mapping[str, Sequence[Word | None]]
    before: Mapping[str, Sequence[Word | None]]

    @property
    def statements(self) -> Sequence[Entry]:
        return list(self.entry["statements"])

    def statement_key(self, place: int, version: int = 1) -> str:
        """`place` is 1-based, as in the file."""
        return f"{self.key}/statement/{place}" + (f"/{version}" if version > 1 else "")

    def current_key(self, place: int) -> str:
        """Key of the wording that is asked today: the second where the file names an earlier one."""
        return self.statement_key(place, 2 if "before" in self.statements[place - 1] else 1)

    def doctors(self) -> list[str]:
        return list(dict.fromkeys([*self.said, *self.cosigned, *self.before]))


def stands(folder: Path) -> Iterator[Stand]:
    """All questions of a folder's files; BadInput names a file that cannot be read."""
    for file in sorted(folder.glob("*.toml")):
        try:
            for entry in tomllib.loads(file.read_text(encoding="utf-8"))["question"]:
                yield _stand(file, entry)
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise BadInput(Where(str(file)), f"cannot be read ({type(error).__name__}: {error}).", REMEDY) from None


def _stand(file: Path, entry: Entry) -> Stand:
    said, cosigned, before = (_words(entry, name) for name in ("said", "cosigned", "said_before"))
    return Stand(Where(str(file)), f"demo/question/{entry['id']}", entry, said, cosigned, before)


def _words(entry: Entry, name: str) -> dict[str, list[Word | None]]:
    places = len(entry["statements"])
    found = {doctor: [word(text) if text else None for text in texts] for doctor, texts in entry.get(name, {}).items()}
    for doctor, words in found.items():
        if len(words) > places:
            raise ValueError(f"{entry['id']}: {doctor} speaks of more statements than there are")
    return found


def word(text: str) -> Word:
    """The words in the notation above; ValueError when they do not follow it."""
    head, *rest = (part.strip() for part in text.split(" | "))
    value, _, confidence = (part.strip() for part in head.partition(","))
    if value not in Value.values or confidence not in ("", *Stance.Confidence.values):
        raise ValueError(f"{head!r} is no stance")
    if (value in CONDITIONAL and not rest) or (value in BARE and rest):
        raise ValueError(f"{text!r}: {'a condition is missing' if value in CONDITIONAL else 'this value has no conditions'}")
    return Word(value, confidence, [_condition(part) for part in rest])


def _condition(text: str) -> ConditionJSON:
    head, colon, words = (part.strip() for part in text.partition(":"))
    kind, _, specialty = head.partition("@")
    if not colon or not words or kind not in ConditionKind.values:
        raise ValueError(f"{text!r} is no condition")
    return {"kind": kind, "specialty": specialty, "text": words}
