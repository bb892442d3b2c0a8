"""From what somebody typed to a query of the index of words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tantivy import FieldType, Occur, Query

from consilium.lib.text import fold
from consilium.search.documents import Kind
from consilium.search.text_index import Filters, TextIndex
from consilium.search.words import OTHER, prepare_query, typed

TITLE: Final = 3.0
"""How much a word of the title counts against one of the text."""
SAME_THING: Final = 0.8
"""How much another name of the same thing counts against the words that were typed."""
NEARLY: Final = 3.0
"""What a word counts that is nearly the typed one; about what a rare word would."""
MOST_WORDS: Final = 64
LONGEST_NAME: Final = 5  # words of a name that is looked for in a query
COMPLETED: Final = 8  # words that the beginning of one is completed to
COMMON: Final = 0.5
"""A word in more than this share of the questions tells nothing about one; it is left out where others are left."""
GUESSED: Final = 6
"""Words of a query, the first, that stand nowhere and for which others are tried that are nearly the same: each costs about
as much as all words that stand somewhere."""
MOST_NAMES: Final = 8
"""Topics named in a query of which other names are looked for, too."""
_WHATEVER: Final = "basic"

Names = Mapping[str, Sequence[str]]
"""Folded name of a topic → the topic's other names."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query read in every language of the index: words as typed, none twice. `others`: other names of what is in it."""

    text: str
    words: Mapping[str, Sequence[str]]
    others: Sequence[str] = ()

    @property
    def empty(self) -> bool:
        return not any(self.words.values())


def read(index: TextIndex, text: str, names: Names | None = None) -> Asked:
    """The words of a query, by language; every text is a query, there is no syntax to get wrong."""
    text = typed(text)
    prepared = prepare_query(text)
    words = {code: _bounded(index, _told(index, code, prepared)) for code in index.languages or (OTHER,)}
    return Asked(text, words, other_names(text, names) if names else ())


def question_query(index: TextIndex, asked: Asked, *, completing: bool = False) -> Query:
    """Questions with any of the words; `completing`: the last word may be a beginning."""
    telling = {code: _telling(index, code, words) for code, words in asked.words.items()}
    single = {code: [list(_of_word(index, code, word)) for word in words] for code, words in telling.items()}
    if completing:
        for code, words in telling.items():
            if words:
                single[code][-1].extend(_completions(index, code, words[-1]))
    parts = [query for queries in single.values() for part in queries for query in part]
    parts += [query for name in asked.others for query in _as_phrase(index, name)]
    return _any_of(parts)


def every_query(index: TextIndex, text: str, names: Names) -> Query:
    """Questions with all the words, or with another name in the place of a name; all in words of one language."""
    rest, named = _apart(typed(text), names)
    prepared = prepare_query(rest)
    others = [[query for other in them for query in _as_phrase(index, other)] for _name, them in named]
    found = []
    for code in index.languages or (OTHER,):
        words = index.listeners[code].analyze(prepared) if named else _told(index, code, prepared)
        musts = [_any_of(_of_word(index, code, word)) for word in _telling(index, code, _bounded(index, words))]
        for (name, _them), instead in zip(named, others, strict=True):
            own = [_any_of(_of_word(index, code, word)) for word in _unique(index.analyzers[code].analyze(prepare_query(name)))]
            musts.append(_any_of([_each_of(own), *instead]))
        found.append(_each_of(musts))
    return _any_of(found)


def marking_query(index: TextIndex, asked: Asked) -> Query:
    """The words that were typed, as they are to be marked in a text that was found."""
    return _any_of(query for code, words in asked.words.items() for word in words for query in _of_word(index, code, word))


def named_query(index: TextIndex, asked_text: str, kind: Kind) -> Query:
    """Doctors or topics with these words in a name or in what is said about them; the last word may be a beginning."""
    prepared = prepare_query(typed(asked_text))
    names, about = f"names_{kind.value}", f"about_{kind.value}"
    parts: list[Query] = []
    words = _unique(index.analyzers[OTHER].analyze(prepared))
    for place, word in enumerate(words):
        parts.append(Query.boost_query(_term(index, names, word), TITLE))
        if place == len(words) - 1:
            near = [one for one, _ in index.searcher.terms_with_prefix(names, word, limit=COMPLETED)]
            parts += [_term(index, names, one) for one in near if one != word]
        if place < GUESSED and index.frequency([names], word) == 0 and len(word) > 3:
            parts.append(Query.fuzzy_term_query(index.schema, names, word, distance=_distance(word)))
    parts += [_term(index, about, word) for word in _unique(index.analyzers["en"].analyze(prepared))]
    return Query.boolean_query([(Occur.Should, part) for part in parts])


def within(index: TextIndex, query: Query, filters: Filters) -> Query:
    """The query among those questions alone that pass the filters; scores stay."""
    if not filters.any:
        return query
    musts = [(Occur.Must, Query.const_score_query(one, 0.0)) for one in _conditions(index, filters)]
    return Query.boolean_query([(Occur.Must, query), *musts])


def everything(index: TextIndex) -> Query:
    """All questions."""
    return Query.term_query(index.schema, "kind", Kind.QUESTION.value, _WHATEVER)


