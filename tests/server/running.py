"""A server in a process of its own, and plain sockets to talk to it."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HEAD = b" HTTP/1.1\r\nHost: localhost\r\n"


@dataclass(slots=True)
class Server:
    """A running server; `notes` is the folder in which its pages note what cannot be seen from outside."""

    process: "subprocess.Popen[str]"
    port: int
    notes: Path

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Status and text of a page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(connection):
            connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def connect(self, sent: bytes = b"") -> socket.socket:
        """A socket over which `sent` has been sent."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        connection.sendall(sent)
        return connection

    def talk(self, sent: bytes) -> bytes:
        """All that the server says to `sent` until it closes the connection (ask it to, or make it)."""
        with self.connect(sent) as connection:
            return b"".join(iter(lambda: connection.recv(65_536), b""))

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal to the parent and return its exit status."""
        self.process.send_signal(number)
        return self.process.wait(120)


@contextlib.contextmanager
def running(notes: Path, **given: Any) -> Iterator[Server]:
    """Serve the test site; see tests/server/site.py for what can be given. All of it is gone afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.server.site", json.dumps(given)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "SERVER_TEST_NOTES": str(notes)},
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address, process.communicate()[1]
        yield Server(process, int(address.rpartition(":")[2]), notes)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for something that another process does; fail if it does not happen in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
