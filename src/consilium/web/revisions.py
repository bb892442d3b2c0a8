"""The wordings of a question or an answer, newest first, each with what changed since the one before."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest

from consilium.lib.paging import Page
from consilium.questions.models import Revision
from consilium.web import lists
from consilium.web.diff import Run, compare, plain

_ON_A_PAGE = 10


@dataclass(frozen=True)
class Change:
    """One wording; the runs hold all of its text, with what was added and what was removed marked."""

    revision: Revision
    title: list[Run]
    body: list[Run]


@dataclass(frozen=True)
class Changes:
    """One page of wordings."""

    items: list[Change]
    next: str | None
    first: bool


def page_of(request: HttpRequest, rows: QuerySet[Revision]) -> Changes:
    """The page that ?after= names: two queries."""
    rows = rows.select_related("source_author")
    page: Page[Revision] = lists.page_of(request, rows, ("-number",), _ON_A_PAGE)
    if not page.items:  # what came with an import may have no wording on record
        return Changes([], None, page.first)
    oldest = rows.filter(number__lt=page.items[-1].number).order_by("-number").first()
    changes = [_change(new, old) for new, old in zip(page.items, [*page.items[1:], oldest], strict=True)]
    return Changes(changes, page.next, page.first)


def _change(new: Revision, old: Revision | None) -> Change:
    title, body = new.title, plain(new.body, new.body_format)
    if old is None:
        return Change(new, [Run("same", title)], [Run("same", body)])
    return Change(new, compare(old.title, title), compare(plain(old.body, old.body_format), body))
