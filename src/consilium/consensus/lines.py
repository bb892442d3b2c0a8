"""One line of consensus for each question of a list, from the kept states where they still hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from consilium.consensus.models import Snapshot
from consilium.consensus.panel import Panel, data
from consilium.consensus.reading import panels
from consilium.questions.models import Question, Statement

Line = dict[str, Any]


def lines(questions: Iterable[Question]) -> dict[int, Line]:
    """By question number, the state of its first statement (see `panel.data`); a question without statements has none.

    One query while the kept states hold; those that do not hold (the worker has not been there yet, a stance has run
    out) are worked out from the stances, so that a list is right with the worker stopped.
    """
    found, open_ones = kept(questions)
    return found | of(panels(open_ones))


def kept(questions: Iterable[Question]) -> tuple[dict[int, Line], list[Question]]:
    """The lines whose kept states still hold, and the questions whose lines must be worked out; in one query."""
    wanted = {question.pk: question for question in questions}
    earlier = Statement.objects.active().filter(question=OuterRef("question"), place__lt=OuterRef("place"))
    first = Statement.objects.active().filter(~Exists(earlier), question__in=wanted)
    state = Snapshot.objects.holding().filter(statement=OuterRef("pk")).values("data")[:1]
    rows = dict(first.values_list("question", Subquery(state)))
    return {pk: data for pk, data in rows.items() if data}, [wanted[pk] for pk, data in rows.items() if not data]


def of(found: Mapping[int, Panel]) -> dict[int, Line]:
    """The lines of panels at hand."""
    return {pk: data(panel, panel.statements[0]) for pk, panel in found.items() if panel.statements}
