"""Answering, changing and taking back an answer, and its history."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from consilium.accounts.models import Person
from consilium.doctors.models import Doctor
from consilium.doctors.standing import profile_of
from consilium.questions import actions
from consilium.questions.models import Answer, Question
from consilium.questions.rules import is_own
from consilium.web import access, answering, gate, revisions, saving
from consilium.web.desk import desk_for_edit, desk_of, may_stand, signed_as
from consilium.web.forms.answers import EditAnswerForm, NewAnswerForm
from consilium.web.joined import leads_on


@leads_on()
@saving.for_writers
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """A doctor answers; the other answers are not shown here, so that the answer is the doctor's own."""
    person = access.signed_in(request)
    question = get_object_or_404(Question.objects.visible_to(person), pk=number)
    doctor = profile_of(person)
    if doctor is None or not may_stand(person, question):
        return refused(request, question, doctor)
    mine = question.answers.filter(doctor=doctor, state=Answer.State.PUBLISHED, source=None).first()
    if mine and request.method != "POST":
        return redirect("web:answer_edit", mine.pk)
    desk = desk_of(question, doctor)
    form = saving.opened(request, partial(NewAnswerForm, desk=desk), {**desk.initial, "language": question.language})
    outcome = saving.attempt(request, form, partial(answering.save_new, doctor, person, question))
    if outcome.saved:
        messages.success(request, gettext("Your answer is published."))
        return redirect(outcome.saved)
    return outcome.page(request, "pages/answer.html", {"question": question, "by": signed_as(doctor)})


@saving.for_writers
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """Change one's answer."""
    person = access.signed_in(request)
    found = _own(person, number)
    desk = desk_for_edit(person, found)
    first = {**desk.initial, "headline": found.headline, "body": found.body, "based_on": found.revision}
    form = saving.opened(request, partial(EditAnswerForm, desk=desk), first)
    outcome = saving.attempt(request, form, partial(answering.save_edit, person, found, desk.sources))
    if outcome.saved:
        messages.success(request, gettext("Your answer is saved."))
        return redirect(found)
    return outcome.page(request, "pages/answer_edit.html", {"answer": found, "question": found.question})


@saving.for_writers
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take one's answer back, after a page that says what will happen."""
    person = access.signed_in(request)
    found = _own(person, number)
    if request.method == "POST":
        with access.refusal_as_403():
            actions.withdraw_answer(person=person, answer=found)
        messages.success(request, gettext("Your answer is withdrawn."))
        return redirect(found.question)
    return render(request, "pages/answer_withdraw.html", {"answer": found, "question": found.question})


@require_http_methods(["GET", "HEAD"])
def history(request: HttpRequest, number: int) -> HttpResponse:
    """All wordings of an answer, newest first, each with what changed."""
    found = get_object_or_404(Answer.objects.readable_by(request.user).in_lists(), pk=number)
    if not gate.is_of(request.user, found):
        gate.note(request.user, found.question)
    page = revisions.page_of(request, found.revisions.all())
    return render(request, "pages/history.html", {"question": found.question, "thing": found, "page": page})


def refused(request: HttpRequest, question: Question, doctor: Doctor | None) -> HttpResponse:
    """The page that says why somebody cannot answer or take a stance, and what they can do."""
    context = {"question": question, "doctor": doctor, "own": question.asked_by_id == request.user.pk}
    return render(request, "pages/answer_refused.html", context, status=403)


def _own(person: Person, number: int) -> Answer:
    found = get_object_or_404(Answer.objects.readable_by(person).in_lists(), pk=number)
    if not is_own(person.pk, writer=found.written_by_id, holder=found.doctor.person_id if found.doctor else None):
        raise PermissionDenied(gettext("Only the doctor who wrote this answer can do this."))
    return found
