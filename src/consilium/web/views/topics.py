"""What questions are about."""

from itertools import groupby

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from consilium.questions.models import Question, QuestionTopic
from consilium.topics.models import Topic
from consilium.web import lists

_TOPICS_ON_A_PAGE = 300


@require_http_methods(["GET", "HEAD"])
def topics(request: HttpRequest) -> HttpResponse:
    """All topics by kind and name, with their other names."""
    page = lists.page_of(request, Topic.objects.prefetch_related("synonyms"), ("kind", "folded", "id"), _TOPICS_ON_A_PAGE)
    kinds = [(Topic.Kind(kind), list(found)) for kind, found in groupby(page.items, key=lambda topic: topic.kind)]
    kinds.sort(key=lambda pair: list(Topic.Kind).index(pair[0]))
    return render(request, "pages/topics.html", {"page": page, "kinds": kinds})


@require_http_methods(["GET", "HEAD"])
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """One topic and its questions."""
    found = get_object_or_404(Topic.objects.prefetch_related("synonyms"), slug=slug)
    tab = lists.chosen(request, "tab", lists.TABS)
    rows = QuestionTopic.objects.visible_to(request.user).filter(topic=found)
    rows = rows.filter(answer_count=0) if tab == "unanswered" else rows
    rows = rows.prefetch_related(Prefetch("question", Question.objects.listed()))
    order = QuestionTopic.MOST_ANSWERED if tab == "answered" else QuestionTopic.NEWEST
    page = lists.page_of(request, rows, order)
    context = {"topic": found, "page": page, "questions": [row.question for row in page.items], "tab": tab}
    return render(request, "pages/topic.html", {**context, "tabs": lists.tabs("tab", lists.TABS, tab)})
