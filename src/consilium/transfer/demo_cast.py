"""The rows that the demo's files name, by the names they have there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from consilium.accounts.models import Person
from consilium.doctors.models import Doctor
from consilium.evidence.models import Work
from consilium.questions.models import Answer, Question, Statement
from consilium.topics.models import Topic
from consilium.transfer.demo_notation import Stand
from consilium.transfer.demo_people import PERSONAS

OFTEN: Final = timedelta(hours=26)  # co-signatures come this far apart, the first so long after the first answer


@dataclass(slots=True)
class Cast:
    """`treatments` by number of a question; `offers` by doctor and topic, both slugs."""

    offers: Mapping[str, Mapping[str, str]]
    questions: dict[str, Question]
    doctors: dict[str, Doctor]
    answers: dict[str, Answer]
    works: dict[str, Work]
    people: dict[str, Person]
    treatments: dict[int, list[Topic]]
    statements: dict[str, Statement] = field(default_factory=dict)

    def question(self, stand: Stand) -> Question:
        return self.questions[stand.key]

    def answer(self, stand: Stand, doctor: str) -> Answer:
        return self.answers[f"{stand.key}/{doctor}"]

    def statement(self, stand: Stand, place: int) -> Statement:
        """The present wording in that place (1-based)."""
        return self.statements[stand.current_key(place)]

    def spoke_at(self, stand: Stand, doctor: str) -> datetime:
        """When the doctor took a stance: with the answer, or as the file says, or in turn after the first answer."""
        if doctor in stand.entry.get("at", {}):
            at: datetime = stand.entry["at"][doctor]
            return at
        written = self.answers.get(f"{stand.key}/{doctor}")
        if written is not None and written.answered_at is not None and doctor not in stand.cosigned:
            return written.answered_at
        turn = list(stand.cosigned).index(doctor) + 1
        return self._begun(stand) + turn * OFTEN

    def _begun(self, stand: Stand) -> datetime:
        question = self.question(stand)
        times = [one.answered_at for one in self.answers.values() if one.question_id == question.pk and one.answered_at]
        return min(times, default=question.listed_at)


def cast_of(told: Sequence[Stand], offers: Mapping[str, Mapping[str, str]]) -> Cast:
    """Everybody and everything for these questions, in a few queries."""
    questions = Question.objects.filter(key__in=[stand.key for stand in told]).prefetch_related("topics")
    answers = Answer.objects.filter(question__in=[one.pk for one in questions]).select_related("source")
    return Cast(
        offers=offers,
        questions={one.key: one for one in questions},
        doctors={one.slug: one for one in Doctor.objects.filter(key__startswith="demo/doctor/").select_related("specialty")},
        answers={one.key: one for one in answers.defer("body_html")},
        works={one.key: one for one in Work.objects.filter(key__startswith="url:https://example.org/")},
        people={one.key: one for one in Person.objects.filter(key__in=[persona.key for persona in PERSONAS])},
        treatments={one.pk: [topic for topic in one.topics.all() if topic.kind == Topic.Kind.TREATMENT] for one in questions},
    )
