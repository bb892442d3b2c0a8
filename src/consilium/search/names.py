"""Which topics a text names, by any of their names. Plain data: no database, no index."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from consilium.lib.text import fold

Names = Mapping[str, Sequence[str]]
"""Folded name of a topic → the topic's other names."""

LONGEST: Final = 5  # words of a name that is looked for in a text
MOST: Final = 8
"""Topics named in one text that are told apart."""
_AROUND: Final = "?,.;:!()\"'“”„«»"
GUESSED: Final = range(4, 41)  # letters of a word that may be a name with one of them wrong


def apart(text: str, names: Names) -> tuple[str, list[tuple[str, Sequence[str]]]]:
    """A text without the topics that it names, and these with their other names; longest names first, no word in two."""
    words = text.replace("?", " ").replace(",", " ").split()
    folded = [fold(word) for word in words]
    rest: list[str] = []
    found: dict[str, tuple[str, Sequence[str]]] = {}
    place = 0
    while place < len(words):
        length = next((n for n in _lengths(words, place) if names.get(" ".join(folded[place : place + n]))), 0)
        name = " ".join(folded[place : place + length])
        if length and (name in found or len(found) < MOST):
            found[name] = " ".join(words[place : place + length]), names[name]
        else:
            rest += words[place : place + max(1, length)]
        place += max(1, length)
    return " ".join(rest), list(found.values())


def others(text: str, names: Names) -> tuple[str, ...]:
    """Other names of the topics that are named in a text."""
    return tuple(dict.fromkeys(other for _name, them in apart(text, names)[1] for other in them))


def respelled(text: str, names: Names, unknown: Callable[[str], bool], most: int) -> str:
    """A text with names of one word in the place of words that are `unknown` and one letter off; of `most` words at most."""
    found: dict[str, str] = {}
    for word in text.split():
        folded = fold(word.strip(_AROUND))
        if len(found) < most and word not in found and len(folded) in GUESSED and folded not in names and unknown(word):
            found[word] = next((name for name in names if one_off(folded, name)), word)
    return " ".join(found.get(word, word) for word in text.split()) if found else text


def _lengths(words: Sequence[str], place: int) -> range:
    return range(min(LONGEST, len(words) - place), 0, -1)


def one_off(one: str, other: str) -> bool:
    """Whether a letter more, less or another, or two neighbours changed, makes one the other."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    same = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    one, other = one[same:], other[same:]
    return one[1:] == other or one == other[1:] or one[1:] == other[1:] or (one[1::-1] == other[:2] and one[2:] == other[2:])
