"""From journal entries to what the index must read anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from consilium.evidence.models import Citation
from consilium.journal.models import Entry
from consilium.questions.models import Answer, QuestionTopic, Stance
from consilium.search import facts
from consilium.search.documents import Kind

BATCHES: Final = frozenset({"import", "topics"})


@dataclass(slots=True)
class Touched:
    """Numbers by kind; `vectors`: questions whose vectors alone are new; `imported_at`: an import, or the first of some."""

    numbers: dict[Kind, set[int]] = field(default_factory=lambda: {kind: set() for kind in Kind})
    vectors: set[int] = field(default_factory=set)
    imported_at: datetime | None = None

    @property
    def questions(self) -> set[int]:
        return self.numbers[Kind.QUESTION]


def touched(entries: Iterable[Entry]) -> Touched:
    """What these entries are about: a fact of a later release counts, too, by its subject. At most four queries."""
    found = Touched()
    subjects: dict[str, set[int]] = {"answer": set(), "doctor": set(), "topic": set(), "work": set()}
    for entry in entries:
        kind, _, number = entry.subject.partition(":")
        if entry.fact == facts.EMBEDDED:
            found.vectors.update(entry.data["questions"])
        elif kind in BATCHES:
            found.imported_at = min(found.imported_at or entry.at, entry.at)
            first, last = entry.data.get("questions", (1, 0))
            found.questions.update(range(first, last + 1))
        elif kind == "question":
            found.questions.add(int(number))
        elif kind in subjects:
            subjects[kind].add(int(number))
    found.numbers[Kind.DOCTOR] |= subjects["doctor"]
    found.numbers[Kind.TOPIC] |= subjects["topic"]
    found.questions.update(_questions_of(subjects))
    return found


def _questions_of(subjects: dict[str, set[int]]) -> set[int]:
    found: set[int] = set()
    doctors, answers = subjects["doctor"], subjects["answer"]
    if doctors or answers:
        found.update(Answer.objects.filter(pk__in=answers).values_list("question", flat=True))
        found.update(Answer.objects.filter(doctor__in=doctors).values_list("question", flat=True))
        found.update(Stance.objects.filter(doctor__in=doctors).values_list("statement__question", flat=True))
    if subjects["topic"]:
        found.update(QuestionTopic.objects.filter(topic__in=subjects["topic"]).values_list("question", flat=True))
    if subjects["work"]:
        found.update(Citation.objects.filter(work__in=subjects["work"]).values_list("answer__question", flat=True))
    return found
