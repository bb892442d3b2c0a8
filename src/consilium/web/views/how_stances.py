"""How the panel counts, for whoever reads it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from consilium.consensus.agreement import FEWEST
from consilium.web import etag, examples


@require_http_methods(["GET", "HEAD"])
def how_stances(request: HttpRequest) -> HttpResponse:
    """The panel in plain words, with a live example of everything it can say."""
    found = examples.find(request.user)
    rows = {name: (one.pk, one.version) if one else None for name, one in found.items()}
    context = {"examples": found, "fewest": FEWEST}
    return etag.checked(request, rows, lambda: render(request, "notices/how_stances.html", context))
