"""The answers of a question by where their doctors stand: groups, orders, and the filter that the address asks for."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consilium.consensus.agreement import Group
from consilium.questions.models import Statement
from consilium.web.shown import ShownAnswer
from consilium.web.stands import words

BY_PLACE: Final[dict[str, Promise]] = {
    "place": gettext_lazy("As they came"),
    "helpful": gettext_lazy("Most helpful"),
    "newest": gettext_lazy("Newest"),
}
BY_STANCE: Final[dict[str, Promise]] = {
    "stance": gettext_lazy("By stance"),
    "newest": gettext_lazy("Newest"),
    "helpful": gettext_lazy("Most helpful"),
    "specialty": gettext_lazy("By specialty"),
    "place": gettext_lazy("As they came"),
}
_ORDERS: Final[dict[str, Callable[[ShownAnswer], Any]]] = {
    "place": lambda one: (one.answer.place, one.answer.pk),
    "helpful": lambda one: (-one.answer.helpful_count, one.answer.place, one.answer.pk),
    "newest": lambda one: (-one.answer.listed_at.timestamp(), -one.answer.pk),
    "specialty": lambda one: (not one.by.title, one.by.title, one.answer.place, one.answer.pk),
}
CITING: Final = "ev"


@dataclass(frozen=True)
class Bunch:
    """Answers under one heading; `heading` empty: one list without groups. `note` says what limits the group."""

    key: str
    heading: str
    note: str
    answers: list[ShownAnswer]

    @property
    def code(self) -> str:
        return self.key.rpartition("-")[2]

    @property
    def level(self) -> int:
        """Of the headlines below it."""
        return 4 if self.heading else 3


@dataclass(frozen=True)
class Choice:
    """One radio of the filter: all, a stance, or the answers that cite something."""

    value: str
    label: str
    n: int
    on: bool


def ordered(answers: Sequence[ShownAnswer], sort: str, needed: Collection[str]) -> list[ShownAnswer]:
    """In the chosen order. "stance" puts answers of a needed specialty first, then those that cite, then the helpful ones."""
    return sorted(answers, key=_ORDERS.get(sort, lambda one: _weight(one, needed)))


def _weight(one: ShownAnswer, needed: Collection[str]) -> tuple[Any, ...]:
    # Where nobody can vote against, the lower bound of the helpful share (Wilson) rises with the count alone.
    answer = one.answer
    return (one.specialty not in needed, not one.cites, -answer.helpful_count, -answer.listed_at.timestamp(), -answer.pk)


def bunches(answers: Sequence[ShownAnswer], statement: Statement | None, *, grouped: bool) -> list[Bunch]:
    """The answers in groups, the largest first: those that speak for themselves before copied ones, the silent ones last."""
    if not grouped or statement is None:
        return [Bunch("", "", "", list(answers))] if answers else []
    groups: dict[tuple[bool, str], list[ShownAnswer]] = {}
    for one in answers:
        groups.setdefault((one.copied, one.code), []).append(one)
    order = sorted(groups, key=lambda key: (key[1] == "none", key[0], -len(groups[key]), key[1]))
    return [_bunch(copied, code, groups[copied, code], statement) for copied, code in order]


def _bunch(copied: bool, code: str, answers: list[ShownAnswer], statement: Statement) -> Bunch:
    key = f"{'copied' if copied else 'own'}-{code}"
    if code == "none":
        return Bunch(key, _("No stance recorded") if copied else _("Does not address this"), "", answers)
    group = next(group for group, known in words.CODES.items() if known == code)
    heading = words.heading(group, len(answers), advises=statement.advises)
    if copied:
        return Bunch(key, heading, _("as classified by our editors; no doctor has confirmed it"), answers)
    out = sum(not one.counted for one in answers)
    note = ngettext("%(n)d of them is not counted", "%(n)d of them are not counted", out) % {"n": out} if out else ""
    return Bunch(key, heading, note, answers)


def choices(answers: Sequence[ShownAnswer], statement: Statement, query: QueryDict) -> list[Choice]:
    """The filter's radios: all, every stance that somebody took, those who took none, those who cite a source."""
    found = [("", _("All"), len(answers))]
    for group, code in words.CODES.items():
        n = sum(one.code == code for one in answers)
        if n:
            found.append((code, words.heading(Group(group), n, advises=statement.advises), n))
    silent, citing = sum(one.code == "none" for one in answers), sum(one.cites for one in answers)
    found += [("none", _("No stance"), silent)] if silent else []
    found += [(CITING, _("Cite evidence"), citing)] if citing else []
    chosen = query.get("stance", "")
    known = {value for value, _label, _n in found}
    return [Choice(value, label, n, value == (chosen if chosen in known else "")) for value, label, n in found]


def kept(answers: Sequence[ShownAnswer], choices: Sequence[Choice]) -> list[ShownAnswer]:
    """The answers that the chosen radio leaves."""
    chosen = next((choice.value for choice in choices if choice.on), "")
    if not chosen:
        return list(answers)
    return [one for one in answers if (one.cites if chosen == CITING else one.code == chosen)]
