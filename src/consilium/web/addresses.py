"""Whole addresses, as feeds, sitemaps and data for machines need them."""

from urllib.parse import urlencode

from django.http import HttpRequest

from consilium.lib.addresses import base

__all__ = ["base", "canonical"]


def canonical(request: HttpRequest) -> str:
    """This page without what only changes its order; a later page of a list is a page of its own."""
    kept = {name: request.GET[name] for name in ("tab", "specialty", "after") if name in request.GET}
    query = f"?{urlencode(kept)}" if "after" in kept or "specialty" in kept else ""
    return f"{base(request)}{request.path}{query}"
