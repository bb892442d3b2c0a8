"""Live examples for the page that explains the panel: a question of this site for each thing that a panel can say."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from consilium.consensus.agreement import Cap, Label
from consilium.consensus.lines import lines
from consilium.questions.models import Question, Statement, Viewer

Line = Mapping[str, Any]
# So many of the newest questions with a statement are looked through.
_NEWEST: Final = 300


def _labelled(label: Label) -> Callable[[Line], bool]:
    return lambda line: bool(line["label"] == label.value)


def _capped(cap: Cap) -> Callable[[Line], bool]:
    return lambda line: cap.value in line["capped_by"]


WANTED: Final[Mapping[str, Callable[[Line], bool]]] = {
    **{label.value: _labelled(label) for label in Label},
    **{f"cap_{cap.value}": _capped(cap) for cap in Cap},
    "complete": lambda line: bool(line["n"] and line["coverage"]["required"] and not line["coverage"]["missing"]),
    "missing": lambda line: bool(line["n"] and line["coverage"]["missing"]),
    "imported": lambda line: bool(line["imported"] and any(line["imported"]["counts"].values())),
}


def find(viewer: Viewer) -> dict[str, Question | None]:
    """For each name in WANTED the newest question that shows it, None where the site has none; two queries as a rule."""
    asked = Statement.objects.active().values("question")
    rows = list(Question.objects.visible_to(viewer).filter(pk__in=asked).newest()[:_NEWEST])
    known = lines(rows)
    return {name: next((row for row in rows if row.pk in known and shows(known[row.pk])), None) for name, shows in WANTED.items()}
