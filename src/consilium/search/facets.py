"""What found questions are filtered by, from the tables as they are now: which pass, and how many there are of each kind.

A figure beside a choice counts the questions that pass all other filters: what the reader would get by choosing it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from consilium.consensus import lines
from consilium.consensus.models import Snapshot
from consilium.consensus.reading import panels
from consilium.evidence.models import Citation, Work
from consilium.questions.models import Answer, Question, QuestionTopic, Statement, Viewer
from consilium.search.text_index import Filters

WORKED_OUT: Final = 60
"""Questions of one search, the first, whose label is worked out from the stances where no kept state holds. The others have
no label until the worker has been there: one request does a bounded amount of work."""


FIELDS: Final = ("language", "answer_count", "asked_at", "listed_at", "state", "asked_by")
"""Of a question, what is needed here, to order the found ones and to know whether they are closed to somebody."""


@dataclass(frozen=True, slots=True)
class Named:
    """A topic or a specialty."""

    number: int
    slug: str
    name: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One question. `languages`: its own and those of its answers, in small letters; `label`: where the doctors stand on its
    first statement, "" where that is not to be told.
    """

    question: Any
    languages: frozenset[str]
    topics: Sequence[Named]
    specialties: Sequence[Named]
    cites: bool
    label: str

    @property
    def asked(self) -> float:
        """When it was asked, in seconds since 1970; long ago when that is unknown."""
        at: datetime | None = self.question.asked_at
        return at.timestamp() if at else float("-inf")


@dataclass(frozen=True, slots=True)
class Found:
    """Questions that pass all filters, in the order in which they were given; `beside`: by filter, those that pass all
    others. `lines`: by question, what had to be worked out on the way (see consensus.lines).
    """

    rows: Sequence[Row] = ()
    beside: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    lines: Mapping[int, lines.Line] = field(default_factory=dict)


Passing = Callable[[Any, Sequence[Named]], bool]
"""Says of a question and its topics whether it may be there."""
_TOPIC: Final = ("topic", "topic__slug", "topic__name", "topic__language")
_SPECIALTY: Final = ("doctor__specialty", "doctor__specialty__slug", "doctor__specialty__noun")
_TESTS: Final[Mapping[str, Callable[[Row, Any], bool]]] = {
    "label": lambda row, label: not label or row.label == label,
    "specialty": lambda row, number: number is None or any(one.number == number for one in row.specialties),
    "topic": lambda row, number: number is None or any(one.number == number for one in row.topics),
    "cites": lambda row, cites: cites is None or row.cites == cites,
    "answers": lambda row, wanted: wanted is None or _between(row.question.answer_count, *wanted),
    "language": lambda row, language: not language or language.lower() in row.languages,
    "since": lambda row, since: since is None or row.asked >= since,
}


def marked(rows: QuerySet[Question]) -> QuerySet[Question]:
    """Questions with what `read` wants to know of them."""
    cited = Citation.objects.filter(answer__question=OuterRef("pk"), answer__state=Answer.State.PUBLISHED)
    first = Statement.objects.active().filter(question=OuterRef("pk")).order_by("place").values("pk")[:1]
    kept = Snapshot.objects.holding().filter(statement=OuterRef("first")).values("label")[:1]
    cites = Exists(cited.exclude(work__retraction=Work.Retraction.RETRACTED))
    return rows.annotate(cites=cites, first=Subquery(first)).annotate(kept=Subquery(kept))


def read(
    questions: Sequence[Any], *, viewer: Viewer, closed: Collection[int], filters: Filters, passing: Passing | None = None
) -> Found:
    """These questions (from `marked`, in order) by facet: two queries more while kept states hold. Of the `closed` ones is
    not told where the doctors stand; those that are not `passing` are not there.
    """
    numbers = [one.pk for one in questions]
    topics, (specialties, languages) = _topics(numbers), _answers(numbers, viewer)
    questions = [one for one in questions if passing is None or passing(one, topics.get(one.pk, ()))]
    late = [one for one in questions if one.first and not one.kept and one.pk not in closed][:WORKED_OUT]
    found = lines.of(panels(late)) if late else {}
    rows = [
        Row(
            question=one, languages=frozenset({one.language.lower(), *languages.get(one.pk, ())}),
            topics=topics.get(one.pk, ()), specialties=specialties.get(one.pk, ()), cites=one.cites,
            label="" if one.pk in closed else one.kept or found.get(one.pk, {}).get("label", ""),
        )
        for one in questions
    ]  # fmt: skip
    return _narrowed(rows, filters, found)


def _narrowed(rows: Iterable[Row], filters: Filters, worked_out: Mapping[int, lines.Line]) -> Found:
    passing: list[Row] = []
    beside: dict[str, list[Row]] = {name: [] for name in _TESTS}
    for row in rows:
        failed = [name for name, test in _TESTS.items() if not test(row, getattr(filters, name))]
        if not failed:
            passing.append(row)
        for name in failed if len(failed) == 1 else () if failed else _TESTS:
            beside[name].append(row)
    return Found(passing, beside, worked_out)


def _topics(questions: Sequence[int]) -> dict[int, list[Named]]:
    found: dict[int, list[Named]] = defaultdict(list)
    rows = QuestionTopic.objects.filter(question__in=questions).order_by("topic__folded", "topic")
    for number, pk, slug, name, language in rows.values_list("question", *_TOPIC):
        found[number].append(Named(pk, slug, name, language))
    return found


def _answers(questions: Sequence[int], viewer: Viewer) -> tuple[dict[int, list[Named]], dict[int, set[str]]]:
    """By question, the specialties of those who answered it, and the languages of the answers."""
    specialties: dict[int, dict[int, Named]] = defaultdict(dict)
    languages: dict[int, set[str]] = defaultdict(set)
    rows = Answer.objects.visible_to(viewer).filter(question__in=questions).order_by().distinct()
    for number, language, pk, slug, noun in rows.values_list("question", "language", *_SPECIALTY):
        languages[number].add(language.lower())
        if pk is not None:
            specialties[number][pk] = Named(pk, slug, noun)
    return {number: list(found.values()) for number, found in specialties.items()}, languages


def _between(number: int, low: int, high: int | None) -> bool:
    return low <= number <= (number if high is None else high)
