"""Lists of questions in three orders, paged by key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consilium.lib.paging import BadCursor, Page, paginate

M = TypeVar("M", bound=Model)

TABS: dict[str, Promise] = {"": _("Newest"), "answered": _("Most answered"), "unanswered": _("Unanswered")}


@dataclass(frozen=True)
class Tab:
    """A link to one order of a list."""

    href: str
    label: str
    current: bool


def chosen(request: HttpRequest, parameter: str, known: Mapping[str, Promise]) -> str:
    """The value of a query parameter if it is a known one, else the first: an old link must not break."""
    value = request.GET.get(parameter, "")
    return value if value in known else next(iter(known))


def tabs(parameter: str, known: Mapping[str, Promise], current: str, *, anchor: str = "") -> list[Tab]:
    """Links to all orders; the first is the page itself, without a query."""
    first = next(iter(known))
    return [
        Tab(f"?{parameter}={value}{anchor}" if value != first else f"?{anchor}", str(label), value == current)
        for value, label in known.items()
    ]


def page_of(request: HttpRequest, rows: QuerySet[M], order: Sequence[str], size: int | None = None) -> Page[M]:
    """The page that ?after= names; a place that does not exist is a missing page."""
    try:
        return paginate(rows, request.GET.get("after", ""), order=order, size=size or settings.CONFIG.page_size)
    except BadCursor:
        raise Http404(gettext("This place in the list does not exist. Start again from its first page.")) from None
