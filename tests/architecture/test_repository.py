"""What must never get into the repository."""

import re
import tomllib

import pytest

from tests.architecture.repository import ROOT, files, having, name, text

TEXTS = (".py", ".md", ".toml", ".html", ".css", ".js", ".yaml", ".yml", ".sh", ".lock", ".txt", ".json", ".cfg", ".svg", "")
# Package indexes and mirrors, written so that this file does not find itself.
HOSTS = ["pypi" + ".org", "pythonhosted" + ".org", "registry" + ".npmjs", "proxy" + ".golang", "arti" + "factory", "dev" + "pi"]
# Folders of one machine.
MACHINE = re.compile(r"/home/\w+/|/Users/\w+/|/ro" + r"ot/|/wo" + r"rk/|/mn" + r"t/|C:\\\\Users")
LOCKS = ["requirements.lock", "requirements-dev.lock"]


def readable() -> dict[str, str]:
    found = {}
    for path in files():
        if path.suffix in TEXTS and "data" not in path.parts:
            try:
                found[name(path)] = text(path)
            except UnicodeDecodeError:
                continue
    return found


def test_no_file_names_a_package_index() -> None:
    assert {path: host for path, content in readable().items() for host in HOSTS if host in content} == {}


def test_no_file_names_a_folder_of_one_machine() -> None:
    found = {path: hit.group() for path, content in readable().items() if (hit := MACHINE.search(content))}
    assert found == {}


def test_no_file_holds_what_was_left_for_later() -> None:
    later = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|coming so" + r"on)\b")
    hits = {
        path: hit.group()
        for path, content in readable().items()
        if not path.startswith("src/consilium/transfer/demo/") and (hit := later.search(content))
    }
    assert hits == {}


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_pin_by_hash_and_name_no_address(lock: str) -> None:
    content = text(ROOT / lock)
    assert "://" not in content
    assert "--index-url" not in content
    pins = re.findall(r"^([a-z0-9][\w.\[\],-]*)==", content, re.MULTILINE)
    blocks = re.split(r"^(?=[a-z0-9][\w.\[\],-]*==)", content, flags=re.MULTILINE)[1:]
    assert len(pins) == len(blocks) > 20
    assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_second_lock_holds_the_first() -> None:
    first, second = (set(re.findall(r"^\S+==\S+", text(ROOT / lock), re.MULTILINE)) for lock in LOCKS)
    assert first <= second, first - second


def test_every_dependency_is_locked() -> None:
    declared = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]["dependencies"]
    wanted = {re.split(r"[\[~>=<! ]", one)[0].lower() for one in declared}
    locked = {one.partition("[")[0] for one in re.findall(r"^([\w.\[\],-]+)==", text(ROOT / LOCKS[0]), re.MULTILINE)}
    assert wanted <= locked


def test_scripts_can_be_run() -> None:
    scripts = [*having(".sh"), ROOT / ".ci" / "run"]
    assert [name(path) for path in scripts if not path.stat().st_mode & 0o100] == []
    assert [name(path) for path in scripts if not text(path).startswith("#!/bin/sh\n")] == []


def test_ci_runs_what_the_readme_says() -> None:
    assert "make test" in text(ROOT / ".ci" / "run")
    assert "make test" in text(ROOT / "README.md")
    assert "make demo" in text(ROOT / "README.md")


def test_every_test_marker_is_declared_and_used() -> None:
    declared = {
        one.split(":")[0] for one in tomllib.loads(text(ROOT / "pyproject.toml"))["tool"]["pytest"]["ini_options"]["markers"]
    }
    tests = "\n".join(text(path) for path in having(".py", below=ROOT / "tests"))
    used = set(re.findall(r"pytest\.mark\.(\w+)", tests)) - {
        "parametrize",
        "django_db",
        "skipif",
        "skip",
        "xfail",
        "usefixtures",
        "filterwarnings",
        "xdist_group",
    }
    assert used == declared


def test_tests_mirror_the_package() -> None:
    apps = {path.parent.name for path in having(".py", below=ROOT / "src") if path.name == "apps.py"} - {"consilium"}
    tested = {path.parent.name for path in having(".py", below=ROOT / "tests") if path.name.startswith("test_")}
    assert apps <= tested
