"""What a title is about: the topics of this site whose names stand in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from consilium.lib.text import fold
from consilium.topics.models import Topic, TopicSynonym

TopicsIn = Callable[[str], tuple[str, ...]]
_WORD: Final = re.compile(r"\w+")
LONGEST: Final = 60  # words of a title that are looked at; a longer one has no more topics


class _Name(NamedTuple):
    """A name of a topic, by its key; `exact`: it is written in capitals, and in small letters it is another word (MS)."""

    key: str
    exact: str


def topics_in_titles() -> TopicsIn:
    """A function from a title to the keys of the topics whose name or synonym stands in it as whole words.

    Longer names are looked for first, and a word belongs to one name: "lupus" is not found in "discoid lupus" again.
    A name in capitals counts only where the title has it in capitals.
    """
    # Synonyms first: where two topics share a word, the one that is called so has it.
    names = dict(_names(TopicSynonym.objects.values_list("name", "topic__key")))
    names.update(_names(Topic.objects.values_list("name", "key")))
    sizes = sorted({len(words) for words in names}, reverse=True)
    return lambda title: _topics(_WORD.findall(title)[:LONGEST], names, sizes)


def _names(rows: Iterable[tuple[str, str]]) -> Iterable[tuple[tuple[str, ...], _Name]]:
    for name, key in rows:
        words = _WORD.findall(name)
        if words:
            yield tuple(map(fold, words)), _Name(key, "" if any(map(str.islower, name)) else " ".join(words))


def _topics(words: list[str], names: dict[tuple[str, ...], _Name], sizes: Iterable[int]) -> tuple[str, ...]:
    folded = [fold(word) for word in words]
    free = [True] * len(words)
    found = set()
    for size in sizes:
        for start in range(len(words) - size + 1):
            span = slice(start, start + size)
            name = names.get(tuple(folded[span]))
            if name and all(free[span]) and name.exact in {"", " ".join(words[span])}:
                found.add(name.key)
                free[span] = [False] * size
    return tuple(sorted(found))
