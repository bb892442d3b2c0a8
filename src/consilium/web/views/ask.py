"""Asking a question."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from consilium.lib.ids import new_key
from consilium.web import access, asking, saving


@saving.for_writers
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form for a new question; ?title= and ?topic= bring along what was typed or read elsewhere."""
    person = access.signed_in(request)
    brought = {"title": request.GET.get("title", ""), "other_topics": request.GET.get("topic", "")}
    form = asking.opened(request, {**brought, "language": person.language, "once": new_key()})
    outcome = saving.attempt(request, form, partial(asking.publish, person))
    if outcome.saved:
        messages.success(request, gettext("Your question is published. You follow it: new answers appear on your account page."))
        return redirect(outcome.saved)
    return outcome.page(request, "pages/ask.html", {})
