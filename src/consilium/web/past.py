"""How the doctors stood: kept states in words, and what changed from one to the next."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consilium.consensus.agreement import Cap, Counts, Group, Label, Verdict
from consilium.consensus.counting import Reason
from consilium.consensus.panel import Offer
from consilium.lib.text import direction
from consilium.questions.models import Statement
from consilium.web.stands import sentences, verdict, words
from consilium.web.stands.seats import Condition

Data = Mapping[str, Any]
_CAPS: Final[Mapping[Cap, Promise]] = {
    Cap.BLIND: gettext_lazy("fewer agreed among those who answered before they opened the other answers here"),
    Cap.COVERAGE: gettext_lazy("a needed specialty was missing"),
    Cap.ONE_SPECIALTY: gettext_lazy("all who were counted shared one specialty"),
}


def advises(data: Data) -> bool:
    """Whether the words of advice apply, as Statement.advises says."""
    return data["kind"] in {Statement.Kind.SAFE, Statement.Kind.RECOMMENDED}


def judged(data: Data) -> str:
    """The verdict by itself, in words."""
    counts, label = Counts(**data["counts"]), Label(data["label"])
    side = Group(data["side"]) if data["side"] else None
    held = Verdict(label, side, data["p"], tuple(Cap(cap) for cap in data["capped_by"]), label)
    return (
        verdict.sentence(counts, held, advises=advises(data))
        if label is Label.FEW
        else verdict.plain(held, advises=advises(data))
    )


@dataclass(frozen=True)
class Kept:
    """A kept state as its page prints it."""

    text: str
    language: str
    verdict: str
    n: int
    shares: list[SafeString]
    caveat: str
    held_back: list[str]
    overturn: str
    conditions: list[Condition]
    answered: list[tuple[str, int]]
    missing: list[str]
    others: list[str]
    notes: list[str]
    copied: str
    chance: str
    algorithm: str

    @property
    def direction(self) -> str:
        return direction(self.language)


def kept(data: Data) -> Kept:
    """All that a kept state says (consensus.panel.data), without the doctors' names, which are not kept with it."""
    counts = Counts(**data["counts"])
    return Kept(
        text=data["statement"], language=data["language"], verdict=judged(data), n=counts.n,
        shares=sentences.shares(counts, advises=advises(data)), caveat=sentences.caveat(counts.n),
        held_back=[str(_CAPS[Cap(cap)]) for cap in data["capped_by"]], overturn=_overturn(data),
        conditions=[Condition(sentences.of(one["n"], counts.n), one["text"]) for one in data["conditions"]],
        answered=[(noun or _("Specialty not known"), n) for noun, n in data["coverage"]["answered"].items()],
        missing=data["coverage"]["missing"], others=list(_others(data)), notes=list(_notes(data, counts.n)),
        copied=_copied(data), chance=sentences.chance(data["p"]) if data["p"] is not None else "", algorithm=data["algorithm"],
    )  # fmt: skip


def _overturn(data: Data) -> str:
    k = data["answers_to_overturn"]
    if not k:
        return ""
    return ngettext(
        "%(k)d more answer could have changed this.", "At least %(k)d more answers would have been needed to change this.", k
    ) % {"k": k}  # fmt: skip


def _others(data: Data) -> Iterator[str]:
    if n := data["not_addressed"]:
        yield ngettext("%(n)d did not address this.", "%(n)d did not address this.", n) % {"n": n}
    for one in data["not_counted"]:
        yield _("%(n)d not counted: %(reason)s.") % {"n": one["n"], "reason": words.reason(Reason(one["reason"]))}


def _notes(data: Data, n: int) -> Iterator[str]:
    cited, offers = data["evidence"], data["interest"]
    said = ngettext("%(n)d source cited.", "%(n)d sources cited.", cited["cited"]) % {"n": cited["cited"]}
    yield said if cited["cited"] else _("No answer cited a source.")
    if cited["retracted"]:
        yield ngettext("%(n)d retracted source not counted.", "%(n)d retracted sources not counted.", cited["retracted"]) % {
            "n": cited["retracted"]
        }
    if offers["offers_treatment"] or offers["no"]:
        yield sentences.interests(Offer(offers["offers_treatment"], offers["no"], offers["unknown"], offers["paid"]), n)
    if n:
        yield _("Recorded before opening the other answers here: %(k)d of %(n)d.") % {"k": data["blind"], "n": n}
    if k := data["changed"]:
        yield ngettext("%(k)d changed stance after discussion.", "%(k)d changed stance after discussion.", k) % {"k": k}


