"""What a doctor declares of the treatments they have answered on, and whether they may be invited."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consilium.doctors.models import Interest
from consilium.topics.models import Topic


class InterestsForm(forms.Form):
    """Offers by treatment; `cleaned_data["offers"]` maps the numbers of those that were answered."""

    willing = forms.BooleanField(
        label=_("I may be invited to answer questions of my specialty"),
        help_text=_("Readers can then ask for a doctor of a missing specialty. At most two invitations a week."),
        required=False,
    )

    def __init__(self, *args: Any, treatments: Sequence[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.treatments = treatments
        for topic in treatments:
            self.fields[_name(topic)] = forms.ChoiceField(
                label=gettext("Do you offer this treatment: %(treatment)s?") % {"treatment": topic.name}, required=False,
                choices=Interest.Offers.choices, widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("Choose from the list whether you offer this treatment")},
            )  # fmt: skip

    def offers(self) -> list[BoundField]:
        return [self[_name(topic)] for topic in self.treatments]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["offers"] = {topic.pk: value for topic in self.treatments if (value := data.get(_name(topic)))}
        return data


def initial(offers: Mapping[int, str], *, willing: bool) -> dict[str, Any]:
    """What the form shows at first."""
    return {"willing": willing, **{f"offers_{topic}": value for topic, value in offers.items()}}


def _name(topic: Topic) -> str:
    return f"offers_{topic.pk}"
