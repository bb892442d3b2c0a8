"""What pages ask of search. Every answer is checked against the database when it is read: the index only proposes.

What happened since the index was last written stands in the journal. A question that such an entry touches is shown only if
it is found by what a visitor can see of it now; so what was hidden is found no more from that moment on. No function raises
because of an index: `state` of the result says what is reduced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog

from consilium.doctors.models import Doctor
from consilium.journal.models import Entry
from consilium.questions.models import Question, Viewer
from consilium.search import gathering, opening
from consilium.search.changes import touched
from consilium.search.documents import Kind, QuestionText
from consilium.search.following import unread
from consilium.search.node import DEPTH, Mode, Node
from consilium.search.state import Reduced, State
from consilium.search.text_index import NO_FILTERS, BrokenIndex, Filters, Hit, guarded
from consilium.search.text_query import read
from consilium.search.words import prepare, stemmed_as
from consilium.topics.models import Topic

log = structlog.get_logger(__name__)

MANY: Final = 500
"""Unread entries from which on everything that is found is looked at anew."""
CANDIDATES: Final = 5
MAYBE: Final = 0.60
"""The smallest cosine of two titles that may ask the same."""
PROBABLY: Final = 0.85
"""The cosine from which on two titles probably ask the same."""


@dataclass(frozen=True, slots=True)
class Found:
    """Numbers of visible questions, best (or newest) first. `more`: there are further ones that were not put in order."""

    numbers: Sequence[int] = ()
    state: State = field(default_factory=State)
    more: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may ask the same; `cosine` of the two titles."""

    number: int
    cosine: float

    @property
    def probable(self) -> bool:
        return self.cosine >= PROBABLY


def find(text: str, *, viewer: Viewer, filters: Filters = NO_FILTERS, newest: bool = False) -> Found:
    """Questions for what somebody typed, at most a few hundred. With `newest`, those with all the words, newest first."""
    names = opening.names()

    def ask(node: Node) -> list[Hit]:
        if newest or not text.strip():
            return node.newest(text, names=names, filters=filters)
        return node.rank(text, names=names, mode=Mode.HYBRID, filters=filters)

    return _asked(ask, text, viewer, filters)


def find_around(text: str, *, viewer: Viewer, filters: Filters, newest: bool = False) -> Found:
    """What is found with these filters, then what is found without them: facets.py says which pass now, and counts."""
    names = opening.names()

    def ask(node: Node) -> list[Hit]:
        if newest or not text.strip():
            return node.newest_around(text, names=names, filters=filters)
        return node.rank_around(text, names=names, filters=filters)

    return _asked(ask, text, viewer, NO_FILTERS)


def completing(text: str, *, viewer: Viewer, limit: int = 8) -> Found:
    """Questions for what somebody is still typing, by words alone."""
    return _asked(lambda node: node.completing(text, limit=limit), text, viewer, NO_FILTERS, beginning=True)


def alike(title: str, *, viewer: Viewer, limit: int = CANDIDATES) -> tuple[list[Candidate], State]:
    """Questions that may ask the same as a title, most alike first. Without the model: those with the same words, cosine 0."""
    cosines: dict[int, float] = {}
    names = opening.names()

    def ask(node: Node) -> list[Hit]:
        hits = [hit for hit in node.alike(title, limit=limit * 2) if hit.score >= MAYBE]
        if node.model is None or node.vectors is None:
            hits = [Hit(hit.number, 0.0) for hit in node.rank(title, names=names, limit=limit)]
        cosines.update({hit.number: hit.score for hit in hits})
        return hits

    found = _asked(ask, title, viewer, NO_FILTERS)
    return [Candidate(number, cosines[number]) for number in found.numbers[:limit]], found.state


def neighbours(question: int, *, viewer: Viewer, limit: int = 20) -> Found:
    """Questions nearest to a question with its answers."""
    return _asked(lambda node: node.neighbours(question, limit=limit), None, viewer, NO_FILTERS)


def doctors(text: str, *, limit: int = 5) -> list[Doctor]:
    """Doctors with these words in name, specialty or place, best first."""
    numbers = _named(text, Kind.DOCTOR, limit)
    rows = Doctor.objects.listed().in_bulk(numbers)
    return [rows[number] for number in numbers if number in rows]


def topics(text: str, *, limit: int = 5) -> list[Topic]:
    """Topics with these words in a name, best first."""
    numbers = _named(text, Kind.TOPIC, limit)
    rows = Topic.objects.in_bulk(numbers)
    return [rows[number] for number in numbers if number in rows]


