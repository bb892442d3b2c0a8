"""How the site is, as the people who run it read it: the page, the command, and what each of them finds."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consilium.journal import health as journal
from consilium.journal.actions import record
from consilium.journal.models import Delivery, Entry, Heartbeat
from consilium.journal.pulse import Pulse
from consilium.search import actions, folder, health, opening, semantic
from consilium.search.following import Follower, root
from tests.factories import make_person, make_question
from tests.web.pages import links, signed_in, words

pytestmark = pytest.mark.django_db
PAGE = "/editor/status/"
WORKING = "Everything works as it was set up."


@pytest.fixture(autouse=True)
def _own_node(settings: Any, tmp_path: Path) -> Any:
    settings.DATA = tmp_path
    opening.forget()
    yield
    opening.forget()


@pytest.fixture
def _well(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker is there, and a model, as far as anybody asks; the index is level."""
    Pulse().beat()
    monkeypatch.setattr(actions, "model", object)
    follow()


def follow() -> None:
    follower = Follower(root())
    while follower.step():
        pass
    follower.close()


def operator() -> Client:
    return signed_in(make_person(roles=("admin",)))


def told(client: Client | None = None) -> str:
    return words((client or operator()).get(PAGE))


def run(*options: str) -> tuple[str, bool]:
    """What the command prints, and whether all is well."""
    out = StringIO()
    try:
        call_command("status", *options, stdout=out)
    except CommandError:
        return out.getvalue(), False
    return out.getvalue(), True


@pytest.mark.parametrize("roles", [(), ("editor",), ("moderator",)])
def test_nobody_else_sees_it(roles: tuple[str, ...]) -> None:
    client = signed_in(make_person(roles=roles))
    refused = client.get(PAGE)
    assert refused.status_code == 403
    assert "for the people who run the site" in words(refused)
    if roles == ("editor",):
        assert PAGE not in links(client.get("/editor/"))
    assert Client().get(PAGE).status_code == 302
    assert PAGE in links(operator().get("/editor/"))


@pytest.mark.usefixtures("_well")
def test_all_is_well() -> None:
    make_question("A title that nobody else has")
    follow()
    client = operator()
    with CaptureQueriesContext(connection) as queries:
        page = told(client)
    assert WORKING in page
    assert "1 documents" in page.replace("\xa0", " ")
    assert len(queries) <= 18, "those of the session included"
    assert "A title" not in page
    said, well = run("--json")
    found = json.loads(said)
    assert well
    assert found["ok"]
    assert (found["database"], found["problems"]) == ({"kind": connection.vendor, "reachable": True}, [])
    assert (found["journal"]["failing"], found["search"]["behind"], found["search"]["documents"]) == (0, 0, 1)
    lines, well = run()
    assert well
    assert "1 documents" in lines


@pytest.mark.usefixtures("_well")
class TestWhatIsReduced:
    def test_no_worker(self) -> None:
        Heartbeat.objects.update(at=timezone.now() - journal.SILENT - timedelta(seconds=1))
        assert "No worker is there" in told()
        Heartbeat.objects.all().delete()
        assert journal.health().silent
        assert not run()[1]

    def test_something_waits_or_fails(self) -> None:
        entry = record("question.asked", subject="question:0")
        row = Delivery.objects.filter(entry=entry).first()
        assert row is not None
        Delivery.objects.filter(pk=row.pk).update(attempts=3)
        found = journal.health()
        assert (found.waiting, found.failing, found.late) == (Delivery.objects.count(), 1, False)
        Entry.objects.update(at=timezone.now() - journal.LATE - timedelta(seconds=1))
        assert "fails again and again" in told()
        assert not run()[1]

    def test_the_index_is_behind(self) -> None:
        make_question()
        assert WORKING in told(), "for a moment it always is"
        Entry.objects.update(at=timezone.now() - health.LAGGING - timedelta(seconds=1))
        assert "nothing follows it on this node. Start `consilium serve`." in told()

    def test_no_index(self) -> None:
        (root() / folder.CURRENT).unlink()
        assert "Run `consilium reindex`." in told()
        assert json.loads(run("--json")[0])["search"]["documents"] is None

    def test_a_broken_one(self) -> None:
        generation = folder.current(root())
        assert generation is not None
        (generation / "words" / "meta.json").write_text("{")
        opening.forget()
        assert "The search index cannot be read. Run `consilium reindex`." in told()

    @pytest.mark.skipif(not semantic.INSTALLED, reason="the extra is not installed")
    def test_no_model(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(actions, "model", lambda: None)
        assert "Run `consilium model build`." in told()
        (root() / folder.CURRENT).unlink()
        assert told().count("Run `consilium") == 2
        assert json.loads(run("--json")[0])["search"]["model"] is None

    def test_full_text_only_is_said_and_nothing_is_wrong_with_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(semantic, "INSTALLED", False)
        page = told()
        assert "Full text only" in page
        assert WORKING in page
        said, well = run()
        assert well
        assert "full text only" in said
        assert json.loads(run("--json")[0])["search"]["full_text_only"]

    def test_no_database(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def away() -> None:
            raise DatabaseError("could not connect\nto it")

        monkeypatch.setattr(journal, "health", away)
        assert "The database does not answer as expected (could not connect)" in told()
        said, well = run("--json")
        assert not well
        assert not json.loads(said)["database"]["reachable"]


def test_a_worker_shows_now_and_then_that_it_is_there() -> None:
    one = Pulse()
    one.beat()
    first = Heartbeat.objects.get().at
    one.beat()
    assert Heartbeat.objects.get().at == first
    Pulse().beat()
    assert Heartbeat.objects.get().at > first
    call_command("worker", "--once")
    assert Heartbeat.objects.count() == 1
