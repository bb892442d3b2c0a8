"""The filters of a search in words, each choice with the number of questions that it would leave."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from consilium.consensus.agreement import Label
from consilium.search.facets import Found, Named, Row
from consilium.topics.models import Specialty, Topic
from consilium.web.finding.asked import ANSWERS, PERIODS, Asked, since
from consilium.web.stands.verdict import whichever_side

MOST: Final = 30
"""Topics and specialties to choose from, those with most questions."""
_LABELS: Final = (Label.STRONG, Label.AGREE, Label.LEANING, Label.SPLIT, Label.MIXED, Label.FEW, Label.NONE)
_ANSWERS: Final[Mapping[str, Promise]] = {
    "0": gettext_lazy("No answer yet"),
    "1": gettext_lazy("1 or more"),
    "3": gettext_lazy("3 or more"),
    "10": gettext_lazy("10 or more"),
}
_PERIODS: Final[Mapping[str, Promise]] = {
    "month": gettext_lazy("In the last month"),
    "year": gettext_lazy("In the last year"),
    "five": gettext_lazy("In the last five years"),
}


@dataclass(frozen=True)
class Choice:
    """`language` is that of the label, empty for one of ours."""

    value: str
    label: str
    count: int
    chosen: bool = False
    language: str = ""


@dataclass(frozen=True)
class Facet:
    """One filter; `name` as in the address."""

    name: str
    legend: str
    choices: Sequence[Choice]

    @property
    def chosen(self) -> Choice | None:
        return next((one for one in self.choices if one.chosen), None)


@dataclass(frozen=True)
class Chip:
    """A filter that holds, with the address without it."""

    legend: str
    label: str
    href: str
    language: str = ""


def facets(asked: Asked, found: Found) -> list[Facet]:
    """The filters that hold, and those that would leave out some of the questions but not all."""
    legends = {
        "label": _("Where doctors stand"), "specialty": _("Answered by"), "cites": _("Sources"),
        "answers": _("Number of answers"), "topic": _("Topic"), "language": _("Language"), "since": _("Asked"),
    }  # fmt: skip
    made = [Facet(name, legend, list(_choices(asked, found, name))) for name, legend in legends.items()]
    return [one for one in made if one.chosen or any(choice.count < len(found.beside[one.name]) for choice in one.choices)]


def chips(asked: Asked, shown: Iterable[Facet]) -> list[Chip]:
    """What is chosen, each with a way to take it back."""
    held = [(facet, facet.chosen) for facet in shown]
    return [Chip(facet.legend, on.label, asked.address(**{facet.name: ""}), on.language) for facet, on in held if on]


def _choices(asked: Asked, found: Found, name: str) -> Iterator[Choice]:
    """Those that lead to a question, and the one that is chosen."""
    for value, label, count, language in _OFFERED[name](asked, found.beside.get(name, ())):
        on = bool(value) and asked.kept.get(name, "") == value
        if count or on:
            yield Choice(value, label, count, on, language)


Offered = Iterator[tuple[str, str, int, str]]


def _labels(asked: Asked, rows: Sequence[Row]) -> Offered:
    counts = Counter(row.label for row in rows)
    return ((label.value, whichever_side(label), counts[label], "") for label in _LABELS)


def _specialties(asked: Asked, rows: Sequence[Row]) -> Offered:
    return _named(Counter(one for row in rows for one in row.specialties), asked.specialty)


def _topics(asked: Asked, rows: Sequence[Row]) -> Offered:
    return _named(Counter(one for row in rows for one in row.topics), asked.topic)


def _named(counts: Counter[Named], chosen: Topic | Specialty | None) -> Offered:
    best = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].name))[:MOST]
    if chosen and chosen.pk not in {one.number for one, _count in best}:
        rest = next((pair for pair in counts.items() if pair[0].number == chosen.pk), None)
        best.append(rest or (Named(chosen.pk, chosen.slug, str(chosen), getattr(chosen, "language", "")), 0))
    return ((one.slug, one.name, count, one.language) for one, count in best)


def _cites(asked: Asked, rows: Sequence[Row]) -> Offered:
    return iter([("1", _("An answer cites a source"), sum(row.cites for row in rows), "")])


def _answers(asked: Asked, rows: Sequence[Row]) -> Offered:
    numbers = [row.question.answer_count for row in rows]
    for value, (low, high) in ANSWERS.items():
        yield value, str(_ANSWERS[value]), sum(low <= n <= (n if high is None else high) for n in numbers), ""


def _languages(asked: Asked, rows: Sequence[Row]) -> Offered:
    counts = Counter(code for row in rows for code in row.languages)
    counts.setdefault(asked.filters.language, 0)
    return ((code, language_name(code), count, code) for code, count in sorted(counts.items()))


def _periods(asked: Asked, rows: Sequence[Row]) -> Offered:
    return ((value, str(_PERIODS[value]), sum(row.asked >= since(value) for row in rows), "") for value in PERIODS)


def language_name(code: str) -> str:
    """A language as its speakers call it; the code of one that nobody here has named."""
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code


_OFFERED: Final = {
    "label": _labels, "specialty": _specialties, "cites": _cites, "answers": _answers, "topic": _topics,
    "language": _languages, "since": _periods,
}  # fmt: skip
