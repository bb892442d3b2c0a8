"""Finding questions, doctors and topics."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from consilium.web import access, addresses, etag
from consilium.web.finding import asked, page


@require_http_methods(["GET", "HEAD"])
def search(request: HttpRequest) -> HttpResponse:
    """What the words find, narrowed as the address says."""
    wanted = asked.read(request)
    return render(request, "pages/search.html", {"asked": wanted, **page.parts(request, wanted)})


@require_http_methods(["GET", "HEAD"])
def suggest(request: HttpRequest) -> HttpResponse:
    """Links below the box while somebody types; whoever opens the address gets the page."""
    wanted = asked.read(request)
    if not access.by_htmx(request):
        return redirect(reverse("web:search") + wanted.address())
    response = render(request, "components/suggestions.html", page.suggestions(request.user, wanted.text))
    response["X-Robots-Tag"] = "noindex"
    return response


@require_http_methods(["GET", "HEAD"])
def description(request: HttpRequest) -> HttpResponse:
    """How a browser can offer this search in its own box (OpenSearch 1.1)."""
    context = {"base": addresses.base(request)}
    kind = "application/opensearchdescription+xml"
    return etag.checked(request, (), lambda: render(request, "machine/opensearch.xml", context, content_type=kind))
