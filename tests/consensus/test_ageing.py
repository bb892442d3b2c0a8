"""What time alone does to a panel moves the marks, and nothing but time is needed."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from consilium.consensus import ageing
from consilium.consensus.counting import HOLDS_FOR
from consilium.doctors.models import Credential
from consilium.questions.models import Question
from tests.factories import make_question, make_stance, make_statement, make_verified

pytestmark = pytest.mark.django_db


def marks(question: Question, **later: Any) -> Any:
    now = timezone.now() + timedelta(**later)
    return Question.objects.annotate(**ageing.marks(now)).values_list("holding", "valid").get(pk=question.pk)


def test_a_stance_that_runs_out_and_a_licence_that_runs_out_move_the_marks() -> None:
    question = make_question()
    statement = make_statement(question)
    make_stance(statement)
    brief = make_verified()
    Credential.objects.filter(doctor=brief).update(expires_at=timezone.now() + timedelta(days=1))
    make_stance(statement, doctor=brief)
    assert marks(question) == (2, 2)
    assert marks(question, days=2) == (2, 1)
    assert marks(question, days=HOLDS_FOR.days - 1) == (2, 1)
    assert marks(question, days=HOLDS_FOR.days, seconds=60) == (None, 1)


def test_other_questions_and_past_stances_do_not_count() -> None:
    question = make_question()
    statement = make_statement(question)
    doctor = make_verified()
    make_stance(statement, "yes", doctor=doctor, superseded_at=timezone.now())
    make_stance(statement, "no", doctor=doctor)
    make_stance(make_statement(make_question()))
    assert marks(question)[0] == 1
    assert marks(make_question()) == (None, None)
