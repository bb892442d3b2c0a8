"""What several notices about one work amount to."""

from datetime import date

import pytest

from consilium.evidence.retraction_list import Notice, standing


def notice(nature: str, day: int | None = 1) -> Notice:
    return Notice("10.1000/a", "", nature, noticed_on=date(2020, 1, day) if day else None)


@pytest.mark.parametrize(
    ("notices", "nature"),
    [
        ([], None),
        ([notice("retracted")], "retracted"),
        ([notice("concern", 1), notice("retracted", 2)], "retracted"),
        ([notice("retracted", 1), notice("corrected", 2)], "retracted"),
        ([notice("retracted", 1), notice("none", 2)], None),
        ([notice("none", 2), notice("retracted", 1)], None),
        ([notice("retracted", 1), notice("none", 1)], None),
        ([notice("none", 1), notice("concern", 2)], "concern"),
        ([notice("corrected", 1), notice("concern", None)], "concern"),
    ],
)
def test_the_gravest_notice_since_the_last_reinstatement_decides(notices: list[Notice], nature: str | None) -> None:
    found = standing(notices)
    assert (found.nature if found else None) == nature


def test_of_two_alike_the_later_is_shown() -> None:
    found = standing([notice("retracted", 3), notice("retracted", 2)])
    assert found is not None
    assert found.noticed_on == date(2020, 1, 3)
