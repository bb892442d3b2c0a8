"""How an editor reads one copied answer: a value, the words that show it and the conditions, for every statement at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consilium.lib.sentences import named
from consilium.questions import rules
from consilium.questions.models import Coding, ConditionJSON, ConditionKind, Statement
from consilium.questions.models.stance import conditions_of
from consilium.topics.models import Specialty
from consilium.web.forms.text import one_line

CONDITIONS: Final = 3  # that the form has room for
_ADVICE: Final[Sequence[tuple[str, Promise]]] = (
    ("yes", _("Reasonable")),
    ("yes_if", _("Reasonable, if a condition is met")),
    ("no_unless", _("Advises against, unless a condition is met")),
    ("no", _("Advises against")),
    ("cannot_say", _("Says that it cannot be said")),
    ("not_addressed", _("Does not address this")),
)
_FACT: Final[Sequence[tuple[str, Promise]]] = (
    ("yes", _("Yes")),
    ("yes_if", _("Yes, if a condition is met")),
    ("no_unless", _("No, unless a condition is met")),
    ("no", _("No")),
    ("cannot_say", _("Says that it cannot be said")),
    ("not_addressed", _("Does not address this")),
)


def words_of(statement: Statement) -> dict[str, Promise]:
    """What an answer can say of the statement, by value, in words that fit its kind."""
    return dict(_ADVICE if statement.advises else _FACT)


@dataclass(frozen=True, slots=True)
class Group:
    """The fields of one statement."""

    statement: Statement
    value: forms.BoundField
    quote: forms.BoundField
    first: list[forms.BoundField]
    more: list[list[forms.BoundField]]

    @property
    def has_more(self) -> bool:
        """Whether a field of the further conditions is filled in or wrong."""
        return any(field.errors or (field.name.startswith("text") and field.value()) for row in self.more for field in row)


class CodingForm(forms.Form):
    """One answer's readings; `sentences` are the answer's, so that a quote can be named by numbers."""

    def __init__(self, *args: Any, statements: Sequence[Statement], sentences: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statements, self.sentences = statements, sentences
        specialties = [("", _("No specialty")), *Specialty.objects.order_by("noun").values_list("slug", "noun")]
        for statement in statements:
            self._add(statement, specialties)

    def _add(self, statement: Statement, specialties: Sequence[tuple[str, Any]]) -> None:
        self.fields[f"value{statement.pk}"] = forms.ChoiceField(
            label=_("What does the answer say of it?"),
            choices=list(words_of(statement).items()),
            widget=forms.RadioSelect,
            error_messages={
                "required": _about(statement, gettext("Choose what the answer says.")),
                "invalid_choice": _about(statement, gettext("Choose what the answer says from the list.")),
            },
        )
        self.fields[f"quote{statement.pk}"] = forms.CharField(
            label=_("The words that show it"), required=False, widget=forms.Textarea(attrs={"rows": 2})
        )
        for place in range(CONDITIONS):
            self._add_condition(statement, place, specialties)

    def _add_condition(self, statement: Statement, place: int, specialties: Sequence[tuple[str, Any]]) -> None:
        name = f"{statement.pk}_{place}"
        self.fields[f"text{name}"] = one_line(
            label=_("Condition, if the answer sets one"),
            limit=rules.CONDITION_LIMIT,
            required=False,
            too_long=_("Shorten the condition to %(limit_value)d characters or fewer. It has %(show_value)d now."),
        )
        self.fields[f"kind{name}"] = forms.ChoiceField(
            label=_("Kind of condition"),
            choices=ConditionKind.choices,
            required=False,
            error_messages={"invalid_choice": _("Choose the kind from the list")},
        )
        self.fields[f"specialty{name}"] = forms.ChoiceField(
            label=_("Specialty it sends to"),
            choices=specialties,
            required=False,
            error_messages={"invalid_choice": _("Choose a specialty from the list")},
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for statement in self.statements:
            quote = data.get(f"quote{statement.pk}", "")
            data[f"quote{statement.pk}"] = named(quote, self.sentences) or quote
            if data.get(f"value{statement.pk}") not in {None, "yes_if", "no_unless"} and self.conditions(statement):
                why = gettext("You wrote a condition: choose an answer with a condition, or empty the field.")
                self.add_error(f"text{statement.pk}_0", _about(statement, why))
        return data

    def conditions(self, statement: Statement) -> list[ConditionJSON]:
        """The conditions that were typed for a statement."""
        names = [f"{statement.pk}_{place}" for place in range(CONDITIONS)]
        data = self.cleaned_data
        return conditions_of(
            {
                "kind": data.get(f"kind{name}") or ConditionKind.OTHER.value,
                "specialty": data.get(f"specialty{name}", ""),
                "text": data.get(f"text{name}", ""),
            }
            for name in names
        )

    def refuse(self, statement: Statement, field: str, why: str) -> None:
        """Say beside the field that the domain refuses it; `field` as BadCoding names it."""
        name = {"value": "value{}", "quote": "quote{}", "conditions": "text{}_0"}.get(field)
        self.add_error(name.format(statement.pk) if name else None, _about(statement, why))

    def groups(self) -> Iterator[Group]:
        for statement in self.statements:
            rows = [
                [self[f"{name}{statement.pk}_{place}"] for name in ("text", "kind", "specialty")] for place in range(CONDITIONS)
            ]
            yield Group(statement, self[f"value{statement.pk}"], self[f"quote{statement.pk}"], rows[0], rows[1:])


def _about(statement: Statement, why: str) -> str:
    return gettext("Statement %(place)d: %(why)s") % {"place": statement.place, "why": why}


def first_values(codings: Sequence[Coding]) -> dict[str, str]:
    """An editor's own earlier readings as the form's first values."""
    found: dict[str, str] = {}
    for coding in codings:
        found |= {f"value{coding.statement_id}": coding.value, f"quote{coding.statement_id}": coding.quote}
        for place, row in enumerate(coding.conditions[:CONDITIONS]):
            name = f"{coding.statement_id}_{place}"
            found |= {f"text{name}": row["text"], f"kind{name}": row["kind"], f"specialty{name}": row["specialty"]}
    return found
