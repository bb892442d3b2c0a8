"""Inviting a missing specialty, and saying no to an invitation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from consilium.consensus import actions
from consilium.consensus.models import Invitation
from consilium.doctors.standing import profile_of
from consilium.questions.actions import NotAllowed
from consilium.questions.models import Question
from consilium.topics.models import Specialty
from consilium.web import access
from consilium.web.joined import leads_on


@leads_on("question")
@require_http_methods(["POST"])
def invite(request: HttpRequest, number: int) -> HttpResponse:
    """A reader asks doctors of a missing specialty to answer; the domain says whom, and why not."""
    question = get_object_or_404(Question.objects.visible_to(request.user), pk=number)
    back = question.get_absolute_url() + "#stand"
    person = access.person_of(request)
    if person is None:
        return access.to_login(request, back)
    specialty = get_object_or_404(Specialty, slug=request.POST.get("specialty", "").replace("\x00", ""))
    try:
        asked = actions.invite(person=person, question=question, specialty=specialty)
    except NotAllowed as refusal:
        messages.warning(request, str(refusal))
    else:
        done = ngettext("%(n)d doctor is invited to answer.", "%(n)d doctors are invited to answer.", asked)
        messages.success(request, done % {"n": asked})
    return redirect(back)


@require_http_methods(["POST"])
def decline(request: HttpRequest, number: int) -> HttpResponse:
    """A doctor says no to an invitation, with one of a few reasons."""
    person = access.person_of(request)
    if person is None:
        return access.to_login(request, "/account/")
    invitation = get_object_or_404(Invitation.objects.select_related("question"), pk=number, doctor=profile_of(person))
    reason = request.POST.get("reason", "")
    if reason in Invitation.Decline.values:
        with access.refusal_as_403():
            actions.decline(doctor=invitation.doctor, person=person, invitation=invitation, reason=reason)
        messages.success(request, gettext("You said no to this invitation."))
    else:
        messages.warning(request, gettext("Choose why you say no to the invitation."))
    return redirect("/account/#for-you")
