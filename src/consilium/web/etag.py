"""Answering "is my copy still right?" without making the page (RFC 9110, 304 Not Modified).

A page's ETag is drawn from all that its bytes depend on: the rows it shows, how the reader reads, the host, the
release. The rows are asked for before the page is made, so a change in between makes a newer page under an older tag,
which the next request repairs; never the other way round. There is no time-out and nothing to purge.

Only plain visitors get a tag. Pages of people with a session are kept by no browser (middleware.py), and a waiting
message is shown once.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import get_language

from consilium.lib.release import release
from consilium.web import addresses, reader

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
# Last-Modified has whole seconds, so within the same second two versions would share it.
_SETTLED = 2


@dataclass(frozen=True)
class Dated:
    """Rows with the time of their last change in seconds, for pages where every change, a removal too, moves that time."""

    rows: object
    changed: float


def validated(key: Callable[..., object]) -> Callable[[View[P]], View[P]]:
    """Decorate a view with the rows it shows: `key` takes what the view takes and is None when there is no such page."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def checking(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            rows = key(request, *args, **kwargs) if _plain(request) else None
            if rows is None:
                return view(request, *args, **kwargs)
            return checked(request, rows, lambda: view(request, *args, **kwargs))

        return checking

    return decorate


def checked(request: HttpRequest, rows: object, make: Callable[[], HttpResponse]) -> HttpResponse:
    """304 if the visitor's copy shows these rows, else the page."""
    if not _plain(request):
        return make()
    tag, since = _tag(request, rows), _settled(request, rows)
    response = get_conditional_response(request, etag=tag, last_modified=since) or make()
    if response.status_code in {200, 304}:
        response["ETag"] = tag
        if since:
            response["Last-Modified"] = http_date(since)
    return response


def _plain(request: HttpRequest) -> bool:
    cookies = {settings.SESSION_COOKIE_NAME, "messages"}
    return request.method in {"GET", "HEAD"} and cookies.isdisjoint(request.COOKIES)


def _tag(request: HttpRequest, rows: object) -> str:
    parts = (release()[0], addresses.base(request), request.get_full_path(), get_language(), reader.of(request), rows)
    return f'"{hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'


def _settled(request: HttpRequest, rows: object) -> int | None:
    # A date knows nothing of colours, country and time zone.
    if not isinstance(rows, Dated) or not frozenset(reader.COOKIES).isdisjoint(request.COOKIES):
        return None
    latest = max(rows.changed, release()[1])
    return int(latest) if timezone.now().timestamp() - latest > _SETTLED else None
