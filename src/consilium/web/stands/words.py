"""The words for stances: one set for what may be done (advice), one for what is so (facts)."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consilium.consensus.agreement import Group
from consilium.consensus.counting import GROUPS, Reason

# From "no" to "yes", as panel and bars show them; each with its short name in addresses, style sheets and icons.
CODES: Final[Mapping[Group, str]] = {Group.NO: "no", Group.CONDITIONAL: "if", Group.YES: "ok", Group.CANNOT_SAY: "na"}

_ADVICE: Final[Mapping[str, Promise]] = {
    "yes": gettext_lazy("Reasonable"),
    "conditional": gettext_lazy("Only with conditions"),
    "no": gettext_lazy("Advises against"),
    "cannot_say": gettext_lazy("Cannot say"),
    "not_addressed": gettext_lazy("Does not address this"),
}
_FACT: Final[Mapping[str, Promise]] = {
    "yes": gettext_lazy("Yes"),
    "conditional": gettext_lazy("Only under conditions"),
    "no": gettext_lazy("No"),
    "cannot_say": gettext_lazy("Cannot say"),
    "not_addressed": gettext_lazy("Does not address this"),
}
_REASONS: Final[Mapping[Reason, Promise]] = {
    Reason.UNSTATED: gettext_lazy("the answer says nothing of this statement"),
    Reason.NOT_ADDRESSED: gettext_lazy("the doctor chose not to address this"),
    Reason.WITHDRAWN: gettext_lazy("the doctor took it back"),
    Reason.EARLIER_WORDING: gettext_lazy("it was given on an earlier wording and not confirmed since"),
    Reason.OWN_QUESTION: gettext_lazy("the doctor asked this question"),
    Reason.REVOKED: gettext_lazy("the licence is no longer confirmed"),
    Reason.UNVERIFIED: gettext_lazy("nobody has confirmed the licence yet"),
    Reason.EXPIRED: gettext_lazy("it is more than five years old and was not confirmed since"),
    Reason.SAME_PRACTICE: gettext_lazy("a colleague in the same practice says the same and counts for both"),
}
_NUMBERS: Final = (
    gettext_lazy("no"), gettext_lazy("one"), gettext_lazy("two"), gettext_lazy("three"), gettext_lazy("four"),
    gettext_lazy("five"), gettext_lazy("six"), gettext_lazy("seven"), gettext_lazy("eight"), gettext_lazy("nine"),
    gettext_lazy("ten"), gettext_lazy("eleven"), gettext_lazy("twelve"), gettext_lazy("thirteen"), gettext_lazy("fourteen"),
    gettext_lazy("fifteen"), gettext_lazy("sixteen"), gettext_lazy("seventeen"), gettext_lazy("eighteen"),
    gettext_lazy("nineteen"),
)  # fmt: skip


def stance(value: str, *, advises: bool) -> str:
    """A stance in words, from a group ("conditional") or a value ("yes_if"); `advises` is the statement's."""
    group = GROUPS.get(value)
    return str((_ADVICE if advises else _FACT)[group.value if group else value])


def heading(group: Group, n: int, *, advises: bool) -> str:
    """A stance as the heading of the n doctors who took it."""
    if advises and group is Group.YES:
        return ngettext("Considers it reasonable", "Consider it reasonable", n)
    if advises and group is Group.NO:
        return ngettext("Advises against", "Advise against", n)
    return stance(group.value, advises=advises)


def code(value: str) -> str:
    """The short name of a value's group; empty for a value that has none."""
    group = GROUPS.get(value)
    return CODES[group] if group else ""


def reason(why: Reason) -> str:
    """Why a stance does not count, as the end of "not counted, because …"."""
    return str(_REASONS[why])


def number(n: int) -> str:
    """A number below twenty as a word."""
    return str(_NUMBERS[n]) if n < len(_NUMBERS) else str(n)


def a_doctor(title: str) -> str:
    """ "a neurologist" from "Neurologist"."""
    name = one_doctor(title)
    return (_("an %(doctor)s") if name[:1] in "aeioAEIO" else _("a %(doctor)s")) % {"doctor": name}


def one_doctor(title: str) -> str:
    """ "neurologist" from "Neurologist"; an abbreviation (ENT doctor) keeps its capitals."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def doctors(title: str, n: int) -> str:
    """ "1 neurologist", "2 neurologists"."""
    return ngettext("%(n)d %(doctor)s", "%(n)d %(doctor)ss", n) % {"n": n, "doctor": one_doctor(title)}


def all_of(title: str) -> str:
    """ "neurologists" from "Neurologist"."""
    return _("%(doctor)ss") % {"doctor": one_doctor(title)}


def listed(names: list[str]) -> str:
    """ "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(some)s and %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}
