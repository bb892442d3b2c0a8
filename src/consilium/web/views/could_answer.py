"""Questions that a doctor could answer."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from consilium.doctors.standing import profile_of
from consilium.web import access, could_answer, lists


@login_required
@require_http_methods(["GET", "HEAD"])
def could_answer_all(request: HttpRequest) -> HttpResponse:
    """All questions to which a doctor could add something, each with the reason why it stands here."""
    doctor = profile_of(access.signed_in(request))
    if doctor is None:
        raise PermissionDenied(gettext("This page is for doctors with a profile here."))
    page = could_answer.page_of(request, doctor, settings.CONFIG.page_size)
    lists.with_bars(request.user, [one.question for one in page.items])
    return render(request, "account/could_answer.html", {"page": page})
