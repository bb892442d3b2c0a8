"""Reading copied answers: the queue, one answer, and how well the readers agree."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from consilium.accounts.models import Person
from consilium.questions.models import Answer
from consilium.web import access, coding, gate, lists, queues, saving
from consilium.web.forms.editor.coding import CodingForm, first_values
from consilium.web.views.editor.guard import for_editors


@for_editors
@require_http_methods(["GET", "HEAD"])
def queue(request: HttpRequest) -> HttpResponse:
    """Copied answers that this editor has still to code."""
    person = access.signed_in(request)
    page = lists.page_of(request, queues.to_code(person), queues.TO_CODE)
    return render(request, "editor/coding.html", {"page": page})


@for_editors
@require_http_methods(["GET", "HEAD"])
def unclear(request: HttpRequest) -> HttpResponse:
    """Answers whose coders differ."""
    page = lists.page_of(request, queues.unclear(), queues.UNCLEAR)
    return render(request, "editor/unclear.html", {"page": page})


@for_editors
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, number: int) -> HttpResponse:
    """One answer: its text, and a form with every statement of its question."""
    person = access.signed_in(request)
    answer = get_object_or_404(Answer.objects.visible_to(person).select_related("question", "source"), pk=number)
    if not answer.is_copy:
        raise PermissionDenied(
            gettext("The doctor wrote this answer here and declares the stance. Only copied answers are coded.")
        )
    gate.note(person, answer.question)
    page = coding.sheet(answer, person)
    kind = partial(CodingForm, statements=page.statements, sentences=page.sentences)
    form = saving.opened(request, kind, first_values(page.mine))
    assert isinstance(form, CodingForm)
    if page.statements and form.is_valid() and coding.save(person, page, form):
        return _saved(request, person, answer)
    context = {"answer": answer, "question": answer.question, "sheet": page, "form": form}
    return render(request, "editor/code.html", context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, person: Person, answer: Answer) -> HttpResponse:
    messages.success(request, gettext("Your reading is saved."))
    if "stay" in request.POST:
        return redirect("web:editor_code", answer.pk)
    following = coding.following(person, answer)
    if following is None:
        messages.info(request, gettext("You have coded every answer that waits for you."))
        return redirect("web:editor_coding")
    return redirect("web:editor_code", following.pk)
