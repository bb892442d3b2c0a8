"""Whole addresses, as feeds, sitemaps and data for machines need them."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest


def base(request: HttpRequest) -> str:
    """The site's address without a slash at the end: the operator's setting, else the host that was asked."""
    return settings.SITE_URL or f"{request.scheme}://{request.get_host()}"


def canonical(request: HttpRequest) -> str:
    """This page without what only changes its order; a later page of a list is a page of its own."""
    kept = {name: request.GET[name] for name in ("tab", "specialty", "after") if name in request.GET}
    query = f"?{urlencode(kept)}" if "after" in kept or "specialty" in kept else ""
    return f"{base(request)}{request.path}{query}"
