"""Real processes with real connections to the test database, for what threads would not show.

The parent starts one fresh interpreter, which loads Django and forks once per list of arguments before any
connection is open. The copies start together and give back what JSON can hold.
"""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def environment(data: Path) -> dict[str, str]:
    """For a process of the product with this data folder: the machine's, without what that says of the product."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONSILIUM_") and name != "DATABASE_URL"}
    return {**kept, "CONSILIUM_DATA": str(data)}


class Group:
    """The running copies of one function."""

    def __init__(self, function: Callable[..., Any], arguments: Sequence[Sequence[Any]]) -> None:
        from django.db import connection

        environ = {**os.environ, "TEST_PROCESSES_DATABASE": str(connection.settings_dict["NAME"])}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.processes", function.__module__, function.__qualname__, json.dumps(arguments)],
            env=environ, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def results(self, timeout: float = 240) -> list[Any]:
        """What each copy gave back, in the order of the arguments; fails when one of them did."""
        try:
            output, errors = self._process.communicate(timeout=timeout)
        finally:
            self.kill()
        assert self._process.returncode == 0, errors
        found: list[Any] = json.loads(output.splitlines()[-1])
        return found

    def kill(self) -> None:
        """End all copies at once, as a power cut would."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def in_parallel(function: Callable[..., Any], arguments: Sequence[Sequence[Any]]) -> list[Any]:
    """Run a module-level function once per list of arguments, each in a process of its own, all at once."""
    return Group(function, arguments).results()


def _main(module: str, name: str, encoded: str) -> int:
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = os.environ["TEST_PROCESSES_DATABASE"]
    django.setup()
    function = getattr(import_module(module), name)
    arguments = json.loads(encoded)
    fork = multiprocessing.get_context("fork")
    barrier = fork.Barrier(len(arguments))
    copies = []
    for given in arguments:
        ours, theirs = fork.Pipe(duplex=False)
        copy = fork.Process(target=_copy, args=(function, given, barrier, theirs))
        copy.start()
        theirs.close()
        copies.append((copy, ours))
    results = [_received(connection) for _, connection in copies]
    for copy, _ in copies:
        copy.join()
    print(json.dumps(results))
    return max(copy.exitcode or 0 for copy, _ in copies)


def _copy(function: Callable[..., Any], given: Sequence[Any], barrier: Any, answer: Connection) -> None:
    barrier.wait()
    answer.send(function(*given))


def _received(connection: Connection) -> Any:
    with suppress(EOFError):
        return connection.recv()


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
