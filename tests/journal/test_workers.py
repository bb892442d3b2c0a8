"""Several workers, and one that dies: every reaction once all the same, on either database."""

import time
from collections import Counter
from pathlib import Path

import pytest

from consilium import wiring
from consilium.journal import registry
from consilium.journal.actions import record
from consilium.journal.delivery import deliver_due
from consilium.journal.models import Delivery, Entry
from tests.processes import Group, in_parallel

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ENTRIES = 300


def mark(entry: Entry) -> None:
    """Leaves one row for each time it ran."""
    Entry.objects.create(fact="marked", subject=entry.subject)


def work() -> int:
    """One worker: delivers until nothing is due; returns how many it delivered."""
    registry.fill({}, {"asked": [mark]})
    total = 0
    while number := deliver_due():
        total += number
    return total


def die(flag: str) -> None:
    """A worker that has done its work and hangs before it can say so."""

    def hang(entry: Entry) -> None:
        mark(entry)
        Path(flag).touch()
        time.sleep(600)

    hang.__name__ = mark.__name__
    registry.fill({}, {"asked": [hang]})
    deliver_due()


@pytest.fixture(autouse=True)
def _wired():
    registry.fill({}, {"asked": [mark]})
    yield
    wiring.wire()


def marked() -> Counter[str]:
    return Counter(Entry.objects.filter(fact="marked").values_list("subject", flat=True))


def test_two_workers_share_the_work_and_do_nothing_twice():
    for number in range(ENTRIES):
        record("asked", subject=f"question:{number}")
    delivered = in_parallel(work, [[], []])
    assert sum(delivered) == ENTRIES
    assert marked() == Counter({f"question:{number}": 1 for number in range(ENTRIES)})
    assert set(Delivery.objects.values_list("attempts", "last_error")) == {(1, "")}


def test_a_worker_killed_in_the_middle_leaves_its_entry_to_the_next(tmp_path):
    record("asked", subject="question:1")
    doomed = Group(die, [[str(tmp_path / "flag")]])
    try:
        deadline = time.monotonic() + 60
        while not (tmp_path / "flag").exists():
            assert time.monotonic() < deadline, "the worker did not start its delivery"
            time.sleep(0.02)
    finally:
        doomed.kill()
    assert marked() == Counter()
    assert in_parallel(work, [[]]) == [1]
    assert marked() == Counter({"question:1": 1})
