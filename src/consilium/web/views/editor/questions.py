"""Questions and statements that an editor should look at, and asking the doctors to look again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from consilium.consensus.actions import open_round
from consilium.consensus.models import Round
from consilium.questions.models import Question
from consilium.web import access, lists, queues
from consilium.web.views.editor.guard import for_editors


@for_editors
@require_http_methods(["GET", "HEAD"])
def questions(request: HttpRequest) -> HttpResponse:
    """Answered questions without a statement, those with most answers first."""
    page = lists.page_of(request, queues.without_statements(), Question.MOST_ANSWERED)
    return render(request, "editor/questions.html", {"page": page})


@for_editors
@require_http_methods(["GET", "HEAD"])
def statements(request: HttpRequest) -> HttpResponse:
    """Statements of askers on which nobody has taken a stance yet."""
    page = lists.page_of(request, queues.new_statements(), queues.STATEMENTS)
    return render(request, "editor/statements.html", {"page": page})


@require_http_methods(["POST"])
def reconsider(request: HttpRequest, number: int) -> HttpResponse:
    """Ask every doctor with a stance to look at the others' and keep or change their own."""
    found = get_object_or_404(Question.objects.visible_to(request.user), pk=number)
    person = access.person_of(request)
    if person is None:
        return access.to_login(request, found.get_absolute_url())
    with access.refusal_as_403():
        opened = open_round(question=found, reason=Round.Reason.EDITOR, actor=person)
    if opened is None:
        messages.info(
            request, gettext("No doctor with an account has taken a stance on this question, so there is nobody to ask.")
        )
    else:
        messages.success(request, gettext("The doctors are asked to look again. Each can keep or change the stance."))
    return redirect(found)
