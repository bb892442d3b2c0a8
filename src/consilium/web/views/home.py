"""The first page: questions in three orders."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from consilium.web import etag, lists, page_rows


@require_http_methods(["GET", "HEAD"])
def home(request: HttpRequest) -> HttpResponse:
    """All questions: newest, most answered or unanswered."""
    rows, order, tab = lists.questions(request)
    page = lists.page_of(request, rows.listed(), order)
    context = {"page": page, "tab": tab, "tabs": lists.tabs("tab", lists.TABS, tab)}

    def make() -> HttpResponse:
        lists.with_bars(page.items)
        return render(request, "pages/home.html", context)

    return etag.checked(request, page_rows.of_questions(page), make)
