"""Whether a question is found by its own words: for readers to whom what doctors answered there is closed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from consilium.search import opening
from consilium.search.documents import Passage
from consilium.search.names import apart, one_off
from consilium.search.node import DEPTH, Node
from consilium.search.text_index import BrokenIndex, guarded
from consilium.search.text_query import Asked, known, read, telling
from consilium.search.words import prepare, prepare_query, stemmed_as

Finder = Callable[[int, Sequence[Passage]], bool]
Need = Sequence[frozenset[str]]
"""Sets of words of one language; one of the sets has to stand there whole."""
_SHORTEST: Final = 4  # letters of a word that may be misspelled


def finder(text: str, *, every: bool = False, beginning: bool = False) -> Finder:
    """What says of a number and passages whether the query finds that question by them, or by what its title means.

    `every`: all words have to stand there; `beginning`: the last one may be the beginning of a word.
    """
    node, _state = opening.opened()
    names = opening.names()
    asked = read(node.words, text, names) if node is not None else None
    if node is None or asked is None or asked.empty:  # then no words have found anything
        return lambda _number, _passages: True
    meant = set() if every or beginning else _meant(node, asked)
    needs = {code: list(_needs(node, code, asked, every=every)) for code in node.words.languages}
    enough = all if every else any

    def found(number: int, passages: Sequence[Passage]) -> bool:
        if number in meant:
            return True
        for code, there in _there(node, passages).items():
            stands = (_stands(node, need, there, beginning=beginning) for need in needs.get(code, ()))
            if needs.get(code) and enough(stands):
                return True
        return False

    return found


def _meant(node: Node, asked: Asked) -> set[int]:
    try:
        with guarded():
            return {hit.number for hits in node.by_meaning(asked, DEPTH)[:1] for hit in hits}
    except BrokenIndex:
        return set()


def _needs(node: Node, code: str, asked: Asked, *, every: bool) -> Iterator[Need]:
    """One for each word that tells something, and one for each topic that is named, by any of its names."""
    rest, named = apart(asked.text, opening.names())
    analyzer = node.words.analyzers[code]
    words = asked.words.get(code, ())
    if every and named:
        words = [word for word in words if word in set(analyzer.analyze(prepare_query(rest)))]
    for word in telling(node.words, code, words):
        yield [frozenset({word})]
    for name, others in named:
        yield [frozenset(analyzer.analyze(prepare_query(one))) for one in (name, *others)]


def _there(node: Node, passages: Iterable[Passage]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for passage in passages:
        code = stemmed_as(passage.language)
        found.setdefault(code, set()).update(node.words.analyzers[code].analyze(prepare(passage.text)))
    return found


def _stands(node: Node, need: Need, there: set[str], *, beginning: bool) -> bool:
    if any(words and words <= there for words in need):
        return True
    if len(need) > 1 or len(need[0]) != 1:
        return False
    (word,) = need[0]
    if beginning:
        return any(one.startswith(word) for one in there)
    return len(word) >= _SHORTEST and not known(node.words, word) and any(one_off(word, one) for one in there)
