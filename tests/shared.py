"""What is slow to make and the same for all tests of a run: the language model, and a site that `consilium migrate` has prepared.

It lies in the folder TESTS_SHARED and is made by who asks first; `python -m tests.shared` makes it beforehand.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from consilium.search.building import build, can_build
from tests.processes import environment


def language_model() -> Path:
    """The folder of the real model."""
    return _once("language-model", build)


def copy_prepared_site(folder: Path) -> None:
    """Make `folder` the data folder of an empty site on SQLite."""
    shutil.copytree(_once("prepared-site", _prepare), folder, dirs_exist_ok=True)


def _prepare(folder: Path) -> None:
    folder.mkdir(exist_ok=True)  # an earlier try may have been ended
    command = [sys.executable, "-m", "consilium.cli", "migrate"]
    subprocess.run(command, env=environment(folder), check=True, stdout=subprocess.DEVNULL)


def _once(name: str, make: Callable[[Path], object]) -> Path:
    shared = Path(os.environ["TESTS_SHARED"])
    with (shared / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / name).exists():
            make(shared / f"{name}.new")
            (shared / f"{name}.new").rename(shared / name)
    return shared / name


if __name__ == "__main__":
    _once("prepared-site", _prepare)
    if can_build():
        language_model()
