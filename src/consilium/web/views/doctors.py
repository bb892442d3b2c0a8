"""Doctors and what they answered."""

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from consilium.doctors.models import Doctor
from consilium.questions.models import Answer
from consilium.topics.models import Specialty
from consilium.web import lists, shown

_ORDER = ("-answer_count", "-id")


@require_http_methods(["GET", "HEAD"])
def doctors(request: HttpRequest) -> HttpResponse:
    """All doctors, those with most answers first; ?specialty= keeps one branch of medicine."""
    offered = Specialty.objects.filter(Exists(Doctor.objects.filter(specialty=OuterRef("pk")))).order_by("noun")
    specialties = list(offered)
    chosen = next((item for item in specialties if item.slug == request.GET.get("specialty")), None)
    rows = Doctor.objects.listed()
    page = lists.page_of(request, rows.filter(specialty=chosen) if chosen else rows, _ORDER)
    people = [(doctor, shown.of_doctor(doctor)) for doctor in page.items]
    context = {"page": page, "people": people, "specialties": specialties, "chosen": chosen}
    return render(request, "pages/doctors.html", context)


@require_http_methods(["GET", "HEAD"])
def doctor(request: HttpRequest, slug: str) -> HttpResponse:
    """One doctor: who this is, what is known about it, and their answers."""
    found = get_object_or_404(Doctor.objects.listed(), slug=slug)
    rows = Answer.objects.visible_to(request.user).filter(doctor=found).in_lists()
    page = lists.page_of(request, rows, Answer.NEWEST)
    return render(request, "pages/doctor.html", {"doctor": found, "by": shown.of_doctor(found), "page": page})
