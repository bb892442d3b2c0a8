"""How programs come in: they only read, from any place, and may ask whether their copy is still right.

The answers are the same for everybody, so no cookie is looked at, a shared cache may keep them as long as it asks each
time, and the script of any other site may read them (CORS). Search engines index the pages, not this.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt

from consilium.lib import addresses
from consilium.lib.release import release

View = Callable[..., HttpResponseBase]
_METHODS: Final = "GET, HEAD, OPTIONS"
_EVERYWHERE: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
    "X-Robots-Tag": "noindex",
}
_PREFLIGHT: Final = {
    "Allow": _METHODS,
    "Access-Control-Allow-Methods": _METHODS,
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def opened(patterns: Iterable[object]) -> list[URLPattern]:
    """These addresses, each behind the door."""
    found = [pattern for pattern in patterns if isinstance(pattern, URLPattern)]
    for pattern in found:
        pattern.callback = door(pattern.callback)
    return found


def door(view: View) -> View:
    """Decorate a view that knows GET alone: HEAD, OPTIONS and the headers of every answer are added here."""

    @csrf_exempt
    @wraps(view)
    def entered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=204, headers=_PREFLIGHT)
        elif request.method in {"GET", "HEAD"}:
            response = _as_get(view, request, *args, **kwargs)
        else:
            response = problem(405, "This address can only be read.")
            response["Allow"] = _METHODS
        for name, value in _EVERYWHERE.items():
            response[name] = value
        response.setdefault("Cache-Control", "public, no-cache")
        return response

    return entered


def _as_get(view: View, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
    # The server leaves the body of a HEAD away; what counts for the headers is the same.
    asked, request.method = request.method, "GET"
    try:
        return view(request, *args, **kwargs)
    except Http404:
        return problem(404, "There is no such address. /api/ lists those that there are.")
    finally:
        request.method = asked


def problem(status: int, sentence: str) -> HttpResponse:
    """What shapes.Problem describes."""
    text = json.dumps({"detail": sentence}, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type="application/json; charset=utf-8")


def unchanged(request: HttpRequest, response: HttpResponse, rows: object) -> HttpResponseBase | None:
    """304 (or 412) if the asker's copy shows these rows; else None, and `response` will carry their ETag.

    The ETag is weak: the time of computing in an answer moves while what it says does not.
    """
    parts = (release()[0], addresses.base(request), request.get_full_path(), rows)
    tag = f'W/"{hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'
    found = get_conditional_response(request, etag=tag)
    (response if found is None else found)["ETag"] = tag
    return found
