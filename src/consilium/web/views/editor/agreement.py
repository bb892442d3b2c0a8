"""How well those who code copied answers agree with each other."""

from collections import defaultdict
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from consilium.accounts.models import Person
from consilium.consensus.imported import LOW_KAPPA, agreements
from consilium.questions.models import Coding
from consilium.web import access, coding, lists, queues
from consilium.web.views.editor.guard import for_editors

# The latest codings that are looked at; a figure over more of them would hardly differ.
LATEST: Final = 20_000
_SHOWN: Final = 20


@for_editors
@require_http_methods(["GET", "HEAD"])
def agreement(request: HttpRequest) -> HttpResponse:
    """Cohen's kappa of every pair of coders, and the latest answers on which they differ."""
    person = access.signed_in(request)
    rows = _latest()
    found = agreements(_by_item(rows))
    names = _names({name for one in found for name in (one.one, one.other)}, person)
    context = {
        "pairs": [(names[one.one], names[one.other], one) for one in found],
        "differ": lists.page_of(request, queues.unclear(), queues.UNCLEAR, _SHOWN),
        "low": LOW_KAPPA,
        "latest": LATEST,
        "many": len(rows) == LATEST,
    }
    return render(request, "editor/agreement.html", context)


def _latest() -> list[tuple[int, int, str, str]]:
    return list(Coding.objects.order_by("-pk").values_list("answer", "statement", "coder", "value")[:LATEST])


def _by_item(rows: list[tuple[int, int, str, str]]) -> dict[tuple[int, int], dict[str, str]]:
    """Each coder's value by answer and statement."""
    items: dict[tuple[int, int], dict[str, str]] = defaultdict(dict)
    for answer, statement, coder, value in rows:
        items[answer, statement][coder] = value
    return items


def _names(coders: set[str], viewer: Person) -> dict[str, str]:
    people = {person.key: person for person in Person.objects.filter(key__in=coders)}
    return {one: coding.called(one, people.get(one), viewer) for one in coders}
