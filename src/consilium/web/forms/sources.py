"""What a doctor cites in an answer: a few rows, each a source with what it says of every statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consilium.evidence.actions import BadSource, Says, Source
from consilium.evidence.models import Citation, Work
from consilium.evidence.rules import IDENTIFIER_LIMIT, QUOTE_LIMIT
from consilium.questions.models import Statement
from consilium.web.desk import Desk
from consilium.web.forms.text import SoftArea, SoftLine
from consilium.web.saving import WrongField

ROWS: Final = 3
MOST_ROWS: Final = 8
_TEXTS: Final = ("identifier", "title", "authors", "container", "quote")


@dataclass(frozen=True)
class Row:
    """The fields of one source, for the page; `says` is one pair (direction, applicability) per statement."""

    number: int
    first: tuple[BoundField, BoundField]
    details: list[BoundField]
    says: list[tuple[Statement, BoundField, BoundField]]
    open: bool


class DeskForm(forms.Form):
    """A form of a doctor at a question."""

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk = desk


class SourcesForm(DeskForm):
    """Sources of an answer; `cleaned_data` gains `sources`, and `rows` says which row of the form each came from.

    A hidden field holds how many rows there are, so that the button "more" can add one without a script.
    """

    sources = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2)

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, desk=desk, **kwargs)
        said = self.data if self.is_bound else self.initial
        wanted = _number(said.get("sources")) + ("more" in said)
        self.source_rows = max(min(wanted, MOST_ROWS), ROWS, len(desk.sources))
        self.initial["sources"] = str(self.source_rows)
        self.source_fields: list[str] = []
        for n in range(1, self.source_rows + 1):
            found = _source_fields(n, desk.about)
            self.fields.update(found)
            self.source_fields += found

    @property
    def may_add_source(self) -> bool:
        return self.source_rows < MOST_ROWS

    def source_list(self) -> list[Row]:
        return [self._row(n) for n in range(1, self.source_rows + 1)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        rows = {n: source for n in range(1, self.source_rows + 1) if (source := self._source(n, data))}
        data["sources"], data["rows"] = list(rows.values()), list(rows)
        return data

    def _row(self, n: int) -> Row:
        details = [self[f"source_{n}_{name}"] for name in ("title", "authors", "container", "year", "quote")]
        says = [(one, self[f"source_{n}_says_{one.pk}"], self[f"source_{n}_applies_{one.pk}"]) for one in self.desk.about]
        folded = [*details, *(field for _one, *pair in says for field in pair)]
        used = any(field.value() or field.errors for field in folded)
        return Row(n, (self[f"source_{n}_identifier"], self[f"source_{n}_kind"]), details, says, used)

    def _source(self, n: int, data: dict[str, Any]) -> Source | None:
        texts = {name: data.get(f"source_{n}_{name}") or "" for name in _TEXTS}
        kind, year = data.get(f"source_{n}_kind", ""), data.get(f"source_{n}_year")
        says = self._says(n, data)
        if not (any(texts.values()) or kind or year or says):
            return None
        if not texts["identifier"] and f"source_{n}_identifier" not in self.errors:
            self._wrong(n, "identifier", gettext("enter its DOI, PubMed number or web address"))
        elif not kind and f"source_{n}_kind" not in self.errors:
            self._wrong(n, "kind", gettext("choose what kind of source it is"))
        return Source(kind=kind, year=year, says=says, **texts)

    def _says(self, n: int, data: dict[str, Any]) -> tuple[Says, ...]:
        found = []
        for one in self.desk.about:
            direction, applies = data.get(f"source_{n}_says_{one.pk}", ""), data.get(f"source_{n}_applies_{one.pk}", "")
            if direction:
                found.append(Says(one, direction, applies or Citation.Applies.UNCLEAR.value))
            elif applies:
                self._wrong(n, f"says_{one.pk}", gettext("choose what it says of the statement"))
        return tuple(found)

    def _wrong(self, n: int, name: str, message: str) -> None:
        self.add_error(f"source_{n}_{name}", gettext("Source %(n)d: %(message)s") % {"n": n, "message": message})


def at_its_row(refusal: BadSource, rows: Sequence[int]) -> WrongField:
    """The refusal of a source, for the field that it is about."""
    n = rows[refusal.row]
    name = refusal.field if refusal.field != "says" else "identifier"
    return WrongField(f"source_{n}_{name}", gettext("Source %(n)d: %(message)s") % {"n": n, "message": str(refusal)})


def _number(text: Any) -> int:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 2 else 0


def _source_fields(n: int, about: Sequence[Statement]) -> dict[str, forms.Field]:
    long = _("Shorten this to %(limit_value)d characters or fewer")

    def line(label: str, limit: int) -> forms.CharField:
        return forms.CharField(
            label=label, required=False, max_length=limit, widget=SoftLine, error_messages={"max_length": long}
        )

    fields: dict[str, forms.Field] = {
        "identifier": line(gettext("Source %(n)d: DOI, PubMed number or web address") % {"n": n}, IDENTIFIER_LIMIT),
        "kind": _choice(gettext("What it is"), Work.Kind.choices, gettext("Choose the kind of source from the list")),
        "title": line(gettext("Title"), 500),
        "authors": line(gettext("Authors"), 500),
        "container": line(gettext("Journal, publisher or site"), 300),
        "year": forms.IntegerField(
            label=gettext("Year"), required=False, widget=SoftLine(attrs={"inputmode": "numeric"}),
            error_messages={"invalid": gettext("Enter the year in digits, such as 2019")},
        ),
        "quote": forms.CharField(
            label=gettext("Words of it that matter here"), required=False, max_length=QUOTE_LIMIT,
            widget=SoftArea(attrs={"rows": 2}), error_messages={"max_length": long},
        ),
    }  # fmt: skip
    for one in about:
        fields |= _says_fields(one)
    return {f"source_{n}_{name}": field for name, field in fields.items()}


def _says_fields(one: Statement) -> dict[str, forms.Field]:
    says = [(value, gettext("It %(says)s") % {"says": label}) for value, label in Citation.Direction.choices]
    return {
        f"says_{one.pk}": _choice(
            gettext("What it says of statement %(n)d") % {"n": one.place}, says, gettext("Choose from the list what it says"),
            empty=gettext("Nothing about it"),
        ),
        f"applies_{one.pk}": _choice(
            gettext("It is about"), Citation.Applies.choices, gettext("Choose from the list what it is about"),
        ),
    }  # fmt: skip


def _choice(label: str, choices: Any, wrong: str, empty: str = "") -> forms.ChoiceField:
    offered = [("", empty or gettext("Choose")), *choices]
    return forms.ChoiceField(label=label, choices=offered, required=False, error_messages={"invalid_choice": wrong})
