"""Questions that name another question, which may come later: they are written without it, and tied to it once it is here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from django.db.models import F, Q

from consilium.questions.models import Question
from consilium.topics.models import Topic
from consilium.transfer.loader.batch import Batch
from consilium.transfer.loader.state import Run
from consilium.transfer.loader.waiting import Tie
from consilium.transfer.records import QuestionRecord

UNTIED: Final = Question.State.WITHDRAWN
"""What a duplicate is until it is tied: nobody can see it."""
CHAIN: Final = 100  # questions at most that are joined one to the next
VARIANT_OF_VARIANT: Final = "the question {} is a variant or a duplicate itself, so this one is written as a question of its own."
HAS_VARIANTS: Final = "other questions are variants of it, so it is none of {}."
JOINED_WITH_VARIANTS: Final = "other questions are variants of it, so it is not joined to {} and stays hidden."
IN_A_CIRCLE: Final = (
    "the questions from {} on are joined in a circle or in a chain too long, so it is not joined and stays hidden."
)


def tie(run: Run, batch: Batch, records: Iterable[QuestionRecord], new: Collection[str]) -> None:
    """Remember whom these records name; tie all questions, of this batch and those before, whose other one is here now."""
    named = {run.ties.add(record) for record in records if record.variant_of_key or record.merged_into_key}
    ready = run.ties.take(run.find(Question, named.union(new)))
    rows = Question.objects.only("key", "state", "variant_of", "merged_into")
    for one in ready:
        question, other = (rows.filter(key=key).first() for key in (one.question, one.other))
        if question is not None and other is not None:
            _tie(run, batch, one, question, other)


def report_untied(run: Run) -> None:
    """At the end of the input: what was named has not come."""
    for one in run.ties.rest():
        run.report.skip(one.where, f"it names the question {one.other}, which is neither in the input nor here.", "questions")


def _tie(run: Run, batch: Batch, one: Tie, question: Question, other: Question) -> None:
    if question.variant_of_id or question.merged_into_id:
        return  # what it is here stays
    reason = _unjoinable(question, other) if one.joined else _not_alike(question, other)
    if reason:
        run.report.skip(one.where, reason.format(one.other), "questions")
        return
    if one.joined:
        if question.state in Question.PUBLIC:
            Topic.objects.filter(about__question=question).update(question_count=F("question_count") - 1)
        Question.objects.filter(pk=question.pk).update(state=Question.State.DUPLICATE, merged_into=other)
    else:
        Question.objects.filter(pk=question.pk).update(variant_of=other)
    batch.changes += 1
    group = Question.objects.filter(Q(pk__in=(question.pk, other.pk)) | Q(variant_of=other.pk))
    batch.shown_changes.update(group.values_list("pk", flat=True))


def _not_alike(question: Question, other: Question) -> str:
    if other.variant_of_id or other.is_duplicate or question.is_duplicate:
        return VARIANT_OF_VARIANT
    return HAS_VARIANTS if question.variants.exists() else ""


def _unjoinable(question: Question, other: Question) -> str:
    if question.variants.exists():
        return JOINED_WITH_VARIANTS
    number: int | None = other.pk
    for _step in range(CHAIN):
        if number is None:
            return ""
        if number == question.pk:
            break
        number = Question.objects.filter(pk=number).values_list("merged_into", flat=True).first()
    return IN_A_CIRCLE
