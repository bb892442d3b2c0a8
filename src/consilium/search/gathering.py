"""Questions, doctors and topics as the index holds them, read from the tables: only what a visitor may see."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser

from consilium.consensus.lines import lines
from consilium.doctors.models import Doctor
from consilium.evidence.models import Citation, Work
from consilium.questions.models import Answer, Question, QuestionTopic, Statement
from consilium.search.documents import Document, Kind, NamedText, Passage, QuestionText
from consilium.topics.models import SpecialtySynonym, Topic, TopicSynonym

CHUNK: Final = 500
_TAG: Final = re.compile(r"<[^>]*>")
_ANYBODY: Final = AnonymousUser()


def documents(kind: Kind, numbers: Iterable[int]) -> Iterator[Document]:
    """Those of these numbers that a visitor may see; a constant number of queries for every CHUNK of them."""
    gather = {Kind.QUESTION: _questions, Kind.DOCTOR: _doctors, Kind.TOPIC: _topics}[kind]
    ordered = sorted(set(numbers))
    for start in range(0, len(ordered), CHUNK):
        yield from gather(ordered[start : start + CHUNK])


def all_numbers(kind: Kind) -> list[int]:
    """Everything of a kind that a visitor may see."""
    rows: Any = {
        Kind.QUESTION: Question.objects.visible_to(_ANYBODY),
        Kind.DOCTOR: Doctor.objects.all(),
        Kind.TOPIC: Topic.objects.all(),
    }[kind]
    return list(rows.order_by("pk").values_list("pk", flat=True))


def visible(numbers: Iterable[int]) -> set[int]:
    """Those of these questions that a visitor may see."""
    found: set[int] = set()
    ordered = sorted(numbers)
    for start in range(0, len(ordered), CHUNK):
        rows = Question.objects.visible_to(_ANYBODY).filter(pk__in=ordered[start : start + CHUNK])
        found.update(rows.values_list("pk", flat=True))
    return found


def names() -> dict[str, list[str]]:
    """Every name and synonym of a topic, folded, with the topic's other names."""
    by_topic: dict[int, dict[str, str]] = defaultdict(dict)
    for pk, name, folded in Topic.objects.values_list("pk", "name", "folded"):
        by_topic[pk][folded] = name
    for pk, name, folded in TopicSynonym.objects.values_list("topic", "name", "folded"):
        by_topic[pk][folded] = name
    return {
        folded: [name for other, name in all_names.items() if other != folded]
        for all_names in by_topic.values()
        for folded in all_names
    }


def _questions(numbers: Sequence[int]) -> Iterator[Document]:
    rows = list(Question.objects.visible_to(_ANYBODY).filter(pk__in=numbers).order_by("pk"))
    if not rows:
        return
    texts: dict[int, list[Passage]] = defaultdict(list)
    specialties: dict[int, set[int]] = defaultdict(set)
    counts: dict[int, int] = defaultdict(int)
    for row in rows:
        texts[row.pk] += [Passage(row.difference, row.language), Passage(_plain(row.body_html), row.language)]
    for pk, text, language in (
        Statement.objects.active().filter(question__in=numbers).order_by("place").values_list("question", "text", "language")
    ):
        texts[pk].append(Passage(text, language))
    topics = _topic_names(numbers, texts)
    answers = Answer.objects.visible_to(_ANYBODY).filter(question__in=numbers).order_by("place", "pk")
    for pk, headline, html, language, specialty in answers.values_list(
        "question", "headline", "body_html", "language", "doctor__specialty"
    ):
        texts[pk].append(Passage(f"{headline}\n{_plain(html)}", language))
        counts[pk] += 1
        if specialty is not None:
            specialties[pk].add(specialty)
    citing, labels = _citing(numbers), lines(rows)
    for row in rows:
        yield QuestionText(
            number=row.pk, title=Passage(row.title, row.language), texts=[one for one in texts[row.pk] if one.text.strip()],
            topics=sorted(topics[row.pk]), specialties=sorted(specialties[row.pk]), answers=counts[row.pk],
            cites=row.pk in citing, label=labels.get(row.pk, {}).get("label", ""), listed=int(row.listed_at.timestamp()),
        )  # fmt: skip


def _topic_names(numbers: Sequence[int], texts: dict[int, list[Passage]]) -> dict[int, set[int]]:
    """The topics of each question; their names are part of what it is found by."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = QuestionTopic.objects.filter(question__in=numbers).order_by("topic")
    for pk, topic, name, language in rows.values_list("question", "topic", "topic__name", "topic__language"):
        found[pk].add(topic)
        texts[pk].append(Passage(name, language))
    return found


def _citing(numbers: Sequence[int]) -> set[int]:
    live = Citation.objects.filter(answer__question__in=numbers, answer__state=Answer.State.PUBLISHED)
    return set(live.exclude(work__retraction=Work.Retraction.RETRACTED).values_list("answer__question", flat=True))


def _doctors(numbers: Sequence[int]) -> Iterator[Document]:
    rows = list(Doctor.objects.filter(pk__in=numbers).select_related("specialty", "city").order_by("pk"))
    synonyms: dict[int, list[str]] = defaultdict(list)
    wanted = {row.specialty_id for row in rows}
    for specialty, name in (
        SpecialtySynonym.objects.filter(specialty__in=wanted).order_by("name").values_list("specialty", "name")
    ):
        synonyms[specialty].append(name)
    for row in rows:
        noun = row.specialty.noun if row.specialty else ""
        about = [row.credentials, row.title, noun, row.place, *synonyms[row.specialty_id or 0], row.about]
        yield NamedText(Kind.DOCTOR, row.pk, [row.name], [text for text in about if text])


def _topics(numbers: Sequence[int]) -> Iterator[Document]:
    for row in Topic.objects.filter(pk__in=numbers).prefetch_related("synonyms").order_by("pk"):
        others = sorted(synonym.name for synonym in row.synonyms.all())
        yield NamedText(Kind.TOPIC, row.pk, [row.name, *others], [row.description] if row.description else [])


def _plain(html: str) -> str:
    """The words of our own rendered HTML; never shown, so nothing here has to be safe."""
    text = _TAG.sub(" ", html) if "<" in html else html
    return unescape(text) if "&" in text else text
