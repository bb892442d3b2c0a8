"""Who reaches the editors' pages."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from consilium.accounts.models import Person
from consilium.accounts.policy import can
from consilium.doctors.standing import who
from consilium.web import access, saving

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def for_editors(view: View[P]) -> View[P]:
    """Send a visitor to sign in (what they typed waits), and tell everybody else without the duty that it is needed."""

    @saving.for_writers
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not is_editor(access.signed_in(request)):
            raise PermissionDenied(gettext("This page is for editors. The people who run the site decide who is one."))
        return view(request, *args, **kwargs)

    return guarded


def is_editor(person: Person | None) -> bool:
    """Whether this reader may open the editors' pages (at most two queries the first time)."""
    return person is not None and can(who(person), "editor.open")


def must(request: HttpRequest, action: str) -> Person:
    """The person, who may do this; PermissionDenied if the policy does not let them. For actions that do not ask themselves."""
    person = access.signed_in(request)
    if not can(who(person), action):
        raise PermissionDenied(gettext("This page is for editors. The people who run the site decide who is one."))
    return person
