"""The examples of docs/importing.md are imported as they stand, and its table of fields is the format's."""

import re
from dataclasses import MISSING
from pathlib import Path

import pytest

from consilium.questions.models import Answer, Question
from consilium.topics.actions import load_specialties
from consilium.transfer.jsonl.codec import COLUMNS, INSIDE, TYPES
from consilium.transfer.management.commands.import_content import FORMATS
from consilium.transfer.stances.reading import COLUMNS as COLUMNS_OF_A_TABLE

TEXT = (Path(__file__).parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = dict(FENCE.findall(TEXT))
FILES = {
    "pages": ("text", "page.txt", 2),
    "qapage": ("html", "page.html", 1),
    "stackexchange": ("xml", "soil-Posts.xml", 1),
    "jsonl": ("jsonl", "site.jsonl", 1),
}
NOTES = {"pages": ["answer 2 names no doctor; it is kept without one."]}


@pytest.mark.django_db
@pytest.mark.parametrize("name", FILES)
def test_example_is_imported_as_it_stands(tmp_path: Path, name: str) -> None:
    load_specialties()
    language, file, answers = FILES[name]
    path = tmp_path / file
    path.write_text(EXAMPLES[language], encoding="utf-8")
    report = FORMATS[name].run([str(path)], {"dry_run": False})
    assert report.skips == []
    assert [text for _, text in report.notes] == NOTES.get(name, [])
    assert Question.objects.count() == 1
    assert Answer.objects.count() == answers


@pytest.mark.django_db
def test_the_example_of_a_table_of_readings_fits_the_example_of_a_page(tmp_path: Path) -> None:
    load_specialties()
    for file, language in (("page.txt", "text"), ("codes.csv", "csv")):
        (tmp_path / file).write_text(EXAMPLES[language], encoding="utf-8")
    FORMATS["pages"].run([str(tmp_path / "page.txt")], {"dry_run": False})
    report = FORMATS["stances"].run([str(tmp_path / "codes.csv")], {"dry_run": False, "skip_bad": False})
    assert (report.skips, report.notes, report.counts["codings", "created"]) == ([], [], 4)
    header = EXAMPLES["csv"].partition("\n")[0].split(",")
    assert tuple(header) == COLUMNS_OF_A_TABLE
    assert [column for column in header if f"| `{column}` |" not in TEXT] == []


def test_every_option_of_an_import_is_described() -> None:
    flags = {flag for kind in FORMATS.values() for flag in kind.said} | {"--dry-run", "--json"}
    assert [flag for flag in flags if f"`{flag}" not in TEXT] == []


@pytest.mark.parametrize("name", [*TYPES, *map(str.lower, INSIDE)])
def test_fields_of_each_type_are_those_of_the_format(name: str) -> None:
    row = re.search(rf"^\| `{name}`[^|]*\|(.*)\|$", TEXT[TEXT.index("## jsonl") :], re.MULTILINE)
    assert row is not None
    columns = COLUMNS[TYPES.get(name) or INSIDE[name.capitalize()]]
    assert re.findall(r"`(\w+)`", row.group(1)) == list(columns)
    needed = [field for field, column in columns.items() if column.default is MISSING]
    assert re.findall(r"\*\*`(\w+)`\*\*", row.group(1)) == needed
