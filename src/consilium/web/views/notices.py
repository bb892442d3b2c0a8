"""What a reader must be able to find out about the site: emergency, disclaimer, privacy, accessibility, how it works."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from consilium.web import emergency, reader


@require_http_methods(["GET", "HEAD"])
def urgent(request: HttpRequest) -> HttpResponse:
    """Whom to call: in the reader's own country first, then everywhere."""
    own = reader.of(request).country
    others = [row for code, row in emergency.countries().items() if code != own]
    return render(request, "notices/urgent.html", {"own": emergency.for_country(own), "others": others})


@require_http_methods(["GET", "HEAD"])
def disclaimer(request: HttpRequest) -> HttpResponse:
    """What an answer here is, and what it is not."""
    return render(request, "notices/disclaimer.html")


@require_http_methods(["GET", "HEAD"])
def privacy(request: HttpRequest) -> HttpResponse:
    """What the software stores, shows and sends."""
    names = {"session": settings.SESSION_COOKIE_NAME, "token": settings.CSRF_COOKIE_NAME}
    told = {"contact": settings.CONFIG.contact, "registries": settings.CONFIG.metadata != "off"}
    return render(request, "notices/privacy.html", {"cookies": names, **told})


@require_http_methods(["GET", "HEAD"])
def accessibility(request: HttpRequest) -> HttpResponse:
    """What works without sight, mouse, colour or scripts, and how that is checked."""
    return render(request, "notices/accessibility.html", {"contact": settings.CONFIG.contact})


@require_http_methods(["GET", "HEAD"])
def help_page(request: HttpRequest) -> HttpResponse:
    """How the site works, and what its words mean."""
    return render(request, "notices/help.html", {"contact": settings.CONFIG.contact})
