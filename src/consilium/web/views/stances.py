"""Stances without an answer's text: co-signing, confirming, taking back, and opening the others' answers."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from consilium.doctors.standing import profile_of
from consilium.questions import actions
from consilium.questions.models import Answer, Question
from consilium.web import access, affirming, gate, saving
from consilium.web.desk import desk_of, may_stand, signed_as
from consilium.web.forms.stances import StancesForm
from consilium.web.joined import leads_on
from consilium.web.views.answers import refused


@leads_on()
@saving.for_writers
@require_http_methods(["GET", "HEAD", "POST"])
def cosign(request: HttpRequest, number: int) -> HttpResponse:
    """A doctor takes a stance without writing an answer, or changes one taken so."""
    person = access.signed_in(request)
    question = get_object_or_404(Question.objects.visible_to(person), pk=number)
    doctor = profile_of(person)
    if doctor is None or not may_stand(person, question):
        return refused(request, question, doctor)
    mine = question.answers.filter(doctor=doctor, state=Answer.State.PUBLISHED, source=None).first()
    desk = desk_of(question, doctor)
    if mine or not desk.statements:
        return redirect("web:answer_edit", mine.pk) if mine else redirect("web:answer", question.pk)
    form = saving.opened(request, partial(StancesForm, desk=desk), desk.initial)
    outcome = saving.attempt(request, form, partial(affirming.cosign, doctor, person, question))
    if outcome.saved:
        messages.success(request, gettext("Your stance is recorded."))
        return redirect(outcome.saved)
    return outcome.page(request, "pages/cosign.html", {"question": question, "by": signed_as(doctor), "desk": desk})


@saving.for_writers
@require_http_methods(["GET", "HEAD", "POST"])
def of_copy(request: HttpRequest, number: int) -> HttpResponse:
    """A doctor says what a copied answer of theirs means on each statement: from then on it is their own word."""
    person = access.signed_in(request)
    answer = affirming.own_copy(person, number)
    assert answer.doctor is not None
    desk = desk_of(answer.question, answer.doctor)
    form = saving.opened(request, partial(StancesForm, desk=desk), desk.initial)
    outcome = saving.attempt(request, form, partial(affirming.of_copy, person, answer))
    if outcome.saved:
        messages.success(request, gettext("Your stance is recorded. It counts when your licence is confirmed."))
        return redirect(answer)
    return outcome.page(request, "pages/copied_stances.html", {"question": answer.question, "answer": answer, "desk": desk})


@leads_on("question")
@saving.for_writers
@require_http_methods(["GET", "HEAD", "POST"])
def affirm(request: HttpRequest, number: int) -> HttpResponse:
    """A doctor says that their stances still hold, those on an earlier wording for the wording of today."""
    person = access.signed_in(request)
    question = get_object_or_404(Question.objects.visible_to(person), pk=number)
    doctor, held = affirming.held_by(person, question)
    if request.method == "POST":
        try:
            affirming.still(doctor, person, question, held, request.POST.getlist("statement"))
        except actions.NotAllowed as refusal:  # something is missing that the form of a stance asks for
            messages.warning(request, str(refusal))
            return redirect("web:cosign", question.pk)
        messages.success(request, gettext("Noted: this is still your view."))
        return redirect(question)
    return render(request, "pages/affirm.html", {"question": question, "held": held})


@leads_on("question")
@saving.for_writers
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take one's stances back, after a page that says what will happen; an answer's text stays."""
    person = access.signed_in(request)
    question = get_object_or_404(Question.objects.visible_to(person), pk=number)
    doctor, held = affirming.held_by(person, question)
    if request.method == "POST":
        with access.refusal_as_403():
            actions.withdraw_stances(doctor=doctor, person=person, question=question)
        messages.success(request, gettext("Your stances are withdrawn."))
        return redirect(question)
    return render(request, "pages/stances_withdraw.html", {"question": question, "held": held})


@leads_on("question")
@require_http_methods(["POST"])
def others(request: HttpRequest, number: int) -> HttpResponse:
    """A doctor opens the other answers; what they say from then on is marked so."""
    question = get_object_or_404(Question.objects.visible_to(request.user), pk=number)
    person = access.person_of(request)
    if person is None:
        return access.to_login(request, question.get_absolute_url())
    gate.note(person, question)
    return redirect(question.get_absolute_url() + "#answers")
