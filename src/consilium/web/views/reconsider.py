"""Looking again at a question on which the doctors disagree."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from consilium.questions import actions
from consilium.questions.models import Question
from consilium.web import access, reconsidering, saving
from consilium.web.desk import desk_of
from consilium.web.forms.stances import StancesForm
from consilium.web.joined import leads_on


@leads_on("question")
@saving.for_writers
@require_http_methods(["GET", "HEAD", "POST"])
def reconsider(request: HttpRequest, number: int) -> HttpResponse:
    """A doctor who is asked reads where the others stand, and keeps or changes their own stance."""
    person = access.signed_in(request)
    question = get_object_or_404(Question.objects.visible_to(person), pk=number)
    doctor, own = reconsidering.asked(person, question)
    if request.method == "POST" and "keep" in request.POST:
        with access.refusal_as_403():
            reconsidering.keep(doctor, person, question)
        messages.success(request, gettext("Noted: you keep your stance."))
        return redirect(question)
    actions.see_answers(doctor=doctor, question=question)
    desk = desk_of(question, doctor)
    form = saving.opened(request, partial(StancesForm, desk=desk), desk.initial)
    outcome = saving.attempt(request, form, partial(reconsidering.change, doctor, person, question, desk))
    if outcome.saved:
        messages.success(request, gettext("Your stance is recorded. Readers see that you looked again."))
        return redirect(outcome.saved)
    context = {"question": question, "reply": own, "views": reconsidering.others(question, doctor)}
    return outcome.page(request, "pages/reconsider.html", context)
