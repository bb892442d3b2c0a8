"""Doing what a form asks for."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest

from consilium.doctors.actions import Refused
from consilium.questions.actions import NotAllowed


def done(form: forms.Form, act: Callable[[dict[str, Any]], object]) -> bool:
    """Do `act` with the data of a form that was sent and is right; what the domain refuses is said in the form."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except (NotAllowed, Refused) as refusal:
        field = getattr(refusal, "field", None)
        form.add_error(field if field in form.fields else None, str(refusal))
        return False
    return True


def sent_to(request: HttpRequest, button: str) -> Any:
    """The posted data if this button of a page with several forms was pressed, else None."""
    return request.POST if request.method == "POST" and request.POST.get("act") == button else None
