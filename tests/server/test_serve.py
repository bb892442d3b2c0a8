"""`consilium serve`, as an operator types it."""

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.promises.site import Site
from tests.server.running import until

pytestmark = pytest.mark.slow
QUESTIONS = 2


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    yield site
    site.kill()


def undelivered(site: Site) -> int:
    with closing(sqlite3.connect(site.folder / "consilium.sqlite3")) as connection:
        count: int = connection.execute("SELECT count(*) FROM journal_delivery WHERE done_at IS NULL").fetchone()[0]
        return count


def test_pages_come_and_the_journal_is_delivered_beside_them_unless_told_not_to(site: Site) -> None:
    site.prepare(doctors=0, questions=QUESTIONS, answers=1)
    site.start("--workers", "1", "--no-worker")
    assert site.get("/")[0] == 200
    assert site.get("/no-such-page/")[0] == 404
    assert site.stop() == 0
    assert undelivered(site) >= QUESTIONS

    site.start("--workers", "2")
    assert site.get("/")[0] == 200
    until(lambda: undelivered(site) == 0)
    assert site.stop() == 0


def test_a_port_in_use_is_said_in_one_line(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        status, errors = site.fail_to_serve("--port", str(port))
    assert status == 1
    assert errors == f"consilium serve: Port {port} is in use by another program. Stop it, or choose another port with --port.\n"


@pytest.mark.parametrize(
    ("option", "value", "why"),
    [
        ("--port", "70000", "70000 is no port; use a number from 0 to 65535"),
        ("--workers", "0", "0 is no number of at least 1"),
        ("--threads", "many", "many is no number of at least 1"),
    ],
)
def test_a_wrong_option_is_wrong_usage(site: Site, option: str, value: str, why: str) -> None:
    status, errors = site.fail_to_serve(option, value)
    assert status == 2
    assert errors.endswith(f"{option}: {why}\n")


def test_a_wrong_proxy_is_said_in_one_line(site: Site) -> None:
    status, errors = site.fail_to_serve("--port", "0", CONSILIUM_TRUSTED_PROXIES="everybody")
    assert status == 1
    assert errors.startswith("consilium serve: CONSILIUM_TRUSTED_PROXIES: everybody is no address or network")
    assert errors.count("\n") == 1
