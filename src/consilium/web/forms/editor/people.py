"""What an editor decides about a doctor: a request for a profile, a licence, a practice."""

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consilium.doctors.actions import end_of
from consilium.web.forms.text import one_line

_YEARS: Final = 50
_TOO_LONG = _("Shorten it to %(limit_value)d characters or fewer. It has %(show_value)d now.")


class LicenceForm(forms.Form):
    """Where a licence holds and how long; `cleaned_data["expires_at"]` is the end of the last day, or None."""

    jurisdiction = one_line(
        label=_("Where the licence holds"),
        limit=80,
        help_text=_("Country or state, such as “California, United States”. Shown on the profile."),
        missing=_("Enter the country or state of the licence"),
        too_long=_TOO_LONG,
    )
    expires_on = forms.DateField(
        label=_("Last day on which it holds"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("As on the proof. After it the doctor’s stances no longer count. Leave it empty if the proof names no day."),
        error_messages={"invalid": _("Enter a day such as 2031-05-27")},
    )

    def clean_expires_on(self) -> date | None:
        day: date | None = self.cleaned_data["expires_on"]
        today = timezone.localdate()
        if day is not None and not today <= day <= today + timedelta(days=366 * _YEARS):
            raise forms.ValidationError(gettext("Enter a day from today on, at most fifty years ahead"))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day = data.pop("expires_on", None)
        return data | {"expires_at": end_of(day) if day else None}


class ApproveForm(LicenceForm):
    """Yes to a request for a profile."""

    note = one_line(label=_("Note to the person"), limit=300, required=False, too_long=_TOO_LONG)


class DeclineForm(forms.Form):
    """No to a request for a profile."""

    note = one_line(
        label=_("Why not"),
        limit=300,
        help_text=_("The person reads it on the account page: say what is missing and what to send."),
        missing=_("Say why, and what the person can do"),
        too_long=_TOO_LONG,
    )


class RevokeForm(forms.Form):
    """Taking a confirmation back."""

    reason = one_line(
        label=_("Why it no longer holds"),
        limit=300,
        help_text=_("Kept in the journal and shown to editors. The profile says only that the licence is no longer confirmed."),
        missing=_("Say why the licence is no longer confirmed"),
        too_long=_TOO_LONG,
    )


class PracticeForm(forms.Form):
    """Where a doctor works."""

    name = one_line(
        label=_("Practice"),
        limit=120,
        required=False,
        help_text=_("Doctors of one practice who say the same count once. Leave it empty if no practice is known."),
        too_long=_TOO_LONG,
    )
