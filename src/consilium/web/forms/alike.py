"""What an asker says about questions that ask the same: one of them answers me, my situation differs, none of them."""

from functools import cached_property
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consilium.questions.models import Question, Statement, Viewer
from consilium.web import alike
from consilium.web.forms.text import one_line

ANSWERED: Final = "answered"
VARIANT: Final = "variant"
NEW: Final = "new"
# Typing asks for questions like it; an answer that is the same as the one before changes nothing on the page.
_LIVE: Final = {
    "hx-get": reverse_lazy("web:ask_alike"),
    "hx-trigger": "input changed delay:500ms",
    "hx-target": "#alike",
    "hx-swap": "innerMorph",
    "hx-sync": "this:replace",
}


def difference_line(*, required: bool = True) -> forms.CharField:
    """In which situation a question is asked that was asked before."""
    return one_line(
        label=_("How does your situation differ?"),
        limit=Question.DIFFERENCE_LIMIT,
        required=required,
        help_text=_("Example: “I am pregnant.” Doctors read it first, so it changes what they answer."),
        missing=_("Enter how your situation differs"),
        too_long=_("Shorten how your situation differs to %(limit_value)d characters or fewer. It has %(show_value)d now."),
    )


class AlikeForm(forms.Form):
    """A form with a title that is compared with what was asked before. `cleaned_data` has "canonical": the question of which
    the new one is a variant, or None.

    `root`: the asker came from this question to ask it for another situation; then there is nothing to choose. `gone`: they
    came from one that cannot be read any more, in a sentence.
    """

    choice = forms.ChoiceField(
        label=_("What should happen with your question?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (ANSWERED, _("That one answers me. I want to follow it; mine is not published.")),
            (VARIANT, _("That one asks the same, but my situation differs. Publish mine beside it.")),
            (NEW, _("None of these is my question. Publish mine.")),
        ],
        error_messages={"invalid_choice": _("Choose one of the three")},
    )
    same_as = forms.CharField(
        label=_("Which one is like yours?"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Leave this out if none of them is."),
    )
    difference = difference_line(required=False)
    # The choice was on the page; whoever sends it without one has to be told.
    offered = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: Viewer, root: Question | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer, self.root = viewer, root
        self.gone = ""
        if root is not None:
            self.fields["difference"].required = True
            del self.fields["choice"], self.fields["same_as"], self.fields["offered"]
        elif not self.due:
            self.fields["title"].widget.attrs.update(_LIVE)

    def typed(self, name: str) -> str:
        """A field as it was sent, or as it is first shown."""
        said = self.data.get(name, "") if self.is_bound else self.initial.get(name, "")
        return str(said).strip()

    @cached_property
    def picked(self) -> Question | None:
        """The question that is named as the same; None if none is, or none that can be read."""
        return self.root or alike.chosen(self.typed("same_as"), self.viewer)

    @cached_property
    def candidates(self) -> list[Any]:
        """Questions that may ask the same as the title, each with its bar; the one that is picked is among them."""
        if self.root is not None:
            return []
        rows = alike.found(self.typed("title"), self.viewer, key=self.typed("once"))
        picked = self.picked
        if picked is not None and picked.pk not in {row.pk for row in rows}:
            rows.insert(0, alike.with_bar(picked, self.viewer))
        return rows

    @property
    def due(self) -> bool:
        """Whether the choice stands on the page: once the form was sent, and from then on."""
        if self.root is not None:
            return False
        sent = self.is_bound and "preview" not in self.data
        return bool(self.typed("offered") or self.typed("choice") or (sent and self.candidates))

    @property
    def undecided(self) -> bool:
        """Whether there are questions like it and nothing was said of them."""
        return self.root is None and not self.typed("choice") and bool(self.candidates)

    @property
    def which(self) -> BoundField:
        """The field `same_as` with the candidates to choose from."""
        self.fields["same_as"].widget.choices = [(row.pk, row) for row in self.candidates]
        return self["same_as"]

    @cached_property
    def taken_over(self) -> list[Statement]:
        """The statements that come along from the question of which this is to be a variant."""
        if self.picked is None or (self.root is None and self.typed("choice") != VARIANT):
            return []
        return list(alike.root_of(self.picked, self.viewer).statements.active().order_by("place"))

    def check_choice(self, data: dict[str, Any]) -> None:
        """Add what is missing of the choice, and "canonical" to the data; the last step of `clean`."""
        said = ANSWERED if ANSWERED in self.data else data.get("choice", "")
        if said == ANSWERED:
            # Nothing else of the form matters: it is not going to be published.
            self.errors.clear()
        if said == VARIANT and not data.get("difference") and "difference" not in self.errors:
            self.add_error("difference", self.fields["difference"].error_messages["required"])
        if said in {ANSWERED, VARIANT}:
            self._check_picked()
        elif data.get("offered") and self.undecided and "choice" not in self.errors:
            self.add_error("choice", gettext("Choose what should happen with your question"))
        data["canonical"] = self.picked if self.root is not None or said == VARIANT else None
        data["difference"] = data.get("difference", "") if data["canonical"] else ""

    def _check_picked(self) -> None:
        if self.picked is not None:
            return
        if self.candidates and not self.typed("same_as") and ANSWERED not in self.data:
            self.add_error("same_as", gettext("Choose which question is like yours"))
        else:
            gone = gettext("The question you chose cannot be read any more. Choose another one, or publish yours as a new one.")
            self.add_error(None, gone)
