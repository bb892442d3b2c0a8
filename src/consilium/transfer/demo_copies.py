"""What the demo has from elsewhere, all of it invented too: a page copied from another site, and works that answers cite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from consilium.evidence.models import Work
from consilium.transfer.records import AnswerRecord, Origin, QuestionRecord, SourceRecord, Stream, Where

Entry = Mapping[str, Any]


def copied(entry: Entry, where: Where) -> Stream:
    """A page of another site: read only, its bylines as that site showed them."""
    source = SourceRecord(
        where=where, key=f"demo/copy/{entry['id']}", kind="pages", name=entry["file"], url=entry["url"], licence=entry["licence"],
        captured_at=entry["captured_at"],
    )  # fmt: skip
    question = QuestionRecord(
        where=where, key=f"demo/question/{entry['id']}", title=entry["title"], body=entry["body"].strip(), source_key=source.key,
        source_url=entry["url"], state="archived", source_answer_count=len(entry["answer"]),
        topic_keys=tuple(f"topic/{slug}" for slug in entry["topics"]), listed_at=entry["listed_at"],
    )  # fmt: skip
    yield source
    yield question
    for place, answer in enumerate(entry["answer"], start=1):
        yield _answer(question, answer, place)


def _answer(question: QuestionRecord, entry: Entry, place: int) -> AnswerRecord:
    rating = entry.get("rating")
    return AnswerRecord(
        where=question.where, key=f"{question.key}/{entry['id']}", question_key=question.key, place=place,
        doctor_key=f"demo/doctor/{entry['doctor']}" if "doctor" in entry else None, source_key=question.source_key,
        headline=entry["headline"], body=entry["body"].strip(), source_helpful=entry.get("votes"),
        origin=Origin(
            author_text=entry["byline"], specialty=entry.get("specialty", ""), city_text=entry.get("city", ""),
            badge=entry.get("badge", ""), rating=None if rating is None else Decimal(str(rating)),
            review_count=entry.get("reviews"), url=question.source_url,
        ),
    )  # fmt: skip


def load_works(entries: Iterable[Entry]) -> None:
    """Works under an address that belongs to nobody (RFC 2606), without an identifier that a real paper could have."""
    Work.objects.bulk_create((_work(entry) for entry in entries), ignore_conflicts=True)


def _work(entry: Entry) -> Work:
    url = f"https://example.org/{entry['id']}"
    return Work(
        key=f"url:{url}", url=url, kind=entry["kind"], title=entry["title"], authors=entry.get("authors", ""),
        container=entry.get("container", ""), year=entry.get("year"),
        retraction=entry.get("retraction", Work.Retraction.UNCHECKED), retraction_reason=entry.get("retraction_reason", ""),
        retracted_on=entry.get("retracted_on"), checked_at=entry.get("checked_at"),
    )  # fmt: skip
