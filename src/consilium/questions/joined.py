"""Where the address of a question leads that was joined to another one. Merges can follow each other, never in a circle:
nothing is joined to a duplicate."""

from collections.abc import Iterable
from typing import Final

from consilium.questions.models import Question, Viewer

STEPS: Final = 10
"""Merges that are followed at once; the address of a duplicate further on leads on by itself."""


def end(number: int, viewer: Viewer) -> Question | None:
    """The question that a duplicate was joined to, one query for each merge on the way. None for what is no duplicate, or
    when this viewer may not read what it leads to. After STEPS merges, the duplicate that was reached."""
    found = None
    for _step in range(STEPS):
        found = Question.objects.readable_by(viewer).filter(merged__pk=number).first()
        if found is None or not found.is_duplicate:
            return found
        number = found.pk
    return found


def ends(duplicates: Iterable[Question], viewer: Viewer) -> dict[int, Question]:
    """The same for many, by their numbers: one query for each merge on the longest way, mostly one."""
    at = {row.pk: row.merged_into_id for row in duplicates if row.merged_into_id}
    reached: dict[int, Question | None] = {}
    for _step in range(STEPS):
        if not at:
            break
        rows = Question.objects.readable_by(viewer).in_bulk(set(at.values()))
        reached |= {pk: rows.get(number) for pk, number in at.items()}
        at = {pk: row.merged_into_id for pk in at if (row := reached[pk]) and row.merged_into_id}
    return {pk: row for pk, row in reached.items() if row}
