"""`consilium import stances` and `consilium export stances`: readings of copied answers, made outside, row by row."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consilium.consensus import actions as consensus
from consilium.consensus import reading
from consilium.consensus.lines import lines
from consilium.doctors.models import Source
from consilium.journal.models import Entry
from consilium.questions import actions
from consilium.questions.models import Coding, Question, Statement
from consilium.topics.actions import load_specialties
from consilium.topics.models import Specialty, SpecialtySynonym
from consilium.transfer import stances
from consilium.transfer.records import BadInput
from consilium.transfer.stances.reading import COLUMNS
from tests import factories as make
from tests.transfer.sheets import BARE, FULL, NAMELESS, TERSE, page, write

pytestmark = pytest.mark.django_db

KEPT = "Keeping the tablet is acceptable on the day of the test"
# What each answer of the page says, the way the two coders read it: place, value, condition, specialty, quote.
READ = [
    (1, "no", "", "", "Stop it seven days before."),
    (2, "no", "", "", "Not on that day No."),
    (3, "yes_if", "the neurologist agrees", "Neurologist", "It depends on the tablet."),
    (4, "not_addressed", "", "", ""),
]


def table(folder: Path, rows: Iterable[Iterable[object]], name: str = "codes.csv", header: Iterable[str] = COLUMNS) -> str:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return str(path)


def row(**said: object) -> list[object]:
    """One good row, but for what is said."""
    usual = {
        "source": "page.txt", "answer": 1, "statement": KEPT, "kind": "safe", "value": "no", "quote": READ[0][4], "coder": "Ann",
    }  # fmt: skip
    return [(usual | said).get(name, "") for name in COLUMNS]


def coded(*coders: str, source: str = "page.txt") -> list[list[object]]:
    return [
        [source, place, KEPT, "safe", value, condition, specialty, quote, coder]
        for coder in coders
        for place, value, condition, specialty, quote in READ
    ]


@pytest.fixture
def copied(consilium: Any, tmp_path: Path) -> Question:
    """A page of four answers, two of them by nobody we know, as `import pages` leaves it."""
    load_specialties()
    assert consilium("pages", write(tmp_path, page(FULL, TERSE, NAMELESS, BARE))).status == 0
    return Question.objects.get()


def test_two_coders_make_the_row_of_copied_answers_and_a_second_run_changes_nothing(
    consilium: Any, tmp_path: Path, copied: Question
) -> None:
    file = table(tmp_path, coded("Ann", "Bea"))
    first = consilium("stances", file, "--json")
    report = json.loads(first.out)
    assert (first.status, report["command"], report["written"]) == (0, "import stances", True)
    assert (report["statements"]["created"], report["codings"]["created"], report["skipped"]) == (1, 8, 0)
    (one,) = reading.panel_of(copied).statements
    assert one.imported is not None
    found = one.imported.counts
    assert (found.yes, found.conditional, found.no, one.imported.not_addressed, one.imported.of) == (0, 1, 2, 1, 4)
    assert [(line.n, line.kind, line.specialty) for line in one.imported.conditions] == [(1, "clearance", "neurology")]
    assert (one.n, one.verdict.label.value) == (0, "none")
    second = json.loads(consilium("stances", file, "--json").out)
    assert (second["created"], second["updated"], second["unchanged"], second["skipped"]) == (0, 0, 9, 0)


def test_an_import_renews_the_page_and_what_lists_say(consilium: Any, tmp_path: Path, copied: Question) -> None:
    statement = make.make_statement(copied, KEPT)
    consensus.keep(copied)
    assert consilium("stances", table(tmp_path, coded("Ann", "Bea"))).status == 0
    assert lines([copied])[copied.pk]["imported"]["counts"]["no"] == 2
    now = Question.objects.get()
    assert now.version > copied.version
    assert Entry.objects.filter(fact="answer.coded", subject=f"question:{copied.pk}").count() == 1
    consilium("stances", table(tmp_path, coded("Ann", "Bea")))
    assert Question.objects.get().version == now.version
    assert [one.pk for one in Statement.objects.all()] == [statement.pk]


def test_a_coder_who_reads_it_anew_replaces_the_old_reading(consilium: Any, tmp_path: Path, copied: Question) -> None:
    consilium("stances", table(tmp_path, [row()]))
    report = json.loads(
        consilium("stances", table(tmp_path, [row(value="no_unless", condition="she says so", specialty="")]), "--json").out
    )
    assert (report["codings"]["updated"], report["created"]) == (1, 0)
    (one,) = Coding.objects.all()
    assert (one.value, one.conditions) == ("no_unless", [{"kind": "other", "specialty": "", "text": "she says so"}])


def test_a_dry_run_tells_what_would_happen_and_writes_nothing(consilium: Any, tmp_path: Path, copied: Question) -> None:
    ran = consilium("stances", "--dry-run", table(tmp_path, coded("Ann")))
    assert (ran.status, ran.out.splitlines()[0]) == (0, "Dry run: nothing was written. An import would do this:")
    assert ["codings", "4", "0", "0", "0"] in [line.split() for line in ran.out.splitlines()]
    assert not Coding.objects.exists()
    assert not Statement.objects.exists()


BAD = [
    ({"source": "other.txt"}, "no question here was imported from 'other.txt', and none has this address or number."),
    ({"source": "987654321"}, "no question here was imported from '987654321', and none has this address or number."),
    ({"source": ""}, "the column source is empty."),
    ({"answer": 5}, "there is no answer 5; the page has answers 1 to 4."),
    ({"answer": 0}, "the answer is '0'; write its place on the page: 1, 2, 3 …"),
    ({"answer": "first"}, "the answer is 'first'; write its place on the page: 1, 2, 3 …"),
    ({"answer": "٣"}, "the answer is '٣'; write its place on the page: 1, 2, 3 …"),
    ({"answer": "9" * 40}, "the answer is '99999999999999999999'; write its place on the page: 1, 2, 3 …"),
    ({"kind": "opinion"}, "the kind is 'opinion'; it is one of safe, effective, recommended, fact, other."),
    ({"statement": "More is acceptable", "kind": ""}, "the statement is new here, so the column kind must say what it is."),
    ({"value": "maybe"}, "the value is 'maybe'; it is one of yes, yes_if, no_unless, no, cannot_say, not_addressed."),
    ({"value": "yes_if"}, "the column condition is empty, and yes_if needs one."),
    ({"condition": "so"}, "it names a condition, which no has none of; say yes_if or no_unless, or leave it empty."),
    ({"specialty": "Neurology"}, "it names a condition, which no has none of; say yes_if or no_unless, or leave it empty."),
    (
        {"value": "yes_if", "condition": "x" * 201},
        "the condition is too long: at most 5 conditions of at most 200 characters fit.",
    ),
    (
        {"value": "yes_if", "condition": "so", "specialty": "Wizardry"},
        "there is no specialty 'Wizardry'; write its name, or the title of its doctor.",
    ),
    ({"value": "yes_if", "condition": "so", "specialty": "Neurology\nNeurology"}, "it names more specialties than conditions."),
    ({"quote": ""}, "Copy the words of the answer that show it."),
    ({"quote": "Take it."}, "These words do not stand in the answer. Copy them exactly."),
    ({"quote": "x" * 1001}, "The quote is too long: at most 1000 characters."),
    ({"coder": " "}, "the column coder is empty."),
    ({"coder": "A\x1b[2J"}, "the name of the coder holds a control character."),
    ({"coder": "x" * 121}, "the name of the coder has 121 characters; at most 120 fit."),
    ({"statement": "x" * 141}, "The statement is too long: write at most 140 characters."),
    ({"statement": "Is it safe?"}, "Write a statement, not a question: “X is safe for someone with Y”."),
    (
        {"statement": "The tablet should not be taken"},
        "Write it so that “yes” means “go ahead” or “true”: leave out “not” and say what would be all right.",
    ),
]


@pytest.mark.parametrize(("wrong", "reason"), BAD)
def test_a_bad_row_is_named_and_nothing_of_the_file_is_applied(
    consilium: Any, tmp_path: Path, copied: Question, wrong: dict[str, object], reason: str
) -> None:
    file = table(tmp_path, [row(answer=2, quote="No."), row(**wrong)])
    ran = consilium("stances", file)
    assert ran.status == 1
    assert ran.err == "consilium import: 1 row cannot be used. Correct what is wrong, or leave it out with --skip-bad.\n"
    assert ran.out.splitlines()[0] == "Nothing was written."
    assert f"Skipped: {file}:3: {reason}" in ran.out.splitlines()
    assert (Coding.objects.count(), Statement.objects.count()) == (0, 0)
    kept = consilium("stances", file, "--skip-bad", "--json")
    report = json.loads(kept.out)
    assert (kept.status, report["codings"]["created"], report["skipped"]) == (0, 1, 1)
    assert report["left_out"] == [{"file": file, "line": 3, "reason": reason}]


def test_the_report_of_a_refused_file_says_that_nothing_was_written(consilium: Any, tmp_path: Path, copied: Question) -> None:
    ran = consilium("stances", table(tmp_path, [row(), row(answer=2, quote="No."), row(coder="")]), "--json")
    report = json.loads(ran.out)
    assert (ran.status, report["written"], report["created"], report["skipped"]) == (1, False, 0, 1)


def test_the_same_coder_twice_is_a_mistake_across_files_too(consilium: Any, tmp_path: Path, copied: Question) -> None:
    one, two = table(tmp_path, [row()], "a.csv"), table(tmp_path, [row(statement=f"  {KEPT.upper()} ")], "b.csv")
    ran = consilium("stances", one, two)
    assert f"Skipped: {two}:2: Ann has coded this answer and statement already, at {one}:2." in ran.out.splitlines()
    assert not Coding.objects.exists()


def test_a_bad_row_introduces_no_statement(consilium: Any, tmp_path: Path, copied: Question) -> None:
    rows = [row(statement="Something else is acceptable", quote="Nowhere said."), row()]
    assert consilium("stances", table(tmp_path, rows), "--skip-bad").status == 0
    assert [one.text for one in Statement.objects.all()] == [KEPT]


def test_a_question_has_four_statements_at_most_and_new_ones_take_the_free_places(
    consilium: Any, tmp_path: Path, copied: Question
) -> None:
    for number in range(3):
        make.make_statement(copied, f"Statement {number} is acceptable.")
    Statement.objects.filter(place=2).update(state="retired")
    rows = [row(statement=f"New {number} is acceptable") for number in range(3)]
    assert (
        consilium("stances", table(tmp_path, rows), "--skip-bad")
        .out.splitlines()[-1]
        .endswith("4: the question has 4 statements, and this would be one more.")
    )
    active = Statement.objects.active().order_by("place").values_list("place", "text", "kind")
    assert list(active)[1] == (2, "New 0 is acceptable", "safe")
    assert list(active)[3] == (4, "New 1 is acceptable", "safe")


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("The tablet is acceptable without asking first", "safe"),
        ("There is no evidence that the tablet spoils the test", "fact"),
        ("The tablet is contraindicated on that day", "other"),
    ],
)
def test_harmless_words_are_noted_not_refused(
    consilium: Any, tmp_path: Path, copied: Question, statement: str, kind: str
) -> None:
    ran = consilium("stances", table(tmp_path, [row(statement=statement, kind=kind)]), "--json")
    (note,) = json.loads(ran.out)["notes"]
    assert ran.status == 0
    assert note["text"].endswith("make sure that “yes” means “go ahead” or “true”.")


def test_a_statement_that_is_here_keeps_its_kind_and_its_words(consilium: Any, tmp_path: Path, copied: Question) -> None:
    make.make_statement(copied, KEPT, "recommended")
    ran = consilium("stances", table(tmp_path, [row(statement=KEPT.lower()), row(coder="Bea", kind="")]), "--json")
    assert [note["text"] for note in json.loads(ran.out)["notes"]] == [
        "the statement is here already, as recommended; that stays."
    ]
    assert (Statement.objects.get().kind, Statement.objects.get().text, Coding.objects.count()) == ("recommended", KEPT, 2)


def test_two_kinds_for_one_new_statement_are_a_mistake(consilium: Any, tmp_path: Path, copied: Question) -> None:
    file = table(tmp_path, [row(kind="Safety"), row(coder="Bea", kind="fact")])
    reason = f"it says that the statement is fact; at {file}:2 it is safe."
    assert f"Skipped: {file}:3: {reason}" in consilium("stances", file).out.splitlines()


@pytest.mark.parametrize(
    "source", ["page.txt", "/somewhere/else/page.txt", "C:\\pages\\page.txt", "key", "number", "https://pages.example.org/1"]
)
def test_the_page_is_known_by_file_address_key_and_number(consilium: Any, tmp_path: Path, copied: Question, source: str) -> None:
    Question.objects.update(source_url="https://pages.example.org/1")
    said = {"key": copied.key, "number": str(copied.pk)}.get(source, source)
    assert consilium("stances", table(tmp_path, [row(source=said)])).status == 0
    assert Coding.objects.count() == 1


def test_a_page_imported_with_its_address_is_known_by_its_file_too(consilium: Any, tmp_path: Path) -> None:
    load_specialties()
    consilium("pages", write(tmp_path, page(FULL)), "--url", "https://pages.example.org/1")
    assert Source.objects.get().name == "pages.example.org"
    assert consilium("stances", table(tmp_path, [row()])).status == 0


def test_two_pages_of_one_name_are_told_apart_by_their_numbers(consilium: Any, tmp_path: Path, copied: Question) -> None:
    other = tmp_path / "other"
    other.mkdir()
    consilium("pages", write(other, page(FULL, title="And in winter?")))
    numbers = list(Question.objects.order_by("pk").values_list("pk", flat=True))
    reason = f"several questions here come from 'page.txt'; write the number of one of them: {numbers[0]}, {numbers[1]}."
    ran = consilium("stances", table(tmp_path, [row()]))
    assert ran.out.splitlines()[-1].endswith(reason)
    assert consilium("stances", table(tmp_path, [row(source=numbers[1])])).status == 0
    assert Coding.objects.get().answer.question_id == numbers[1]


@pytest.mark.parametrize("name", ["neurology", "Neurology", "NEUROLOGIST", "Brain doctor"])
def test_a_specialty_has_many_names(consilium: Any, tmp_path: Path, copied: Question, name: str) -> None:
    SpecialtySynonym.objects.create(specialty=Specialty.objects.get(slug="neurology"), name="Brain doctor", folded="brain doctor")
    consilium("stances", table(tmp_path, [row(value="Yes-if", condition="a  look\nthe other", specialty=name)]))
    assert Coding.objects.get().conditions == [
        {"kind": "clearance", "specialty": "neurology", "text": "a look"},
        {"kind": "other", "specialty": "", "text": "the other"},
    ]


def test_an_answer_that_a_doctor_wrote_here_is_not_coded(consilium: Any, tmp_path: Path) -> None:
    question = make.make_question()
    make.make_answer(question)
    ran = consilium("stances", table(tmp_path, [row(source=question.pk, quote="Yes, with care.")]))
    reason = "The doctor wrote this answer here and declares the stance. Only copied answers are coded."
    assert ran.out.splitlines()[-1].endswith(reason)


def test_an_answer_that_was_taken_back_is_not_coded(consilium: Any, tmp_path: Path, copied: Question) -> None:
    copied.answers.filter(place=1).update(state="withdrawn")
    assert consilium("stances", table(tmp_path, [row()])).out.splitlines()[-1].endswith(":2: answer 1 was taken back.")


def test_what_an_editor_coded_here_is_not_overwritten(consilium: Any, tmp_path: Path, copied: Question) -> None:
    editor = make.make_person(roles=("editor",))
    answer, statement = copied.answers.get(place=1), make.make_statement(copied, KEPT)
    actions.code(editor=editor, answer=answer, statement=statement, value="yes", quote=READ[0][4])
    ran = consilium("stances", table(tmp_path, [row(coder=editor.key)]))
    assert ran.out.splitlines()[-1].endswith(f"{editor.key} is an editor here and has coded it otherwise, which is kept.")
    assert Coding.objects.get().value == "yes"


def test_an_export_comes_back_unchanged_and_holds_no_formula(consilium: Any, tmp_path: Path, copied: Question) -> None:
    copied.answers.filter(place=4).update(
        body='-2 days, =A1,\r\n\r\n"quoted"; so', body_html='<p>-2 days, =A1,</p><p>"quoted"; so</p>'
    )
    extra = [
        row(answer=4, quote='-2 days, =A1,\r\n\r\n"quoted"', coder="@home", statement="+ Plus is acceptable"),
        row(answer=4, quote="=A1", coder="'=x", statement="+ Plus is acceptable"),
    ]
    for one in extra:
        one[COLUMNS.index("coder")] = f"'{one[COLUMNS.index('coder')]}"
    assert consilium("stances", table(tmp_path, [*coded("Ann"), *extra]), "--skip-bad").status == 0
    editor = make.make_person(roles=("editor",))
    actions.code(
        editor=editor, answer=copied.answers.get(place=3), statement=Statement.objects.get(text=KEPT), value="no_unless",
        quote="It depends",
        conditions=[{"kind": "dose", "specialty": "", "text": "half"}, {"kind": "exam", "specialty": "neurology", "text": "x"}],
    )  # fmt: skip
    out = tmp_path / "out.csv"
    assert consilium("stances", str(out), verb="export").out == f"{out}: 7 records.\n"
    with out.open(encoding="utf-8", newline="") as file:
        cells = [cell for line in csv.reader(file) for cell in line]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    before = list(Coding.objects.order_by("pk").values())
    report = json.loads(consilium("stances", str(out), "--json").out)
    assert (report["codings"]["unchanged"], report["created"], report["updated"], report["skipped"]) == (7, 0, 0, 0)
    assert list(Coding.objects.order_by("pk").values()) == before
    Coding.objects.all().delete()
    assert consilium("stances", str(out)).status == 0
    again = tmp_path / "again.csv"
    consilium("stances", str(again), verb="export")
    assert again.read_bytes() == out.read_bytes()


def test_too_many_rows_are_refused(consilium: Any, tmp_path: Path, copied: Question, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consilium.transfer.stances.run.ROWS", 3)
    file = table(tmp_path, coded("Ann"))
    assert (
        consilium("stances", file).err
        == f"consilium import: {file}:5: there are more than 3 rows. Import them in several parts.\n"
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 400), damage=st.binary(max_size=6))
def test_a_damaged_table_ends_in_a_report_or_in_one_line(tmp_path: Path, copied: Question, at: int, damage: bytes) -> None:
    path = Path(table(tmp_path, coded("Ann")))
    raw = path.read_bytes()
    path.write_bytes(raw[:at] + damage + raw[at + len(damage) :])
    try:
        said = [reason for _, reason in stances.load([str(path)], dry_run=True).skips]
    except BadInput as error:
        said = [str(error)]
    assert all("\n" not in reason for reason in said)
    assert not Coding.objects.exists()
