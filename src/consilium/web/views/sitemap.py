"""What crawlers read: the sitemap in pieces by number range, robots.txt, security.txt."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from consilium.doctors.models import Doctor
from consilium.questions.models import Question
from consilium.topics.models import Topic
from consilium.web import addresses, etag

# A sitemap may hold 50,000 addresses; a tenth of that is made in a blink.
_RANGE: Final = 5_000
_XML: Final = "application/xml"
_PAGES: Final = ("home", "topics", "doctors", "help", "urgent", "disclaimer", "privacy", "accessibility")
# RFC 9116 wants a date less than a year ahead; the page is made anew each time, so it never passes.
_VALID: Final = timedelta(days=90)

Line = tuple[str, datetime | None]


@require_http_methods(["GET", "HEAD"])
def index(request: HttpRequest) -> HttpResponse:
    """The pieces there are; only the highest number of each kind is asked for."""
    highest = {kind: _rows(kind, request).order_by("-pk").values_list("pk", flat=True).first() for kind in _PIECES}
    names = ["pages-0", *(f"{kind}-{n}" for kind, top in highest.items() if top for n in range(top // _RANGE + 1))]
    paths = [reverse("web:sitemap_piece", args=name.rsplit("-", 1)) for name in names]
    return etag.checked(request, paths, lambda: _xml(request, "machine/sitemap_index.xml", [(path, None) for path in paths]))


@require_http_methods(["GET", "HEAD"])
def piece(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """The addresses of one kind whose numbers lie in one range."""
    if kind == "pages" and number == 0:
        lines: Sequence[Line] = [(reverse(f"web:{name}"), None) for name in _PAGES]
    elif kind in _PIECES and number <= 2**31:
        rows = _rows(kind, request).filter(pk__gte=number * _RANGE, pk__lt=(number + 1) * _RANGE)
        lines = [_PIECES[kind][1](row) for row in rows.only(*_PIECES[kind][0]).order_by("pk")]
    else:
        raise Http404
    return etag.checked(request, lines, lambda: _xml(request, "machine/sitemap.xml", lines))


@require_http_methods(["GET", "HEAD"])
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read; of a demonstration nothing, because its doctors are invented."""
    context = {"demo": settings.CONFIG.demo, "base": addresses.base(request)}
    return render(request, "machine/robots.txt", context, content_type="text/plain")


@require_http_methods(["GET", "HEAD"])
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116), if the operator named somebody."""
    contact = settings.CONFIG.contact
    if not contact:
        raise Http404
    until = (timezone.now() + _VALID).strftime("%Y-%m-%dT00:00:00Z")
    lines = [f"Contact: {contact}", f"Expires: {until}", "Preferred-Languages: en"]
    lines.append(f"Canonical: {addresses.base(request)}{request.path}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _rows(kind: str, request: HttpRequest) -> Any:
    if kind == "questions":
        return Question.objects.visible_to(request.user)
    return Topic.objects.all() if kind == "topics" else Doctor.objects.all()


def _xml(request: HttpRequest, template: str, lines: Sequence[Line]) -> HttpResponse:
    context = {"lines": lines, "base": addresses.base(request)}
    return render(request, template, context, content_type=_XML)


# The fields a line needs, and how it is made of a row.
_PIECES: Final[dict[str, tuple[Sequence[str], Callable[[Any], Line]]]] = {
    "questions": (("title", "state", "changed_at"), lambda row: (row.get_absolute_url(), row.changed_at)),
    "topics": (("slug",), lambda row: (row.get_absolute_url(), None)),
    "doctors": (("slug",), lambda row: (row.get_absolute_url(), None)),
}
