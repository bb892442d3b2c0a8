"""Promise 1: a write that was acknowledged is there after `kill -9` of the site and of the database.

Four kills here, on the database of the run; `KILL9_KILLS=20` (and more) for the drill of a release.
"""

import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest

from tests.postgres import PrivateServer
from tests.promises.site import Site
from tests.server.running import until

KILLS = int(os.environ.get("KILL9_KILLS", "4"))
WRITERS = 4
KINDS = ("vote", "answer")
VOTES = "SELECT answer_id, person_id FROM questions_helpfulvote"
ANSWERS = "SELECT question_id, written_by_id FROM questions_answer WHERE written_by_id IS NOT NULL"
FACTS = "SELECT count(*) FROM journal_entry WHERE fact IN ('answer.voted', 'question.answered')"
WRONG_COUNTS = """
    SELECT count(*) FROM questions_answer AS a
    WHERE a.helpful_count <> (SELECT count(*) FROM questions_helpfulvote AS v WHERE v.answer_id = a.id)
"""


class SQLite:
    """The database dies with the site, being part of it."""

    url = ""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "consilium.sqlite3"

    def kill(self) -> None:
        pass

    def restart(self) -> None:
        pass

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(self._file)) as connection:
            return connection.execute(query).fetchall()

    def damage(self) -> str:
        """What SQLite finds broken in its file; empty if nothing."""
        found = [str(row) for row in self.rows("PRAGMA integrity_check") + self.rows("PRAGMA foreign_key_check")]
        return "" if found == ["('ok',)"] else "\n".join(found)


class PostgreSQL(PrivateServer):
    """A server of this test's own, run as a child, so that it can be killed with all its processes."""

    _process: "subprocess.Popen[bytes]"

    def start(self) -> None:
        super().start()
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "fast", "-w", "stop")
        self.restart()

    def kill(self) -> None:
        postmaster = self._process.pid
        family = [int(pid) for pid in Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()]
        for pid in [postmaster, *family]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()
        until(lambda: not any(map(_lives, family)))

    def restart(self) -> None:
        command = [f"{self.bin}/postgres", "-D", f"{self.folder}/data", "-k", f"{self.folder}", "-c", "listen_addresses="]
        with (self.folder / "log").open("a") as log:
            self._process = subprocess.Popen(command, user=self.user, cwd="/", stdout=log, stderr=log)
        until(self._answers)

    def stop(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            return self.rows("SELECT 1") == [(1,)]
        return False

    def rows(self, query: LiteralString) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()

    def damage(self) -> str:
        """What pg_amcheck finds broken in tables and indexes; empty if nothing."""
        command = f"{self.bin}/pg_amcheck --install-missing --heapallindexed -h {self.folder} -U consilium postgres".split()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return "" if done.returncode == 0 else done.stdout + done.stderr


def _lives(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SQLite | PostgreSQL]:
    """Of the kind that the run is on."""
    if not os.environ.get("DATABASE_URL"):
        yield SQLite(tmp_path)
        return
    server = PostgreSQL()
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def site(tmp_path: Path, database: SQLite | PostgreSQL) -> Iterator[Site]:
    site = Site(tmp_path, database.url)
    yield site
    site.kill()


@pytest.mark.slow
def test_no_acknowledged_write_is_lost(tmp_path: Path, site: Site, database: SQLite | PostgreSQL) -> None:
    made = site.prepare(doctors=WRITERS, questions=6 * KILLS, answers=20)
    site.start("--workers", "2")
    writers = [_writer(tmp_path, site.port, number, made) for number in range(WRITERS)]
    try:
        _kill_and_restart(site, database, tmp_path)
    finally:
        refusals = [_end(writer) for writer in writers]
    assert refusals == [""] * WRITERS
    assert site.get("/")[0] == 200
    assert site.stop() == 0

    votes, answers = _acknowledged(tmp_path)
    kept_votes, kept_answers = set(database.rows(VOTES)), set(database.rows(ANSWERS))
    print(f"{len(votes)} votes and {len(answers)} answers acknowledged over {KILLS} kills")

    assert len(votes) >= 5 * KILLS
    assert len(answers) >= KILLS
    assert votes - kept_votes == set()
    assert answers - kept_answers == set()
    # Done but not said: at most one write of each writer at each kill, and one at the end.
    assert len(kept_votes - votes) + len(kept_answers - answers) <= WRITERS * (KILLS + 1)
    assert database.rows(WRONG_COUNTS) == [(0,)]
    assert database.rows(FACTS) == [(len(kept_votes) + len(kept_answers),)]
    assert database.damage() == ""


def _acknowledged(folder: Path) -> list[set[tuple[int, int]]]:
    """What the writers were told is done: votes and answers, each with its number and its person."""
    said = [line.split() for file in folder.glob("acknowledged-*") for line in file.read_text().splitlines(keepends=True)
            if line.endswith("\n")]  # fmt: skip
    return [{(int(number), int(person)) for kind, number, person in said if kind == wanted} for wanted in KINDS]


def _kill_and_restart(site: Site, database: SQLite | PostgreSQL, folder: Path) -> None:
    for kill in range(1, KILLS + 1):

        def enough(kills: int = kill) -> bool:
            votes, answers = _acknowledged(folder)
            return len(votes) >= 5 * kills and len(answers) >= kills

        until(enough)
        time.sleep(random.uniform(0, 1.6))  # at any moment of a write: that is what the promise is about
        site.kill()
        database.kill()
        database.restart()
        site.start("--workers", "2")
    time.sleep(0.5)


def _writer(folder: Path, port: int, number: int, made: dict[str, Any]) -> "subprocess.Popen[str]":
    given = {"port": port, "acknowledged": str(folder / f"acknowledged-{number}"), **made["doctors"][number]}
    given |= {"answers": made["answers"], "questions": made["questions"]}
    command = [sys.executable, "-m", "tests.promises.writer", json.dumps(given)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def _end(writer: "subprocess.Popen[str]") -> str:
    """Stop a writer; what it complained about, empty if nothing."""
    writer.terminate()
    return writer.communicate()[1]
