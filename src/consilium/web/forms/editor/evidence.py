"""What an editor puts right about a source."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consilium.evidence.models import Citation, Work
from consilium.evidence.rules import IDENTIFIER_LIMIT
from consilium.web.forms.text import one_line

_TOO_LONG = _("Shorten it to %(limit_value)d characters or fewer. It has %(show_value)d now.")


class WorkForm(forms.Form):
    """A work as every answer that cites it shows it."""

    identifier = one_line(
        label=_("DOI, PubMed number or web address"),
        limit=IDENTIFIER_LIMIT,
        help_text=_("With the identifier of another source here, the two become one."),
        missing=_("Enter a DOI, a PubMed number or a web address for this source."),
        too_long=_TOO_LONG,
    )
    kind = forms.ChoiceField(
        label=_("Kind of source"),
        choices=Work.Kind.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose what kind of source this is.")),
    )
    title = one_line(label=_("Title"), limit=500, required=False, too_long=_TOO_LONG)
    authors = one_line(
        label=_("Authors"), limit=500, required=False, too_long=_TOO_LONG, help_text=_("Names stand between semicolons.")
    )
    container = one_line(label=_("Journal, book or publisher"), limit=300, required=False, too_long=_TOO_LONG)
    year = forms.IntegerField(
        label=_("Year"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": _("Enter the year in which the source appeared, such as 2019.")},
    )


class CitationForm(forms.Form):
    """What a source says of one statement (when it is cited for one), and whether it is about the same use."""

    direction = forms.ChoiceField(
        label=_("What does the source say of the statement?"),
        choices=Citation.Direction.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"),
            _("Choose whether the source supports the statement, contradicts it or only mentions it."),
        ),
    )
    applies = forms.ChoiceField(
        label=_("Is it about the same use?"),
        choices=Citation.Applies.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose whether the source is about the same use.")),
    )

    def __init__(self, *args: Any, for_statement: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not for_statement:
            del self.fields["direction"]


def of_work(work: Work) -> dict[str, Any]:
    """The form's first values."""
    identifier = work.doi or (f"PMID: {work.pmid}" if work.pmid else work.url)
    shown = ("kind", "title", "authors", "container", "year")
    return {"identifier": identifier} | {name: getattr(work, name) for name in shown}
