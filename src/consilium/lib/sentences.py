"""Cutting a text into numbered sentences, so that one can be named by its number."""

import re
from typing import Final

_ENDS: Final = (".", "!", "?", "…", "؟", "。", "！", "？")
_CLOSING: Final = "\"'”’)]»"
# An abbreviation ends no sentence, nor does a full stop before a small letter.
_SHORT: Final = frozenset({"dr.", "mr.", "mrs.", "ms.", "prof.", "st.", "vs.", "e.g.", "i.e.", "no."})
_RANGE: Final = re.compile(r"(\d{1,4})(?:\s*[-–—]\s*(\d{1,4}))?")


def sentences(text: str) -> list[list[str]]:
    """The sentences of each line that is not empty, in order."""
    return [_cut(line.split()) for line in text.splitlines() if line.strip()]


def _cut(words: list[str]) -> list[str]:
    found, start = [], 0
    for place, word in enumerate(words[:-1], 1):
        if _ends(word, words[place]):
            found.append(" ".join(words[start:place]))
            start = place
    return [*found, " ".join(words[start:])]


def _ends(word: str, following: str) -> bool:
    return word.rstrip(_CLOSING).endswith(_ENDS) and word.lower() not in _SHORT and not following[0].islower()


def named(numbers: str, found: list[str]) -> str | None:
    """The sentences that "3" or "3-5" names, counted from 1; None when it names none."""
    match = _RANGE.fullmatch(numbers.strip())
    if match is None:
        return None
    first, last = int(match[1]), int(match[2] or match[1])
    return " ".join(found[first - 1 : last]) if 1 <= first <= last <= len(found) else None
