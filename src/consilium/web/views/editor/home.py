"""The editors' first page: what waits, and how much of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from consilium.accounts.policy import can
from consilium.doctors.standing import who
from consilium.web import access, queues
from consilium.web.views.editor.guard import for_editors


@for_editors
@require_http_methods(["GET", "HEAD"])
def home(request: HttpRequest) -> HttpResponse:
    """The queues with their lengths."""
    person = access.signed_in(request)
    context = {"waiting": queues.counts(person), "runs": can(who(person), "site.status")}
    return render(request, "editor/home.html", context)
