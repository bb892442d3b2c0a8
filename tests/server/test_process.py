"""The server as a process: start, stop, crash, and who may use the port."""

import ctypes
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.server.running import HEAD, Server, running, until


def closed(server: Server) -> bool:
    try:
        server.connect().close()
    except ConnectionRefusedError:
        return True
    return False


@contextmanager
def as_in_a_terminal(number: int) -> Iterator[None]:
    """What is started here knows the signal, although these tests may run under nohup, which has it ignored."""
    before = signal.signal(number, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(number, before)


def start_and_fail(**given: Any) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tests.server.site", json.dumps(given)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)


def test_it_ends_well_when_told_to(tmp_path: Path) -> None:
    with running(tmp_path, workers=2) as server:
        assert server.get("/hello/")[0] == 200
        assert server.stop() == 0
        output, errors = server.process.communicate()
        assert output == "the companion stopped\n"
        assert errors == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP], ids=["ctrl-c", "closed terminal"])
def test_a_signal_to_the_whole_group_is_a_good_end(tmp_path: Path, number: int) -> None:
    with as_in_a_terminal(number), running(tmp_path, workers=2) as server:
        os.killpg(server.process.pid, number)
        assert server.process.wait(30) == 0
        assert server.process.communicate()[1] == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "systemctl stop"])
def test_a_signal_that_another_thread_is_given_ends_it_too(tmp_path: Path, number: int) -> None:
    """The kernel chooses the thread; here the test does."""
    with running(tmp_path) as server:
        main = server.process.pid
        others = [int(one.name) for one in Path(f"/proc/{main}/task").iterdir() if int(one.name) != main]
        assert ctypes.CDLL(None, use_errno=True).tgkill(main, others[0], number) == 0, os.strerror(ctypes.get_errno())
        assert server.process.wait(30) == 0


def test_a_request_under_way_is_answered_before_the_end(tmp_path: Path) -> None:
    with running(tmp_path) as server, server.connect(b"GET /slow/" + HEAD + b"\r\n") as connection:
        until((tmp_path / "slow").exists)
        server.process.send_signal(signal.SIGTERM)
        assert connection.recv(65_536).endswith(b"slow but whole")
        assert server.process.wait(30) == 0


def test_a_second_server_is_told_that_the_port_is_in_use(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        second = start_and_fail(port=server.port)
        assert second.returncode == 1
        assert second.stderr == f"Port {server.port} is in use by another program. Stop it, or choose another port with --port.\n"
        assert server.get("/hello/") == (200, "hello")


def test_an_address_of_another_machine_is_refused_in_words(tmp_path: Path) -> None:
    second = start_and_fail(host="192.0.2.1")
    assert second.returncode == 1
    assert second.stderr.startswith("Cannot listen on 192.0.2.1, port 0:")
    assert second.stderr.count("\n") == 1


def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        first = int(server.get("/pid/")[1])
        os.kill(first, signal.SIGKILL)

        def replaced() -> bool:
            try:
                return server.get("/pid/")[1] != str(first)
            except (ConnectionError, TimeoutError):
                return False

        until(replaced)
        assert server.stop() == 0


def test_workers_do_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    with running(tmp_path, workers=2) as server:
        server.process.kill()
        server.process.wait()
        until(lambda: closed(server))


def test_a_trusted_proxy_is_believed(tmp_path: Path) -> None:
    with running(tmp_path, proxies=["127.0.0.0/8"]) as server:
        said = {"X_Forwarded_For": "203.0.113.9, 198.51.100.7", "X_Forwarded_Proto": "https", "X_Forwarded_Host": "evil.example"}
        text = server.get("/environ/", **said)[1]
        assert '"REMOTE_ADDR": "198.51.100.7"' in text
        assert '"wsgi.url_scheme": "https"' in text
        assert "evil.example" not in text


def test_what_is_loaded_at_the_start_is_out_of_the_garbage_collectors_rounds(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        assert int(server.get("/frozen/")[1]) > 10_000
