"""Naming another question that asks the same."""

import re
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consilium.questions import joined
from consilium.questions.models import Question, Suggestion, Viewer
from consilium.web.forms.text import one_line

# So many digits fit into 64 bits.
_NUMBER: Final = re.compile(r"#?\s*(\d{1,18})")
_ADDRESS: Final = re.compile(r"(?:(?:https?://)?(?P<host>[^/\s]+))?/q/(?P<number>\d{1,18})(?:[/?#].*)?")
KINDS: Final = (
    (Suggestion.Kind.DUPLICATE, _("They ask the same: one page is enough")),
    (Suggestion.Kind.VARIANT, _("They ask the same in another situation: both pages stay and name each other")),
)


class SameForm(forms.Form):
    """Which other question, and how the two are alike; `cleaned_data["found"]` is the other one.

    `stays`, `seen` and `queue` come from the page that says what will happen: whose page stays, what was said there, and
    whether the editor came from the list of suggestions.
    """

    other = one_line(
        label=_("Address or number of the other question"),
        limit=500,
        missing=_("Enter the address or the number of the other question"),
        required=False,
        help_text=_("Open the other question and copy its address, or its number alone. Example: /q/12/ or 12"),
        too_long=_("Shorten it to %(limit_value)d characters or fewer. It has %(show_value)d now."),
    )
    pick = forms.ChoiceField(
        label=_("Or choose one with a title like this"), required=False, widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose a question from the list, or enter its address")},
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("How are the two alike?"), choices=KINDS, widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Say how the two questions are alike")),
    )  # fmt: skip
    difference = one_line(
        label=_("How this question’s situation differs"),
        limit=Question.DIFFERENCE_LIMIT,
        required=False,
        help_text=_("Only for another situation. A few words that readers see, such as “during pregnancy”."),
        too_long=_("Shorten it to %(limit_value)d characters or fewer. It has %(show_value)d now."),
    )
    stays = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    queue = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        question: Question,
        viewer: Viewer,
        hosts: Sequence[str],
        offered: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.question, self.viewer, self.hosts = question, viewer, {host.lower() for host in hosts}
        pick = self.fields["pick"]
        assert isinstance(pick, forms.ChoiceField)
        pick.choices = offered
        if not offered:
            del self.fields["pick"]
            self.fields["other"].required = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "other" not in self.errors and "pick" not in self.errors:
            try:
                data["found"] = self._found(data["other"] or data.get("pick", ""))
            except forms.ValidationError as wrong:
                self.add_error("other", wrong)
        variant = data.get("kind") == Suggestion.Kind.VARIANT
        if variant and not data.get("difference") and "difference" not in self.errors:
            self.add_error("difference", gettext("Say how the situation differs"))
        return data | {"difference": data.get("difference", "") if variant else ""}

    def _found(self, typed: str) -> Question:
        number = self._number(typed)
        found = Question.objects.visible_to(self.viewer).filter(pk=number).first() or joined.end(number, self.viewer)
        if found is None or found.is_duplicate:
            missing = gettext("There is no question %(number)d here, or it was taken back. Look at its address again")
            raise forms.ValidationError(missing % {"number": number})
        if found.pk == self.question.pk:
            raise forms.ValidationError(gettext("That is this question itself. Name the other one"))
        return found

    def _number(self, typed: str) -> int:
        if not typed:
            raise forms.ValidationError(gettext("Enter the address or the number of the other question"))
        if number := _NUMBER.fullmatch(typed):
            return int(number[1])
        address = _ADDRESS.fullmatch(typed)
        if address is None:
            raise forms.ValidationError(gettext("Enter an address such as /q/12/, or a number such as 12"))
        if address["host"] and address["host"].lower() not in self.hosts:
            raise forms.ValidationError(gettext("That address is on another site. Enter one of a question here"))
        return int(address["number"])
