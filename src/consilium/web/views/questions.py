"""The question page, its history, and what the asker and editors do with it."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from consilium.accounts.models import Person
from consilium.accounts.policy import can
from consilium.doctors.standing import who
from consilium.questions import actions
from consilium.questions.models import Question
from consilium.web import access, etag, gate, page_rows, question_page, revisions, saving
from consilium.web.forms.questions import EditQuestionForm, UpdateQuestionForm
from consilium.web.forms.withdraw import WithdrawForm
from consilium.web.joined import leads_on


@leads_on()
@require_http_methods(["GET", "HEAD"])
@etag.validated(page_rows.question)
def question(request: HttpRequest, number: int, slug: str = "") -> HttpResponse:
    """A question with all its answers: at most 12 queries, however many answers and statements there are."""
    found: Any = get_object_or_404(question_page.questions_for(request.user), pk=number)
    if slug != found.slug:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(found.get_absolute_url() + (f"?{query}" if query else ""))
    person = access.person_of(request)
    if person and found.followed and found.seen != found.answer_count:
        actions.mark_seen(person=person, question=found)
    context = {"question": found, **question_page.parts(request, found), **question_page.rights(found, person)}
    if closed := gate.before(found, person):
        context |= {"gate": closed, "own_answer": None}
    return render(request, "pages/question.html", context)


@require_http_methods(["GET", "HEAD"])
def history(request: HttpRequest, number: int) -> HttpResponse:
    """All wordings of a question, newest first, each with what changed; of a joined one too."""
    found = get_object_or_404(Question.objects.readable_by(request.user), pk=number)
    page = revisions.page_of(request, found.revisions.all())
    return render(request, "pages/history.html", {"question": found, "thing": found, "page": page})


@saving.for_writers
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """Change one's question while nobody has answered; later, add a dated update."""
    person = access.signed_in(request)
    found = _own(person, number, "question.edit")
    context = {"question": found, "answered": actions.is_answered(found)}
    form, act = _update(request, person, found) if context["answered"] else _wording(request, person, found)
    outcome = saving.attempt(request, form, act)
    if outcome.saved:
        messages.success(request, gettext("Your question is saved."))
        return redirect(outcome.saved)
    return outcome.page(request, "pages/question_edit.html", context)


@saving.for_writers
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take one's question back, after a page that says what will happen."""
    person = access.signed_in(request)
    found = _own(person, number, "question.withdraw")
    joined = found.is_duplicate or found.merged.exists()
    stays = joined or found.answers.exists()
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with access.refusal_as_403():
            actions.withdraw_question(person=person, question=found, keep_text=form.cleaned_data["keep_text"])
        messages.success(request, gettext("Your question is withdrawn."))
        return redirect(found if stays else "web:home")
    return render(request, "pages/question_withdraw.html", {"question": found, "form": form, "stays": stays, "joined": joined})


@leads_on("question")
@require_http_methods(["POST"])
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    """An editor opens an imported or closed question for new answers."""
    found = get_object_or_404(Question.objects.visible_to(request.user), pk=number)
    person = access.person_of(request)
    if person is None:
        return access.to_login(request, found.get_absolute_url())
    with access.refusal_as_403():
        actions.reopen(person=person, question=found)
    messages.success(request, gettext("Doctors can answer this question now."))
    return redirect(found)


def _own(person: Person, number: int, action: str) -> Question:
    found = get_object_or_404(Question.objects.readable_by(person), pk=number)
    if not can(who(person), action, found.state, owner=found.asked_by_id == person.pk):
        raise PermissionDenied(gettext("Only the person who asked can do this, and only while the question is open."))
    return found


def _wording(request: HttpRequest, person: Person, found: Question) -> tuple[Any, Any]:
    first = {"title": found.title, "body": found.body, "based_on": found.revision}
    varied = found.variant_of_id is not None
    form = saving.opened(request, partial(EditQuestionForm, varied=varied), first | {"difference": found.difference})
    return form, lambda data: actions.edit_question(person=person, question=found, **data)


def _update(request: HttpRequest, person: Person, found: Question) -> tuple[Any, Any]:
    form = saving.opened(request, UpdateQuestionForm, {"based_on": found.revision})
    if "title" in request.POST:
        return form, _refuse_rewording
    return form, lambda data: actions.update_question(person=person, question=found, text=data["body"], based_on=data["based_on"])


def _refuse_rewording(data: dict[str, Any]) -> Question:
    # The form was opened before the first answer came: its whole text must not become an update by itself.
    raise actions.NotAllowed(
        gettext(
            "A doctor has answered while you were writing, so your question stays as it is. Keep below only what has changed."
        )
    )
