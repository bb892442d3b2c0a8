"""Tables in text files: what is read, what is refused in one clear line, and cells that look like formulas."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consilium.transfer.records import BadInput
from consilium.transfer.sheet import Row, freed, guarded, rows
from tests.transfer.sheets import write

COLUMNS = ("name", "words")


def read(tmp_path: Path, text: str | bytes, *, others: bool = False) -> list[Row]:
    return list(rows(write(tmp_path, text, "table.csv"), COLUMNS, others=others))


def cells(found: list[Row]) -> list[tuple[int, str, str, str]]:
    return [(row.where.line, row.cells["name"], row.cells["words"], row.fault) for row in found]


def test_rows_know_the_line_they_begin_in(tmp_path: Path) -> None:
    found = read(tmp_path, '\ufeffName, WORDS \r\na,"one\r\ntwo, ""three"""\r\n\r\n,,\r\nb,four\r\nc\r\n')
    assert cells(found) == [
        (2, "a", 'one\r\ntwo, "three"', ""),
        (6, "b", "four", ""),
        (7, "c", "", "it has 1 cells, and the header has 2."),
    ]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_semicolons_and_tabs_part_cells_where_they_do_so_in_the_header(tmp_path: Path, sign: str) -> None:
    text = f'"words"{sign}"name"\n"x, y; z"{sign}a\n'
    assert cells(read(tmp_path, text)) == [(2, "a", "x, y; z", "")]


def test_columns_that_nobody_asked_for_are_left_out_only_where_that_is_said(tmp_path: Path) -> None:
    text = "words,more,name,more\nx,1,a,2\n"
    assert cells(read(tmp_path, text, others=True)) == [(2, "a", "x", "")]
    with pytest.raises(BadInput, match="names 'more' twice"):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "table.csv: the file is empty. The first line must name the columns name, words."),
        ("name,word\n", "table.csv:1: the header does not name 'words'."),
        ("name,words,extra\n", "table.csv:1: the header names 'extra', which is no column of this format."),
        ("name,words,name\n", "table.csv:1: the header names 'name' twice."),
        ('name,words\na,"b\nc,d\n', "table.csv:2: the row that begins here is no CSV (unexpected end of data)."),
        ('name,words\na,"b"c\n', "table.csv:2: the row that begins here is no CSV (',' expected after '\"')."),
        (f'name,words\nx,y\na,"{"b" * 200_000}"\n', "table.csv:3: the row that begins here is no CSV (field larger than field"),
        ("name,words\rx,y\r", "table.csv:1: the row that begins here is no CSV (new-line character seen in unquoted field)."),
        ("name,words\na,\x00\n", "table.csv:2: there is a NUL character."),
        (b"name,words\na,\xff\n", "table.csv:2: byte 3 of the line (0xff) is not UTF-8."),
        (b"PK\x03\x04....", "table.csv: is a ZIP archive, not text."),
        (b"n\0", "table.csv:1: there is a NUL character."),
        ("name,words\n".encode("utf-16"), "table.csv: is encoded in UTF-16."),
        (b"name,words\n" + b"x" * 1_000_001, "table.csv:2: the line is longer than 1,000,000 bytes."),
    ],
)
def test_what_is_no_table_is_refused_in_one_line(tmp_path: Path, text: str | bytes, problem: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(tmp_path, text)
    assert problem in str(refused.value)
    assert "\n" not in str(refused.value)


@given(st.text())
@example("=1+1")
@example("'=1+1")
@example("''@x")
@example("\t-x")
@example("'\r")
@example("'quoted'")
def test_no_cell_is_a_formula_and_all_come_back(cell: str) -> None:
    shown = guarded(cell)
    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert freed(shown) == cell


def test_a_guarded_table_comes_back_as_it_was(tmp_path: Path) -> None:
    words = ["=cmd|' /C calc'!A0", "a\r\nb", '"', " x ", "−1", "'-1"]
    out = io.StringIO()
    csv.writer(out).writerows([COLUMNS, *(("n", guarded(word)) for word in words)])
    assert [words for _, _, words, _ in cells(read(tmp_path, out.getvalue()))] == words
