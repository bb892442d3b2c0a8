"""What a doctor says of the statements of a question, and what they disclose with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consilium.doctors.models import Interest
from consilium.questions import rules
from consilium.questions.actions import Interests, Said
from consilium.questions.models import CONDITIONAL, ConditionJSON, ConditionKind, Stance, Statement, Value
from consilium.topics.models import Topic
from consilium.web.desk import PAID, UNPAID, Desk
from consilium.web.forms.sources import DeskForm
from consilium.web.forms.text import SoftLine

Words = str | Promise
CONDITION_ROWS: Final = 3
_PAYER_LIMIT: Final = 200
# The words of a doctor who chooses; "yes" to a safety claim means that it may be done.
_ADVICE: Final[Mapping[str, Words]] = {
    Value.YES: _("Reasonable"),
    Value.YES_IF: _("Reasonable, if a condition is met"),
    Value.NO_UNLESS: _("Advise against, unless a condition is met"),
    Value.NO: _("Advise against"),
    Value.CANNOT_SAY: _("Cannot say without more information"),
    Value.NOT_ADDRESSED: _("I do not address this"),
}
_FACT: Final[Mapping[str, Words]] = {
    **_ADVICE,
    Value.YES: _("Yes"),
    Value.YES_IF: _("Yes, if a condition is met"),
    Value.NO_UNLESS: _("No, unless a condition is met"),
    Value.NO: _("No"),
}
_FREE_OF_CONDITIONS: Final = {Value.YES, Value.NO, Value.NOT_ADDRESSED}


def words_for(statement: Statement) -> list[tuple[str, Words]]:
    """The six choices in words that fit the kind of the statement."""
    return list((_ADVICE if statement.advises else _FACT).items())


@dataclass(frozen=True)
class Block:
    """The fields of one statement, for the page; each row of `conditions` is text, kind and specialty."""

    statement: Statement
    value: BoundField
    conditions: list[tuple[BoundField, BoundField, BoundField]]
    confidence: BoundField


class StancesForm(DeskForm):
    """A stance per statement and the interests; `cleaned_data` gains `said` and `interests`.

    With `must_say` at least one statement must be addressed.
    """

    must_say = True

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, desk=desk, **kwargs)
        self._rows = {one.pk: _rows(desk.current.get(one.pk)) for one in desk.statements}
        self.stance_fields: list[str] = []
        for one in desk.statements:
            found = _stance_fields(one, self._rows[one.pk], desk.specialties)
            self.fields.update(found)
            self.stance_fields += found
        interests = _interest_fields(desk.treatments) if desk.statements else {}
        self.fields.update(interests)
        self.interest_fields = list(interests)

    def blocks(self) -> list[Block]:
        return [self._block(one) for one in self.desk.statements]

    def interests(self) -> list[BoundField]:
        return [self[name] for name in self.interest_fields]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["said"] = [self._said(one, data) for one in self.desk.statements]
        data["interests"] = self._interests(data)
        if self.must_say and all(one.value in {"", Value.NOT_ADDRESSED} for one in data["said"]) and not self.errors:
            first = f"value_{self.desk.statements[0].pk}" if self.desk.statements else None
            self.add_error(first, gettext("Choose where you stand on at least one statement"))
        return data

    def _block(self, one: Statement) -> Block:
        rows = range(1, self._rows[one.pk] + 1)
        conditions = [(self[f"text_{one.pk}_{n}"], self[f"kind_{one.pk}_{n}"], self[f"specialty_{one.pk}_{n}"]) for n in rows]
        return Block(one, self[f"value_{one.pk}"], conditions, self[f"confidence_{one.pk}"])

    def _said(self, one: Statement, data: dict[str, Any]) -> Said:
        value = data.get(f"value_{one.pk}", "")
        conditions = [row for n in range(1, self._rows[one.pk] + 1) if (row := self._condition(one, n, data))]
        texts = [row["text"] for row in conditions]
        if any(f"text_{one.pk}_{n}" in self.errors for n in range(1, self._rows[one.pk] + 1)):
            pass  # the condition itself must be mended first
        elif rules.conditions_problem(value, texts, conditional=CONDITIONAL):
            self._add(one, f"text_{one.pk}_1", gettext("Write the condition, or choose an answer without one"))
        elif conditions and value in _FREE_OF_CONDITIONS:
            self._add(one, f"value_{one.pk}", gettext("You wrote a condition: choose an answer with one, or clear it"))
        return Said(one, value, conditions, data.get(f"confidence_{one.pk}", ""))

    def _condition(self, one: Statement, n: int, data: dict[str, Any]) -> ConditionJSON | None:
        text, kind, specialty = (data.get(f"{name}_{one.pk}_{n}", "") for name in ("text", "kind", "specialty"))
        if not text:
            if (kind or specialty) and f"text_{one.pk}_{n}" not in self.errors:
                self._add(one, f"text_{one.pk}_{n}", gettext("Write the condition in words"))
            return None
        if kind == ConditionKind.CLEARANCE and not specialty and f"specialty_{one.pk}_{n}" not in self.errors:
            self._add(one, f"specialty_{one.pk}_{n}", gettext("Choose the specialty whose agreement is needed"))
        return {"kind": kind or ConditionKind.OTHER.value, "specialty": specialty, "text": text}

    def _interests(self, data: dict[str, Any]) -> Interests:
        offers = {topic.pk: data[name] for topic in self.desk.treatments if data.get(name := f"offers_{topic.pk}")}
        paid, payer = data.get("paid"), data.get("payer", "")
        if paid == PAID and not payer and "payer" not in self.errors:
            self.add_error("payer", gettext("Write who paid you, and for what"))
        if paid == UNPAID and payer:
            self.add_error("paid", gettext("You named a payment: choose “Yes”, or clear the text"))
        return Interests(offers=offers, paid=None if paid is None else payer)

    def _add(self, one: Statement, name: str, message: str) -> None:
        """The error of one of several statements says of which."""
        if len(self.desk.statements) > 1:
            message = gettext("Statement %(place)d: %(message)s") % {"place": one.place, "message": message}
        self.add_error(name, message)


def _rows(stance: Stance | None) -> int:
    return max(CONDITION_ROWS, len(stance.conditions) if stance else 0)


def _stance_fields(one: Statement, rows: int, specialties: Iterable[tuple[str, str]]) -> dict[str, forms.Field]:
    wrong = _("Choose where you stand on each statement")
    fields: dict[str, forms.Field] = {
        f"value_{one.pk}": forms.ChoiceField(
            label=one.text, choices=words_for(one), widget=forms.RadioSelect, initial=Value.NOT_ADDRESSED,
            error_messages={"required": wrong, "invalid_choice": wrong},
        )
    }  # fmt: skip
    for n in range(1, rows + 1):
        fields |= _condition_fields(f"{one.pk}_{n}", n, list(specialties))
    fields[f"confidence_{one.pk}"] = forms.ChoiceField(
        label=_("How sure are you?"), choices=[("", _("Not said")), *Stance.Confidence.choices], required=False,
        error_messages={"invalid_choice": _("Choose how sure you are from the list")},
    )  # fmt: skip
    return fields


def _condition_fields(ending: str, n: int, specialties: list[tuple[str, str]]) -> dict[str, forms.Field]:
    return {
        f"text_{ending}": forms.CharField(
            label=gettext("Condition %(n)d") % {"n": n}, required=False, max_length=rules.CONDITION_LIMIT,
            widget=SoftLine, error_messages={"max_length": _("Shorten the condition to %(limit_value)d characters or fewer")},
        ),
        f"kind_{ending}": forms.ChoiceField(
            label=gettext("Kind of condition %(n)d") % {"n": n}, choices=[("", _("Choose")), *ConditionKind.choices],
            required=False, error_messages={"invalid_choice": _("Choose the kind of condition from the list")},
        ),
        f"specialty_{ending}": forms.ChoiceField(
            label=gettext("Specialty for condition %(n)d") % {"n": n}, choices=[("", _("None")), *specialties],
            required=False, error_messages={"invalid_choice": _("Choose the specialty from the list")},
        ),
    }  # fmt: skip


def _interest_fields(treatments: Iterable[Topic]) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for topic in treatments:
        missing = gettext("Say whether you offer this treatment: %(treatment)s") % {"treatment": topic.name}
        fields[f"offers_{topic.pk}"] = forms.ChoiceField(
            label=gettext("Do you offer this treatment: %(treatment)s?") % {"treatment": topic.name},
            choices=Interest.Offers.choices, widget=forms.RadioSelect,
            error_messages={"required": missing, "invalid_choice": missing},
        )  # fmt: skip
    missing = gettext("Say whether a maker of the treatment has paid you")
    fields["paid"] = forms.ChoiceField(
        label=_("Has a maker of the treatment paid you in the last three years?"), widget=forms.RadioSelect,
        choices=[(UNPAID, _("No")), (PAID, _("Yes"))], error_messages={"required": missing, "invalid_choice": missing},
    )  # fmt: skip
    fields["payer"] = forms.CharField(
        label=_("If yes: who, and for what"), required=False, max_length=_PAYER_LIMIT, widget=SoftLine,
        error_messages={"max_length": _("Shorten who paid you to %(limit_value)d characters or fewer")},
    )  # fmt: skip
    return fields
