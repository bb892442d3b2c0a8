"""Sources that answers cite: retracted ones, what is known of one, what it is cited for."""

from typing import Any, Final

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from consilium.evidence import actions
from consilium.evidence.models import Citation, Work
from consilium.questions.models import Answer
from consilium.web import access, lists
from consilium.web.forms.editor.evidence import CitationForm, WorkForm, of_work
from consilium.web.views.editor.acting import done
from consilium.web.views.editor.guard import for_editors

_NEWEST: Final = ("-id",)
_TABS: Final[dict[str, Promise]] = {"": _("Retracted"), "doubt": _("Corrected or in doubt"), "all": _("All sources")}
_STATES: Final = {"": [Work.Retraction.RETRACTED], "doubt": [Work.Retraction.CORRECTED, Work.Retraction.CONCERN]}


@for_editors
@require_http_methods(["GET", "HEAD"])
def works(request: HttpRequest) -> HttpResponse:
    """Works that published answers cite, the newest first; ?tab= says which."""
    tab = lists.chosen(request, "tab", _TABS)
    rows = Work.objects.filter(Exists(_live().filter(work=OuterRef("pk"))))
    page = lists.page_of(request, rows.filter(retraction__in=_STATES[tab]) if tab in _STATES else rows, _NEWEST)
    return render(request, "editor/works.html", {"page": page, "tab": tab, "tabs": lists.tabs("tab", _TABS, tab)})


@for_editors
@require_http_methods(["GET", "HEAD", "POST"])
def work(request: HttpRequest, number: int) -> HttpResponse:
    """One work: what is known of it, and the answers that cite it."""
    person = access.signed_in(request)
    found = get_object_or_404(Work, pk=number)
    form = WorkForm(request.POST if request.method == "POST" else None, initial=of_work(found))
    kept: list[Work] = []
    if done(form, lambda data: kept.append(actions.edit_work(editor=person, work=found, **data))):
        messages.success(request, gettext("The source is saved. Every answer that cites it shows it so."))
        return redirect("web:editor_work", kept[0].pk)
    cited = _live().filter(work=found).select_related("answer__question", "answer__doctor", "statement")
    context = {"work": found, "form": form, "page": lists.page_of(request, cited, _NEWEST)}
    return render(request, "editor/work.html", context, status=422 if form.errors else 200)


@for_editors
@require_http_methods(["GET", "HEAD", "POST"])
def citation(request: HttpRequest, number: int) -> HttpResponse:
    """What one answer cites a work for."""
    person = access.signed_in(request)
    found: Any = get_object_or_404(_live().select_related("work", "statement", "answer__question"), pk=number)
    first = {"direction": found.direction, "applies": found.applies}
    sent = request.POST if request.method == "POST" else None
    form = CitationForm(sent, initial=first, for_statement=found.statement is not None)
    if done(form, lambda data: actions.edit_citation(editor=person, citation=found, **(first | data))):
        messages.success(request, gettext("Saved."))
        return redirect("web:editor_work", found.work_id)
    return render(request, "editor/citation.html", {"citation": found, "form": form}, status=422 if form.errors else 200)


def _live() -> QuerySet[Citation]:
    return Citation.objects.filter(answer__state=Answer.State.PUBLISHED)
