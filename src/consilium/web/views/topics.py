"""What questions are about."""

from itertools import groupby

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from consilium.questions.models import Question
from consilium.topics.models import Topic
from consilium.web import access, etag, lists, page_rows
from consilium.web.views.editor.guard import is_editor


@require_http_methods(["GET", "HEAD"])
def topics(request: HttpRequest) -> HttpResponse:
    """All topics by kind and name, with their other names."""
    page = lists.topics(request)
    kinds = [(Topic.Kind(kind), list(found)) for kind, found in groupby(page.items, key=lambda topic: topic.kind)]
    kinds.sort(key=lambda pair: list(Topic.Kind).index(pair[0]))
    kind = lists.chosen(request, "kind", lists.KINDS)
    context = {"page": page, "kinds": kinds, "kind": kind, "tabs": lists.tabs("kind", lists.KINDS, kind)}
    return etag.checked(request, page_rows.of_topics(page), lambda: render(request, "pages/topics.html", context))


@require_http_methods(["GET", "HEAD"])
@etag.validated(page_rows.topic)
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """One topic and its questions."""
    found = get_object_or_404(Topic.objects.prefetch_related("synonyms", "needs__specialty"), slug=slug)
    rows, order, tab = lists.questions_about(request, found.pk)
    rows = rows.prefetch_related(Prefetch("question", Question.objects.listed()))
    page = lists.page_of(request, rows, order)
    questions = [row.question for row in page.items]
    lists.with_bars(questions)
    context = {"topic": found, "page": page, "questions": questions, "tab": tab}
    needs = sorted(found.needs.all(), key=lambda need: (need.role != "primary", need.specialty.noun))
    context |= {"needs": needs, "editor": is_editor(access.person_of(request))}
    return render(request, "pages/topic.html", {**context, "tabs": lists.tabs("tab", lists.TABS, tab)})
