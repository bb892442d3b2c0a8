"""Doctors and what they answered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from consilium.doctors.models import Credential, Doctor
from consilium.questions.models import Answer
from consilium.web import access, etag, gate, lists, page_rows, shown
from consilium.web.views.editor.guard import is_editor


@require_http_methods(["GET", "HEAD"])
def doctors(request: HttpRequest) -> HttpResponse:
    """All doctors, those with most answers first; ?specialty= keeps one branch of medicine."""
    page, specialties, chosen = lists.doctors(request)
    people = [(doctor, shown.of_doctor(doctor)) for doctor in page.items]
    context = {"page": page, "people": people, "specialties": specialties, "chosen": chosen}
    rows = page_rows.of_doctors(page, specialties)
    return etag.checked(request, rows, lambda: render(request, "pages/doctors.html", context))


@require_http_methods(["GET", "HEAD"])
def doctor(request: HttpRequest, slug: str) -> HttpResponse:
    """One doctor: who this is, what is known about it, and their answers."""
    found = get_object_or_404(Doctor.objects.listed().annotate(**page_rows.doctor_marks()), slug=slug)
    credentials = found.credentials_held.filter(level__gte=Credential.COUNTED).order_by("-checked_at", "-pk")
    rows = Answer.objects.visible_to(request.user).filter(doctor=found).in_lists()
    page = lists.page_of(request, rows, Answer.NEWEST)
    closed = gate.closed(request.user, {answer.question_id for answer in page.items if found.person_id != request.user.pk})
    context = {"doctor": found, "by": shown.of_doctor(found), "page": page, "closed": closed, "credentials": credentials}
    context["editor"] = is_editor(access.person_of(request))

    def make() -> HttpResponse:
        lists.with_bars(answer.question for answer in page.items)
        return render(request, "pages/doctor.html", context)

    return etag.checked(request, page_rows.of_doctor(found, page), make)
