"""What time alone does to a panel moves the marks, and nothing but time is needed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from consilium.consensus import ageing
from consilium.consensus.counting import HOLDS_FOR
from consilium.doctors.models import Credential
from consilium.questions.models import Question
from tests.factories import make_question, make_stance, make_statement, make_verified

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 4, tzinfo=UTC)
DAY = timedelta(days=1)


def marks(question: Question, now: datetime) -> Any:
    return Question.objects.annotate(**ageing.marks(now)).values_list("ended", "faded").get(pk=question.pk)


def test_a_stance_that_fades_and_a_licence_that_runs_out_move_the_marks() -> None:
    question = make_question()
    statement = make_statement(question)
    brief = make_verified()
    Credential.objects.filter(doctor=brief).update(expires_at=START + DAY)
    make_stance(statement, doctor=brief, affirmed_at=START + 2 * DAY)
    make_stance(statement, affirmed_at=START)
    assert marks(question, START) == (None, None)
    assert marks(question, START + DAY) == (START + DAY, None)
    assert marks(question, START + HOLDS_FOR) == (START + DAY, START)
    assert marks(question, START + HOLDS_FOR + 2 * DAY) == (START + DAY, START + 2 * DAY)


def test_other_questions_and_past_stances_do_not_count() -> None:
    question, now = make_question(), timezone.now()
    statement = make_statement(question)
    doctor = make_verified()
    make_stance(statement, "yes", doctor=doctor, superseded_at=now, affirmed_at=START - 2 * HOLDS_FOR)
    make_stance(statement, "no", doctor=doctor)
    make_stance(make_statement(make_question()), affirmed_at=START - 2 * HOLDS_FOR)
    assert marks(question, now) == (None, None)


def test_a_page_has_changed_when_time_changed_it() -> None:
    assert ageing.changed(START, None, None) == START
    assert ageing.changed(START, START + DAY, None) == START + DAY
    assert ageing.changed(START, START - DAY, None) == START
    assert ageing.changed(START, START + DAY, START) == START + HOLDS_FOR
