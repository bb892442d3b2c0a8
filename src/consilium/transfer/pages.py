"""`consilium import pages`: plain-text pages of a question with doctors' answers.

The grammar, told in the order of the file (empty lines part paragraphs and are otherwise free):

    page      = title, [question body], "Doctor Answers N", answer*, [disclaimer]
    answer    = headline, [counter], paragraph*, [badge], [byline]
    byline    = [author], [place], [rating]          at least one of the three
    author    = "Ann Roe, MD" | "Ann Roe Jr., MD, PhD, FACS" | "Roe Surgery Group" | "Ann Roe, MD and Bea Poe, DO" …
    place     = "San Diego Dermatologist"            city and the title of a specialty, either may be missing
    rating    = "4.8 out of 5 stars 48 reviews"
    counter   = "{{ … }}" | "+3"                     the raw template tells nothing: votes unknown
    furniture = "You might also like..." and the like; left out wherever it stands

An answer starts with its headline: the first line after "Doctor Answers N", after a byline, or before a counter. It
ends where the next one starts. A byline is known by its rating; without one by an author with degrees; without both
by a city and a specialty that we know, alone in their paragraph. A name just above a byline is the doctor's
signature and stays in the text, and so does everything else that the doctor wrote, promotion included. An answer
without byline on a page without counters runs into the next one; if the number announced says so, the two are
parted at the only line that looks like a headline, and if there is no such single line, the report says that the
numbers differ. The other way round, if leaving the weakest bylines to the text gives just the announced number, they
were quoted there; and where every answer has a counter, a byline can only stand above the next headline. The
disclaimer is the last one of the page, with no rating below it; any other is the doctor's.

What is claimed of an answer is what the page shows, never more: no verified doctor, votes unknown unless shown.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from consilium.lib.text import fold, slug
from consilium.transfer.blocks import Block, Draft, Grammar, Line
from consilium.transfer.bylines import COUNT, DISCLAIMER, FURNITURE, LOOSE_COUNT, TEMPLATE, counter, rating
from consilium.transfer.places import Directory, canonical
from consilium.transfer.plain import as_markdown, tidy
from consilium.transfer.reading import lines as read_lines
from consilium.transfer.records import (
    AnswerRecord,
    BadInput,
    DoctorRecord,
    Note,
    Options,
    Origin,
    QuestionRecord,
    Reader,
    Skip,
    SourceRecord,
    Stream,
    Where,
)
from consilium.transfer.titles import TopicsIn, topics_in_titles

LONGEST: Final = 100_000  # lines of one page
LARGEST: Final = 10_000_000  # characters of one page
LINE: Final = 300  # characters of a title or headline; a longer one is a paragraph
DISCLAIMER_END: Final = re.compile(r"relationship\s*\.?", re.IGNORECASE)


def reader() -> Reader:
    """A reader that knows the specialties, cities and topics of this site."""
    directory, topics = Directory.load(), topics_in_titles()
    return lambda path, options: page(path, options, directory, topics)


def page(path: str, options: Options, directory: Directory, topics: TopicsIn) -> Stream:
    """The records of one page. Raises BadInput for a file that is no such page."""
    parts = Parts(path)
    drafts = Grammar(parts.answers, directory).answers(parts.announced)
    base = f"pages/{slug(Path(path).stem, 60) or 'page'}-{_digest(fold(parts.title))}"
    yield _source(base, path, options)
    yield from _question(base, parts, options, topics)
    names: Counter[str] = Counter()
    for place, draft in enumerate(drafts, 1):
        yield from _answer(base, place, draft, names, options)
    if parts.announced is not None and parts.announced != len(drafts):
        yield Note(parts.where, f"the page announces {parts.announced} answers; {len(drafts)} were found.")
    if parts.rest:
        yield Skip(parts.rest.where, "text after the disclaimer is not part of an answer.")


class Parts:
    """A file parted into title, body of the question, number of answers announced, and the lines of the answers."""

    def __init__(self, path: str) -> None:
        self.where = Where(path, 1)
        self.title = ""
        self.body: list[tuple[str, bool]] = []
        self.announced: int | None = None
        self.answers: list[Line] = []
        self.rest: Line | None = None  # the first line after the disclaimer
        source = _lines(path)
        self._head(path, source)
        self._answers(source)

    def _head(self, path: str, source: Iterator[Line]) -> None:
        for line in source:
            if found := LOOSE_COUNT.fullmatch(line.text):
                self.announced = next((int(number) for number in found.groups() if number), None)
                if self.title:
                    return
                raise BadInput(line.where, "there is no question before this line.", "The first line must be the question.")
            if not self.title:
                self.title, self.where = line.text, line.where
            elif not counter(line.text)[0]:
                self.body.append((line.text, line.gap))
        what = 'there is no line "Doctor Answers N".' if self.title else "the file is empty."
        raise BadInput(Where(path), what, "Check that it is a saved question page in plain text.")

    def _answers(self, source: Iterator[Line]) -> None:
        cut = False
        lines = list(source)
        last = _disclaimer(lines)
        for at, line in enumerate(lines):
            if COUNT.fullmatch(line.text):
                raise BadInput(line.where, "a second page starts here.", "Put each page into a file of its own.")
            if at >= last:
                continue
            is_counter, votes = counter(line.text)
            if is_counter and self.answers:
                self.answers[-1].headline, self.answers[-1].votes = True, votes
            elif FURNITURE.fullmatch(line.text):
                cut = True
            elif not is_counter:
                line.cut, cut = cut, False
                self._keep(line)
        if last < len(lines):
            self._disclaimer(lines[last], lines[last + 1 :])

    def _disclaimer(self, line: Line, source: Iterable[Line]) -> None:
        """Leave the disclaimer out, also one glued to the last words of an answer or wrapped over several lines."""
        before, after = DISCLAIMER.split(line.text, maxsplit=1)
        if before.strip() and not FURNITURE.fullmatch(before.strip()):
            self._keep(Line(line.where, before.strip(), line.gap))
        ended = DISCLAIMER_END.search(after)
        rest = after[ended.end() :].strip() if ended else ""
        if rest:
            self.rest = Line(line.where, rest)
        for following in source:
            wrapped = not ended and not following.gap
            ended = ended or DISCLAIMER_END.search(following.text)
            if not wrapped and not FURNITURE.fullmatch(following.text) and self.rest is None:
                self.rest = following

    def _keep(self, line: Line) -> None:
        line.text = tidy(TEMPLATE.sub("", line.text))
        if line.text:
            self.answers.append(line)


def _disclaimer(lines: Sequence[Line]) -> int:
    """Where the page's disclaimer begins, or the number of lines. What a doctor says so has a rating or a counter below."""
    for at in reversed(range(len(lines))):
        if DISCLAIMER.search(lines[at].text):
            return at
        if rating(lines[at].text) or counter(lines[at].text)[0]:
            break
    return len(lines)


