"""`consilium import` as an operator meets it: exit status, one clear line, the report in words and as JSON."""

import csv
import json
import os
from pathlib import Path
from typing import Any

import pytest

from consilium.consensus import reading
from consilium.doctors.models import Doctor, Source
from consilium.journal.models import Entry
from consilium.lib.markdown import plain
from consilium.questions.models import Answer, Question
from consilium.topics.actions import load_specialties
from consilium.topics.models import Topic
from consilium.topics.vocabulary import load_topics
from consilium.transfer.stances.reading import COLUMNS
from tests.transfer.sheets import BARE, FULL, NAMELESS, TERSE, page, write

pytestmark = pytest.mark.django_db


def test_pages_arrive_and_a_second_run_changes_nothing(consilium: Any, tmp_path: Path) -> None:
    load_specialties()
    files = [write(tmp_path, page(FULL, TERSE), "one.txt"), write(tmp_path, page(NAMELESS, BARE, title="And now?"), "two.txt")]
    first = json.loads(consilium("pages", *files, "--json").out)
    assert {kind: first[kind]["created"] for kind in ("questions", "answers", "doctors")} == {
        "questions": 2, "answers": 4, "doctors": 2,
    }  # fmt: skip
    assert (first["skipped"], first["left_out"], first["ratings"], first["badges"]) == (0, [], 3, 0)
    second = json.loads(consilium("pages", *files, "--json").out)
    assert (second["created"], second["updated"], second["unchanged"]) == (0, 0, first["created"])
    assert sorted(Question.objects.values_list("answer_count", flat=True)) == [2, 2]
    assert not Answer.objects.filter(body__contains="{{").exists()
    assert Doctor.objects.get(name="Wilma Quenby").specialty is not None


def test_the_pages_are_about_the_topics_named_in_their_titles(consilium: Any, tmp_path: Path) -> None:
    Topic.objects.create(key="t", name="Skin test", folded="skin test", slug="skin-test")
    consilium("pages", write(tmp_path, page(FULL)))
    assert [topic.name for topic in Question.objects.get().topics.all()] == ["Skin test"]


def test_what_the_operator_says_is_kept(consilium: Any, tmp_path: Path) -> None:
    said = ("--url", "https://q.example.org/1", "--captured", "2015-03-12", "--licence", "CC BY", "--language", "es", "--open")
    assert consilium("pages", write(tmp_path, page(FULL)), *said).status == 0
    source, question = Source.objects.get(), Question.objects.get()
    assert source.captured_at is not None
    assert (source.url, source.licence, source.captured_at.isoformat()) == (
        "https://q.example.org/1", "CC BY", "2015-03-12T00:00:00+00:00",
    )  # fmt: skip
    assert (question.state, question.language, question.source_url) == ("open", "es", "https://q.example.org/1")


def test_the_report_in_words_has_no_colours_in_a_pipe(consilium: Any, tmp_path: Path) -> None:
    ran = consilium("pages", write(tmp_path, page(NAMELESS, announced=3)))
    lines = ran.out.splitlines()
    assert lines[0].split() == ["created", "updated", "unchanged", "skipped"]
    assert ["questions", "1", "0", "0", "0"] in [line.split() for line in lines]
    assert any(line.endswith("the page announces 3 answers; 1 were found.") for line in lines)
    assert ("\x1b" in ran.out, ran.err) == (False, "")


def test_a_dry_run_says_so_and_writes_nothing(consilium: Any, tmp_path: Path) -> None:
    ran = consilium("pages", write(tmp_path, page(FULL)), "--dry-run")
    assert ran.out.startswith("Dry run: nothing was written.")
    assert not Question.objects.exists()


