"""What stands in an answer and looks like a byline: signatures, quoted names, places and ratings."""

from collections.abc import Callable
from typing import Any

import pytest

from consilium.transfer.records import AnswerRecord
from tests.transfer.sheets import COUNTER, FULL, NAMELESS, TERSE, page

Read = Callable[[str | bytes], list[Any]]


def answers(records: list[Any]) -> list[AnswerRecord]:
    return [record for record in records if isinstance(record, AnswerRecord)]


def test_a_signature_with_degrees_is_no_byline(read: Read) -> None:
    text = FULL.replace("\n\nWilma", "\n\nWilma Quenby, MD\n\nWilma")
    found = answers(read(page(text, TERSE)))
    assert len(found) == 2
    assert found[0].body.endswith("Wilma Quenby, MD")


@pytest.mark.parametrize(
    "signature",
    [
        "Wilma Quenby, MD\nBoard Certified Dermatologist",
        "Wilma Quenby, MD\nSan Diego Dermatologist",
        "Dr. Quenby\nSan Diego Dermatologist",
        "San Diego Dermatologist",
        "Yours,\n\nWilma Quenby, MD\n\nQuenby Skin Clinic",
        "Wilma Quenby, MD\nBoard Certified Dermatologist\nSan Diego, CA",
        "Wilma Quenby, MD\n\nBoard Certified Dermatologist\nSan Diego, CA\nwww.quenby.example",
        "Yours,\n\nWilma Quenby, MD\n\nwww.quenby.example\n\n555-0100",
        "Wilma Quenby, MD\nDiplomate, Board of Dermatology",
    ],
)
def test_a_signature_like_a_byline_belongs_to_the_text(read: Read, signature: str) -> None:
    text = FULL.replace("\n\nWilma", f"\n\n{signature}\n\nWilma")
    found = answers(read(page(text, TERSE)))
    assert [one.headline for one in found] == ["Stop it a week before", "Not on that day"]
    assert found[0].body.endswith(signature.replace("\n\n", "\n").splitlines()[-1])


def test_a_signature_above_a_byline_without_a_name_stays_in_the_text(read: Read) -> None:
    one = answers(read(page(NAMELESS.replace("tablet.", "tablet.\n\nYours,\nOdo Farnleigh, DO"))))[0]
    assert (one.doctor_key, one.body.endswith("Yours,\\\nOdo Farnleigh, DO")) == (None, True)


QUOTED = [
    "4.5 out of 5 stars\n\nThat was a shop, not a study.",
    "The shop says:\n4.5 out of 5 stars\nThat was a shop, not a study.",
    "The test was invented by\n\nOdo Farnleigh, DO\n\nand has hardly changed.",
    "Dr. Quenby\n\nSan Diego Dermatologist\n\nCall us on 555-0100.",
]


@pytest.mark.parametrize("quoted", QUOTED)
@pytest.mark.parametrize("counted", [False, True])
def test_what_looks_like_a_byline_in_a_text_is_known_by_the_number_of_answers(read: Read, quoted: str, counted: bool) -> None:
    sheets = [FULL, TERSE.replace("No.", f"No.\n\n{quoted}"), NAMELESS]
    if counted:
        sheets = [sheet.replace("\n\n", f"\n\n{COUNTER}\n\n", 1) for sheet in sheets]
    found = answers(read(page(*sheets)))
    assert [one.headline for one in found] == ["Stop it a week before", "Not on that day", "Ask first"]
    assert found[1].body.endswith(quoted.rpartition("\n")[2])
    assert found[1].origin is not None
    assert found[1].origin.author_text == "Odo Farnleigh"


def test_a_number_that_helps_nobody_changes_nothing(read: Read) -> None:
    assert len(answers(read(page(FULL, TERSE, NAMELESS, announced=1)))) == 3
