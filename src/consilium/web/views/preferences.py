"""Colours, country and time zone: kept in cookies, and with the account of somebody who is signed in."""

from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from consilium.accounts.actions import set_preferences
from consilium.web import access, reader
from consilium.web.forms.preferences import PreferencesForm

_YEAR: Final = 365 * 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """The form; after saving, back to the page of this site that ?next= names."""
    now = reader.of(request)
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial=vars(now))
    following = _next(request)
    if not form.is_valid():
        return render(request, "account/preferences.html", {"form": form, "next": following}, status=422 if form.errors else 200)
    person = access.person_of(request)
    if person:
        set_preferences(person=person, **form.cleaned_data)
    messages.success(request, gettext("Your preferences are saved."))
    response = redirect(following or reverse("web:preferences"))
    for cookie, name in zip(reader.COOKIES, ("theme", "country", "time_zone"), strict=True):
        response.set_cookie(cookie, form.cleaned_data[name], max_age=_YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True)
    return response


def _next(request: HttpRequest) -> str:
    """The wanted page, if it is one of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if ours else ""