def test_one_bad_file_stops_all_before_anything_is_written(consilium: Any, tmp_path: Path) -> None:
    good, bad = write(tmp_path, page(FULL)), write(tmp_path, page(FULL).encode() + b"\xff", "bad.txt")
    ran = consilium("pages", good, bad)
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert ran.err.startswith(f"consilium import: {bad}:15: byte ")
    assert (Question.objects.count(), Entry.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("pages",),
        ("novels", "x"),
        ("pages", "x", "--captured", "yesterday"),
        ("pages", "x", "--no"),
        ("pages", "x", "--url", "javascript:alert(1)"),
        ("pages", "x", "--url", "https://"),
        ("pages", "x", "--url", "https://example.org/" + "x" * 500),
        ("pages", "x", "--captured", "2999-01-01"),
        ("pages", "x", "--language", "<b>"),
        ("pages", "x", "--language", "en-abcdefgh-abcdefgh-abcdefgh"),
        ("pages", "x", "--licence", "x" * 121),
    ],
)
def test_wrong_usage_ends_with_2(consilium: Any, arguments: tuple[str, ...]) -> None:
    ran = consilium(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert "usage: consilium import" in ran.err


@pytest.mark.parametrize("form", ["pages", "qapage", "stackexchange", "jsonl", "stances"])
def test_every_format_explains_itself(consilium: Any, form: str) -> None:
    ran = consilium(form, "--help")
    assert (ran.status, "--dry-run" in ran.out) == (0, True)


@pytest.mark.parametrize("form", ["pages", "qapage", "jsonl", "stances"])
def test_a_missing_file_is_named(consilium: Any, tmp_path: Path, form: str) -> None:
    ran = consilium(form, str(tmp_path / "gone"))
    assert (ran.status, ran.err) == (1, f"consilium import: {tmp_path / 'gone'}: does not exist. Check the name.\n")


@pytest.mark.skipif("CONSILIUM_SEEDS" not in os.environ, reason="CONSILIUM_SEEDS names no folder with the two seed pages")
def test_the_seed_pages(consilium: Any) -> None:
    load_specialties()
    files = sorted(str(path) for path in Path(os.environ["CONSILIUM_SEEDS"]).glob("*.txt"))
    report = json.loads(consilium("pages", *files, "--json").out)
    assert (report["questions"]["created"], report["answers"]["created"], report["skipped"]) == (2, 13, 0)
    assert (report["ratings"], report["badges"]) == (11, 1)
    assert json.loads(consilium("pages", *files, "--json").out)["created"] == 0
    assert sorted(Question.objects.values_list("answer_count", flat=True)) == [4, 9]
    for model in (Question, Answer):
        assert not model.objects.filter(body_html__contains="{{").exists()


@pytest.mark.skipif("CONSILIUM_SEEDS" not in os.environ, reason="CONSILIUM_SEEDS names no folder with the two seed pages")
def test_the_seed_pages_coded_by_two_editors(consilium: Any, tmp_path: Path) -> None:
    """What the answers say, counted by hand; a doctor's agreement is asked for in the first, fourth, sixth and seventh."""
    load_specialties()
    load_topics()
    files = sorted(Path(os.environ["CONSILIUM_SEEDS"]).glob("*.txt"))
    consilium("pages", *map(str, files))
    said = {4: ["no"] * 4, 9: ["yes_if", "yes", "no", "yes_if", "no", "no_unless", "yes_if", "yes", "yes"]}
    rows = []
    for question in Question.objects.select_related("source"):
        assert question.source
        for answer, value in zip(question.answers.order_by("place"), said[question.answer_count], strict=True):
            condition = ["the neurologist agrees", "Neurologist"] if value in {"yes_if", "no_unless"} else ["", ""]
            common = [question.source.name, answer.place, "The treatment is acceptable", "safe", value, *condition]
            rows += [[*common, plain(answer.body_html)[:60], coder] for coder in ("one", "two")]
    with (tmp_path / "codes.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    assert json.loads(consilium("stances", str(tmp_path / "codes.csv"), "--json").out)["codings"]["created"] == 26
    found = {}
    for question in Question.objects.all():
        panel = reading.panel_of(question)
        imported = panel.statements[0].imported
        assert imported is not None
        counts = imported.counts
        needed = {missing.specialty.noun for missing in panel.missing if missing.need.primary}
        found[imported.of] = (counts.yes, counts.conditional, counts.no, panel.statements[0].n, needed)
    assert found == {9: (3, 4, 2, 0, {"Neurology"}), 4: (0, 0, 4, 0, {"Rheumatology"})}


def test_a_long_file_name_is_no_obstacle(consilium: Any, tmp_path: Path) -> None:
    ran = consilium("pages", write(tmp_path, page(FULL), f"{'n' * 240}.txt"), "--json")
    assert (ran.status, json.loads(ran.out)["skipped"]) == (0, 0)
