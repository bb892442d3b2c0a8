"""What a panel says below its verdict: who says what, on what it rests, what speaks for and against relying on it."""

from collections.abc import Iterator
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consilium.consensus.agreement import Counts, Group, jeffreys
from consilium.consensus.panel import Cited, Offer, StatementPanel
from consilium.web.stands import words

SMALL: Final = 20  # below this many answers a share says nothing about anybody's odds
_HUNDRED: Final = 100


def shares(counts: Counts, *, advises: bool) -> list[SafeString]:
    """ "4 of 9 say only with conditions" for each group that somebody is in, the largest first."""
    present = sorted((group for group in words.CODES if counts.of(group)), key=lambda group: -counts.of(group))
    return [_share(group, counts.of(group), counts.n, advises=advises) for group in present]


def _share(group: Group, k: int, n: int, *, advises: bool) -> SafeString:
    if group is Group.CANNOT_SAY:
        said = ngettext(
            "<b>{k} of {n}</b> says it cannot be answered without an examination",
            "<b>{k} of {n}</b> say it cannot be answered without an examination",
            k,
        )
    else:
        said = (_advised if advises else _held)(group, k)
    return format_html(said, k=k, n=n)


def _advised(group: Group, k: int) -> str:
    if group is Group.YES:
        return ngettext("<b>{k} of {n}</b> considers it reasonable", "<b>{k} of {n}</b> consider it reasonable", k)
    if group is Group.NO:
        return ngettext("<b>{k} of {n}</b> advises against it", "<b>{k} of {n}</b> advise against it", k)
    return ngettext("<b>{k} of {n}</b> says only with conditions", "<b>{k} of {n}</b> say only with conditions", k)


def _held(group: Group, k: int) -> str:
    if group is Group.YES:
        return ngettext("<b>{k} of {n}</b> says yes", "<b>{k} of {n}</b> say yes", k)
    if group is Group.NO:
        return ngettext("<b>{k} of {n}</b> says no", "<b>{k} of {n}</b> say no", k)
    return ngettext("<b>{k} of {n}</b> says only under conditions", "<b>{k} of {n}</b> say only under conditions", k)


def caveat(n: int) -> str:
    """That a few opinions are not odds; nothing from twenty answers on."""
    if not 0 < n < SMALL:
        return ""
    return ngettext(
        "One answer is one opinion: read it as such, not as your odds.",
        "This is a small group: read them as %(number)s opinions, not as your odds.",
        n,
    ) % {"number": words.number(n)}


def in_short(counts: Counts, *, advises: bool) -> str:
    """ "4 only with conditions, 3 reasonable", the largest first; for lists and tables."""
    present = sorted((group for group in words.CODES if counts.of(group)), key=lambda group: -counts.of(group))
    return ", ".join(_short(group, counts.of(group), advises=advises) for group in present)


def _short(group: Group, k: int, *, advises: bool) -> str:
    if group is Group.CANNOT_SAY:
        return ngettext("%(k)d cannot say", "%(k)d cannot say", k) % {"k": k}
    if advises:
        said = {
            Group.YES: ngettext("%(k)d reasonable", "%(k)d reasonable", k),
            Group.CONDITIONAL: ngettext("%(k)d only with conditions", "%(k)d only with conditions", k),
            Group.NO: ngettext("%(k)d advises against", "%(k)d advise against", k),
        }
    else:
        said = {
            Group.YES: ngettext("%(k)d yes", "%(k)d yes", k),
            Group.CONDITIONAL: ngettext("%(k)d only under conditions", "%(k)d only under conditions", k),
            Group.NO: ngettext("%(k)d no", "%(k)d no", k),
        }
    return said[group] % {"k": k}


def of(k: int, n: int) -> str:
    return _("%(k)d of %(n)d") % {"k": k, "n": n}


def notes(one: StatementPanel, *, treatment: bool, answered: int) -> Iterator[str]:
    """On what the counted stances rest. `treatment`: the question is about one; `answered` counts who answered at all."""
    if answered:
        yield evidence(one.cited, answered)
    if not one.n:
        return
    if treatment:
        yield interests(one.offer, one.n)
    if one.offer.paid:
        yield ngettext(
            "%(k)d of %(n)d has been paid by a maker; the answer says by whom.",
            "%(k)d of %(n)d have been paid by a maker; the answers say by whom.",
            one.offer.paid,
        ) % {"k": one.offer.paid, "n": one.n}
    yield _("Recorded before opening the other answers here: %(k)d of %(n)d.") % {"k": one.blind.n, "n": one.n}
    changed = sum(seat.changed for seat in one.seats)
    if changed:
        yield ngettext(
            "%(k)d changed stance after discussion.", "%(k)d changed stance after discussion.", changed
        ) % {"k": changed}  # fmt: skip


def evidence(cited: Cited, answered: int) -> str:
    """How many sources are cited by how many of those who answered; what is retracted is said and not counted."""
    if not cited.works:
        if not cited.retracted:
            return _("No answer cites a source.")
        return ngettext(
            "The only source cited is retracted and does not count.",
            "All %(n)d sources cited are retracted and do not count.",
            cited.retracted,
        ) % {"n": cited.retracted}
    said = ngettext(
        "%(works)d source, cited by %(k)d of the %(n)d doctors.",
        "%(works)d sources, cited by %(k)d of the %(n)d doctors.",
        cited.works,
    ) % {"works": cited.works, "k": cited.doctors, "n": answered}
    if not cited.retracted:
        return said
    more = ngettext(
        "%(n)d more is retracted and does not count.", "%(n)d more are retracted and do not count.", cited.retracted
    )  # fmt: skip
    return f"{said} {more % {'n': cited.retracted}}"


def interests(offer: Offer, n: int) -> str:
    """Who offers the treatment; who has not said so is said as such, never as a "no"."""
    said = ngettext("%(k)d of %(n)d offers this treatment", "%(k)d of %(n)d offer this treatment", offer.yes)
    parts = [said % {"k": offer.yes, "n": n}]
    if offer.no:
        parts.append(ngettext("%(k)d does not", "%(k)d do not", offer.no) % {"k": offer.no})
    if offer.unknown:
        parts.append(ngettext("%(k)d has not said", "%(k)d have not said", offer.unknown) % {"k": offer.unknown})
    return _("%(parts)s.") % {"parts": ", ".join(parts)}


def by_specialty(one: StatementPanel, noun: dict[str, str]) -> list[str]:
    """What each specialty says by itself."""
    return [
        _("%(specialty)s: %(counts)s.")
        % {"specialty": noun.get(slug) or _("Specialty not known"), "counts": in_short(own, advises=one.statement.advises)}
        for slug, own in one.by_specialty
    ]


def interval(one: StatementPanel) -> str:
    """How far off the largest share could be, said of what the answering doctors are not."""
    most = max(one.counts.of(group) for group in Group)
    low, high = jeffreys(most, one.n)
    return _(
        "If the answering doctors were a random sample – they are not – then between %(low)d and %(high)d of %(hundred)d such "
        "doctors would stand where the largest group stands (Jeffreys interval, level 0.95)."
    ) % {"low": round(low * _HUNDRED), "high": round(high * _HUNDRED), "hundred": _HUNDRED}


def chance(p: float) -> str:
    """What p means."""
    return _(
        "p = %(share)s: at most so likely is a group as large as the largest one by chance alone, if no stance is held by more "
        "than half of such doctors."
    ) % {"share": f"{p:.2g}"}  # fmt: skip
