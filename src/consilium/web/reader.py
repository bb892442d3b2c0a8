"""How somebody reads the site: colours, country, time zone; from their account, else from cookies, else from the settings."""

from dataclasses import dataclass
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from django.conf import settings
from django.http import HttpRequest

from consilium.accounts.models import THEMES, Person
from consilium.web import access, emergency

THEME_COOKIE: Final = "theme"
COUNTRY_COOKIE: Final = "country"
ZONE_COOKIE: Final = "tz"
COOKIES: Final = (THEME_COOKIE, COUNTRY_COOKIE, ZONE_COOKIE)


@dataclass(frozen=True)
class Reader:
    """`theme` is auto, light or dark; `country` an ISO 3166 code; `time_zone` an IANA name."""

    theme: str
    country: str
    time_zone: str


def default() -> Reader:
    """A reader of whom nothing is known."""
    return Reader("auto", settings.CONFIG.country, settings.CONFIG.time_zone)


def of(request: HttpRequest) -> Reader:
    """The reader as the middleware found them; the default one where it has not run (an error before it)."""
    found = getattr(request, "reader", None)
    return found if isinstance(found, Reader) else default()


def find(request: HttpRequest) -> Reader:
    """The reader of this request (loads the person who is signed in, nobody else)."""
    person, fallback = access.person_of(request), default()
    theme = person.theme if person and person.theme != "auto" else ""
    known = frozenset(emergency.countries())
    return Reader(
        theme=theme or _cookie(request, THEME_COOKIE, frozenset(dict(THEMES))) or fallback.theme,
        country=_kept(person, "country") or _cookie(request, COUNTRY_COOKIE, known) or fallback.country,
        time_zone=_kept(person, "time_zone") or _cookie(request, ZONE_COOKIE, time_zones()) or fallback.time_zone,
    )


@cache
def time_zones() -> frozenset[str]:
    """All names of time zones; read once, because the list is a folder tree."""
    return frozenset(available_timezones())


def _kept(person: Person | None, name: str) -> str:
    return str(getattr(person, name)) if person else ""


def _cookie(request: HttpRequest, name: str, known: frozenset[str]) -> str:
    value = request.COOKIES.get(name, "")
    return value if value in known else ""
