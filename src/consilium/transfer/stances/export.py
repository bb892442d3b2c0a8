"""Readings of copied answers as a table that an import takes back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from consilium.questions.models import Coding, Question
from consilium.transfer.sheet import guarded
from consilium.transfer.stances.places import NoQuestion, names_of, question_of
from consilium.transfer.stances.reading import COLUMNS

BATCH = 200  # questions


def lines() -> Iterator[str]:
    """The header and one line per reading, with line ends; in the order of questions, answers, statements and coders."""
    yield _line(COLUMNS)
    last = 0
    while batch := list(_coded().filter(pk__gt=last).order_by("pk")[:BATCH]):
        for question in batch:
            yield from _lines(question)
        last = batch[-1].pk


def _coded() -> QuerySet[Question]:
    coded = _rows().values("statement__question")
    return Question.objects.filter(state__in=Question.PUBLIC, pk__in=coded).select_related("source")


def _rows() -> QuerySet[Coding]:
    return Coding.objects.filter(statement__state="active", answer__state="published")


def _lines(question: Question) -> Iterator[str]:
    name = _name(question)
    rows = _rows().filter(statement__question=question).select_related("answer", "statement")
    rows = rows.defer("answer__body", "answer__body_html")
    for row in rows.order_by("answer__place", "answer", "statement__place", "coder"):
        texts = [" ".join(one["text"].split()) for one in row.conditions]
        slugs = [one["specialty"] for one in row.conditions]
        yield _line(
            (name, str(row.answer.place), row.statement.text, row.statement.kind, row.value, "\n".join(texts),
             "\n".join(slugs) if any(slugs) else "", row.quote, row.coder)
        )  # fmt: skip


def _name(question: Question) -> str:
    """The most telling name by which an import finds just this question."""
    return next(name for name in names_of(question) if _means(name, question))


def _means(name: str, question: Question) -> bool:
    try:
        return question_of(name).pk == question.pk
    except NoQuestion:
        return False


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([guarded(cell) for cell in cells])
    return out.getvalue()
