"""Atom feeds (RFC 4287): new questions of the site or a topic, new answers to a question or by a doctor.

Lists of questions name no asker: two pseudonyms of one person must never stand side by side.
"""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from consilium.doctors.models import Doctor
from consilium.questions.models import Answer, Question, QuestionTopic
from consilium.topics.models import Topic
from consilium.web import atom, etag, gate, shown
from consilium.web.joined import leads_on

_ENTRIES = 30


@require_http_methods(["GET", "HEAD"])
def site(request: HttpRequest) -> HttpResponse:
    """The newest questions."""
    rows = Question.objects.visible_to(request.user).newest()[:_ENTRIES]
    feed = atom.Feed(gettext("Newest questions"), reverse("web:home"), [atom.of_question(row) for row in rows])
    return _answer(request, feed)


@require_http_methods(["GET", "HEAD"])
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest questions about one topic."""
    found = get_object_or_404(Topic, slug=slug)
    rows = QuestionTopic.objects.filter(topic=found, question__in=Question.objects.visible_to(request.user))
    rows = rows.select_related("question").order_by(*QuestionTopic.NEWEST)[:_ENTRIES]
    title = gettext("Questions about %(topic)s") % {"topic": found.name}
    return _answer(request, atom.Feed(title, found.get_absolute_url(), [atom.of_question(row.question) for row in rows]))


@leads_on()
@require_http_methods(["GET", "HEAD"])
def question(request: HttpRequest, number: int) -> HttpResponse:
    """The newest answers to one question."""
    found = get_object_or_404(Question.objects.visible_to(request.user), pk=number)
    rows = found.answers.visible_to(request.user).on_page(request.user).select_related("question").order_by(*Answer.NEWEST)
    gate.note(request.user, found)
    feed = atom.Feed(
        found.title, found.get_absolute_url(), _entries(rows[:_ENTRIES]), since=found.listed_at, language=found.language
    )
    return _answer(request, feed)


@require_http_methods(["GET", "HEAD"])
def doctor(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest answers by one doctor."""
    found = get_object_or_404(Doctor.objects.listed(), slug=slug)
    rows = Answer.objects.visible_to(request.user).filter(doctor=found).on_page(request.user).select_related("question")
    shown_rows = gate.readable(request.user, found, rows.order_by(*Answer.NEWEST)[:_ENTRIES])
    title = gettext("Answers by %(doctor)s") % {"doctor": found.full_name}
    return _answer(request, atom.Feed(title, found.get_absolute_url(), _entries(shown_rows), since=found.created_at))


def _entries(rows: Iterable[Answer]) -> list[atom.Entry]:
    return [atom.of_answer(row, shown.byline(row)) for row in rows]


def _answer(request: HttpRequest, feed: atom.Feed) -> HttpResponse:
    def make() -> HttpResponse:
        response = HttpResponse(atom.write(feed, request), content_type=atom.CONTENT_TYPE)
        response["Last-Modified"] = http_date(feed.updated.timestamp())
        return response

    return etag.checked(request, feed, make)
