"""What time alone changes is kept the night after, and the pages that show it are renewed."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from consilium.consensus import actions
from consilium.consensus.models import Snapshot
from consilium.doctors.models import Credential
from consilium.journal.days import Days
from consilium.journal.delivery import deliver_due
from consilium.questions.models import Question
from tests.factories import make_question, make_stance, make_statement, make_verified

pytestmark = pytest.mark.django_db


def version(question: Question) -> int:
    return Question.objects.values_list("version", flat=True).get(pk=question.pk)


def night() -> None:
    assert Days().look()
    while deliver_due():
        pass


def test_a_check_that_has_run_out_is_kept_the_night_after() -> None:
    ending, lasting = make_question(), make_question()
    doctor, other = make_verified(), make_verified()
    Credential.objects.filter(doctor=doctor).update(expires_at=timezone.now() + timedelta(days=30))
    make_stance(make_statement(ending), doctor=doctor)
    make_stance(make_statement(lasting), doctor=other)
    for question in (ending, lasting):
        actions.keep(question)
    before = version(ending), version(lasting)
    night()
    assert Snapshot.objects.count() == 2
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        night()
        current = Snapshot.objects.get(statement__question=ending, superseded_at=None)
        assert (current.data["n"], current.at) == (0, timezone.now())
    assert Snapshot.objects.get(statement__question=ending, superseded_at__isnull=False).data["n"] == 1
    assert Snapshot.objects.filter(statement__question=lasting).count() == 1
    assert (version(ending), version(lasting)) == (before[0] + 1, before[1])


def test_a_stance_that_nobody_affirmed_for_five_years_is_dropped_by_night() -> None:
    question = make_question()
    make_stance(make_statement(question))
    actions.keep(question)
    with time_machine.travel(timezone.now() + timedelta(days=5 * 366), tick=False):
        night()
        assert Snapshot.objects.get(superseded_at=None).data["n"] == 0
        night_after = Snapshot.objects.count()
    with time_machine.travel(timezone.now() + timedelta(days=5 * 366 + 1), tick=False):
        night()
    assert Snapshot.objects.count() == night_after
