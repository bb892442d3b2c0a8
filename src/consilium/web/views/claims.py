"""Asking for a doctor's profile, and taking the request back."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from consilium.accounts.models import Person
from consilium.doctors.actions import Refused, request_claim, withdraw_claim
from consilium.doctors.models import Claim, Doctor
from consilium.doctors.standing import profile_of
from consilium.questions.actions import NotAllowed
from consilium.web import access, saving, shown
from consilium.web.forms.claims import ClaimForm


@saving.for_writers
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that a profile is yours, with proof in words that editors alone read."""
    person = access.signed_in(request)
    doctor = get_object_or_404(Doctor.objects.listed(), slug=slug)
    form = saving.opened(request, ClaimForm, {})
    outcome = saving.attempt(request, form, partial(_request, person, doctor))
    if outcome.saved:
        messages.success(request, gettext("Your request is sent. The decision appears on this page."))
        return redirect("/account/#profile")
    waiting = Claim.objects.select_related("doctor").filter(person=person, state=Claim.State.REQUESTED).first()
    free = not (doctor.is_group or doctor.is_claimed or doctor.invented or profile_of(person) or waiting)
    context = {"doctor": doctor, "by": shown.of_doctor(doctor), "waiting": waiting, "free": free}
    return outcome.page(request, "pages/claim.html", {**context, "own": profile_of(person)})


@require_http_methods(["POST"])
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take one's request back."""
    person = access.person_of(request)
    if person is None:
        return access.to_login(request, "/account/")
    found = get_object_or_404(Claim, pk=number, person=person)
    try:
        withdraw_claim(person=person, claim=found)
    except Refused as refusal:
        raise PermissionDenied(str(refusal)) from None
    messages.success(request, gettext("Your request is withdrawn."))
    return redirect("/account/#profile")


def _request(person: Person, doctor: Doctor, data: dict[str, Any]) -> Claim:
    if doctor.invented:
        raise NotAllowed(gettext("This doctor is invented for the demonstration, so nobody can claim the profile."))
    try:
        return request_claim(person=person, doctor=doctor, proof=data["proof"])
    except Refused as refusal:
        raise NotAllowed(str(refusal)) from None
