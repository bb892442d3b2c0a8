"""Saying that two questions ask the same, and the page of a question that was joined to another one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from consilium.accounts.models import Person
from consilium.accounts.policy import can
from consilium.doctors.standing import who
from consilium.questions import actions
from consilium.questions.models import Question, Suggestion
from consilium.web import access, gate, joining, saving
from consilium.web import original as as_asked
from consilium.web.joined import leads_on
from consilium.web.views.editor.acting import done


@require_http_methods(["GET", "HEAD"])
def original(request: HttpRequest, number: int) -> HttpResponse:
    """A joined question as it was asked; any other question has its own page."""
    rows = Question.objects.readable_by(request.user).select_related("source", "source_author")
    found = get_object_or_404(rows, pk=number)
    if not found.is_duplicate:
        return redirect(found)
    return render(request, "pages/original.html", as_asked.parts(request, found))


@leads_on("question")
@saving.for_writers
@require_http_methods(["GET", "HEAD", "POST"])
def same(request: HttpRequest, number: int) -> HttpResponse:
    """Editors join the question to another one or make it a variant; everybody else suggests it to them."""
    person = access.signed_in(request)
    found = get_object_or_404(Question.objects.visible_to(person).select_related("variant_of"), pk=number)
    edits = can(who(person), "question.merge", found.state)
    if edits and request.POST.get("act") == "end":
        return _ended(request, person, found)
    form = joining.form_for(request, person, found, edits=edits)
    if form.is_valid():
        outcome = _by_editor(request, person, found, form) if edits else _suggested(request, person, found, form)
        if outcome is not None:
            return outcome
    context = {"question": found, "form": form, "edits": edits}
    return render(request, "pages/same.html", context, status=422 if form.errors else 200)


def _suggested(request: HttpRequest, person: Person, found: Question, form: Any) -> HttpResponse | None:
    said: list[str] = []
    if not done(form, lambda data: said.append(joining.suggest(person, found, data))):
        return None
    messages.success(request, said[0])
    return redirect(found)


def _by_editor(request: HttpRequest, person: Person, found: Question, form: Any) -> HttpResponse | None:
    """First the page that says what will happen, then the doing; None when the form has to be shown again."""
    data = form.cleaned_data
    variant = data["kind"] == Suggestion.Kind.VARIANT
    if request.POST.get("act") != "do":
        return _told(request, person, found, data)
    try:
        return (_varied if variant else _joined)(request, person, found, data)
    except joining.Changed as changed:
        return _told(request, person, found, data, why=str(changed))
    except actions.NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return None


def _told(request: HttpRequest, person: Person, found: Question, data: dict[str, Any], why: str = "") -> HttpResponse:
    stays = joining.number(request.POST.get("swap", "")) or data["stays"]
    context: dict[str, Any] = {"question": found, "other": data["found"], "data": data, "why": why}
    if data["kind"] == Suggestion.Kind.DUPLICATE:
        held, kept = joining.sides(found, data["found"], stays)
        for one in (held, kept):  # the page names their answers, and how many stances there are
            gate.note(person, one)
        context["preview"] = joining.preview(person, held, kept)
    else:
        context["root"] = data["found"].variant_of or data["found"]
    return render(request, "pages/same_confirm.html", context, status=409 if why else 200)


def _joined(request: HttpRequest, person: Person, found: Question, data: dict[str, Any]) -> HttpResponse:
    merge = joining.join(person, found, data)
    until = date_format(merge.until, "j F Y")
    messages.success(request, gettext("The questions are joined. This can be undone until %(date)s.") % {"date": until})
    return redirect("web:editor_duplicates") if data["queue"] else redirect(merge.canonical)


def _varied(request: HttpRequest, person: Person, found: Question, data: dict[str, Any]) -> HttpResponse:
    actions.make_variant(person=person, question=found, canonical=data["found"], difference=data["difference"])
    messages.success(request, gettext("The two questions name each other now."))
    return redirect("web:editor_duplicates") if data["queue"] else redirect(found)


def _ended(request: HttpRequest, person: Person, found: Question) -> HttpResponse:
    try:
        actions.end_variant(person=person, question=found)
    except actions.NotAllowed as refusal:
        messages.warning(request, str(refusal))
        return redirect("web:question_same", found.pk)
    messages.success(request, gettext("The two questions no longer name each other."))
    return redirect(found)
