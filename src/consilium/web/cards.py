"""The parts of an answer as values: what their HTML depends on, all of it and nothing else (see templatetags/remembered.py)."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from consilium.evidence import formatting
from consilium.evidence.models import Work
from consilium.questions.models import Answer
from consilium.web.stands.badges import Badge

# Product.md, life cycle of an answer: whoever takes another stance within a day has mended a slip.
SETTLING: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Source:
    """A work as it is written below an answer and in the list of sources."""

    line: formatting.Line
    key: str
    kind: str
    retraction: str
    status: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Copied:
    """Where an answer was copied from, and under which licence; `url` is empty when unknown, `nameless` a file's name."""

    name: str
    url: str
    licence: str
    nameless: bool


@dataclass(frozen=True, slots=True)
class Card:
    """Who answers, where they stand, what they say, on which sources; `copied`: from where, if the question does not say it."""

    pk: int
    place: int
    headline: str
    body_html: str
    language: str
    direction: str
    by: Hashable
    badges: tuple[Badge, ...]
    sources: tuple[Source, ...]
    copied: Copied | None


@dataclass(frozen=True, slots=True)
class Foot:
    """Since when, how helpful; named as in Answer, because the templates of a vote take either.

    `restood_at`: when its doctor last took another stance with it, if that was more than a day after it was published.
    """

    pk: int
    place: int
    headline: str
    language: str
    is_copy: bool
    helpful_count: int
    source_helpful: int | None
    voted: bool
    answered_at: datetime | None
    edited_at: datetime | None
    revision: int
    question_id: int
    restood_at: datetime | None


def source(work: Work) -> Source:
    """A work in the words of this reader's language."""
    return Source(
        line=formatting.citation_line(work), key=work.key, kind=work.get_kind_display(), retraction=work.retraction,
        status=work.get_retraction_display(), counts=work.counts,
    )  # fmt: skip


def copied(answer: Answer, asked_at: str = "") -> Copied | None:
    """Where the answer was copied from, None if it was written here; `asked_at` is the address of its question there.

    The answer is loaded with its question, its source and what the source showed beside it.
    """
    found = answer.source
    if found is None or not answer.is_copy:
        return None
    page = answer.question.source_url if answer.question.source_id == answer.source_id else asked_at
    url = getattr(getattr(answer, "origin", None), "url", "") or page or found.url
    return Copied(found.name, url, found.licence, nameless=not url and found.kind == found.Kind.PAGES)


def card(
    answer: Answer, by: Hashable, badges: tuple[Badge, ...], works: list[Work], copied: Copied | None = None
) -> Card:  # fmt: skip
    """The upper part of an answer."""
    return Card(
        pk=answer.pk, place=answer.place, headline=answer.headline, body_html=answer.body_html, language=answer.language,
        direction=answer.direction, by=by, badges=badges, sources=tuple(source(work) for work in works),
        copied=copied,
    )  # fmt: skip


def foot(answer: Answer) -> Foot:
    """The lower part; `voted` is the reader's vote."""
    return Foot(
        pk=answer.pk, place=answer.place, headline=answer.headline, language=answer.language, is_copy=answer.is_copy,
        helpful_count=answer.helpful_count, source_helpful=answer.source_helpful, voted=getattr(answer, "voted", False),
        answered_at=answer.answered_at, edited_at=answer.edited_at, revision=answer.revision,
        question_id=answer.question_id, restood_at=_restood(answer),
    )  # fmt: skip


def _restood(answer: Answer) -> datetime | None:
    at: datetime | None = getattr(answer, "restood_at", None)
    return at if at is not None and at - answer.listed_at > SETTLING else None
