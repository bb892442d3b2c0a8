"""The command line, as a shell sees it: what it prints where, and its exit status."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from consilium.cli import VERBS, main
from tests.shared import copy_prepared_site

# One worker prepares the site for all of them.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("command line")]


class Ran(NamedTuple):
    status: int
    out: str
    err: str


def consilium(*arguments: str, data: Path, **environ: str) -> "subprocess.CompletedProcess[str]":
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "consilium.cli", *arguments], env=inherited | {"CONSILIUM_DATA": str(data)} | environ,
        capture_output=True, text=True, check=False, timeout=120, cwd=data, stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.fixture
def in_process(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Ran]]:
    """The same without a process of its own, for what is said before a command does anything."""

    def run(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as left:
            main(arguments)
        return Ran(int(left.value.code or 0), *capsys.readouterr())

    monkeypatch.setenv("CONSILIUM_DEMO", "")  # what `demo` sets is gone afterwards
    mask = os.umask(0o022)
    yield run
    os.umask(mask)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that `consilium migrate` has prepared."""
    data = tmp_path_factory.mktemp("site")
    done = consilium("migrate", data=data)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"The database is up to date: \d+ specialties, \d+ topics, \d+ cities\.\n", done.stdout)
    return data


def test_other_users_of_the_machine_can_read_nothing_but_static_files(site: Path) -> None:
    made = [path for path in site.rglob("*") if path.is_file() and site / "static" not in path.parents]
    assert {"consilium.sqlite3", "secret-key"} <= {path.name for path in made}
    assert [path for path in made if path.stat().st_mode & 0o077] == []


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb, in_process):
    status, out, err = in_process(verb, "--help")
    assert (status, err) == (0, "")
    assert out.startswith(f"usage: consilium {verb}")


@pytest.mark.parametrize("arguments", [["--help"], ["help"], ["-h"]])
def test_help_lists_every_verb(arguments, tmp_path):
    done = consilium(*arguments, data=tmp_path)
    assert done.returncode == 0
    assert all(f"\n  {verb} " in done.stdout for verb in VERBS)


def test_no_verb_is_wrong_usage(tmp_path):
    done = consilium(data=tmp_path)
    assert (done.returncode, done.stdout.startswith("usage: consilium VERB")) == (2, True)


def test_version(tmp_path):
    done = consilium("--version", data=tmp_path)
    assert done.returncode == 0
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", done.stdout)


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["serve", "--nonsense"], ["role"], ["role", "a@b.example", "king"], ["import"]],
)
def test_wrong_usage_is_status_2_on_stderr(arguments, in_process):
    status, out, err = in_process(*arguments)
    assert (status, out) == (2, "")
    assert err


def test_wrong_usage_is_the_status_of_the_process(tmp_path):
    done = consilium("serve", "--port", "x", data=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_a_failure_is_status_1_with_one_line(site):
    done = consilium("role", "nobody@example.org", "editor", data=site)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "consilium role: nobody has signed up with this address. Let them sign up first.\n"


def test_a_bad_setting_is_status_1_with_one_line(tmp_path):
    done = consilium("migrate", data=tmp_path, CONSILIUM_COUNTRY="Austria")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("consilium migrate: CONSILIUM_COUNTRY: ")


def test_a_database_that_was_not_prepared_is_explained(tmp_path):
    done = consilium("worker", "--once", data=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "Run `consilium migrate`" in done.stderr


def test_another_database_than_postgresql_is_refused(tmp_path):
    done = consilium("migrate", data=tmp_path, DATABASE_URL="mysql://localhost/x")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "DATABASE_URL must start with postgresql://" in done.stderr


def test_migrate_again_changes_nothing(site):
    assert consilium("migrate", data=site).returncode == 0


def test_a_profile_is_made_shown_and_found_missing(site):
    made = consilium("profile", "new", "Ada Examplewood", "--credentials", "MD", "--specialty", "dermatology", data=site)
    assert made.returncode == 0, made.stderr
    assert "/doctors/ada-examplewood/" in made.stdout
    shown = consilium("profile", "show", "ada-examplewood", "--json", data=site)
    assert json.loads(shown.stdout)["name"] == "Ada Examplewood, MD"
    missing = consilium("profile", "show", "nobody", data=site)
    assert (missing.returncode, missing.stderr.count("\n")) == (1, 1)


def test_the_worker_delivers_what_is_due_and_stops(site):
    done = consilium("worker", "--once", data=site)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_check_finds_nothing_wrong_with_the_defaults(site):
    done = consilium("check", data=site)
    assert done.returncode == 0, done.stderr


def test_demo_marks_its_pages_without_being_told(site):
    program = "import consilium.cli, os; consilium.cli.main(['demo', '--help'])"
    told = subprocess.run(
        [sys.executable, "-c", f"import atexit, os; atexit.register(lambda: print(os.environ.get('CONSILIUM_DEMO'))); {program}"],
        env={"PATH": os.environ["PATH"], "CONSILIUM_DATA": str(site)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.stdout.splitlines()[-1] == "1"


def test_a_reader_that_goes_away_is_no_failure(site):
    read, write = os.pipe()
    os.close(read)  # as in `consilium export jsonl | head`, once head has seen enough
    done = subprocess.run(
        [sys.executable, "-m", "consilium.cli", "export", "jsonl"],
        env={"PATH": os.environ["PATH"], "CONSILIUM_DATA": str(site)}, stdout=write, stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    os.close(write)
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, b"")


def test_invented_content_is_kept_out_of_a_real_site(tmp_path):
    copy_prepared_site(tmp_path)
    sign_up = (
        "import django; django.setup(); from consilium.accounts.models import Person; Person.objects.create_user('a@example.org')"
    )
    environment = {"PATH": os.environ["PATH"], "CONSILIUM_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "consilium.settings"}
    subprocess.run([sys.executable, "-c", sign_up], env=environment, check=True)
    done = consilium("demo", data=tmp_path, PORT="1")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "people use this site already" in done.stderr
