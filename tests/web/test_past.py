"""Kept states in words."""

from copy import deepcopy
from typing import Any

import pytest

from consilium.consensus import reading
from consilium.consensus.panel import data
from consilium.web import past
from tests.api import scenes

pytestmark = pytest.mark.django_db


def states() -> list[dict[str, Any]]:
    found = []
    for question in (scenes.full(), scenes.copied()):
        panel = reading.panel_of(question)
        found += [data(panel, one) for one in panel.statements]
    return found


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Ways to every figure and text inside; what is unknown has none."""
    if value is None:
        return []
    if isinstance(value, dict):
        return [way for name, one in value.items() for way in leaves(one, (*path, name))]
    if isinstance(value, list):
        return [way for number, one in enumerate(value) for way in leaves(one, (*path, number))]
    return [path]


def with_another(state: dict[str, Any], way: tuple[Any, ...]) -> dict[str, Any]:
    """The state with the value at the end of the way replaced by one of the same kind."""
    new = deepcopy(state)
    place: Any = new
    for step in way[:-1]:
        place = place[step]
    old, name = place[way[-1]], way[-1]
    known = {"kind": "fact" if len(way) == 1 else "test", "label": "split", "reason": "expired", "side": None}
    place[name] = known[name] if name in known else old + 1 if isinstance(old, int | float) else f"{old}x"
    return new


def test_whatever_differs_is_said() -> None:
    for state in states():
        assert past.changes(state, deepcopy(state)) == []
        for way in leaves(state):
            new = with_another(state, way)
            assert new == state or past.changes(state, new), way


def test_every_figure_that_a_reader_sees_is_named() -> None:
    """Nothing but what follows from other figures, and names, may be called "something else"."""
    derived = {
        "question",
        "statement_key",
        "language",
        "p",
        "answers_to_overturn",
        "contested",
        "n",
        "declared",
        "editor_coded",
        "specialty",
    }
    vague = set()
    for state in states():
        for way in leaves(state):
            if past.changes(state, with_another(state, way)) == ["Something else changed."]:
                vague.add(way)
    assert {way for way in vague if derived.isdisjoint(way) and way[-1] not in {"kind", "side"}} == set()


def test_a_kept_state_reads_without_the_rows_it_came_from() -> None:
    first, second, copied = (past.kept(state) for state in states())
    assert first.verdict == "No clear agreement"
    assert first.missing == ["Neurology"]
    assert first.answered == [("Dermatology", 8)]
    assert [condition.share for condition in first.conditions] == ["2 of 8"]
    assert "1 not counted: the licence is no longer confirmed." in first.others
    assert "2 sources cited." not in first.notes
    assert "1 source cited." in first.notes
    assert (second.n, second.verdict) == (0, "No verified doctor has taken a stance yet")
    assert copied.copied == "5 imported answers: 1 only with conditions."
    assert copied.direction == "ltr"
