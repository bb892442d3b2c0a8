"""Every day begins once, however many workers there are; what waits for another machine stops nobody from writing."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction

from consilium import wiring
from consilium.journal import delivery, facts, registry
from consilium.journal.actions import record
from consilium.journal.days import Days, begin
from consilium.journal.models import Delivery, Entry
from tests.processes import in_parallel

EVENING = datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)
DAYS = 40
seen: list[str] = []


def nightly(entry: Entry) -> None:
    seen.append(entry.subject)


@registry.apart
def slow(entry: Entry) -> None:
    """Writes, says whether it ran in a transaction, and fails the first time."""
    Entry.objects.create(fact="half", subject="nothing:0")
    seen.append("in a transaction" if connection.in_atomic_block else "outside")
    if len(seen) == 1:
        raise ValueError("the other machine is away")


@registry.apart
def look_at_own_row(entry: Entry) -> None:
    seen.append(str(delivery.deliver_due()))
    seen.append(str(Delivery.objects.get(entry=entry).due_at - datetime.now(UTC)))


@pytest.fixture(autouse=True)
def _wired():
    seen.clear()
    registry.fill({}, {facts.DAY_BEGAN: [nightly], "asked": [slow], "claimed": [look_at_own_row]})
    yield
    wiring.wire()


@pytest.mark.django_db
def test_a_day_begins_at_midnight_utc_and_once():
    days = Days()
    with time_machine.travel(EVENING, tick=False) as clock:
        assert [days.look(), days.look(), Days().look()] == [True, False, False]
        clock.shift(timedelta(seconds=1))
        assert [days.look(), days.look(), Days().look()] == [True, False, False]
        clock.shift(timedelta(days=7))
        assert days.look()
        delivery.deliver_due()
    assert seen == ["day:2026-03-01", "day:2026-03-02", "day:2026-03-09"]


@pytest.mark.django_db
def test_a_worker_with_nothing_new_to_begin_asks_the_database_nothing(django_assert_num_queries):
    days = Days()
    days.look()
    with django_assert_num_queries(0):
        assert not days.look()


@pytest.mark.django_db
@time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False)
def test_one_run_of_the_command_begins_the_day_too():
    call_command("worker", "--once")
    call_command("worker", "--once")
    assert len(seen) == 1


@pytest.mark.django_db
def test_only_the_fact_itself_happens_once():
    for _ in range(2):
        record("asked", subject="day:2026-03-01")
    assert begin(date(2026, 3, 1))
    assert not begin(date(2026, 3, 1))


@pytest.mark.django_db(transaction=True)
def test_the_running_worker_begins_the_day():
    stop, done = threading.Event(), threading.Event()

    def stopping(entry: Entry) -> None:
        done.set()
        stop.set()

    registry.fill({}, {facts.DAY_BEGAN: [stopping]})
    worker = threading.Thread(target=delivery.run_forever, args=(stop,))
    worker.start()
    reached = done.wait(60)
    stop.set()
    worker.join()
    assert reached


def begin_all() -> int:
    """One worker that meets many days at once with the others; how many of them it began."""
    return sum(begin(date(2026, 1, 1) + timedelta(days=number)) for number in range(DAYS))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_several_workers_begin_each_day_once():
    began = in_parallel(begin_all, [[], [], []])
    assert sum(began) == DAYS
    assert Entry.objects.filter(fact=facts.DAY_BEGAN).count() == DAYS


@pytest.mark.django_db(transaction=True)
def test_a_reaction_apart_holds_no_transaction_and_is_run_again_after_a_failure():
    record("asked", subject="question:1")
    with time_machine.travel(EVENING + timedelta(days=365)) as clock:
        assert delivery.deliver_due() == 1
        failed = Delivery.objects.get()
        assert (failed.attempts, failed.last_error) == (1, "ValueError: the other machine is away")
        assert failed.due_at - datetime.now(UTC) < timedelta(seconds=6)
        clock.shift(timedelta(seconds=6))
        assert delivery.deliver_due() == 1
    assert seen == ["outside", "outside"]
    assert Entry.objects.filter(fact="half").count() == 2
    assert Delivery.objects.get().done_at is not None


@pytest.mark.django_db(transaction=True)
def test_nobody_else_takes_what_a_worker_has_in_hand():
    record("claimed", subject="question:1")
    assert delivery.deliver_due() == 1
    others, left = seen
    assert others == "0"
    assert left.startswith("0:29:")


@pytest.mark.django_db(transaction=True)
def test_a_reaction_apart_lets_others_write():
    """The same on SQLite, which has one writer: a second connection writes while the reaction runs."""
    wrote = []

    def write() -> None:
        with transaction.atomic():
            Entry.objects.create(fact="beside", subject="nothing:0")
        wrote.append(True)
        connection.close()

    @registry.apart
    def waiting(entry: Entry) -> None:
        writer = threading.Thread(target=write)
        writer.start()
        writer.join(60)

    registry.fill({}, {"asked": [waiting]})
    record("asked", subject="question:1")
    delivery.deliver_due()
    assert wrote == [True]
