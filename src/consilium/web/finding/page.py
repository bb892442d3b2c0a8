"""What the search page shows: results, or the newest questions where nothing is asked for or search is not available."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest

from consilium.lib.text import fold
from consilium.questions.models import Question, Viewer
from consilium.search import facets, opening, reading
from consilium.search.snippets import Marker
from consilium.topics.models import Topic
from consilium.web import gate, lists
from consilium.web.finding import choices, own, results
from consilium.web.finding.asked import SORTS, Asked

NAMED = 4
"""Doctors and topics beside the questions, each."""
SUGGESTED = 6
"""Questions below the box while somebody types."""
LONGEST_NAME = 5  # words of a topic's name that is looked for without an index


def parts(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """At most twelve queries, those for who is reading included, whatever is found."""
    if asked.empty:
        return {"questions": _newest(request.user, ())}
    found = reading.find_around(asked.text, viewer=request.user, filters=asked.filters, newest=asked.sort == "newest")
    if not found.state.words:
        return _without(request, asked) | {"state": found.state}
    return _with(request, asked, found) | {"state": found.state}


def suggestions(viewer: Viewer, text: str) -> dict[str, Any]:
    """Questions and topics for what somebody is typing: four queries at most, three more for a doctor."""
    found = reading.completing(text, viewer=viewer, limit=SUGGESTED) if len(text) > 1 else reading.Found()
    rows = Question.objects.visible_to(viewer).in_bulk(found.numbers) if found.numbers else {}
    rows = own.without_closed(rows, text, gate.closed(viewer, rows))
    topics = reading.topics(text, limit=NAMED) if len(text) > 1 else []
    return {"questions": [rows[number] for number in found.numbers if number in rows], "topics": topics}


def _with(request: HttpRequest, asked: Asked, found: reading.Found) -> dict[str, Any]:
    viewer = request.user
    rows: Any = facets.marked(gate.annotated(Question.objects.visible_to(viewer), viewer)).only(*facets.FIELDS)
    rows = own.read_along(rows, viewer)
    there = rows.in_bulk(found.numbers)
    questions = [there[number] for number in found.numbers if number in there]
    closed = {one.pk for one in questions if one.first and gate.is_closed(one, viewer)}
    passing = own.passing(asked.text, closed, every=asked.sort == "newest")
    narrowed = facets.read(questions, viewer=viewer, closed=closed, filters=asked.filters, passing=passing)
    page = results.page_of(_sorted(narrowed.rows, asked), asked)
    marker = Marker(opening.opened()[0], asked.text, opening.names())
    offered = choices.facets(asked, narrowed)
    return {
        "results": results.results(page, narrowed, marker, viewer=viewer, closed=closed),
        "page": page, "count": len(narrowed.rows), "more": found.more, "facets": offered,
        "chips": choices.chips(asked, offered), "tabs": _tabs(asked), **_named(asked, page),
    }  # fmt: skip


def _sorted(rows: Sequence[facets.Row], asked: Asked) -> Sequence[facets.Row]:
    if asked.sort != "newest" and asked.text:
        return rows
    return sorted(rows, key=lambda row: (row.question.listed_at, row.question.pk), reverse=True)


def _named(asked: Asked, page: results.Page) -> dict[str, Any]:
    """Doctors and topics of that name; not where the reader has gone on to narrow or to page the questions."""
    if asked.filters.any or not page.first:
        return {}
    return {"doctors": reading.doctors(asked.text, limit=NAMED), "topics": reading.topics(asked.text, limit=NAMED)}


def _tabs(asked: Asked) -> list[lists.Tab]:
    if not asked.text:
        return []
    return [lists.Tab(asked.address(sort=value), str(label), value == asked.sort) for value, label in SORTS.items()]


def _without(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """Without an index: the newest questions about what is named in the words, or about anything."""
    topics = _topics_in(asked)
    return {"topics": topics, "questions": _newest(request.user, topics)}


def _newest(viewer: Viewer, topics: Iterable[Topic]) -> list[Question]:
    rows = Question.objects.visible_to(viewer)
    if topics:
        rows = rows.filter(about__topic__in=topics).distinct()
    found = list(rows.newest().listed()[: settings.CONFIG.page_size])
    lists.with_bars(viewer, found)
    return found


def _topics_in(asked: Asked) -> list[Topic]:
    words = fold(asked.text.replace("?", " ").replace(",", " ")).split()[:64]
    spans = {" ".join(words[start : start + n]) for start in range(len(words)) for n in range(1, LONGEST_NAME + 1)}
    named = Topic.objects.filter(Q(folded__in=spans) | Q(synonyms__folded__in=spans)).distinct().order_by("folded", "pk")
    return [*([asked.topic] if asked.topic else []), *(one for one in named[:NAMED] if one != asked.topic)]
