"""How firm the verdict is: how many further answers would change it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consilium.consensus.agreement import FEWEST, Counts, Label, Levels, Verdict, judge
from consilium.web.stands import verdict, words


def sentence(counts: Counts, k: int | None, levels: Levels, *, advises: bool) -> str:
    """How many further answers would change what is said; which one, when one is enough and it can be named."""
    now = judge(counts, levels=levels)
    if now.label is Label.NONE:
        return ""
    if now.label is Label.FEW:
        more = FEWEST - counts.n
        return ngettext(
            "We describe agreement from five answers on: %(k)d more is needed.",
            "We describe agreement from five answers on: %(k)d more are needed.",
            more,
        ) % {"k": more}
    if k is None:
        return _("More than ten further answers would be needed to change this.")
    if k == 1:
        return _one_more(counts, now, levels, advises=advises)
    if now.side is None:
        return _("It would take at least %(k)d more answers to change this.") % {"k": k}
    return _("It would take %(k)d more differing answers to change this.") % {"k": k}


def _one_more(counts: Counts, now: Verdict, levels: Levels, *, advises: bool) -> str:
    after = {group: judge(counts.plus(group), levels=levels) for group in words.CODES}
    turning = {group: one for group, one in after.items() if (one.side, _kind(one)) != (now.side, _kind(now))}
    outcomes = {verdict.plain(outcome, advises=advises) for outcome in turning.values()}
    if len(outcomes) != 1:
        return _("One more answer could change this.")
    names = [_("“%(stance)s”") % {"stance": words.stance(group.value, advises=advises)} for group in turning]
    return _("One more %(stance)s makes this “%(verdict)s”.") % {"stance": _either(names), "verdict": outcomes.pop()}


def _kind(one: Verdict) -> Label:
    """The label without its strength, which one more answer may change without turning anything."""
    return Label.LEANING if one.side else one.label


def _either(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return _("%(some)s or %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}