def state() -> State:
    """What search can do at the moment; for the status page."""
    node, found = opening.opened()
    return _with_delay(found, len(_unread(node))) if node else found


def _asked(
    ask: Callable[[Node], list[Hit]], text: str | None, viewer: Viewer, filters: Filters, *, beginning: bool = False
) -> Found:
    node, state = opening.opened()
    if node is None:
        return Found(state=state)
    try:
        hits, state = _hits(ask, node, state)
        entries = _unread(node)
        numbers = [hit.number for hit in hits]
        stale = _stale(numbers, entries)
        shown = _visible(numbers, viewer)
        if stale:
            shown -= stale - _still_found(node, stale & shown, text, filters, beginning=beginning)
    except BrokenIndex as error:
        log.warning("search.broken_index", reason=str(error)[:200])
        return Found(state=State(words=False, meaning=False, reduced=(Reduced.BROKEN_INDEX,), reason=str(error)))
    return Found([number for number in numbers if number in shown], _with_delay(state, len(entries)), len(hits) >= DEPTH)


def _hits(ask: Callable[[Node], list[Hit]], node: Node, state: State) -> tuple[list[Hit], State]:
    """What the indexes propose; by words alone where the vectors turn out to be broken."""
    try:
        with guarded():
            return ask(node), state
    except BrokenIndex as error:
        if node.vectors is None:
            raise
        with guarded():
            hits = ask(Node(node.words))
        return hits, State(meaning=False, reduced=(Reduced.BROKEN_VECTORS,), reason=str(error))


def _stale(numbers: Sequence[int], entries: Sequence[Entry]) -> set[int]:
    """Those that may have changed since the index was written: all of them after an import, which does not name what it met."""
    if len(entries) > MANY:
        return set(numbers)
    found = touched(entries)
    return set(numbers) if found.imported_at else found.questions.intersection(numbers)


def _visible(numbers: Iterable[int], viewer: Viewer) -> set[int]:
    return set(Question.objects.visible_to(viewer).filter(pk__in=list(numbers)).values_list("pk", flat=True))


def _unread(node: Node) -> list[Entry]:
    return list(unread(node.words.state).order_by("pk")[: MANY + 1])


def _with_delay(state: State, behind: int) -> State:
    if behind <= MANY:
        return state
    return State(state.words, state.meaning, behind, (*state.reduced, Reduced.BEHIND), state.reason)


def _still_found(node: Node, numbers: set[int], text: str | None, filters: Filters, *, beginning: bool) -> set[int]:
    """Those that hold a word of the query (or its beginning) in what can be seen of them now, and pass the filters."""
    asked = read(node.words, text, opening.names()) if text is not None and text.strip() else None
    wanted = {code: set(words) for code, words in asked.words.items()} if asked else {}
    for other in asked.others if asked else ():
        for code, words in wanted.items():
            words.update(node.words.analyzers[code].analyze(prepare(other)))
    return {
        document.number
        for document in gathering.documents(Kind.QUESTION, numbers)
        if isinstance(document, QuestionText)
        and _passes(document, filters)
        and (asked is None or _holds(node, document, wanted, beginning=beginning))
    }


def _holds(node: Node, document: QuestionText, wanted: dict[str, set[str]], *, beginning: bool) -> bool:
    for passage in (document.title, *document.texts):
        code = stemmed_as(passage.language)
        there = node.words.analyzers[code].analyze(prepare(passage.text))
        if not wanted.get(code, set()).isdisjoint(there):
            return True
        if beginning and any(word.startswith(tuple(wanted.get(code, ()))) for word in there):
            return True
    return False


def _passes(document: QuestionText, filters: Filters) -> bool:
    languages = {passage.language.lower() for passage in (document.title, *document.texts)}
    low, high = filters.answers or (0, None)
    return all((
        filters.topic is None or filters.topic in document.topics,
        filters.specialty is None or filters.specialty in document.specialties,
        not filters.language or filters.language.lower() in languages,
        not filters.label or filters.label == document.label,
        filters.cites is None or filters.cites == document.cites,
        low <= document.answers <= (document.answers if high is None else high),
        filters.since is None or document.listed >= filters.since,
    ))  # fmt: skip


def _named(text: str, kind: Kind, limit: int) -> list[int]:
    names = opening.names()
    node, _state = opening.opened()
    if node is None:
        return []
    try:
        with guarded():
            return [hit.number for hit in node.named(text, kind, names=names, limit=limit)]
    except BrokenIndex as error:
        log.warning("search.broken_index", reason=str(error)[:200])
        return []
