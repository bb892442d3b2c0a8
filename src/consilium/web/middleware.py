"""Around every page: the reader's time zone, and who may keep a copy of the page."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from consilium.web import access, reader

PUBLIC = "private, no-cache"
OWN = "private, no-store"


class ReaderMiddleware:
    """Sets `request.reader`, activates its time zone, and says in Cache-Control what a browser may keep.

    A page of somebody who is signed in, a page with a form token and every answer to a POST are kept by nobody.
    Other pages may be kept by the reader's own browser, which asks each time whether they are still right (etag.py);
    no shared cache keeps any, because colours, country and time zone change their bytes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        who = reader.find(request)
        request.reader = who  # type: ignore[attr-defined]  # read through reader.of()
        with timezone.override(ZoneInfo(who.time_zone)):
            response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = OWN if _own(request) else PUBLIC
        patch_vary_headers(response, ["Cookie"])
        return response

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """allauth calls the host `site`; in our templates that is the site of context.py."""
        (response.context_data or {}).pop("site", None)
        return response


def _own(request: HttpRequest) -> bool:
    return (
        request.method not in {"GET", "HEAD"}
        or access.person_of(request) is not None
        # Set when a template has put a form token into the page.
        or bool(request.META.get("CSRF_COOKIE_NEEDS_UPDATE"))
    )
