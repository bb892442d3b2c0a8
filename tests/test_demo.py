"""`consilium demo`: everything is there at the first start, and the same at the second."""

import http.client
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from consilium.search.building import can_build
from tests.processes import environment

pytestmark = pytest.mark.slow


def started(data: Path) -> tuple[list[str], str, int]:
    """Start the demo, read its home page, stop it as Ctrl-C does: what it printed, the page, the exit status."""
    with (data / "log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "consilium.cli", "demo", "--port", "0"], stdout=subprocess.PIPE, stderr=log, text=True,
            env={**environment(data), "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
    said: list[str] = []
    try:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line.strip())
            if "listens on" in line:
                break
        assert said, (data / "log").read_text()
        connection = http.client.HTTPConnection("127.0.0.1", int(said[-1].rpartition(":")[2]), timeout=120)
        connection.request("GET", "/")
        page = connection.getresponse().read().decode()
        connection.close()
        process.send_signal(signal.SIGINT)
        return said, page, process.wait(300)
    finally:
        process.kill()
        process.communicate()


def test_the_second_start_keeps_the_data_and_the_accounts(tmp_path: Path) -> None:
    said, page, status = started(tmp_path)
    assert status == 0, (tmp_path / "log").read_text()
    questions, answers = map(int, re.findall(r"\d+", next(line for line in said if line.startswith("Demo content"))))
    assert (questions >= 40, answers >= 220) == (True, True)
    assert "patient@demo.invalid" in " ".join(said)
    assert "invented" in page, "the pages say that their people are invented"
    assert (tmp_path / "log").read_text() == "", "nothing to complain about, and no progress bar in a pipe"
    assert (tmp_path / "model" / "model.onnx").is_file() == can_build(), "built beside the pages, also when it is stopped at once"
    again, _, status = started(tmp_path)
    assert (again[:-1], status) == (said[:-1], 0)
