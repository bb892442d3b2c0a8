"""What is confirmed of a doctor, and where the doctor works."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from consilium.doctors import actions
from consilium.doctors.models import Credential, Doctor
from consilium.web import access, coding, shown
from consilium.web.forms.editor.people import LicenceForm, PracticeForm, RevokeForm
from consilium.web.views.editor.acting import done, sent_to
from consilium.web.views.editor.guard import for_editors

_COLLEAGUES = 50


@for_editors
@require_http_methods(["GET", "HEAD", "POST"])
def doctor(request: HttpRequest, slug: str) -> HttpResponse:
    """One doctor: confirmations, a form for another one, the practice."""
    person = access.signed_in(request)
    found = get_object_or_404(Doctor.objects.listed().select_related("practice"), slug=slug)
    licence = LicenceForm(sent_to(request, "licence"))
    practice = PracticeForm(sent_to(request, "practice"), initial={"name": found.practice.name if found.practice else ""})
    if done(licence, lambda data: actions.grant_credential(editor=person, doctor=found, **data)):
        messages.success(request, gettext("The licence is confirmed: what this doctor says counts."))
        return redirect("web:editor_doctor", slug)
    if done(practice, lambda data: actions.set_practice(editor=person, doctor=found, **data)):
        messages.success(request, gettext("The practice is saved."))
        return redirect("web:editor_doctor", slug)
    held = found.credentials_held.select_related("checked_by").order_by("-checked_at", "-pk")
    context = {
        "doctor": found, "by": shown.of_doctor(found), "licence": licence, "practice": practice,
        "credentials": [(one, coding.called("", one.checked_by, person)) for one in held],
        "colleagues": found.practice.doctors.exclude(pk=found.pk).order_by("name")[:_COLLEAGUES] if found.practice else [],
    }  # fmt: skip
    return render(request, "editor/doctor.html", context, status=422 if licence.errors or practice.errors else 200)


@for_editors
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Take a confirmation back, after a page that says what will happen."""
    person = access.signed_in(request)
    found = get_object_or_404(Credential.objects.select_related("doctor"), pk=number)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if done(form, lambda data: actions.revoke_credential(editor=person, credential=found, **data)):
        messages.success(request, gettext("The licence is no longer confirmed: what this doctor says does not count."))
        return redirect("web:editor_doctor", found.doctor.slug)
    context = {"credential": found, "doctor": found.doctor, "form": form}
    return render(request, "editor/revoke.html", context, status=422 if form.errors else 200)
