"""One page of what a search has found: titles, where the doctors stand, and the piece of text where the words are."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db.models.functions import Left

from consilium.consensus import lines
from consilium.consensus.reading import panels
from consilium.lib.markdown import plain
from consilium.lib.text import direction
from consilium.questions.models import Answer, Question, Viewer
from consilium.search.facets import Found, Named, Row
from consilium.search.snippets import Marker, Part
from consilium.web.finding.asked import Asked
from consilium.web.stands import bar

READ: Final = 6_000
"""Characters of a text in which the words are looked for."""
ANSWERS_READ: Final = 12
"""Answers of one question in which they are looked for, the first."""


@dataclass(frozen=True)
class Text:
    """A plain text that may be quoted; `answer`: it is a doctor's."""

    text: str
    language: str
    answer: bool = False


@dataclass(frozen=True)
class Quote:
    """The piece of a text where the words stand."""

    parts: Sequence[Part]
    language: str
    answer: bool

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def words(self) -> int:
        """How many of the words stand in it."""
        return len({part.text.casefold() for part in self.parts if part.found})


@dataclass(frozen=True)
class Result:
    """A question of the list; its `bar` is set (see lists.with_bars)."""

    question: Any
    title: Sequence[Part]
    topics: Sequence[Named]
    quote: Quote | None


@dataclass(frozen=True)
class Page:
    """`after` names the place behind it in the address, empty at the end; `first`: it is page one."""

    rows: Sequence[Row]
    after: str
    first: bool


def page_of(rows: Sequence[Row], asked: Asked) -> Page:
    """The page behind the place that the address names: behind the question that was last shown, wherever it stands now; if it
    has gone, behind as many questions as were shown before it. What appears or vanishes elsewhere moves nothing.
    """
    start, size = _start(rows, asked.after), settings.CONFIG.page_size
    shown = rows[start : start + size]
    more = start + size < len(rows) and bool(shown)
    return Page(shown, f"{start + len(shown)}-{shown[-1].question.pk}" if more else "", start == 0)


def _start(rows: Sequence[Row], after: tuple[int, int] | None) -> int:
    if after is None:
        return 0
    count, last = after
    place = next((place for place, row in enumerate(rows, 1) if row.question.pk == last), None)
    return place if place is not None else max(0, count - 1)


def results(page: Page, found: Found, marker: Marker, *, viewer: Viewer, closed: Collection[int]) -> list[Result]:
    """The lines of a page in three queries while kept states hold; of the `closed` ones no answer is quoted and no bar shown."""
    numbers = [row.question.pk for row in page.rows]
    questions: Mapping[int, Any] = Question.objects.visible_to(viewer).select_related("source").in_bulk(numbers)
    rows = [(questions[row.question.pk], row) for row in page.rows if row.question.pk in questions]
    open_ones = [question for question, _row in rows if question.pk not in closed]
    bar.put(_lines(open_ones, found.lines), questions.values())
    answers = _answers([question.pk for question in open_ones], viewer)
    return [
        Result(
            question, marker.whole(question.title, question.language, title=True), row.topics,
            _best(marker, [Text(_plain(question.body_html[:READ]), question.language), *answers.get(question.pk, ())]),
        )
        for question, row in rows
    ]  # fmt: skip


def _lines(questions: Sequence[Question], worked_out: Mapping[int, lines.Line]) -> dict[int, lines.Line]:
    known, unknown = lines.kept(questions)
    rest = [question for question in unknown if question.pk not in worked_out]
    return {**worked_out, **known, **(lines.of(panels(rest)) if rest else {})}


def _answers(questions: Sequence[int], viewer: Viewer) -> dict[int, list[Text]]:
    found: dict[int, list[Text]] = defaultdict(list)
    rows = Answer.objects.visible_to(viewer).filter(question__in=questions, place__lte=ANSWERS_READ).order_by("place", "pk")
    for number, headline, html, language in rows.values_list("question", "headline", Left("body_html", READ), "language"):
        said = _plain(html)
        found[number].append(Text(f"{headline} – {said}" if headline else said, language, answer=True))
    return found


def _best(marker: Marker, texts: Sequence[Text]) -> Quote | None:
    """The first of those with most of the words; without any, the question itself, else its first answer."""
    quotes = list(_quotes(marker, texts))
    return max(quotes, key=lambda quote: quote.words, default=None)  # the first of equal ones


def _quotes(marker: Marker, texts: Sequence[Text]) -> Iterator[Quote]:
    for one in texts:
        if one.text:
            yield Quote(marker.piece(one.text, one.language), one.language, one.answer)


def _plain(html: str) -> str:
    """The words of a text that was rendered here and may have been cut."""
    return " ".join(plain(html).split())
