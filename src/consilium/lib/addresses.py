"""The site's own address, as feeds, sitemaps, the API and paper need it."""

from django.conf import settings
from django.http import HttpRequest


def base(request: HttpRequest) -> str:
    """The site's address without a slash at the end: the operator's setting, else the host that was asked."""
    return settings.SITE_URL or f"{request.scheme}://{request.get_host()}"
