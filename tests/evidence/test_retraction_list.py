"""Reading the list of retractions: the columns of Retraction Watch, in a file made up here; bad rows named by line."""

import csv
import io
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium.evidence.retraction_list import BadList, Fault, Notice, Problem, parse_retractions, standing

HEADINGS = [
    "Record ID", "Title", "Subject", "Journal", "Author", "RetractionDate", "RetractionDOI", "RetractionPubMedID",
    "OriginalPaperDate", "OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature", "Reason", "Paywalled", "Notes",
]  # fmt: skip


def sheet(*rows: dict[str, str], headings: list[str] = HEADINGS) -> list[str]:
    out = io.StringIO()
    writer = csv.DictWriter(out, headings)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().splitlines(keepends=True)


def row(doi: str = "10.1000/A", nature: str = "Retraction", **fields: str) -> dict[str, str]:
    return {"OriginalPaperDOI": doi, "RetractionNature": nature, **fields}


def test_a_row_as_the_source_writes_it() -> None:
    lines = sheet(
        row(
            RetractionDate="11/3/2020 0:00", Reason="+Concerns/Issues About Data;+Error in Analyses;", OriginalPaperPubMedID="7",
            Title="A trial,\nof \"things\"", RetractionDOI="10.1000/notice", RetractionPubMedID="8", Notes="long, text",
        )
    )  # fmt: skip
    lines[0] = "\ufeff" + lines[0]
    assert list(parse_retractions(lines)) == [
        Notice("10.1000/a", "7", "retracted", "Concerns/Issues About Data; Error in Analyses", date(2020, 11, 3))
    ]


@pytest.mark.parametrize(
    ("written", "nature"),
    [
        ("Retraction", "retracted"),
        ("Expression of concern", "concern"),
        ("EXPRESSION OF CONCERN ", "concern"),
        ("Correction", "corrected"),
        ("Reinstatement", "none"),
    ],
)
def test_each_nature_has_its_place(written: str, nature: str) -> None:
    assert [one.nature for one in parse_retractions(sheet(row(nature=written)))] == [nature]


@pytest.mark.parametrize(
    ("doi", "pmid", "found"),
    [
        ("10.1000/A", "0", ("10.1000/a", "")),
        ("unavailable", "007", ("", "7")),
        ("Unavailable", "0", None),
        ("", "", None),
        ("https://doi.org/10.1000/a", "x", ("10.1000/a", "")),
        ("10.1000", "123456789", None),
    ],
)
def test_a_paper_that_nothing_can_match_is_left_out(doi: str, pmid: str, found: tuple[str, str] | None) -> None:
    notices = list(parse_retractions(sheet(row(doi, OriginalPaperPubMedID=pmid))))
    assert [(one.doi, one.pmid) for one in notices] == ([found] if found else [])


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2020-11-03", date(2020, 11, 3)),
        ("11/03/2020", date(2020, 11, 3)),
        ("2020-11-03T00:00:00", date(2020, 11, 3)),
        ("", None),
    ],
)
def test_days_in_both_forms(written: str, day: date | None) -> None:
    assert [one.noticed_on for one in parse_retractions(sheet(row(RetractionDate=written)))] == [day]


def test_reasons_are_cut_after_a_whole_one() -> None:
    reason = "+" + "x" * 200 + ";+" + "y" * 150 + ";"
    assert [one.reason for one in parse_retractions(sheet(row(Reason=reason)))] == ["x" * 200]
    assert [len(one.reason) for one in parse_retractions(sheet(row(Reason="z" * 400)))] == [300]
    assert [one.reason for one in parse_retractions(sheet(row(Reason="a\u202eb\x07\n c; ;+")))] == ["ab c"]


def test_bad_rows_are_named_by_line_and_left_out_or_refused() -> None:
    lines = sheet(row(), row(nature="Vanished", Title="two\nlines"), row(RetractionDate="13/45/2020"), row("10.1000/last"))
    lines.insert(2, "\n")
    lines.insert(3, "1,short row\n")
    faults: list[Fault] = []
    assert [one.doi for one in parse_retractions(lines, faults.append)] == ["10.1000/a", "10.1000/last"]
    assert faults == [
        Fault(4, Problem.SHORT), Fault(6, Problem.NATURE, "Vanished"), Fault(7, Problem.DATE, "13/45/2020"),
    ]  # fmt: skip
    with pytest.raises(BadList, match="line 4: short") as caught:
        list(parse_retractions(lines))
    assert caught.value.fault == faults[0]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([], Problem.HEADINGS),
        (["\n"], Problem.HEADINGS),
        (["OriginalPaperDOI,Reason\n"], Problem.HEADINGS),
        (["RetractionNature,Reason\n"], Problem.HEADINGS),
        (["<!DOCTYPE html>\n"], Problem.HEADINGS),
        (["OriginalPaperDOI,RetractionNature\n", '10.1000/a,"Retraction\n'], Problem.CSV),
        (["OriginalPaperDOI,RetractionNature\n", f'10.1000/a,"{"x" * 200_000}"\n'], Problem.CSV),
    ],
)
def test_what_is_no_such_list_is_refused_whatever_is_told(lines: list[str], problem: Problem) -> None:
    with pytest.raises(BadList) as caught:
        list(parse_retractions(lines, lambda _fault: None))
    assert caught.value.fault.problem is problem


def test_the_fewest_columns() -> None:
    assert [one.pmid for one in parse_retractions(["originalpaperpubmedid,retraction nature\n", "5,retraction\n"])] == ["5"]


def test_rows_are_read_one_by_one() -> None:
    read = []

    def lines() -> Iterator[str]:
        for line in sheet(*(row(f"10.1000/{number}") for number in range(100))):
            read.append(line)
            yield line

    next(parse_retractions(lines()))
    assert len(read) == 2


@given(st.lists(st.text(max_size=60), max_size=6))
def test_any_text_is_read_or_refused(rows: list[str]) -> None:
    lines = ["OriginalPaperDOI,RetractionNature,Reason\n", *(f"{one}\n" for one in rows)]
    try:
        found = list(parse_retractions(lines, lambda _fault: None))
    except BadList:
        return
    assert all(len(one.reason) <= 300 for one in found)


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
