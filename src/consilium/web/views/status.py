"""How the site is, for those who run it."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from consilium.accounts.policy import can
from consilium.doctors.standing import who
from consilium.journal import health as journal
from consilium.search import health as search
from consilium.web import access, status


@login_required
@require_http_methods(["GET", "HEAD"])
def show(request: HttpRequest) -> HttpResponse:
    """Database, journal, worker and search, and what repairs what is reduced."""
    if not can(who(access.signed_in(request)), "site.status"):
        raise PermissionDenied(gettext("This page is for the people who run the site."))
    return render(request, "editor/status.html", {"status": status.now(), "many": journal.MANY, "lately": search.LATELY})
