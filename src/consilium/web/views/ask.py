"""Asking a question."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from consilium.lib.ids import new_key
from consilium.questions import actions
from consilium.web import access, saving
from consilium.web.forms.questions import AskForm


@saving.for_writers
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form for a new question; ?title= and ?topic= bring along what was typed or read elsewhere."""
    person = access.signed_in(request)
    brought = {"title": request.GET.get("title", ""), "other_topics": request.GET.get("topic", "")}
    form = saving.opened(request, AskForm, {**brought, "language": person.language, "once": new_key()})
    outcome = saving.attempt(
        request,
        form,
        lambda data: actions.ask(
            person=person,
            title=data["title"],
            body=data["body"],
            language=data["language"],
            topics=data["topics"],
            key=data["once"],
        ),
    )
    if outcome.saved:
        messages.success(request, gettext("Your question is published. You follow it: new answers appear on your account page."))
        return redirect(outcome.saved)
    return outcome.page(request, "pages/ask.html", {})
