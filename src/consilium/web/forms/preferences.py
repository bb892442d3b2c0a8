"""How somebody wants to read the site."""

from functools import cache

from django import forms
from django.utils.translation import gettext_lazy as _

from consilium.accounts.models import THEMES
from consilium.web import emergency, reader


@cache
def _zones() -> list[tuple[str, str]]:
    # Places only: "EST5EDT", "Etc/GMT+3" and the like name no place that a reader would look for.
    places = sorted(name for name in reader.time_zones() if "/" in name and not name.startswith(("Etc/", "posix/", "right/")))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in places)]


class PreferencesForm(forms.Form):
    """Colours, country and time zone."""

    theme = forms.ChoiceField(
        label=_("Colours"),
        choices=THEMES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the colours"), "invalid_choice": _("Choose the colours from the list")},
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=lambda: [(row.country, row.country_name) for row in emergency.countries().values()],
        help_text=_("Decides which emergency number you are shown. If your country is missing, 112 works on most mobile phones."),
        error_messages={"required": _("Choose a country"), "invalid_choice": _("Choose a country from the list")},
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=_zones,
        help_text=_("Decides which day and hour you are shown for questions and answers."),
        error_messages={"required": _("Choose a time zone"), "invalid_choice": _("Choose a time zone from the list")},
    )
