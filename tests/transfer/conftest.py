"""Commands as a shell runs them; the specialties and a handful of cities in memory, for tests that need no database."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from consilium import cli
from consilium.lib.text import fold
from consilium.questions.models import Question
from consilium.transfer import pages
from consilium.transfer.places import Directory, by_name
from consilium.transfer.records import Options
from tests import factories as make
from tests.transfer.sheets import write

CITIES = [
    ("San Diego", 1_404_452, 1, "US", "CA"),
    ("San Diego", 18_531, 2, "CO", "10"),
    ("Panama City", 38_286, 3, "US", "FL"),
    ("Panama City", 408_168, 4, "PA", "08"),
    ("New York City", 8_804_190, 5, "US", "NY"),
    ("St. Louis", 279_695, 6, "US", "MO"),
    ("Salt Lake City", 215_548, 7, "US", "UT"),
    ("Springfield", 170_188, 8, "US", "MO"),
    ("Springfield", 155_929, 9, "US", "MA"),
    ("Paris", 2_138_551, 10, "FR", "11"),
    ("Paris", 24_782, 11, "US", "TX"),
    ("Toronto", 2_731_571, 12, "CA", "08"),
    ("Beverly Hills", 34_869, 13, "US", "CA"),
    ("Irvine", 256_927, 14, "US", "CA"),
    ("Lake Oswego", 38_496, 15, "US", "OR"),
    ("Panama", 15_500, 16, "LK", "36"),
    ("Portland", 652_503, 17, "US", "OR"),
    ("Portland", 68_408, 18, "US", "ME"),
]
TITLES = {
    "Dermatologist": "dermatology",
    "Dermatology": "dermatology",
    "Dermatologic Surgeon": "dermatologic-surgery",
    "Plastic Surgeon": "plastic-surgery",
    "Facial Plastic Surgeon": "facial-plastic-surgery",
    "Surgeon": "general-surgery",
    "Phlebologist": "phlebology",
    "Ear, Nose and Throat Doctor": "otolaryngology",
    "Neurologist": "neurology",
    "OB/GYN": "obstetrics-and-gynecology",
}


class Ran:
    """What a command left behind."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err


@pytest.fixture
def consilium(capsys: pytest.CaptureFixture[str]) -> Any:
    """`consilium import …` as a shell runs it."""

    def run(*arguments: str, verb: str = "import") -> Ran:
        with pytest.raises(SystemExit) as left:
            cli.main([verb, *arguments])
        out, err = capsys.readouterr()
        return Ran(int(left.value.code or 0), out, err)

    return run


@pytest.fixture(scope="session")
def directory() -> Directory:
    cities = by_name((fold(name), people, number, country, admin1) for name, people, number, country, admin1 in CITIES)
    return Directory({fold(title): slug for title, slug in TITLES.items()}, cities, "US")


@pytest.fixture
def read(tmp_path: Path, directory: Directory) -> Callable[[str | bytes], list[Any]]:
    """The records of a plain-text page."""

    def records(text: str | bytes) -> list[Any]:
        return list(pages.page(write(tmp_path, text), Options(), directory, lambda title: ()))

    return records


@pytest.fixture
def site() -> Question:
    """A question "q" and a verified doctor "d" with an answer "a" to it."""
    question = make.make_question(key="q")
    doctor = make.make_verified(key="d")
    make.make_answer(question, doctor=doctor, key="a")
    return question
