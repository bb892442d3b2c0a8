"""Who is reading, and what happens when somebody must sign in first."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from consilium.accounts.models import Person
from consilium.questions.actions import NotAllowed


def person_of(request: HttpRequest) -> Person | None:
    """The person who is signed in; None for a visitor."""
    return request.user if isinstance(request.user, Person) else None


def signed_in(request: HttpRequest) -> Person:
    """The person who is signed in; PermissionDenied for a visitor (for views behind login_required)."""
    person = person_of(request)
    if person is None:
        raise PermissionDenied
    return person


def to_login(request: HttpRequest, then: str) -> HttpResponse:
    """Send a visitor to the sign-in page and afterwards to the page `then`, never to an address that only takes POST."""
    response = redirect_to_login(then)
    return HttpResponseClientRedirect(response.url) if by_htmx(request) else response


def by_htmx(request: HttpRequest) -> bool:
    """Whether the script asks for a part of a page rather than the browser for a whole one."""
    htmx = getattr(request, "htmx", None)
    return isinstance(htmx, HtmxDetails) and bool(htmx)


@contextmanager
def refusal_as_403() -> Iterator[None]:
    """Turn a refusal of the domain into the page that shows its sentence."""
    try:
        yield
    except NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from None