def _copied(data: Data) -> str:
    row = data["imported"]
    if row is None:
        return ""
    counts = Counts(**row["counts"])
    if not counts.n:
        return ngettext("%(n)d imported answer, without a stance.", "%(n)d imported answers, without a stance.", row["of"]) % {
            "n": row["of"]
        }
    said = ngettext("%(n)d imported answer: %(counts)s.", "%(n)d imported answers: %(counts)s.", row["of"])
    return said % {"n": row["of"], "counts": sentences.in_short(counts, advises=advises(data))}


# ---- from one state to the next --------------------------------------------------------------------------------------


def changes(old: Data, new: Data) -> list[str]:
    """What is different in the newer of two states, most important first; never empty for two that differ."""
    found = [*_said(old, new), *_figures(old, new), *_names(old, new)]
    return found or ([] if old == new else [_("Something else changed.")])


def _said(old: Data, new: Data) -> Iterator[str]:
    if (old["statement"], old["kind"]) != (new["statement"], new["kind"]):
        yield _("The statement was reworded.")
    before, after = judged(old), judged(new)
    if before != after:
        yield _("From “%(before)s” to “%(after)s”.") % {"before": before.rstrip("."), "after": after.rstrip(".")}
    if old["algorithm"] != new["algorithm"]:
        yield _("The rule changed: %(name)s.") % {"name": new["algorithm"]}


def _figures(old: Data, new: Data) -> Iterator[str]:
    """Every number that moved, with its name."""
    before, after = _numbers(old), _numbers(new)
    for name in dict.fromkeys([*after, *before]):
        if before[name] != after[name]:
            yield _("%(name)s: %(before)d → %(after)d") % {"name": name, "before": before[name], "after": after[name]}


def _numbers(data: Data) -> Counter[str]:
    found: Counter[str] = Counter()
    for name, n in chain(_stances(data), _conditions(data), _rest(data), _copied_numbers(data)):
        found[name] += n
    return found


def _stances(data: Data) -> Iterator[tuple[str, int]]:
    for group in words.CODES:
        yield words.stance(group.value, advises=advises(data)), data["counts"][group.value]
    yield words.stance("not_addressed", advises=advises(data)), data["not_addressed"]
    for one in data["not_counted"]:
        yield _("Not counted (%(reason)s)") % {"reason": words.reason(Reason(one["reason"]))}, one["n"]
    for noun, n in data["coverage"]["answered"].items():
        yield noun or _("Specialty not known"), n


def _conditions(data: Data) -> Iterator[tuple[str, int]]:
    for one in data["conditions"]:
        yield _("Condition “%(text)s”") % {"text": one["text"]}, one["n"]


def _rest(data: Data) -> Iterator[tuple[str, int]]:
    yield _("Sources cited"), data["evidence"]["cited"]
    yield _("Doctors who cite a source"), data["evidence"]["doctors"]
    yield _("Retracted sources"), data["evidence"]["retracted"]
    yield _("Offer this treatment"), data["interest"]["offers_treatment"]
    yield _("Do not offer this treatment"), data["interest"]["no"]
    yield _("Have not said whether they offer it"), data["interest"]["unknown"]
    yield _("Paid by a maker"), data["interest"]["paid"]
    yield _("Recorded before opening the other answers here"), data["blind"]
    yield _("Changed after discussion"), data["changed"]
    yield _("Took a stance without writing an answer"), data["provenance"]["cosigned"]


def _copied_numbers(data: Data) -> Iterator[tuple[str, int]]:
    row = data["imported"]
    if row is None:
        return
    yield _("Copied answers"), row["of"]
    for group in words.CODES:
        stance = words.stance(group.value, advises=advises(data))
        yield _("Copied answers: “%(stance)s”") % {"stance": stance}, row["counts"][group.value]
    yield _("Copied answers that do not address this"), row["not_addressed"]
    yield _("Copied answers that our editors read differently"), row["unclear"]
    yield _("Copied answers that wait for a second editor"), row["waiting"]
    yield _("Copied answers not classified yet"), row["uncoded"]


def _names(old: Data, new: Data) -> Iterator[str]:
    before, after = old["coverage"], new["coverage"]
    yield from _came(_("Needed now: %s."), before["required"], after["required"])
    yield from _came(_("Not needed any more: %s."), after["required"], before["required"])
    yield from _came(_("Missing now: %s."), before["missing"], after["missing"])
    yield from _came(_("Not missing any more: %s."), after["missing"], before["missing"])
    caps = [[str(_CAPS[Cap(cap)]) for cap in data["capped_by"]] for data in (old, new)]
    yield from _came(_("What held the verdict back: %s."), *caps)


def _came(said: str, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    yield from (said % name for name in new if name not in old)