def _lines(path: str) -> Iterator[Line]:
    """The lines with text, each knowing whether an empty one stood before it; a wrapped template is one line."""
    gap, open_template, size = False, "", 0
    for where, raw in read_lines(path):
        size += len(raw)
        if where.line > LONGEST or size > LARGEST:
            what = f"the page has more than {LONGEST:,} lines or {LARGEST:,} characters."
            raise BadInput(where, what, "Check that this is the right file.")
        text = tidy(f"{open_template} {raw}")
        if text.rfind("{{") > text.rfind("}}") and len(text) < 500:
            open_template = text
            continue
        open_template = ""
        if text:
            yield Line(where, text, gap)
        gap = not text
    if open_template:
        yield Line(where, open_template, gap)


def _question(base: str, parts: Parts, options: Options, topics: TopicsIn) -> Stream:
    title, body = parts.title, parts.body
    if len(title) > LINE:
        title, body = f"{title[: LINE - 1].rpartition(' ')[0] or title[: LINE - 1]}…", [(title, True), *body]
        yield Note(parts.where, f"the question has more than {LINE} characters; they are in its text, the title is cut.")
    yield QuestionRecord(
        where=parts.where, key=base, title=title, body=as_markdown(body), language=options.language, topic_keys=topics(title),
        source_key=base, source_url=options.url, source_answer_count=parts.announced,
    )  # fmt: skip


def _source(base: str, path: str, options: Options) -> SourceRecord:
    captured = datetime.combine(options.captured_on, time(), UTC) if options.captured_on else None
    name = (urlsplit(options.url).hostname or Path(path).name)[:200]
    return SourceRecord(
        where=Where(path), key=base, kind="pages", name=name, url=options.url, licence=options.licence, captured_at=captured
    )


def _answer(base: str, place: int, draft: Draft, names: Counter[str], options: Options) -> Stream:
    doctor = _doctor(draft, base, options)
    if doctor:
        yield doctor
    elif draft.block is None or draft.block.author is None:
        yield Note(draft.headline.where, f"answer {place} names no doctor; it is kept without one.")
    headline, body = draft.headline.text, [(line.text, line.gap) for line in draft.body]
    name = slug(draft.block.author.name if draft.block and draft.block.author else headline, 50) or "answer"
    names[name] += 1
    if len(headline) > LINE:
        headline, body = "", [(headline, True), *body]
    yield AnswerRecord(
        where=draft.headline.where, key=f"{base}/{name}" + (f"-{names[name]}" if names[name] > 1 else ""), question_key=base,
        place=place, doctor_key=doctor.key if doctor else None, source_key=base, headline=headline,
        body=as_markdown(body), language=options.language,
        source_helpful=draft.votes, origin=_origin(draft, options),
    )  # fmt: skip


def _origin(draft: Draft, options: Options) -> Origin:
    block = draft.block or Block(0, 0)
    author, place, stars = block.author, block.place, block.rating
    return Origin(
        author_text=author.shown if author else "",
        credentials_text=author.credentials if author else "",
        specialty=place.specialty if place else "",
        specialty_text=place.specialty_text if place else "",
        city_id=place.city_id if place else None,
        city_text=place.city_text if place else "",
        badge=draft.badge,
        rating=stars.stars if stars else None,
        review_count=stars.reviews if stars else None,
        url=options.url,
    )


def _doctor(draft: Draft, base: str, options: Options) -> DoctorRecord | None:
    """The profile the page mentions. The same name in the same city is the same doctor, on whatever page."""
    block = draft.block
    if block is None or block.author is None:
        return None
    author, place, stars = block.author, block.place, block.rating
    city = canonical(place.city_text) if place else ""
    return DoctorRecord(
        where=draft.headline.where,
        key=f"pages/doctor/{slug(fold(author.name), 80) or _digest(author.name)}/{slug(fold(city), 40) or '-'}",
        name=author.name,
        kind="group" if author.group else "person",
        credentials=author.credentials,
        specialty=place.specialty if place else "",
        specialty_text=place.specialty_text if place else "",
        city_id=place.city_id if place else None,
        city_text=city,
        badge=draft.badge,
        source_rating=stars.stars if stars else None,
        source_reviews=stars.reviews if stars else None,
        source_key=base,
        language=options.language,
        mention=True,
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
