"""`consilium import qapage`: saved HTML pages that carry schema.org QAPage (JSON-LD, microdata or RDFa).

Nothing is fetched. Questions inside an FAQPage are not taken: nobody asked them. An answer's author becomes a
doctor's profile if the page says so (a Physician, a medical job title, degrees behind the name), else a named author.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from consilium.lib.text import fold, slug
from consilium.transfer.authors import Writer, read_author
from consilium.transfer.places import Directory, canonical
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
    SourceAuthorRecord,
    SourceRecord,
    Stream,
    Where,
)
from consilium.transfer.structured import Node, first, items, nodes_of, page_text, walk
from consilium.transfer.titles import TopicsIn, topics_in_titles
from consilium.transfer.values import body, moment, one_line, web_address, whole_number

NO_QUESTION: Final = "there is no schema.org question in it"
FAQ: Final = "it is an FAQPage, whose questions nobody asked; only a QAPage can be imported."
REMEDY: Final = "Save a page that shows a question with its answers and carries QAPage data."


def reader() -> Reader:
    """A reader that knows the specialties, cities and topics of this site."""
    directory, topics = Directory.load(), topics_in_titles()
    return lambda path, options: SavedPage(path, options, directory, topics).records()


class SavedPage:
    """One file on its way to records."""

    def __init__(self, path: str, options: Options, directory: Directory, topics: TopicsIn) -> None:
        self.path, self.options, self.directory, self.topics = path, options, directory, topics
        self.where = Where(path)
        self.source_key = ""

    def records(self) -> Stream:
        syntax, nodes, faults = items(page_text(self.path), self.options.url, self.where)
        questions = _questions(nodes)
        if not questions:
            raise BadInput(self.where, FAQ if nodes else "; ".join([NO_QUESTION, *faults]) + ".", REMEDY)
        if not any(map(_title, questions)):
            raise BadInput(self.where, "the question in it has neither name nor text.", REMEDY)
        yield from (Note(self.where, f"{fault}; the question is from other data of the page.") for fault in faults)
        self.source_key = f"qapage/{self._identity(questions[0])}"
        yield self._source(self._address(questions[0]) or self.options.url)
        keys: set[str] = set()
        for question in questions:
            key = f"qapage/{self._identity(question)}"
            if key not in keys:
                keys.add(key)
                yield from self._question(question, key, syntax)

    def _source(self, address: str) -> SourceRecord:
        captured = self.options.captured_on
        return SourceRecord(
            where=self.where, key=self.source_key, kind="qapage", name=(urlsplit(address).hostname or Path(self.path).name)[:200],
            url=address, licence=self.options.licence, captured_at=datetime.combine(captured, time(), UTC) if captured else None,
        )  # fmt: skip

    def _address(self, node: Node) -> str:
        return web_address(_own_address(node), self.options.url)

    def _identity(self, question: Node) -> str:
        """The same for the same page, whatever is said on the command line: its address, else file name and title."""
        address = web_address(_own_address(question), "")
        return _digest(address or f"{Path(self.path).stem}\n{fold(_title(question))}")

    def _question(self, node: Node, key: str, syntax: str) -> Iterator[Any]:
        title = _title(node)
        if not title:
            yield Skip(self.where, "a question without name and text.", "questions")
            return
        writer = read_author(node, self.directory, self.options.url)
        author = self._author(writer)
        if author:
            yield author
        text, body_format = body(_text(node))
        language = first(node, "inLanguage")
        yield QuestionRecord(
            where=self.where, key=key, title=title, body="" if one_line(text) == title else text, body_format=body_format,
            language=language if isinstance(language, str) and language else self.options.language,
            topic_keys=self.topics(title), author_key=author.key if author else None, source_key=self.source_key,
            source_url=self._address(node), source_votes=_votes(node), source_answer_count=_count(node),
            asked_at=moment(first(node, "dateCreated", "datePublished")), edited_at=moment(first(node, "dateModified")),
        )  # fmt: skip
        yield from self._answers(node, key, syntax)

    def _answers(self, node: Node, key: str, syntax: str) -> Iterator[Any]:
        found = _distinct(nodes_of(node, "acceptedAnswer", "suggestedAnswer", "answer"))
        if syntax == "rdfa":  # a graph, in which answers have no order
            found.sort(key=lambda answer: (-(_votes(answer) or 0), str(first(answer, "text"))))
        names: Counter[str] = Counter()
        taken = 0
        for number, answer in enumerate(found, 1):
            if not _text(answer).strip():
                yield Skip(self.where, f"answer {number} of {_title(node)!r} has no text.", "answers")
                continue
            taken += 1
            yield from self._answer(answer, key, taken, names)
        announced = _count(node)
        if announced is not None and announced != len(found):
            yield Note(self.where, f"{_title(node)!r} announces {announced} answers; {len(found)} were found.")

    def _answer(self, node: Node, question: str, place: int, names: Counter[str]) -> Iterator[Any]:
        writer = read_author(node, self.directory, self.options.url)
        doctor = self._doctor(writer) if writer and writer.doctor else None
        author = None if doctor else self._author(writer)
        if doctor or author:
            yield doctor or author
        else:
            yield Note(self.where, f"answer {place} names no author; it is kept without one.")
        text, body_format = body(_text(node))
        address = self._address(node)
        name = _digest(web_address(_own_address(node), "") or (writer.name if writer else one_line(text)))
        names[name] += 1
        yield AnswerRecord(
            where=self.where, key=f"{question}/{name}" + (f"-{names[name]}" if names[name] > 1 else ""), question_key=question,
            place=place, doctor_key=doctor.key if doctor else None, author_key=author.key if author else None,
            source_key=self.source_key, headline=one_line(first(node, "headline", "name"))[:300], body=text,
            body_format=body_format, language=_language(node, self.options), source_helpful=_votes(node),
            answered_at=moment(first(node, "dateCreated", "datePublished")), edited_at=moment(first(node, "dateModified")),
            origin=_origin(writer, address),
        )  # fmt: skip

    def _author(self, writer: Writer | None) -> SourceAuthorRecord | None:
        if writer is None:
            return None
        key = f"qapage/author/{_digest(writer.identity or self.source_key + writer.shown)}"
        return SourceAuthorRecord(where=self.where, key=key, name=writer.shown[:200], url=writer.url)

    def _doctor(self, writer: Writer) -> DoctorRecord:
        city = canonical(writer.city_text)
        named = f"{slug(fold(writer.name), 80) or _digest(writer.name)}/{slug(fold(city), 40) or '-'}"
        return DoctorRecord(
            where=self.where, key=f"qapage/doctor/{_digest(writer.identity) if writer.identity else named}", name=writer.name,
            kind="group" if writer.group else "person", credentials=writer.credentials, specialty=writer.specialty,
            specialty_text=writer.specialty_text, city_id=writer.city_id, city_text=city, badge=writer.badge,
            source_rating=writer.rating, source_reviews=writer.reviews, source_key=self.source_key,
            language=self.options.language, mention=True,
        )  # fmt: skip


def _questions(nodes: list[Node]) -> list[Node]:
    """The questions of a page, each once, without those of an FAQPage."""
    frequent = {id(inner) for node in walk(nodes) if "FAQPage" in node["@type"] for inner in walk([node])}
    found = [node for node in walk(nodes) if "Question" in node["@type"] and id(node) not in frequent]
    named = {node["@id"] or id(node): node for node in reversed(found)}
    return list(reversed(named.values()))


def _own_address(node: Node) -> object:
    return first(node, "url", "mainEntityOfPage") or node["@id"]


def _distinct(answers: list[Node]) -> list[Node]:
    """Answers without those told twice (an accepted one is often among the suggested ones, too)."""
    kept: dict[str, Node] = {}
    for answer in answers:
        same = _text(answer).strip() or str(id(answer))
        kept.setdefault(same, answer)
    return list(kept.values())


def _text(node: Node) -> str:
    text = first(node, "text", "articleBody", "description")
    return str(text) if isinstance(text, str | int | float) else ""


def _title(node: Node) -> str:
    title = one_line(first(node, "name", "headline"))
    return title or one_line(first(node, "text"))[:150]


def _count(node: Node) -> int | None:
    count = whole_number(first(node, "answerCount"))
    return count if count is not None and count >= 0 else None


def _votes(node: Node) -> int | None:
    """Up minus down, as the source counts; None if it does not say."""
    up, down = whole_number(first(node, "upvoteCount")), whole_number(first(node, "downvoteCount"))
    return None if up is None and down is None else (up or 0) - (down or 0)


def _language(node: Node, options: Options) -> str:
    language = first(node, "inLanguage")
    return language if isinstance(language, str) and 0 < len(language) <= 20 else options.language


def _origin(writer: Writer | None, address: str) -> Origin | None:
    if writer is None:
        return Origin(url=address) if address else None
    return Origin(
        author_text=writer.shown, credentials_text=writer.credentials, specialty=writer.specialty,
        specialty_text=writer.specialty_text, city_id=writer.city_id, city_text=writer.city_text, badge=writer.badge,
        rating=writer.rating, review_count=writer.reviews, url=address or writer.url,
    )  # fmt: skip


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]
