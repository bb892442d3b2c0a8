"""Components that are kept: HTML made from values alone is made once for the same values.

Nothing has to be thrown away when something changes, because then the values are others. So a part may hold strings,
numbers, dates, and frozen dataclasses and tuples of them; never a row of the database, which equals another row of the
same number whatever it says.
"""

from functools import lru_cache
from typing import Any, Final

from django import template
from django.conf import settings
from django.db.models import Model
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

register = template.Library()
KEPT: Final = 600
"""Components; a page of nine answers has about twenty, of a few kilobytes each."""


@register.simple_tag
def remembered(name: str, **parts: Any) -> SafeString:
    """The component `name` with these parts and nothing else of the page."""
    if any(isinstance(part, Model) for part in parts.values()):
        raise TypeError(f"{name}: a row of the database cannot be remembered")
    make = _made.__wrapped__ if settings.DEBUG else _made
    return make(name, get_language(), get_current_timezone_name(), tuple(parts.items()))


@lru_cache(maxsize=KEPT)
def _made(name: str, language: str | None, zone: str, parts: tuple[tuple[str, Any], ...]) -> SafeString:
    return mark_safe(get_template(name).render(dict(parts)))  # noqa: S308  # escaped by the template
