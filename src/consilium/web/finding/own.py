"""What a search finds for a doctor to whom answers are closed: such a question only by what stands there without them."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, TextField, Value, When

from consilium.lib.markdown import plain
from consilium.questions.models import Question, QuestionTopic, Statement, Viewer
from consilium.search import own_words
from consilium.search.documents import Passage
from consilium.search.facets import Passing
from consilium.web.finding.results import READ


def read_along(rows: QuerySet[Question], viewer: Viewer) -> QuerySet[Question]:
    """Questions (from gate.annotated) with what they say themselves, for a doctor: `own_title`, `own_body`, …; else empty."""
    if not viewer.is_authenticated:
        return rows
    stated = Statement.objects.active().filter(question=OuterRef("pk")).order_by("place")
    own: dict[str, F | Subquery] = {
        "own_title": F("title"), "own_body": F("body_html"), "own_difference": F("difference"),
        "own_stated": Subquery(stated.values("text")[:1]),
    }  # fmt: skip
    texts = {name: Case(When(is_doctor=True, then=one), default=Value(""), output_field=TextField()) for name, one in own.items()}
    return rows.annotate(**texts)


def passing(text: str, closed: Collection[int], *, every: bool) -> Passing | None:
    """What leaves out those of the closed questions that the words find by an answer alone; None if there are none closed."""
    if not closed:
        return None
    found = own_words.finder(text, every=every)

    def passes(question: Any, topics: Iterable[Any]) -> bool:
        if question.pk not in closed:
            return True
        texts = (question.own_title, question.own_difference, _plain(question.own_body), question.own_stated)
        return found(question.pk, _passages(texts, question.language, topics))

    return passes


def without_closed(rows: Mapping[int, Question], text: str, closed: Collection[int]) -> dict[int, Question]:
    """The same for what somebody is still typing: one query if there are closed ones."""
    if not closed:
        return dict(rows)
    found = own_words.finder(text, beginning=True)
    about = QuestionTopic.objects.filter(question__in=closed).select_related("topic")
    topics = [(row.question_id, row.topic) for row in about]

    def passes(row: Question) -> bool:
        named = [topic for number, topic in topics if number == row.pk]
        texts = (row.title, row.difference, _plain(row.body_html))
        return row.pk not in closed or found(row.pk, _passages(texts, row.language, named))

    return {number: row for number, row in rows.items() if passes(row)}


def _passages(texts: Iterable[str | None], language: str, topics: Iterable[Any]) -> list[Passage]:
    return [*(Passage(text or "", language) for text in texts), *(Passage(one.name, one.language) for one in topics)]


def _plain(html: str) -> str:
    return " ".join(plain(html[:READ]).split())
