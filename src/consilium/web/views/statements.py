"""The statements of a question, for its asker and for editors."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from consilium.questions import actions
from consilium.questions.models import Question
from consilium.web import access, saving
from consilium.web import statements as stated
from consilium.web.forms.statements import StatementsForm
from consilium.web.joined import leads_on


@leads_on("question")
@saving.for_writers
@require_http_methods(["GET", "HEAD", "POST"])
def statements(request: HttpRequest, number: int) -> HttpResponse:
    """Write, reword and (for editors) take off what doctors take a stance on."""
    person = access.signed_in(request)
    question = get_object_or_404(Question.objects.visible_to(person), pk=number)
    board = stated.board(person, question)
    if request.method == "POST" and "retire" in request.POST:
        found = get_object_or_404(question.statements.active(), pk__in=[one.pk for one in board.there if _is(one.pk, request)])
        with access.refusal_as_403():
            actions.retire_statement(person=person, statement=found)
        messages.success(request, gettext("The statement is off the page. Its history stays."))
        return redirect("web:question_statements", question.pk)
    kind = partial(StatementsForm, there=board.there, open_to=board.open_to, may_add=board.may_add)
    outcome = saving.attempt(request, saving.opened(request, kind, {}), partial(stated.save, person, question))
    if outcome.saved:
        messages.success(request, gettext("The statements are saved."))
        return redirect(outcome.saved)
    return outcome.page(request, "pages/statements.html", {"question": question, "board": board})


def _is(number: int, request: HttpRequest) -> bool:
    return request.POST["retire"] == str(number)
