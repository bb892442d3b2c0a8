"""Following a question."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from consilium.questions import actions
from consilium.questions.models import Question
from consilium.web import access
from consilium.web.joined import leads_on


@leads_on("question")
@require_http_methods(["POST"])
def follow(request: HttpRequest, number: int) -> HttpResponse:
    """Follow (`on=1`) or stop (`on=0`); sending the same twice changes nothing."""
    rows = Question.objects.visible_to(request.user)
    found = get_object_or_404(rows, pk=number)
    person = access.person_of(request)
    if person is None:
        return access.to_login(request, found.get_absolute_url())
    with access.refusal_as_403():
        (actions.unfollow if request.POST.get("on") == "0" else actions.follow)(person=person, question=found)
    if not access.by_htmx(request):
        return redirect(found)
    fresh = rows.on_page(request.user).get(pk=number)
    return render(request, "components/follow.html", {"question": fresh, "signed_in": True})
