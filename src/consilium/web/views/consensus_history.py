"""How the stances on a question came about, and the state as of one moment."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from consilium.consensus.models import Snapshot
from consilium.questions.models import Question
from consilium.web import consensus_history as told
from consilium.web import etag, gate, lists, past
from consilium.web.joined import leads_on


@leads_on()
@require_http_methods(["GET", "HEAD"])
def history(request: HttpRequest, number: int) -> HttpResponse:
    """The states that were kept, newest first, each with what changed; on another tab the doctors who changed theirs."""
    found = get_object_or_404(Question.objects.visible_to(request.user), pk=number)
    gate.note(request.user, found)
    tab = lists.chosen(request, "tab", told.TABS)
    page = told.turns(request, found) if tab else told.states(request, found)
    shown = [(line.snapshot.pk, line.snapshot.superseded_at) for line in page.items] if not tab else []
    context = {"question": found, "tab": tab, "tabs": lists.tabs("tab", told.TABS, tab), "page": page}

    def make() -> HttpResponse:
        gone = told.taken_back(found) if tab else 0
        wordings = told.wordings(found) if page.first and not tab else []
        return render(request, "pages/consensus_history.html", {**context, "gone": gone, "wordings": wordings})

    return etag.checked(request, (found.pk, found.version, shown, page.next), make)


@leads_on("consensus_history")
@require_http_methods(["GET", "HEAD"])
def state(request: HttpRequest, number: int, snapshot: int) -> HttpResponse:
    """How the doctors stood on one statement, from the moment the state was kept until the next one."""
    found = get_object_or_404(Question.objects.visible_to(request.user), pk=number)
    gate.note(request.user, found)
    row = get_object_or_404(Snapshot.objects.select_related("statement"), pk=snapshot, statement__question=found)

    def make() -> HttpResponse:
        before, after = told.neighbours(row)
        context = {"question": found, "row": row, "kept": past.kept(row.data), "before": before, "after": after}
        return render(request, "pages/consensus_state.html", context)

    return etag.checked(request, (found.pk, found.version, row.pk, row.superseded_at, row.holds), make)
