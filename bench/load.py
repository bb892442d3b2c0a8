"""A load generator for one page over several open connections, and the cost of the process that answers."""

import contextlib
import http.client
import os
import selectors
import socket
import time
from dataclasses import dataclass
from pathlib import Path


class Unexpected(Exception):
    """The server answered something else than the page."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What one run saw: requests a second, milliseconds of CPU a request (all processes), latency in milliseconds,
    and the memory of the largest process in MB."""

    rate: float
    cpu_ms: float
    median_ms: float
    p99_ms: float
    requests: int
    pss_mb: float


def measure(port: int, request: bytes, pids: list[int], connections: int, seconds: float) -> Measure:
    """Ask again and again on `connections` connections; `pids` are the processes whose CPU time counts."""
    sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(connections)]
    length = _answer_length(sockets[0], request)
    before, begun = cpu_seconds(pids), time.perf_counter()
    times = _ask(sockets, request, length, begun + seconds)
    lasted, spent = time.perf_counter() - begun, cpu_seconds(pids) - before
    for connection in sockets:
        connection.close()
    times.sort()
    return Measure(
        rate=round(len(times) / lasted, 1),
        cpu_ms=round(1000 * spent / len(times), 4),
        median_ms=round(1000 * times[len(times) // 2], 3),
        p99_ms=round(1000 * times[len(times) * 99 // 100], 3),
        requests=len(times),
        pss_mb=max(map(pss_megabytes, pids)),
    )


def final_path(port: int, path: str) -> str:
    """Where a redirect leads, else the path itself."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("GET", path)
        return connection.getresponse().headers.get("Location", path)


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of these processes so far."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def pss_megabytes(pid: int) -> float:
    """Memory of a process, shared pages divided among their users."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return round(next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024, 1)


def _answer_length(connection: socket.socket, request: bytes) -> int:
    """Length of the whole answer; every later one must be as long (so the page must not change)."""
    connection.sendall(request)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65_536)
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200 "):
        raise Unexpected(head.decode("latin-1"))
    sizes = [int(line.partition(b":")[2]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    while len(body) < sizes[0]:
        body += connection.recv(65_536)
    return len(head) + 4 + sizes[0]


def _ask(sockets: list[socket.socket], request: bytes, length: int, until: float) -> list[float]:
    waiting: dict[socket.socket, tuple[float, int]] = {}
    times: list[float] = []
    with selectors.DefaultSelector() as ready:
        for connection in sockets:
            ready.register(connection, selectors.EVENT_READ)
            waiting[connection] = (time.perf_counter(), length)
            connection.sendall(request)
        while time.perf_counter() < until:
            for key, _ in ready.select(timeout=5):
                connection = key.fileobj  # type: ignore[assignment]
                since, missing = waiting[connection]
                missing -= len(connection.recv(262_144))
                if missing < 0:
                    raise Unexpected("an answer was longer than the first one")
                if missing == 0:
                    now = time.perf_counter()
                    times.append(now - since)
                    since, missing = now, length
                    connection.sendall(request)
                waiting[connection] = (since, missing)
    return times
