"""All situations in which one question was asked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from consilium.questions.models import Question
from consilium.web import beside, etag, lists, page_rows
from consilium.web.joined import leads_on


@leads_on()
@require_http_methods(["GET", "HEAD"])
@etag.validated(page_rows.situations)
def situations(request: HttpRequest, number: int) -> HttpResponse:
    """A question and its variants, oldest first, each with its own bar."""
    found = get_object_or_404(Question.objects.visible_to(request.user), pk=number)
    rows = beside.group_of(found, request.user).select_related("source")
    page = lists.page_of(request, rows, beside.ORDER)
    lists.with_bars(request.user, page.items)
    root = next((row for row in page.items if row.pk == (found.variant_of_id or found.pk)), None)
    return render(request, "pages/situations.html", {"question": found, "page": page, "root": root})
