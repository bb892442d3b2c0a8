"""What the worker keeps, and what it tells the pages."""

import pytest
from django.utils import timezone

from consilium.consensus import actions
from consilium.consensus.models import Snapshot
from consilium.doctors import actions as doctors
from consilium.journal.delivery import deliver_due
from consilium.questions.models import Question, Statement
from tests.factories import make_question, make_stance, make_statement, make_topic, make_verified

pytestmark = pytest.mark.django_db


def version(statement: Statement) -> int:
    return Question.objects.get(pk=statement.question_id).version


def test_a_kept_state_renews_the_page_that_leads_to_it_and_nothing_else_does() -> None:
    statement = make_statement(make_question())
    before = version(statement)
    assert actions.keep(statement.question) == 1
    assert version(statement) == before + 1
    assert actions.keep(statement.question) == 0
    assert version(statement) == before + 1
    actions.expire([statement.question_id])
    assert actions.keep(statement.question) == 0
    assert version(statement) == before + 2, "the page leads to the state again"


def test_a_state_whose_time_is_over_is_kept_anew() -> None:
    statement = make_statement(make_question())
    make_stance(statement)
    actions.keep(statement.question)
    (row,) = Snapshot.objects.all()
    assert row.holds
    Snapshot.objects.update(good_until=timezone.now())
    before = version(statement)
    assert actions.keep(statement.question) == 0
    assert version(statement) == before + 1
    assert Snapshot.objects.get().holds


@pytest.mark.parametrize("happened", ["interest", "release"])
def test_what_a_doctor_says_or_loses_elsewhere_is_kept(happened: str) -> None:
    topic = make_topic(kind="treatment")
    statement, doctor = make_statement(make_question(topics=(topic,))), make_verified()
    make_stance(statement, doctor=doctor)
    actions.keep(statement.question)
    if happened == "interest":
        doctors.declare_interests(doctor=doctor, offers={topic.pk: "yes"})
    else:
        doctors.release(doctor=doctor)
    while deliver_due():
        pass
    kept = Snapshot.objects.get(superseded_at=None)
    assert kept.holds
    assert kept.data["interest"]["offers_treatment"] == (happened == "interest")
    assert kept.data["n"] == (happened == "interest")
