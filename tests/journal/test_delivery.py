"""Delivery: each reaction once, again after a failure, one failure never in another's way."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command

from consilium import wiring
from consilium.journal import delivery, registry
from consilium.journal.actions import record
from consilium.journal.models import Delivery, Entry

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
seen: list[tuple[str, int]] = []


def good(entry: Entry) -> None:
    seen.append(("good", entry.pk))


def bad(entry: Entry) -> None:
    """Fails after it has written something."""
    Entry.objects.create(fact="half", subject="nothing:0")
    seen.append(("bad", entry.pk))
    raise ValueError("the mail server is away")


def moody(entry: Entry) -> None:
    """Fails the first two times."""
    seen.append(("moody", entry.pk))
    if len(seen) < 3:
        raise ValueError("not yet")


@pytest.fixture(autouse=True)
def _wired():
    seen.clear()
    registry.fill({}, {"one": [good], "two": [bad, good], "three": [moody]})
    yield
    wiring.wire()


@pytest.mark.django_db
def test_a_reaction_runs_once():
    entry = record("one", subject="question:1")
    assert delivery.deliver_due() == 1
    assert delivery.deliver_due() == 0
    assert seen == [("good", entry.pk)]
    done = Delivery.objects.get()
    assert (done.attempts, done.last_error) == (1, "")
    assert done.done_at is not None


@pytest.mark.django_db
def test_a_failure_undoes_its_own_work_and_stops_nobody_else():
    entry = record("two", subject="question:1")
    assert delivery.deliver_due() == 2
    assert sorted(seen) == [("bad", entry.pk), ("good", entry.pk)]
    assert not Entry.objects.filter(fact="half").exists()
    failed = Delivery.objects.get(done_at=None)
    assert (failed.reaction, failed.attempts, failed.last_error) == ("journal.bad", 1, "ValueError: the mail server is away")


@pytest.mark.django_db
def test_a_failure_is_tried_again_later_and_later():
    waits = []
    with time_machine.travel(NOW, tick=False) as clock:
        record("two", subject="question:1")
        for _ in range(14):
            delivery.deliver_due()
            failed = Delivery.objects.get(reaction="journal.bad")
            now = datetime.now(UTC)
            waits.append((failed.due_at - now).total_seconds())
            clock.move_to(failed.due_at - timedelta(seconds=1))
            assert delivery.deliver_due() == 0, "not before its time"
            clock.move_to(failed.due_at)
    assert waits[:5] == [5, 10, 20, 40, 80]
    assert waits[-1] == max(waits) == 3600


@pytest.mark.django_db
def test_a_success_after_failures_is_final():
    with time_machine.travel(NOW, tick=False) as clock:
        record("three", subject="question:1")
        for _ in range(5):
            delivery.deliver_due()
            clock.shift(timedelta(hours=1))
    done = Delivery.objects.get()
    assert (len(seen), done.attempts, done.last_error) == (3, 3, "")
    assert done.done_at is not None


@pytest.mark.django_db
def test_a_reaction_of_another_release_waits_for_that_release():
    record("one", subject="question:1")
    registry.fill({}, {})
    delivery.deliver_due()
    waiting = Delivery.objects.get()
    assert "this release has no reaction journal.good" in waiting.last_error
    registry.fill({}, {"one": [good]})
    with time_machine.travel(waiting.due_at):
        assert delivery.deliver_due() == 1
    assert len(seen) == 1


@pytest.mark.django_db
def test_the_limit_is_kept():
    for _ in range(5):
        record("one", subject="question:1")
    assert [delivery.deliver_due(limit=2) for _ in range(4)] == [2, 2, 1, 0]


@pytest.mark.django_db
def test_the_command_delivers_all_that_is_due():
    for _ in range(3):
        record("one", subject="question:1")
    call_command("worker", "--once")
    assert len(seen) == 3


@pytest.mark.django_db(transaction=True)
def test_a_worker_delivers_until_it_is_stopped():
    stop = threading.Event()
    worker = threading.Thread(target=delivery.run_forever, args=(stop,))
    worker.start()
    try:
        record("one", subject="question:1")
        deadline = threading.Event()
        for _ in range(1200):
            if Delivery.objects.filter(done_at__isnull=False).exists():
                break
            deadline.wait(0.05)
    finally:
        stop.set()
        worker.join(60)
    assert not worker.is_alive()
    assert len(seen) == 1
