"""What changed between two wordings, as runs of text for a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape
from re import compile as pattern
from typing import Final, Literal

from django.utils.html import strip_tags

from consilium.lib.markdown import HTML

Kind = Literal["same", "added", "removed"]
_WORDS: Final = pattern(r"\s+|[^\s]+")
# Matching costs up to the product of both lengths: past this many words a run is shown as replaced as a whole.
_WORD_LIMIT: Final = 3_000


@dataclass(frozen=True)
class Run:
    """A stretch of text that is the same in both wordings, or only in the newer, or only in the older."""

    kind: Kind
    text: str


def plain(body: str, body_format: str) -> str:
    """The body as words: imported HTML without its tags."""
    return unescape(strip_tags(body)) if body_format == HTML else body


def compare(old: str, new: str) -> list[Run]:
    """The newer text with what was added and removed marked, word by word."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    middle = _middle(before[head : len(before) - tail], after[head : len(after) - tail])
    runs = [Run("same", "".join(after[:head])), *middle, Run("same", "".join(after[len(after) - tail :]))]
    return [run for run in runs if run.text]


def _common(one: list[str], other: list[str]) -> int:
    """How many words at the start are equal."""
    for index, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return index
    return min(len(one), len(other))


def _middle(old: list[str], new: list[str]) -> Iterator[Run]:
    if max(len(old), len(new)) > _WORD_LIMIT:
        yield Run("removed", "".join(old))
        yield Run("added", "".join(new))
        return
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            yield Run("same", "".join(new[new_from:new_to]))
        else:
            yield Run("removed", "".join(old[old_from:old_to]))
            yield Run("added", "".join(new[new_from:new_to]))
