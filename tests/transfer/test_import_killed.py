"""An import killed with SIGKILL in the middle, then run again: complete, nothing twice, the database sound."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.shared import copy_prepared_site
from tests.transfer.sheets import FULL, page, write

pytestmark = pytest.mark.slow
PAGES = 1000
BATCH_OF_PAGES = 250  # a page is four records, a batch a thousand


def consilium(data: Path, *arguments: str) -> "subprocess.Popen[str]":
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "consilium.cli", *arguments]
    environment |= {"CONSILIUM_DATA": str(data)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def count(data: Path, table: str) -> int:
    with sqlite3.connect(data / "consilium.sqlite3") as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_killed_and_run_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    copy_prepared_site(data)
    texts = [page(FULL, title=f"May I ask question {number}?") for number in range(PAGES)]
    files = [write(tmp_path, text, f"{number}.txt") for number, text in enumerate(texts)]

    killed = consilium(data, "import", "pages", *files)
    while killed.poll() is None and count(data, "questions_question") < BATCH_OF_PAGES:
        with suppress(subprocess.TimeoutExpired):
            killed.wait(timeout=0.02)
    killed.kill()
    killed.communicate()
    there = count(data, "questions_question")
    assert BATCH_OF_PAGES <= there < PAGES

    again = consilium(data, "import", "pages", *files, "--json")
    report = json.loads(again.communicate()[0])
    assert report["questions"] == {"created": PAGES - there, "updated": 0, "unchanged": there, "skipped": 0}
    assert (count(data, "questions_answer"), count(data, "questions_answerorigin")) == (PAGES, PAGES)
    with sqlite3.connect(data / "consilium.sqlite3") as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("SELECT answer_count FROM doctors_doctor").fetchall() == [(PAGES,)]
        assert database.execute("SELECT DISTINCT answer_count FROM questions_question").fetchall() == [(1,)]
