"""What belongs to the person who is signed in."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from consilium.accounts.models import Person
from consilium.consensus.models import Invitation
from consilium.doctors.actions import declare_interests, take_invitations
from consilium.doctors.models import Doctor
from consilium.doctors.standing import profile_of
from consilium.lib.paging import Page
from consilium.questions import joined
from consilium.questions.models import Answer, Follow, Question
from consilium.web import access, could_answer, for_you, lists, saving
from consilium.web.forms.interests import InterestsForm, initial
from consilium.web.views.editor.guard import is_editor

_FEW = 5
_FOLLOWS = ("-created_at", "-id")


@login_required
@require_http_methods(["GET", "HEAD"])
def account(request: HttpRequest) -> HttpResponse:
    """The first few of your questions, followed questions and answers, what waits for a doctor, and where to change things."""
    person = access.signed_in(request)
    doctor = profile_of(person)
    context: dict[str, Any] = {
        "doctor": doctor,
        "editor": is_editor(person),
        "asked": lists.page_of(request, _asked(person), Question.NEWEST, _FEW),
        "follows": lists.page_of(request, _follows(person), _FOLLOWS, _FEW),
        "answers": lists.page_of(request, _answers(person, doctor), Answer.NEWEST, _FEW) if doctor else None,
        "for_you": for_you.of(doctor) if doctor else None,
        "could": could_answer.page_of(request, doctor, _FEW) if doctor else None,
        "reasons": Invitation.Decline.choices,
        "claim": person.claims.select_related("doctor").order_by("-asked_at", "-pk").first(),
    }
    _told(person, context["asked"], context["follows"], context["answers"], context["could"])
    return render(request, "account/account.html", context)


@login_required
@require_http_methods(["GET", "HEAD"])
def asked(request: HttpRequest) -> HttpResponse:
    """All questions you asked, each with the name made up for you there."""
    person = access.signed_in(request)
    page = lists.page_of(request, _asked(person), Question.NEWEST)
    _told(person, page)
    return render(request, "account/asked.html", {"page": page})


@login_required
@require_http_methods(["GET", "HEAD"])
def following(request: HttpRequest) -> HttpResponse:
    """All questions you follow, each with the number of answers you have not seen."""
    person = access.signed_in(request)
    page = lists.page_of(request, _follows(person), _FOLLOWS)
    _told(person, page)
    return render(request, "account/following.html", {"page": page})


@login_required
@require_http_methods(["GET", "HEAD"])
def answered(request: HttpRequest) -> HttpResponse:
    """All answers of the profile you hold; an empty list when you hold none."""
    person = access.signed_in(request)
    doctor = profile_of(person)
    rows = _answers(person, doctor) if doctor else Answer.objects.none()
    page = lists.page_of(request, rows, Answer.NEWEST)
    _told(person, page)
    return render(request, "account/answered.html", {"page": page, "doctor": doctor})


def _told(person: Person, *pages: Page[Any] | None) -> None:
    """Give the questions of these lists (of questions, follows or answers) their `bar`, or what they were `joined` with."""
    rows = [row for page in pages if page for row in page.items]
    found: list[Any] = [row if isinstance(row, Question) else row.question for row in rows]
    duplicates = [question for question in found if question.is_duplicate]
    lists.with_bars(person, (question for question in found if not question.is_duplicate))
    ends = joined.ends(duplicates, person)
    for question in duplicates:
        question.joined = ends.get(question.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def interests(request: HttpRequest) -> HttpResponse:
    """A doctor says which treatments they offer, and whether readers may invite them."""
    person = access.signed_in(request)
    doctor = profile_of(person)
    if doctor is None:
        raise PermissionDenied(gettext("Only doctors with a profile here declare interests."))
    treatments = for_you.treatments(doctor)
    first = initial(dict(doctor.interests.values_list("topic", "offers")), willing=doctor.takes_invitations)
    form = saving.opened(request, partial(InterestsForm, treatments=treatments), first)
    if form.is_valid():
        declare_interests(doctor=doctor, offers=form.cleaned_data["offers"], actor=person.pk)
        take_invitations(doctor=doctor, willing=form.cleaned_data["willing"], actor=person.pk)
        messages.success(request, gettext("Your interests are saved."))
        return redirect("web:account")
    return render(request, "account/interests.html", {"form": form}, status=422 if form.is_bound else 200)


def _asked(person: Person) -> QuerySet[Question]:
    return Question.objects.readable_by(person).filter(asked_by=person).select_related("source")


def _follows(person: Person) -> QuerySet[Follow]:
    return Follow.objects.filter(person=person, question__in=Question.objects.visible_to(person)).select_related(
        "question__source"
    )


def _answers(person: Person, doctor: Doctor) -> QuerySet[Answer]:
    return Answer.objects.readable_by(person).filter(doctor=doctor).in_lists()
