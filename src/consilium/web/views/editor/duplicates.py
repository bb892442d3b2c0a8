"""Pairs of questions that may ask the same, and the merges that were made."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from consilium.questions import actions
from consilium.questions.models import Suggestion
from consilium.web import access, coding, joining, lists, queues
from consilium.web.views.editor.guard import for_editors


@for_editors
@require_http_methods(["GET", "HEAD", "POST"])
def duplicates(request: HttpRequest) -> HttpResponse:
    """Suggestions that wait, the newest first, both questions side by side; a POST says of a `pair` that the two differ."""
    if request.method == "POST":
        return _decline(request, request.POST.get("pair", ""))
    page = lists.page_of(request, queues.duplicates(), queues.DUPLICATES)
    lists.with_bars(request.user, [question for row in page.items for question in (row.question, row.other)])
    pairs = [(row, joining.how_alike(row)) for row in page.items]
    return render(request, "editor/duplicates.html", {"page": page, "pairs": pairs})


@for_editors
@require_http_methods(["GET", "HEAD"])
def merges(request: HttpRequest) -> HttpResponse:
    """Questions that were joined, the latest first, and until when that can be undone."""
    person = access.signed_in(request)
    page = lists.page_of(request, queues.merges(), queues.MERGES)
    rows = [(row, coding.called("", row.by, person) if row.by else "") for row in page.items]
    return render(request, "editor/merges.html", {"page": page, "rows": rows})


@for_editors
@require_http_methods(["GET", "HEAD", "POST"])
def unmerge(request: HttpRequest, number: int) -> HttpResponse:
    """Make two questions again of what was joined, after a page that says what will happen."""
    found = get_object_or_404(queues.merges(), pk=number)
    why = ""
    if request.method == "POST":
        try:
            question = actions.unmerge(person=access.signed_in(request), merge=found)
        except actions.NotAllowed as refusal:
            why = str(refusal)
        else:
            messages.success(request, gettext("These are two questions again. The answers that had moved are back."))
            return redirect(question)
    return render(request, "editor/unmerge.html", {"merge": found, "why": why}, status=403 if why else 200)


def _decline(request: HttpRequest, pair: str) -> HttpResponse:
    found = get_object_or_404(Suggestion, pk=joining.number(pair))
    try:
        actions.decline(person=access.signed_in(request), suggestion=found)
    except actions.NotAllowed as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, gettext("Noted: these two differ. Nobody is asked about them again."))
    return redirect("web:editor_duplicates")
