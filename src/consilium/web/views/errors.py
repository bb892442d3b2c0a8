"""Pages for what went wrong: one sentence of what happened, one thing to do next, nothing of the inside."""

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from consilium.web import context, reader

_log = structlog.get_logger(__name__)
# Shown when not even our own page can be made.
_BARE = """<!doctype html><html lang="en"><title>Something went wrong</title><h1>Something went wrong</h1>
<p>The page could not be made. Nothing that you saved is lost. Try again in a minute.</p></html>"""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400. The request may be wrong in anything, its host name too, so the page is made without it."""
    return _standalone("400.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403. The words of a PermissionDenied are sentences for the reader."""
    return render(request, "403.html", {"why": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404. The words of an Http404 that a view raised are shown; those of Django are about the inside."""
    why = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return render(request, "404.html", {"why": why if why and _is_ours(why) else ""}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500. Database, session and reader may all be out of order, so none of them is asked."""
    return _standalone("500.html", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token or from elsewhere; the page says how to send it again without losing the text."""
    _log.warning("csrf_failure", reason=reason, path=request.path)
    return render(request, "403_csrf.html", {"cookies": bool(request.COOKIES)}, status=403)


def _is_ours(why: str) -> bool:
    # get_object_or_404 says "No Question matches the given query."
    return not why.startswith("No ") and why.endswith(".")


def _standalone(template: str, status: int) -> HttpResponse:
    try:
        text: str = render_to_string(template, context.common(reader.default(), settings.SITE_URL))
    except Exception:  # whatever broke the page may break this one too, and the reader still needs a sentence
        _log.exception("error_page_failed", template=template)
        text = _BARE
    return HttpResponse(text, status=status, headers={"Cache-Control": "no-store"})
