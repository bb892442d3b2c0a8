"""Promise 14: 300 clients that never finish their headers and 300 that never finish a body keep nobody waiting."""

import select
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.promises.site import Site

EACH = 300
ASKED = 8
SLOW_HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
# With a CSRF cookie Django looks for the token in the form: without a server that reads the body first, each of these
# would hold a thread.
SLOW_BODY = (
    b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken=" + b"s" * 32 + b"\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10000\r\n\r\n"
)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    site.prepare(doctors=0, questions=3, answers=2)
    site.start("--workers", "2", "--threads", "2")
    for _ in range(ASKED):  # a worker that has answered once is quick: the slow clients are given up after fifteen seconds
        site.get("/")
    yield site
    site.kill()


@pytest.fixture
def slow(site: Site) -> Iterator[list[socket.socket]]:
    """Connections that have each sent a part, and wait."""
    connections = []
    for beginning in [SLOW_HEAD, SLOW_BODY] * EACH:
        connection = socket.create_connection(("127.0.0.1", site.port), timeout=10)
        connection.sendall(beginning)
        connections.append(connection)
    yield connections
    for connection in connections:
        connection.close()


@pytest.mark.slow
def test_a_normal_page_is_answered_beside_six_hundred_slow_clients(site: Site, slow: list[socket.socket]) -> None:
    for connection in slow:
        connection.sendall(b"a")  # still sending, a byte now and then
    statuses = [site.get("/", timeout=10)[0] for _ in range(ASKED)]
    given_up, _, _ = select.select(slow, [], [], 0)
    assert statuses == [200] * ASKED
    assert len(slow) - len(given_up) == 2 * EACH  # they were all still there: the pages came in spite of them
