"""Questions that already ask what somebody is about to ask."""

from typing import Any, Final

from consilium.lib.text import fold
from consilium.questions import joined
from consilium.questions.models import Question, Viewer
from consilium.search import reading
from consilium.web import lists

_SHORTEST: Final = 8
"""Characters of a title from which on it is compared: less is not a question yet."""
_LONGEST: Final = 2 * Question.TITLE_LIMIT
_IN_COMMON: Final = 0.35
"""Without the language model: the share of letter triples that two titles have in common (Dice), in whatever language."""
_DIGITS: Final = 18  # each number of so many digits fits into 64 bits


def found(title: str, viewer: Viewer, *, key: str = "") -> list[Any]:
    """At most five questions that may ask the same as a title, most alike first, each with `probable` and its `bar`.

    None while search is reduced to nothing. `key` names the form that is being sent: what it has published already, by
    a double click, is no other question.
    """
    text = " ".join(title.split())[:_LONGEST]
    if len(text) < _SHORTEST:
        return []
    candidates, _state = reading.alike(text, viewer=viewer)
    rows = Question.objects.visible_to(viewer).select_related("source")
    by_number: dict[int, Any] = rows.in_bulk([one.number for one in candidates]) if candidates else {}
    shown = [one for one in candidates if one.number in by_number and (one.cosine or _close(text, by_number[one.number].title))]
    for one in shown:
        by_number[one.number].probable = one.probable
    wanted = [by_number[one.number] for one in shown if not key or by_number[one.number].key != key]
    lists.with_bars(viewer, wanted)
    return wanted


def chosen(number: str, viewer: Viewer) -> Question | None:
    """The question that a form names; the other one if it was joined to that meanwhile; None if it cannot be read (any more)."""
    if not number.isdecimal() or len(number) > _DIGITS:
        return None
    rows = Question.objects.visible_to(viewer).select_related("source", "variant_of")
    found = rows.filter(pk=number).first()
    end = None if found else joined.end(int(number), viewer)
    return found or (rows.filter(pk=end.pk).first() if end else None)


def with_bar(question: Any, viewer: Viewer) -> Any:
    """A question that somebody picked, as a line of the list."""
    question.probable = False
    lists.with_bars(viewer, [question])
    return question


def root_of(question: Question, viewer: Viewer) -> Question:
    """The question that another situation of this one would be a variant of."""
    root = question.variant_of
    return root if root is not None and Question.objects.visible_to(viewer).filter(pk=root.pk).exists() else question


def _close(one: str, other: str) -> bool:
    ours, theirs = _triples(one), _triples(other)
    return 2 * len(ours & theirs) >= _IN_COMMON * (len(ours) + len(theirs))


def _triples(text: str) -> set[str]:
    folded = f" {fold(text)} "
    return {folded[at : at + 3] for at in range(len(folded) - 2)}
