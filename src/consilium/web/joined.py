"""Pages below the address of a question that was joined to another one: each leads to the same page of that one.

A merge can be undone, and browsers keep a 301 for ever unless they are told to ask: middleware.py tells them.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django_htmx.http import HttpResponseClientRedirect

from consilium.questions import joined
from consilium.questions.models import Question
from consilium.web import access, saving

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
_PAGE: Final = frozenset({"question", "question_bare"})


def leads_on(to: str = "") -> Callable[[View[P]], View[P]]:
    """Decorate a view of /q/<number>/…: where there is no such page because its question is a duplicate, go to the page of
    the question it was joined to, by the name `to` or the same name. What was typed on the same page goes along."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def leading(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except Http404:
                number: Any = kwargs["number"]
                found = joined.end(number, request.user)
                if found is None:
                    raise
                return _led(request, found, to)

        return leading

    return decorate


def _led(request: HttpRequest, found: Question, to: str) -> HttpResponse:
    match = request.resolver_match
    name = to or (match.url_name if match else "") or "question"
    path = page(found) if name in _PAGE else reverse(f"web:{name}", args=[found.pk])
    if not to:
        saving.carry(request, path)
    if request.method in {"GET", "HEAD"}:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(path + (f"?{query}" if query else ""))
    messages.warning(
        request, gettext("The question was joined with another one meanwhile, whose page this is. Nothing has been changed.")
        if to else gettext("The question was joined with another one meanwhile. Look at what you typed, then send it again."),
    )  # fmt: skip
    return HttpResponseClientRedirect(path) if access.by_htmx(request) else redirect(path)


def page(found: Question) -> str:
    """Its page; the address of a duplicate, at which a long chain of merges was followed no further, leads on by itself."""
    return reverse("web:question_bare", args=[found.pk]) if found.is_duplicate else found.get_absolute_url()
