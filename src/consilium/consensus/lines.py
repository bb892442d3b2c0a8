"""One line of consensus for each question of a list, from the kept states where they still hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone

from consilium.consensus.models import Snapshot
from consilium.consensus.panel import data
from consilium.consensus.reading import panels
from consilium.questions.models import Question, Statement


def lines(questions: Iterable[Question]) -> dict[int, dict[str, Any]]:
    """By question number, the state of its first statement (see `panel.data`); a question without statements has none.

    Two queries while the kept states hold; those that do not hold (the worker has not been there yet, a stance has run
    out) are worked out from the stances, so that a list is right with the worker stopped.
    """
    wanted = {question.pk: question for question in questions}
    found: dict[int, dict[str, Any]] = {}
    first: dict[int, int] = {}
    for pk, question in (
        Statement.objects.active().filter(question__in=wanted).order_by("question", "place").values_list("pk", "question")
    ):
        first.setdefault(question, pk)
    if not first:
        return found
    now = timezone.now()
    good = Snapshot.objects.filter(statement__in=first.values(), superseded_at=None, stale=False)
    kept = good.filter(Q(good_until=None) | Q(good_until__gt=now)).values_list("statement__question", "data")
    found.update(kept)
    anew = panels([wanted[pk] for pk in first if pk not in found])
    found.update({pk: data(panel, panel.statements[0]) for pk, panel in anew.items() if panel.statements})
    return found
