"""What somebody writes who says that a profile is theirs."""

from django import forms
from django.utils.translation import gettext_lazy as _

from consilium.doctors.models import Claim
from consilium.web.forms.text import long_text


class ClaimForm(forms.Form):
    """Proof in words, for an editor."""

    proof = long_text(
        label=_("How can an editor be sure that it is you?"),
        limit=Claim.PROOF_LIMIT,
        help_text=_(
            "For example your licence number and the register where it can be looked up, or the page of your practice with a "
            "telephone number. Do not write passwords or anything about patients."
        ),
        missing=_("Write how an editor can be sure that it is you"),
        too_long=_("Shorten the proof to %(limit_value)d characters or fewer. It has %(show_value)d now."),
    )
