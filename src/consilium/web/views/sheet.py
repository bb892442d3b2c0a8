"""The sheet to take along: one printable page per question."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from consilium.consensus import reading
from consilium.evidence.reading import ledger
from consilium.questions.models import Question
from consilium.web import addresses, etag, gate, page_rows, stands
from consilium.web import sheet as words
from consilium.web.joined import leads_on


@leads_on()
@require_http_methods(["GET", "HEAD"])
@etag.validated(page_rows.stances)
def sheet(request: HttpRequest, number: int) -> HttpResponse:
    """Where the doctors stand, conditions to tick off, what to ask whom, sources, the date: ten queries at most."""
    found = get_object_or_404(Question.objects.visible_to(request.user).select_related("source", "source_author"), pk=number)
    gate.note(request.user, found)
    answers = list(found.answers.visible_to(request.user).on_page(request.user).order_by("place", "id"))
    panel = reading.panel_of(found, answers)
    address = addresses.base(request) + reverse("web:question_bare", args=[found.pk])
    context = {
        "question": found, "panel": stands.shown(panel, found, [], found.topics.all()), "visits": words.visits(panel),
        "sources": ledger(panel.citations).works, "headlines": [] if panel.statements else words.headlines(answers),
        "answers": answers, "address": address, "qr": words.qr(address), "now": timezone.now(),
    }  # fmt: skip
    return render(request, "pages/sheet.html", context)
