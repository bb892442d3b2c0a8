"""What the doctors together amount to, in one sentence: by label, by side, by kind of statement, held back by caps."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consilium.consensus.agreement import Cap, Counts, Group, Label, Verdict
from consilium.web.stands import words

Sided = tuple[Promise, Promise]  # of advice, of a fact

_WITHOUT_SIDE: Final[Mapping[Label, Promise]] = {
    Label.NONE: gettext_lazy("No verified doctor has taken a stance yet"),
    Label.FEW: gettext_lazy("Too few answers to compare"),
    Label.MIXED: gettext_lazy("No clear agreement"),
    Label.SPLIT: gettext_lazy("Doctors disagree"),
}
_WITH_SIDE: Final[Mapping[tuple[Label, Group], Sided]] = {
    (Label.LEANING, Group.YES): (
        gettext_lazy("So far more say it is reasonable, too few to be sure"),
        gettext_lazy("So far more say yes, too few to be sure"),
    ),
    (Label.LEANING, Group.CONDITIONAL): (
        gettext_lazy("So far more say only with conditions, too few to be sure"),
        gettext_lazy("So far more say only under conditions, too few to be sure"),
    ),
    (Label.LEANING, Group.NO): (
        gettext_lazy("So far more advise against it, too few to be sure"),
        gettext_lazy("So far more say no, too few to be sure"),
    ),
    (Label.AGREE, Group.YES): (
        gettext_lazy("Most answering doctors say it is reasonable"),
        gettext_lazy("Most answering doctors say yes"),
    ),
    (Label.AGREE, Group.CONDITIONAL): (
        gettext_lazy("Most answering doctors say only with conditions"),
        gettext_lazy("Most answering doctors say only under conditions"),
    ),
    (Label.AGREE, Group.NO): (
        gettext_lazy("Most answering doctors advise against it"),
        gettext_lazy("Most answering doctors say no"),
    ),
    (Label.STRONG, Group.YES): (
        gettext_lazy("Nearly all answering doctors say it is reasonable"),
        gettext_lazy("Nearly all answering doctors say yes"),
    ),
    (Label.STRONG, Group.CONDITIONAL): (
        gettext_lazy("Nearly all answering doctors say only with conditions"),
        gettext_lazy("Nearly all answering doctors say only under conditions"),
    ),
    (Label.STRONG, Group.NO): (
        gettext_lazy("Nearly all answering doctors advise against it"),
        gettext_lazy("Nearly all answering doctors say no"),
    ),
}
# For lists to choose from, where no side is meant.
_WHICHEVER_SIDE: Final[Mapping[Label, Promise]] = {
    Label.STRONG: gettext_lazy("Nearly all doctors agree"),
    Label.AGREE: gettext_lazy("Most doctors agree"),
    Label.LEANING: gettext_lazy("More on one side, too few to be sure"),
}
_UNANSWERABLE: Final[Mapping[Label, Promise]] = {
    Label.LEANING: gettext_lazy("So far more say it cannot be answered without an examination, too few to be sure"),
    Label.AGREE: gettext_lazy("Most say it cannot be answered without an examination"),
    Label.STRONG: gettext_lazy("Nearly all say it cannot be answered without an examination"),
}
_PEEKED_UNANSWERABLE: Final = gettext_lazy(
    "So far more say it cannot be answered without an examination, but too few of them before reading each other"
)
# Many who agree, but too few of them before they had read each other: what keeps the label down is said instead.
_PEEKED: Final[Mapping[Group, Sided]] = {
    Group.YES: (
        gettext_lazy("So far more say it is reasonable, but too few of them before reading each other"),
        gettext_lazy("So far more say yes, but too few of them before reading each other"),
    ),
    Group.CONDITIONAL: (
        gettext_lazy("So far more say only with conditions, but too few of them before reading each other"),
        gettext_lazy("So far more say only under conditions, but too few of them before reading each other"),
    ),
    Group.NO: (
        gettext_lazy("So far more advise against it, but too few of them before reading each other"),
        gettext_lazy("So far more say no, but too few of them before reading each other"),
    ),
    Group.CANNOT_SAY: (_PEEKED_UNANSWERABLE, _PEEKED_UNANSWERABLE),
}

# By side, of advice or not; for one, two, and three or four doctors.
_UNANIMOUS: Final[Mapping[tuple[Group, bool], tuple[Promise, Promise, Promise]]] = {
    (Group.YES, True): (
        gettext_lazy("The only doctor so far considers it reasonable. Too few to call."),
        gettext_lazy("Both doctors so far consider it reasonable. Too few to call."),
        gettext_lazy("All %(n)d so far consider it reasonable. Too few to call."),
    ),
    (Group.CONDITIONAL, True): (
        gettext_lazy("The only doctor so far says only with conditions. Too few to call."),
        gettext_lazy("Both doctors so far say only with conditions. Too few to call."),
        gettext_lazy("All %(n)d so far say only with conditions. Too few to call."),
    ),
    (Group.NO, True): (
        gettext_lazy("The only doctor so far advises against. Too few to call."),
        gettext_lazy("Both doctors so far advise against. Too few to call."),
        gettext_lazy("All %(n)d so far advise against. Too few to call."),
    ),
    (Group.CANNOT_SAY, True): (
        gettext_lazy("The only doctor so far says it cannot be answered without an examination. Too few to call."),
        gettext_lazy("Both doctors so far say it cannot be answered without an examination. Too few to call."),
        gettext_lazy("All %(n)d so far say it cannot be answered without an examination. Too few to call."),
    ),
    (Group.YES, False): (
        gettext_lazy("The only doctor so far says yes. Too few to call."),
        gettext_lazy("Both doctors so far say yes. Too few to call."),
        gettext_lazy("All %(n)d so far say yes. Too few to call."),
    ),
    (Group.CONDITIONAL, False): (
        gettext_lazy("The only doctor so far says only under conditions. Too few to call."),
        gettext_lazy("Both doctors so far say only under conditions. Too few to call."),
        gettext_lazy("All %(n)d so far say only under conditions. Too few to call."),
    ),
    (Group.NO, False): (
        gettext_lazy("The only doctor so far says no. Too few to call."),
        gettext_lazy("Both doctors so far say no. Too few to call."),
        gettext_lazy("All %(n)d so far say no. Too few to call."),
    ),
}


def whichever_side(label: Label) -> str:
    """A label by itself, as something to choose questions by."""
    return str(_WHICHEVER_SIDE.get(label) or _WITHOUT_SIDE[label])


def sentence(counts: Counts, verdict: Verdict, *, advises: bool, missing: list[str] | None = None, only: str = "") -> str:
    """The verdict with what limits it.

    `missing` are titles of primary specialties that have not answered, `only` the title of the one that all come from.
    """
    if verdict.label is Label.FEW:
        return _few(counts, advises=advises)
    said = plain(verdict, advises=advises)
    limits = [one for cap in verdict.capped_by if (one := _limit(cap, verdict.label, missing or [], only))]
    return ", ".join([said, *limits])


def plain(verdict: Verdict, *, advises: bool) -> str:
    """The verdict by itself."""
    if verdict.side is None:
        return str(_WITHOUT_SIDE[verdict.label])
    if verdict.label is Label.LEANING and Cap.BLIND in verdict.capped_by:
        return str(_PEEKED[verdict.side][0 if advises else 1])
    if verdict.side is Group.CANNOT_SAY:
        return str(_UNANSWERABLE[verdict.label])
    return str(_WITH_SIDE[verdict.label, verdict.side][0 if advises else 1])


def _limit(cap: Cap, label: Label, missing: list[str], only: str) -> str:
    if cap is Cap.BLIND:
        return _("fewer before reading each other") if label is not Label.LEANING else ""
    if cap is Cap.ONE_SPECIALTY:
        return _("among %(doctors)s only") % {"doctors": words.all_of(only)} if only else _("among doctors of one specialty only")
    names = [words.a_doctor(title) for title in missing]
    said = ngettext("%(doctor)s is missing", "%(doctor)s are missing", len(names))
    return said % {"doctor": words.listed(names)} if names else _("a needed specialty is missing")


def _few(counts: Counts, *, advises: bool) -> str:
    """One to four answers: what they say if they all say the same, and never more than that."""
    side = next((group for group in Group if counts.of(group) == counts.n), None)
    if side is None:
        return str(_WITHOUT_SIDE[Label.FEW])
    return str(_UNANIMOUS[side, advises or side is Group.CANNOT_SAY][min(counts.n, 3) - 1]) % {"n": counts.n}
