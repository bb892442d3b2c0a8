"""`consilium import retractions`: what is read of the list, what becomes of the works cited here, what is refused."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from consilium.evidence.models import Citation, RetractionNotice, Work
from consilium.questions.models import Question
from consilium.transfer.retractions import COLUMNS, DATE, DOI, NATURE, PMID, REASON
from tests import factories as make
from tests.transfer.sheets import write

pytestmark = pytest.mark.django_db

HEADER = (
    "Record ID", "Title", "Subject", "Institution", "Journal", "Publisher", "Country", "Author", "URLS", "ArticleType",
    "RetractionDate", "RetractionDOI", "RetractionPubMedID", "OriginalPaperDate", "OriginalPaperDOI", "OriginalPaperPubMedID",
    "RetractionNature", "Reason", "Paywalled", "Notes",
)  # fmt: skip


def row(**said: str) -> dict[str, str]:
    usual = {
        "Record ID": "1", "Title": "Invented, in two\nlines", "Author": "A. Nobody;B. Nobody", DATE: "2/24/2024 0:00",
        "RetractionDOI": "10.5555/notice", DOI: "10.5555/Paper.1", PMID: "0", NATURE: "Retraction",
        REASON: "+Concerns/Issues About Data;+Duplication of Image;",
    }  # fmt: skip
    return usual | said


def listed(folder: Path, *rows: dict[str, str], name: str = "retractions.csv") -> str:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, HEADER)
        out.writeheader()
        out.writerows(rows)
    return str(path)


@pytest.fixture
def cited() -> Work:
    """A work that an answer here cites."""
    work = Work.objects.create(key="doi:10.5555/paper.1", doi="10.5555/paper.1", kind="rct", title="Invented")
    Citation.objects.create(work=work, answer=make.make_answer(make.make_question()))
    return work


def notices() -> list[tuple[object, ...]]:
    return list(RetractionNotice.objects.order_by("pk").values_list("doi", "pmid", "nature", "reason", "noticed_on"))


def test_a_cited_work_on_the_list_is_retracted_and_its_page_renewed(consilium: Any, tmp_path: Path, cited: Work) -> None:
    version = Question.objects.get().version
    ran = consilium("retractions", listed(tmp_path, row()), "--json")
    report = json.loads(ran.out)
    assert (ran.status, report["command"], report["skipped"]) == (0, "import retractions", 0)
    assert (report["notices"]["created"], report["works"]["updated"]) == (1, 1)
    assert [note["text"] for note in report["notes"]] == ["works cited here that are retracted: 1."]
    assert notices() == [
        ("10.5555/paper.1", "", "retracted", "Concerns/Issues About Data; Duplication of Image", date(2024, 2, 24))
    ]
    cited.refresh_from_db()
    assert (cited.retraction, cited.retracted_on) == ("retracted", date(2024, 2, 24))
    assert Question.objects.get().version > version


def test_the_same_list_changes_nothing_and_a_newer_one_replaces_it(consilium: Any, tmp_path: Path, cited: Work) -> None:
    first = listed(tmp_path, row(), row(**{DOI: "10.5555/other", PMID: "12345"}))
    consilium("retractions", first)
    before = list(RetractionNotice.objects.values_list("pk", flat=True))
    again = json.loads(consilium("retractions", first, "--json").out)
    assert (again["created"], again["updated"], again["notices"]["unchanged"]) == (0, 0, 2)
    assert list(RetractionNotice.objects.values_list("pk", flat=True)) == before
    assert consilium("retractions", listed(tmp_path, row(**{DOI: "10.5555/other"}), name="newer.csv")).status == 0
    assert [found[0] for found in notices()] == ["10.5555/other"]
    cited.refresh_from_db()
    assert cited.counts


@pytest.mark.parametrize(
    ("nature", "kept"),
    [("Retraction", "retracted"), ("EXPRESSION of concern ", "concern"), ("Correction", "corrected"), ("Reinstatement", "none")],
)
def test_natures_of_notices(consilium: Any, tmp_path: Path, nature: str, kept: str) -> None:
    assert consilium("retractions", listed(tmp_path, row(**{NATURE: nature}))).status == 0
    assert notices()[0][2] == kept


@pytest.mark.parametrize(
    ("said", "day"),
    [("12/1/1999 0:00", date(1999, 12, 1)), ("2024-02-29", date(2024, 2, 29)), ("", None), ("2/30/2024", None), ("soon", None)],
)
def test_days(consilium: Any, tmp_path: Path, said: str, day: date | None) -> None:
    consilium("retractions", listed(tmp_path, row(**{DATE: said})))
    assert notices()[0][4] == day


def test_rows_that_cannot_be_used_are_named_and_the_others_kept(consilium: Any, tmp_path: Path) -> None:
    path = listed(
        tmp_path, row(), row(**{NATURE: "Erratum"}), row(**{DOI: "unavailable"}), row(**{DOI: "Unavailable", PMID: "007"}),
        row(**{REASON: "x" * 400}),
    )  # fmt: skip
    with Path(path).open("a", encoding="utf-8") as file:
        file.write("only,three,cells\n")
    report = json.loads(consilium("retractions", path, "--json").out)
    nature = f"the column {NATURE} says 'Erratum'; known are: retraction, expression of concern, correction, reinstatement."
    assert report["left_out"] == [
        {"file": path, "line": 4, "reason": nature},
        {"file": path, "line": 12, "reason": "it has 3 cells, and the header has 20."},
    ]
    assert [note["text"] for note in report["notes"]] == ["1 rows name neither DOI nor PubMed number and are left out."]
    assert [(found[0], found[1], len(str(found[3]))) for found in notices()] == [
        ("10.5555/paper.1", "", 48), ("", "7", 48), ("10.5555/paper.1", "", 300),
    ]  # fmt: skip


def test_a_dry_run_writes_nothing(consilium: Any, tmp_path: Path, cited: Work) -> None:
    ran = consilium("retractions", "--dry-run", listed(tmp_path, row()))
    assert (ran.status, ran.out.splitlines()[0]) == (0, "Dry run: nothing was written. An import would do this:")
    assert notices() == []


def test_other_columns_in_another_encoding_are_no_obstacle(consilium: Any, tmp_path: Path) -> None:
    content = Path(listed(tmp_path, row(Title="Caf\N{LATIN SMALL LETTER E WITH ACUTE}"))).read_text(encoding="utf-8")
    assert consilium("retractions", write(tmp_path, content.encode("latin-1"), "latin.csv")).status == 0
    assert len(notices()) == 1


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "list.csv: the file is empty. The first line must name the columns OriginalPaperDOI, "),
        (b"Title,Reason\nx,y\n", "list.csv:1: the header does not name 'OriginalPaperDOI', 'OriginalPaperPubMedID', "),
        (",".join(COLUMNS).encode() + b"\n", "list.csv: no row names a paper that was retracted. Check that this is the right"),
        (
            ",".join(COLUMNS).encode() + b'\n"10.5555/x',
            "list.csv:2: the row that begins here is no CSV (unexpected end of data).",
        ),
        (b"PK\x03\x04", "list.csv: is a ZIP archive, not text."),
        (b"<html><title>Sign in</title></html>\n", "list.csv:1: the header does not name "),
        (b"x" * 1_000_001, "list.csv:1: the line is longer than 1,000,000 bytes."),
        (",".join(COLUMNS).encode() + b"\n\0,,,,\n", "list.csv:2: there is a NUL character."),
    ],
)
def test_what_is_no_list_is_refused_and_the_old_list_stays(consilium: Any, tmp_path: Path, content: bytes, problem: str) -> None:
    consilium("retractions", listed(tmp_path, row()))
    before = notices()
    ran = consilium("retractions", write(tmp_path, content, "list.csv"))
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert problem in ran.err
    assert notices() == before


def test_one_list_at_a_time(consilium: Any, tmp_path: Path) -> None:
    path = listed(tmp_path, row())
    assert consilium("retractions", path, path).status == 2


def test_a_list_of_any_length_is_compared_row_by_row(consilium: Any, tmp_path: Path) -> None:
    rows = [row(**{DOI: f"10.5555/paper.{number}"}) for number in range(2500)]
    consilium("retractions", listed(tmp_path, *rows))
    assert len(notices()) == 2500
    report = json.loads(consilium("retractions", listed(tmp_path, *rows[:-1]), "--json").out)
    assert (report["notices"]["created"], len(notices())) == (2499, 2499)
