"""Finding an answer helpful."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from consilium.questions import actions
from consilium.questions.models import Answer
from consilium.web import access, shown


@require_http_methods(["POST"])
def helpful(request: HttpRequest, number: int) -> HttpResponse:
    """Vote (`on=1`) or take the vote back (`on=0`); sending the same twice changes nothing."""
    rows = Answer.objects.visible_to(request.user).select_related("question")
    found = get_object_or_404(rows, pk=number)
    person = access.person_of(request)
    if person is None:
        return access.to_login(request, found.get_absolute_url())
    with access.refusal_as_403():
        (actions.unvote if request.POST.get("on") == "0" else actions.vote)(person=person, answer=found)
    if not access.by_htmx(request):
        return redirect(found)
    fresh = rows.on_page(request.user).get(pk=number)
    return render(request, "components/vote.html", {"answer": fresh, "by": shown.byline(fresh), "signed_in": True})
