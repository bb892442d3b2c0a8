"""Taking a question back."""

from django import forms
from django.utils.translation import gettext_lazy as _


class WithdrawForm(forms.Form):
    """Whether the details may stay beside the answers that refer to them."""

    keep_text = forms.BooleanField(
        label=_("Keep the details of my question, so that the answers can be understood"), required=False
    )
