"""Asking a question."""

from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from consilium.web import access, alike, asking, saving


@saving.for_writers
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form for a new question, or for one that was asked before in another situation (?variant_of=)."""
    person = access.signed_in(request)
    other = asking.instead(request, person)
    if other is not None:
        return other
    form = asking.opened(request, person)
    outcome = saving.attempt(request, form, partial(asking.publish, person, form))
    if outcome.saved:
        messages.success(request, gettext("Your question is published. You follow it: new answers appear on your account page."))
        return redirect(outcome.saved)
    return outcome.page(request, "pages/ask.html", {})


@require_http_methods(["GET", "HEAD"])
def ask_alike(request: HttpRequest) -> HttpResponse:
    """The part of that page with questions that may ask the same as ?title=, for somebody who is typing it."""
    person, title = access.person_of(request), request.GET.get("title", "")
    if not access.by_htmx(request):
        return redirect(f"{reverse('web:ask')}?{urlencode({'title': title})}")
    if person is None:  # signed out meanwhile: what was typed is asked for again when it is sent
        return HttpResponse(status=204)
    return render(request, "components/alike.html", {"candidates": alike.found(title, person)})
