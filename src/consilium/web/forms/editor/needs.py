"""Which specialties questions about a topic need."""

from django import forms
from django.utils.translation import gettext_lazy as _

from consilium.topics.models import Specialty, TopicSpecialty
from consilium.web.forms.text import one_line


class NeedForm(forms.Form):
    """One specialty, how it is needed and on what that rests."""

    specialty = forms.ChoiceField(
        label=_("Specialty"),
        choices=lambda: [("", _("Choose a specialty")), *Specialty.objects.order_by("noun").values_list("slug", "noun")],
        error_messages={
            "required": _("Choose a specialty"),
            "invalid_choice": _("Choose a specialty from the list"),
        },
    )
    role = forms.ChoiceField(
        label=_("What is it needed for?"),
        choices=[
            ("primary", _("Treats it: without a doctor of this specialty, agreement is never called strong")),
            ("consulted", _("Is asked for advice")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what the specialty is needed for"),
            "invalid_choice": _("Choose what the specialty is needed for from the list"),
        },
    )
    source = one_line(
        label=_("On what this rests"),
        limit=TopicSpecialty._meta.get_field("source").max_length or 200,
        help_text=_("Such as a guideline, or the words of the editors who decided it."),
        missing=_("Say on what this rests"),
        too_long=_("Shorten it to %(limit_value)d characters or fewer. It has %(show_value)d now."),
    )

    def clean_specialty(self) -> Specialty:
        return Specialty.objects.get(slug=self.cleaned_data["specialty"])
