"""What an import must know of merges: who belongs together by them, and which of the file's cannot be here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Q

from consilium.questions.models import Follow, Merge, Question, Statement

Values = dict[str, Any]  # of one row, by column ("question_id")
NOT_JOINED: Final = "its question is not joined to the other one here."
ASTRAY: Final = "it came from a statement of another question."
NO_FOLLOWER: Final = "nobody by that key follows the question here."
REACH: Final = 1_000  # questions at most that are looked at


def together(one: int, other: int) -> bool:
    """Whether two questions were joined once, one to the other or over others: what stands on the one may belong to an
    answer that moved to the other, or came back."""
    seen, edge = {one}, {one}
    while edge and len(seen) < REACH:
        pairs = Merge.objects.filter(Q(question__in=edge) | Q(canonical__in=edge)).values_list("question", "canonical")
        edge = {number for pair in pairs for number in pair} - seen
        if other in edge:
            return True
        seen |= edge
    return False


def not_joined(rows: Mapping[object, Values]) -> dict[object, str]:
    """Merges that are not undone need a question that is joined here; reasons by name."""
    numbers = {values["question_id"] for values in rows.values()}
    joined = dict(Question.objects.filter(pk__in=numbers).values_list("pk", "merged_into"))
    return {
        name: NOT_JOINED
        for name, values in rows.items()
        if values["undone_at"] is None and joined.get(values["question_id"], values["canonical_id"]) != values["canonical_id"]
    }


def strange_moves(rows: Mapping[object, Values]) -> dict[object, str]:
    """A stance or coding comes from the question that was joined, and a follow is one of the other question."""
    merges = Merge.objects.in_bulk({values["merge_id"] for values in rows.values()})
    origins = dict(
        Statement.objects.filter(pk__in={values["statement_id"] for values in rows.values()}).values_list("pk", "question")
    )
    found: dict[object, str] = {}
    for name, values in rows.items():
        merge = merges.get(values["merge_id"])
        if merge is None:
            continue  # of a dry run
        if origins.get(values["statement_id"], merge.question_id) != merge.question_id:
            found[name] = ASTRAY
        elif values["follow__person_id"] is not None and _follow(values) is None:
            found[name] = NO_FOLLOWER
    return found


def as_moved(values: Values, question: int) -> Values:
    """The row with the columns of its table: it keeps the number of a statement, and names a follow."""
    return values | {"statement": values["statement_id"], "follow_id": _follow(values)}


def as_pair(values: Values) -> Values:
    """The later question comes first; numbers tell."""
    later, earlier = max(values["question_id"], values["other_id"]), min(values["question_id"], values["other_id"])
    return values | {"question_id": later, "other_id": earlier}


def _follow(values: Values) -> int | None:
    if values["follow__person_id"] is None:
        return None
    canonical = Merge.objects.filter(pk=values["merge_id"]).values("canonical")
    return Follow.objects.filter(question__in=canonical, person=values["follow__person_id"]).values_list("pk", flat=True).first()
