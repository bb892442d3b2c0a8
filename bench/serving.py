"""The shell against granian's WSGI mode on the same page: `python -m bench.serving [--page hello|question]`.

Both servers run all the time and are asked in turn for a second each, so that what else the machine does falls on
both; the result is the median of the ratios of each round. The servers have one core and the load another. Absolute
figures of a shared machine mean little.
"""

import argparse
import contextlib
import json
import os
import platform
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from bench.load import Measure, final_path, measure

CONTENDERS = ("shell", "granian-wsgi")
SETTLED_SECONDS = 10
"""A page that was just changed has no Last-Modified yet; afterwards every answer is the same to the byte."""
RESULTS = Path(__file__).parent / "results"


def main() -> None:
    given, machine = _arguments(), _machine()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with contextlib.ExitStack() as stack:
        environment, path = _page(given.page, stack)
        running = {name: stack.enter_context(_serving(name, given.threads, environment)) for name in CONTENDERS}
        path = final_path(running["shell"][0], path)
        rounds = [_round(number, given, running, path) for number in range(given.rounds + 1)][1:]  # the first warms up
    result = {
        "what": f"{given.page} page, {given.connections} connections, {given.threads} threads, one core",
        "machine": machine,
        "median": {name: _medians([one[name] for one in rounds]) for name in CONTENDERS},
        "ratio_shell_to_granian_wsgi": _ratios(rounds),
        "rounds": [{name: asdict(seen) for name, seen in one.items()} for one in rounds],
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"http-{given.page}.json").write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps({key: result[key] for key in ("what", "machine", "median", "ratio_shell_to_granian_wsgi")}, indent=2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--page", choices=["hello", "question"], default="hello")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--threads", type=int, default=3)
    return parser.parse_args()


def _page(kind: str, stack: contextlib.ExitStack) -> tuple[dict[str, str], str]:
    """Environment and path of the page; a question comes from a fresh site with the demo content."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CONSILIUM_") and name != "DATABASE_URL"}
    if kind == "hello":
        return {**clean, "DJANGO_SETTINGS_MODULE": "bench.hello"}, "/"
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    environment = {**clean, "DJANGO_SETTINGS_MODULE": "consilium.settings", "CONSILIUM_DATA": folder}
    for command in (["setup"], ["load_demo"], ["worker", "--once"]):
        subprocess.run([sys.executable, "-m", "django", *command], env=environment, check=True, capture_output=True)
    time.sleep(SETTLED_SECONDS)
    with contextlib.closing(sqlite3.connect(Path(folder) / "consilium.sqlite3")) as connection:
        row = connection.execute("SELECT id, answer_count FROM questions_question ORDER BY answer_count DESC LIMIT 1").fetchone()
    print(f"question with {row[1]} answers")
    return environment, f"/q/{row[0]}/"


def _round(number: int, given: argparse.Namespace, running: dict[str, tuple[int, list[int]]], path: str) -> dict[str, Measure]:
    order = CONTENDERS if number % 2 == 0 else CONTENDERS[::-1]
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    return {name: measure(running[name][0], request, running[name][1], given.connections, given.seconds) for name in order}


@contextlib.contextmanager
def _serving(name: str, threads: int, environment: dict[str, str]) -> Iterator[tuple[int, list[int]]]:
    """Port and processes of a running contender, on the first core; the load stays on the last."""
    command = ["taskset", "-c", "0", sys.executable, "-m", "bench.contender", name, str(threads)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline().strip().rpartition(":")[2])
        _wait_for(port)
        yield port, [process.pid, *_children(process.pid)]
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.02)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


FIGURES = ("rate", "cpu_ms", "median_ms", "p99_ms", "pss_mb")


def _medians(seen: list[Measure]) -> dict[str, float]:
    return {key: round(statistics.median(getattr(one, key) for one in seen), 3) for key in FIGURES}


def _ratios(rounds: list[dict[str, Measure]]) -> dict[str, float]:
    """Median over the rounds; above 1 the shell has more of it."""
    return {
        key: round(statistics.median(getattr(one["shell"], key) / getattr(one["granian-wsgi"], key) for one in rounds), 3)
        for key in FIGURES
    }


def _machine() -> dict[str, str | float]:
    return {
        "cores": os.cpu_count() or 1,
        "load_before": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "django": version("django"),
        "granian": version("granian"),
    }


if __name__ == "__main__":
    main()
