"""What every page knows, without asking the database."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from consilium.web import addresses, emergency, reader


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the site, whom to call in the reader's country, the reader's colours."""
    return common(reader.of(request), addresses.base(request))


def common(who: reader.Reader, url: str) -> dict[str, Any]:
    """The same for a page made without a request (an error page); `url` is the site's address without a slash at the end."""
    config = settings.CONFIG
    return {
        "site": {"name": config.site_name, "demo": config.demo, "url": url, "mail": bool(config.email_url)},
        "emergency": emergency.for_country(who.country),
        "theme": who.theme,
    }