def _conditions(index: TextIndex, filters: Filters) -> Iterator[Query]:
    schema = index.schema
    for name, value in (("topic", filters.topic), ("specialty", filters.specialty)):
        if value is not None:
            yield Query.term_query(schema, name, value, _WHATEVER)
    for name, text in (("language", filters.language.lower()), ("label", filters.label)):
        if text:
            yield Query.term_query(schema, name, text, _WHATEVER)
    if filters.cites is not None:
        yield Query.term_query(schema, "cites", "yes" if filters.cites else "no", _WHATEVER)
    if filters.answers is not None:
        low, high = filters.answers
        yield Query.range_query(schema, "answers", FieldType.Unsigned, low, high)
    if filters.since is not None:
        yield Query.range_query(schema, "listed", FieldType.Integer, filters.since, None)


def _of_word(index: TextIndex, code: str, word: str) -> Iterator[Query]:
    title, text = f"title_{code}", f"text_{code}"
    if index.frequency((title, text), word):
        yield Query.boost_query(_term(index, title, word), TITLE)
        yield _term(index, text, word)
        return
    if len(word) < 4 or _known(index, word):
        return
    for half in _halves(index, code, word):
        yield Query.boost_query(_term(index, title, half), TITLE)
        yield _term(index, text, half)
    for name, weight in ((title, NEARLY * 2), (text, NEARLY)):
        nearly = Query.fuzzy_term_query(index.schema, name, word, distance=_distance(word))
        yield Query.boost_query(nearly, weight)


def _known(index: TextIndex, word: str) -> bool:
    """Whether it stands in any language."""
    return any(index.frequency((f"title_{one}", f"text_{one}"), word) for one in index.languages)


def _bounded(index: TextIndex, words: Iterable[str]) -> list[str]:
    """No word twice, not too many, and few that stand nowhere."""
    found, unknown = [], 0
    for word in _unique(words):
        unknown += not _known(index, word)
        if unknown <= GUESSED or _known(index, word):
            found.append(word)
    return found


def _telling(index: TextIndex, code: str, words: Sequence[str]) -> Sequence[str]:
    most = index.searcher.num_docs * COMMON
    return [word for word in words if index.frequency((f"title_{code}", f"text_{code}"), word) <= most] or words


def _halves(index: TextIndex, code: str, word: str) -> Sequence[str]:
    """Two words of the index that were written as one: bloodpressure."""
    fields = (f"title_{code}", f"text_{code}")
    for place in range(4, len(word) - 3):
        parts = [stem for part in (word[:place], word[place:]) for stem in index.analyzers[code].analyze(part)]
        if len(parts) == 2 and all(index.frequency(fields, part) for part in parts):
            return parts
    return ()


def _distance(word: str) -> int:
    """How many letters may be wrong."""
    return 1 if len(word) < 8 else 2


def _completions(index: TextIndex, code: str, word: str) -> Iterator[Query]:
    for name, weight in ((f"title_{code}", TITLE), (f"text_{code}", 1.0)):
        for longer, _ in index.searcher.terms_with_prefix(name, word, limit=COMPLETED):
            if longer != word:
                yield Query.boost_query(_term(index, name, longer), weight / 2)


def _as_phrase(index: TextIndex, name: str) -> Iterator[Query]:
    """Another name of what was asked for, as a whole."""
    prepared = prepare_query(name)
    for code in index.languages:
        words = index.analyzers[code].analyze(prepared)
        for field, weight in ((f"title_{code}", TITLE), (f"text_{code}", 1.0)):
            if not words or not all(index.frequency([field], word) for word in words):
                continue
            query = _term(index, field, words[0]) if len(words) == 1 else Query.phrase_query(index.schema, field, list(words))
            yield Query.boost_query(query, weight * SAME_THING)


def _any_of(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _each_of(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def _told(index: TextIndex, code: str, prepared: str) -> list[str]:
    """The words without what is said around them, unless nothing is left."""
    return index.listeners[code].analyze(prepared) or index.analyzers[code].analyze(prepared)


def other_names(text: str, names: Names) -> tuple[str, ...]:
    """Other names of the topics that are named in a text."""
    return tuple(dict.fromkeys(other for _name, others in _apart(text, names)[1] for other in others))


def _apart(text: str, names: Names) -> tuple[str, list[tuple[str, Sequence[str]]]]:
    """A text without the topics that it names, and these with their other names; longest names first, no word in two."""
    words = text.replace("?", " ").replace(",", " ").split()
    folded = [fold(word) for word in words]
    rest: list[str] = []
    found: dict[str, tuple[str, Sequence[str]]] = {}
    place = 0
    while place < len(words):
        length = next((n for n in _lengths(words, place) if names.get(" ".join(folded[place : place + n]))), 0)
        name = " ".join(folded[place : place + length])
        if length and (name in found or len(found) < MOST_NAMES):
            found[name] = " ".join(words[place : place + length]), names[name]
        else:
            rest += words[place : place + max(1, length)]
        place += max(1, length)
    return " ".join(rest), list(found.values())


def _lengths(words: Sequence[str], place: int) -> range:
    return range(min(LONGEST_NAME, len(words) - place), 0, -1)


def _term(index: TextIndex, field: str, word: str) -> Query:
    return Query.term_query(index.schema, field, word, "freq")


def _unique(words: Iterable[Any]) -> list[str]:
    return list(dict.fromkeys(words))[:MOST_WORDS]
