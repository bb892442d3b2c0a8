"""Statements for doctors to take a stance on: rows of text and kind, and what can be suggested from topics."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consilium.questions.actions import BadStatement
from consilium.questions.actions.statements import checked
from consilium.questions.models import Statement
from consilium.questions.rules import STATEMENTS_OF_A_QUESTION
from consilium.topics.models import Topic
from consilium.web.forms.text import SoftLines

Kind = Statement.Kind
# What a patient would call the kinds.
KINDS: Final[Sequence[tuple[str, str | Promise]]] = (
    (Kind.SAFE, _("Is it acceptable or safe?")),
    (Kind.RECOMMENDED, _("Is it advisable?")),
    (Kind.EFFECTIVE, _("Does it work?")),
    (Kind.FACT, _("Is it true?")),
    (Kind.OTHER, _("Something else")),
)
# Filled in with the topics of a question; with a treatment alone only the last one makes sense.
_FOR_BOTH: Final[Sequence[tuple[Promise, str]]] = (
    (_("%(treatment)s is acceptable for someone with %(condition)s"), Kind.SAFE),
    (_("%(treatment)s works for someone with %(condition)s"), Kind.EFFECTIVE),
    (_("%(treatment)s is recommended for someone with %(condition)s"), Kind.RECOMMENDED),
)
_FOR_TREATMENT: Final[tuple[Promise, str]] = (_("%(treatment)s is acceptable in the situation described here"), Kind.SAFE)


@dataclass(frozen=True)
class Line:
    """The fields of one statement, for the page; `statement` is the one there is, None for a new one."""

    text: BoundField
    kind: BoundField
    statement: Statement | None = None


class StatementLines(forms.Form):
    """A form with lines for statements; `lines` names them. `said(data)` reads those that were filled in."""

    def add_line(self, name: str, label: str, statement: Statement | None = None) -> None:
        """One more line: a field `name` for the text and `name`_kind for the kind."""
        self.fields[name] = forms.CharField(
            label=label, required=False, widget=SoftLines, initial=statement.text if statement else ""
        )
        self.fields[f"{name}_kind"] = forms.ChoiceField(
            label=gettext("What doctors are asked"), choices=[("", _("Choose")), *KINDS], required=False,
            initial=statement.kind if statement else "",
            error_messages={"invalid_choice": _("Choose from the list what doctors are asked")},
        )  # fmt: skip

    def line(self, name: str, statement: Statement | None = None) -> Line:
        return Line(self[name], self[f"{name}_kind"], statement)

    def read_line(self, name: str, data: dict[str, Any], *, needed: bool = False) -> tuple[str, str] | None:
        """Text and kind of a line, None when it is empty or wrong; its errors are added."""
        text, kind = data.get(name, ""), data.get(f"{name}_kind", "")
        if not (text or needed or kind):
            return None
        try:
            text = checked(text)
        except BadStatement as problem:
            self.add_error(name, str(problem))
            return None
        if not kind and f"{name}_kind" not in self.errors:
            self.add_error(f"{name}_kind", gettext("Choose what doctors are asked: whether it is acceptable, works or is true"))
        return text, kind


class StatementsForm(StatementLines):
    """All statements of a question at once: those that may be reworded, and free lines up to four."""

    def __init__(self, *args: Any, there: Sequence[Statement], open_to: Collection[int], may_add: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.there = there
        self.changeable = [one for one in there if one.pk in open_to]
        self.new = [f"new_{n}" for n in range(len(there) + 1, STATEMENTS_OF_A_QUESTION + 1)] if may_add else []
        for one in self.changeable:
            self.add_line(f"text_{one.pk}", gettext("Statement %(n)d") % {"n": one.place}, one)
        for n, name in enumerate(self.new, len(there) + 1):
            self.add_line(name, gettext("Statement %(n)d") % {"n": n})

    def old_lines(self) -> list[Line]:
        return [self.line(f"text_{one.pk}", one) for one in self.changeable]

    def new_lines(self) -> list[Line]:
        return [self.line(name) for name in self.new]

    def fixed(self) -> list[Statement]:
        return [one for one in self.there if one not in self.changeable]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        changed = {one: self.read_line(f"text_{one.pk}", data, needed=True) for one in self.changeable}
        data["changed"] = {one: said for one, said in changed.items() if said and said != (one.text, one.kind)}
        data["new"] = {name: said for name in self.new if (said := self.read_line(name, data))}
        return data


def suggestions(topics: Iterable[Topic], typed: Collection[str] = ()) -> list[tuple[str, str]]:
    """Statements about these topics, with their kinds, that are not among the texts `typed` so far; at most four."""
    known = {" ".join(text.split()).casefold() for text in typed}
    found = ((text, kind) for text, kind in _all(list(topics)) if text.casefold() not in known)
    return list(islice(found, STATEMENTS_OF_A_QUESTION))


def _all(topics: Sequence[Topic]) -> Iterator[tuple[str, str]]:
    treatments = [topic.name for topic in topics if topic.kind == Topic.Kind.TREATMENT]
    conditions = [topic.name for topic in topics if topic.kind == Topic.Kind.CONDITION]
    pairs = [{"treatment": treatment, "condition": condition} for treatment in treatments for condition in conditions]
    if not conditions:
        return iter([(str(_FOR_TREATMENT[0]) % {"treatment": one}, _FOR_TREATMENT[1]) for one in treatments])
    return chain.from_iterable(((str(words) % pair, kind) for pair in pairs) for words, kind in _FOR_BOTH)
