"""From what somebody typed to a query of the index of words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tantivy import FieldType, Occur, Query

from consilium.search.documents import Kind
from consilium.search.names import Names, apart, others, respelled
from consilium.search.text_index import Filters, TextIndex
from consilium.search.words import OTHER, prepare_query, typed

TITLE: Final = 3.0
"""How much a word of the title counts against one of the text."""
SAME_THING: Final = 0.8
"""How much another name of the same thing counts against the words that were typed."""
NEARLY: Final = 3.0
"""What a word counts that is nearly the typed one; about what a rare word would."""
MOST_WORDS: Final = 64
COMPLETED: Final = 8  # words that the beginning of one is completed to
COMMON: Final = 0.5
"""A word in more than this share of the questions tells nothing about one; it is left out where others are left."""
MOST_NAMED: Final = 16  # words of a query that may be in a name
GUESSED: Final = 6
"""Words of a query, the first, that stand nowhere and for which others are tried that are nearly the same: each costs about
as much as all words that stand somewhere."""
_WHATEVER: Final = "basic"


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
    text = _spelled(index, text, names)
    prepared = prepare_query(text)
    words = {code: _bounded(index, _told(index, code, prepared)) for code in index.languages or (OTHER,)}
    return Asked(text, words, others(text, names) if names else ())


def question_query(index: TextIndex, asked: Asked, *, completing: bool = False) -> Query:
    """Questions with any of the words; `completing`: the last word may be a beginning."""
    chosen = {code: telling(index, code, words) for code, words in asked.words.items()}
    single = {code: [list(_of_word(index, code, word)) for word in words] for code, words in chosen.items()}
    if completing:
        for code, words in chosen.items():
            if words and (longer := list(_completions(index, code, words[-1]))):
                # What begins so is meant; a word that is nearly the beginning is not.
                single[code][-1] = [*longer, *(single[code][-1] if known(index, words[-1]) else [])]
    parts = [query for queries in single.values() for part in queries for query in part]
    parts += [query for name in asked.others for query in _as_phrase(index, name)]
    return _any_of(parts)


def every_query(index: TextIndex, text: str, names: Names) -> Query:
    """Questions with all the words, or with another name in the place of a name; all in words of one language."""
    rest, named = apart(_spelled(index, text, names), names)
    prepared = prepare_query(rest)
    phrases = [[query for other in them for query in _as_phrase(index, other)] for _name, them in named]
    found = []
    for code in index.languages or (OTHER,):
        words = index.listeners[code].analyze(prepared) if named else _told(index, code, prepared)
        musts = [_any_of(_of_word(index, code, word)) for word in telling(index, code, _bounded(index, words))]
        for (name, _them), instead in zip(named, phrases, strict=True):
            own = [_any_of(_of_word(index, code, word)) for word in _unique(index.analyzers[code].analyze(prepare_query(name)))]
            musts.append(_any_of([_each_of(own), *instead]))
        found.append(_each_of(musts))
    return _any_of(found)


def marking_query(index: TextIndex, asked: Asked) -> Query:
    """The words that were typed, as they are to be marked in a text that was found."""
    return _any_of(query for code, words in asked.words.items() for word in words for query in _of_word(index, code, word))


def named_query(index: TextIndex, asked_text: str, kind: Kind, names: Names) -> Query:
    """Doctors with one of the words in a name, topics that are named in the text; and those of either kind that have all the
    words in names and in what is said about them. The last word may be a beginning, a word that stands nowhere a mistake.
    """
    text = _spelled(index, asked_text, names)
    prepared = prepare_query(text)
    words = [word for word in _unique(index.analyzers[OTHER].analyze(prepared))[:MOST_NAMED] if not _is_chatter(index, word)]
    by_name = [list(_in_name(index, kind, word, last=place == len(words) - 1)) for place, word in enumerate(words)]
    about = [_any_of(_about(index, kind, word)) for word in words]
    parts = [_each_of(_any_of([*own, said]) for own, said in zip(by_name, about, strict=True))] if words else []
    if kind is Kind.DOCTOR:
        parts += [query for own in by_name for query in own]
    for name, _others in apart(text, names)[1] if kind is Kind.TOPIC else ():
        parts.append(
            _each_of(_term(index, f"names_{kind.value}", word) for word in index.analyzers[OTHER].analyze(prepare_query(name)))
        )
    return _any_of(parts)


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
    if len(word) < 4 or known(index, word):
        return
    for half in _halves(index, code, word):
        yield Query.boost_query(_term(index, title, half), TITLE)
        yield _term(index, text, half)
    for name, weight in ((title, NEARLY * 2), (text, NEARLY)):
        nearly = Query.fuzzy_term_query(index.schema, name, word, distance=_distance(word))
        yield Query.boost_query(nearly, weight)


def known(index: TextIndex, word: str) -> bool:
    """Whether it stands in any language."""
    return any(index.frequency((f"title_{one}", f"text_{one}"), word) for one in index.languages)


def _bounded(index: TextIndex, words: Iterable[str]) -> list[str]:
    """No word twice, not too many, and few that stand nowhere."""
    found, unknown = [], 0
    for word in _unique(words):
        unknown += not known(index, word)
        if unknown <= GUESSED or known(index, word):
            found.append(word)
    return found


def _spelled(index: TextIndex, text: str, names: Names | None) -> str:
    def unknown(word: str) -> bool:
        return not any(known(index, stem) for code in index.languages for stem in index.analyzers[code].analyze(word))

    return respelled(typed(text), names, unknown, GUESSED) if names else typed(text)


def _is_chatter(index: TextIndex, word: str) -> bool:
    """Whether one of the languages here leaves it out as said around what is meant."""
    return not all(index.listeners[code].analyze(word) for code in index.languages or (OTHER,))


def _in_name(index: TextIndex, kind: Kind, word: str, *, last: bool) -> Iterator[Query]:
    field = f"names_{kind.value}"
    yield Query.boost_query(_term(index, field, word), TITLE)
    if last:
        longer = (one for one, _ in index.searcher.terms_with_prefix(field, word, limit=COMPLETED))
        yield from (_term(index, field, one) for one in longer if one != word)
    stems = (stem for code in index.languages for stem in index.analyzers[code].analyze(word))
    if len(word) > 3 and not index.frequency([field], word) and not any(known(index, stem) for stem in stems):
        yield Query.fuzzy_term_query(index.schema, field, word, distance=_distance(word))


def _about(index: TextIndex, kind: Kind, word: str) -> Iterator[Query]:
    field = f"about_{kind.value}"
    return (_term(index, field, stem) for stem in index.analyzers["en"].analyze(word))


def telling(index: TextIndex, code: str, words: Sequence[str]) -> Sequence[str]:
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


def _term(index: TextIndex, field: str, word: str) -> Query:
    return Query.term_query(index.schema, field, word, "freq")


def _unique(words: Iterable[Any]) -> list[str]:
    return list(dict.fromkeys(words))[:MOST_WORDS]
