"""What a doctor types: an answer and its change."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consilium.questions.models import Answer
from consilium.web import languages
from consilium.web.desk import Desk
from consilium.web.forms.sources import SourcesForm
from consilium.web.forms.stances import StancesForm
from consilium.web.forms.text import long_text, one_line


class AnswerForm(StancesForm, SourcesForm):
    """Where the doctor stands, headline and body of an answer, its sources, interests."""

    must_say = False

    headline = one_line(
        label=_("Headline"),
        limit=Answer.HEADLINE_LIMIT,
        help_text=_("One plain sentence with your advice."),
        missing=_("Enter a headline: one sentence with your advice"),
        too_long=_("Shorten the headline to %(limit_value)d characters or fewer. It has %(show_value)d now."),
    )
    body = long_text(
        label=_("Your answer"),
        limit=Answer.BODY_LIMIT,
        help_text=_("Write as you would to a patient. A blank line starts a paragraph, a dash starts a list item."),
        missing=_("Enter your answer"),
        too_long=_("Shorten your answer to %(limit_value)d characters or fewer. It has %(show_value)d now."),
    )

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, desk=desk, **kwargs)
        # As they stand on the page, so that the list of errors runs the same way.
        self.order_fields([*self.stance_fields, "headline", "body", "language", *self.source_fields])

    @property
    def to_publish(self) -> list[str]:
        """What a preview of the text can do without."""
        return [*self.stance_fields, *self.source_fields, *self.interest_fields]


class NewAnswerForm(AnswerForm):
    """A first answer."""

    language = forms.ChoiceField(
        label=_("Language of your answer"), choices=languages.CHOICES, error_messages={"required": _("Choose a language")}
    )


class EditAnswerForm(AnswerForm):
    """A new wording; `based_on` is the revision that the writer saw."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
