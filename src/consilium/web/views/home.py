"""The first page: questions in three orders."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from consilium.questions.models import Question
from consilium.web import lists


@require_http_methods(["GET", "HEAD"])
def home(request: HttpRequest) -> HttpResponse:
    """All questions: newest, most answered or unanswered."""
    tab = lists.chosen(request, "tab", lists.TABS)
    rows = Question.objects.visible_to(request.user).listed()
    rows = rows.unanswered() if tab == "unanswered" else rows
    order = Question.MOST_ANSWERED if tab == "answered" else Question.NEWEST
    page = lists.page_of(request, rows, order)
    return render(request, "pages/home.html", {"page": page, "tab": tab, "tabs": lists.tabs("tab", lists.TABS, tab)})
