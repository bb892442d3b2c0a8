"""Requests for a doctor's profile."""

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from consilium.doctors import actions
from consilium.doctors.models import Claim
from consilium.web import access, lists, queues, shown
from consilium.web.forms.editor.people import ApproveForm, DeclineForm
from consilium.web.views.editor.acting import done, sent_to
from consilium.web.views.editor.guard import for_editors


@for_editors
@require_http_methods(["GET", "HEAD"])
def claims(request: HttpRequest) -> HttpResponse:
    """Those that wait, the oldest first."""
    return render(request, "editor/claims.html", {"page": lists.page_of(request, queues.claims(), queues.CLAIMS)})


@for_editors
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, number: int) -> HttpResponse:
    """One request: what the person says, whom the profile names, and the decision."""
    person = access.signed_in(request)
    found = get_object_or_404(
        Claim.objects.select_related("person", "doctor__specialty", "doctor__city", "doctor__source"), pk=number
    )
    approval = ApproveForm(sent_to(request, "approve"), auto_id="id_yes_%s")
    refusal = DeclineForm(sent_to(request, "decline"), auto_id="id_no_%s")
    if done(approval, lambda data: actions.approve_claim(editor=person, claim=found, **data)):
        messages.success(request, gettext("The profile is handed over and the licence confirmed."))
        return redirect("web:editor_claims")
    if done(refusal, lambda data: actions.decline_claim(editor=person, claim=found, **data)):
        messages.success(request, gettext("The request is declined. The person reads your reason on the account page."))
        return redirect("web:editor_claims")
    context = {"claim": found, "by": shown.of_doctor(found.doctor), "approval": approval, "refusal": refusal}
    context["confirmed"] = EmailAddress.objects.filter(user=found.person, email=found.person.email, verified=True).exists()
    return render(request, "editor/claim.html", context, status=422 if approval.errors or refusal.errors else 200)
