"""Writing facts down, and who is told at once."""

import pytest
from django.db import IntegrityError, transaction

from consilium import wiring
from consilium.journal import registry
from consilium.journal.actions import record
from consilium.journal.models import Delivery, Entry

pytestmark = pytest.mark.django_db
seen: list[int] = []


def notice(entry: Entry) -> None:
    seen.append(entry.pk)


def refuse(entry: Entry) -> None:
    raise ValueError("not with me")


def remember(entry: Entry) -> None:
    """A reaction of the worker's; these tests only look at its row."""


@pytest.fixture(autouse=True)
def _wired():
    seen.clear()
    registry.fill({"told": [notice], "refused": [refuse]}, {"told": [remember], "later": [remember, notice]})
    yield
    wiring.wire()


def test_a_fact_is_kept_with_subject_actor_and_data():
    entry = record("told", subject="question:7", actor=3, answer=5)
    entry.refresh_from_db()
    assert (entry.fact, entry.subject, entry.actor, entry.data) == ("told", "question:7", 3, {"answer": 5})
    assert entry.at.utcoffset().total_seconds() == 0


def test_reactions_at_once_run_inside_the_recording_transaction():
    entry = record("told", subject="question:7")
    assert seen == [entry.pk]
    with pytest.raises(ValueError, match="not with me"):
        record("refused", subject="question:7")
    assert not Entry.objects.filter(fact="refused").exists()


def test_later_reactions_get_one_row_each():
    entry = record("later", subject="question:7")
    assert sorted(Delivery.objects.values_list("entry", "reaction")) == [
        (entry.pk, "journal.notice"),
        (entry.pk, "journal.remember"),
    ]
    assert seen == []


def test_a_change_that_is_undone_leaves_no_fact():
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        record("later", subject="question:7")
        raise RuntimeError
    assert (Entry.objects.count(), Delivery.objects.count()) == (0, 0)


def test_no_reaction_can_be_queued_twice():
    entry = record("later", subject="question:7")
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(entry=entry, reaction="journal.remember")


def test_the_real_wiring_names_every_reaction_once():
    wiring.wire()
    later = [reaction for reactions in wiring.LATER.values() for reaction in reactions]
    names = {registry.name(reaction) for reaction in later}
    assert len(names) == len(set(later))
    assert all(registry.by_name(name) for name in names)
