"""Variants, questions that were joined, and suggestions: they travel whole, come back, and give way to what people did here."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from consilium.questions import actions
from consilium.questions.models import Answer, Follow, Merge, Moved, Question, Stance, Suggestion
from consilium.topics.actions import load_specialties
from consilium.topics.models import Topic
from consilium.transfer import jsonl
from consilium.transfer.loader import batch, load
from consilium.transfer.loader import run as run_module
from consilium.transfer.loader.state import Run
from consilium.transfer.records import AnswerRecord, Item, Options, QuestionRecord, SourceRecord, Where
from consilium.transfer.report import Report
from tests import factories as make
from tests.transfer.everything import some_joins
from tests.transfer.jsonl_lines import AT, HEAD, Line, exported, written
from tests.transfer.test_jsonl_roundtrip import derived, empty_site, export, imported

pytestmark = pytest.mark.django_db
HERE = Where("page", 1)


def asked(key: str, **said: Any) -> Line:
    return {"type": "question", "key": key, "title": f"Question {key}?", "state": "open", "topics": ["t"], **said}


def variant(key: str, other: str) -> Line:
    return asked(key, variant_of=other, difference="in winter")


def joined(key: str, other: str) -> Line:
    return asked(key, state="duplicate", merged_into=other)


def merge(key: str, other: str, **said: Any) -> Line:
    return {"type": "merge", "key": f"{key}/{other}", "question": key, "canonical": other, "was": "open", "at": AT, **said}


def suggestion(key: str, other: str, **said: Any) -> Line:
    return {"type": "suggestion", "question": key, "other": other, "at": AT, **said}


TOPIC: Line = {"type": "topic", "key": "t", "name": "Sun"}


def bring(path: Path, *found: Line) -> Report:
    return load(jsonl.read, [written(path / "site.jsonl", TOPIC, *found)], Options())


def skipped(report: Report) -> list[tuple[int, str]]:
    return [(where.line, reason) for where, reason in report.skips]


class Killed(Exception):
    pass


@pytest.mark.parametrize("killed_after", [0, 1, 2])
def test_in_batches_and_after_a_kill_they_are_tied_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_after: int
) -> None:
    """Batches of two: a question and the one that it names come in different ones."""
    some_joins()
    before, figures = export(), derived()
    empty_site()
    load_specialties()
    monkeypatch.setattr(batch, "SIZE", 2)
    written_batches: list[int] = []

    def killed(run: Run, batch: batch.Batch) -> None:
        new = bool(batch.of(QuestionRecord))
        written_batches.extend([1] * new)
        if new and len(written_batches) > killed_after:
            raise Killed

    if killed_after:
        with monkeypatch.context() as patch:
            patch.setattr(run_module, "STEPS", (*run_module.STEPS, killed))
            with pytest.raises(Killed):
                imported(tmp_path / "site.jsonl", before)
        assert 0 < Question.objects.count() < before.count(b'"type":"question"')
    report = imported(tmp_path / "site.jsonl", before)
    assert report.skips == []
    assert export() == before
    assert derived() == figures
    again = imported(tmp_path / "site.jsonl", before)
    assert (again.total("created"), again.total("updated"), again.total("skipped")) == (0, 0, 0)


def test_what_was_joined_can_be_made_two_again_elsewhere(tmp_path: Path) -> None:
    question, canonical = (make.make_question(title) for title in ("Sun?", "Sunshine?"))
    editor, doctor = make.make_person(roles=("editor",)), make.make_verified()
    for one in (question, canonical):
        actions.add_statement(person=editor, question=one, text="Sun is acceptable", kind="safe")
    statement = question.statements.get()
    assert doctor.person is not None
    answer = actions.answer(
        doctor=doctor, person=doctor.person, question=question, headline="Yes", body="Yes.", language="en",
        said=[actions.Said(statement, "yes")], interests=actions.Interests(offers={}, paid=""),
    )  # fmt: skip
    actions.merge(person=editor, question=question, canonical=canonical)
    lines = export()
    empty_site()
    load_specialties()
    imported(tmp_path / "site.jsonl", lines)
    there = Question.objects.get(key=canonical.key)
    assert Answer.objects.get().question == there
    found = Merge.objects.get()
    followers = Follow.objects.filter(question=there).count()
    actions.unmerge(person=make.make_person(roles=("editor",)), merge=found)
    back = Question.objects.get(key=question.key)
    assert (back.state, back.merged_into, back.answer_count) == ("open", None, 1)
    assert Answer.objects.get(key=answer.key).question == back
    assert Stance.objects.get().statement.question == back
    assert Follow.objects.filter(question=there).count() == followers - 1


REFUSED = [
    (asked("b", variant_of="a"), "this question cannot be stored: it is a variant and does not say in what it differs."),
    (asked("b", state="duplicate"), "this question cannot be stored: the state is 'duplicate', and it was joined to no other"),
    (asked("b", merged_into="a"), "this question cannot be stored: the state is 'open', and it was joined to a."),
    (joined("b", "b"), "this question cannot be stored: it names the same question twice."),
    (variant("b", "b"), "this question cannot be stored: it names the same question twice."),
    (variant("b", "a") | joined("b", "a"), "this question cannot be stored: it was joined to another question, so it is no"),
    (variant("b", "gone"), 'this line names the question "gone", which is neither in the file nor here.'),
    (joined("b", "gone"), 'this line names the question "gone", which is neither in the file nor here.'),
    (variant("b", "a") | {"difference": "x" * 301}, "this question cannot be stored: the difference has 301 characters; at"),
    (merge("a", "a"), "this merge cannot be stored: it names the same question twice."),
    (merge("a", "a2", was="withdrawn"), "this merge cannot be stored: the state before was 'withdrawn', which is none of "),
    (merge("a", "gone"), 'this line names the question "gone", which is neither in the file nor here.'),
    (
        {"type": "moved", "merge": "m", "answer": "x", "stance": "y"},
        "this moved cannot be stored: it names not exactly one of answer, stance, coding and follower.",
    ),
    ({"type": "moved", "merge": "m", "stance": "y"}, "this moved cannot be stored: a stance or a coding comes from a statement"),
    ({"type": "moved", "merge": "m", "answer": "y", "place": -1}, "this moved cannot be stored: the place is -1, which is"),
    (suggestion("a", "a"), "this suggestion cannot be stored: it names the same question twice."),
    (suggestion("a", "a2", cosine=2), "this suggestion cannot be stored: the cosine is 2.0; it lies between -1 and 1."),
    (suggestion("a", "a2", cosine="1"), 'this suggestion cannot be read: the field "cosine" is no number.'),
    (suggestion("a", "a2", cosine=True), 'this suggestion cannot be read: the field "cosine" is no number.'),
    (suggestion("a", "a2", cosine=1e308), 'this suggestion cannot be read: the field "cosine" is no number.'),
    (suggestion("a", "a2", state="lost"), "this suggestion cannot be stored: the state is 'lost', which is none of "),
]


@pytest.mark.parametrize(("line", "reason"), REFUSED)
def test_a_line_that_cannot_be_stops_the_import(tmp_path: Path, consilium: Any, line: Line, reason: str) -> None:
    path = written(tmp_path / "site.jsonl", TOPIC, asked("a"), asked("a2"), line)
    ran = consilium("jsonl", path)
    assert (ran.status, ran.err.count("\n")) == (1, 1)
    assert f"{path}:5: {reason}" in ran.err
    assert not Question.objects.exists()


def test_lines_that_contradict_each_other_are_left_out_and_named(tmp_path: Path) -> None:
    report = bring(
        tmp_path, variant("a", "b"), variant("b", "c"), asked("c"), joined("d", "e"), joined("e", "d"), joined("h", "g"),
        variant("f", "h"), asked("g"), merge("a", "b"), variant("i", "j"), joined("j", "g"),
    )  # fmt: skip
    found = {one.key: one for one in Question.objects.all()}
    tied = {key: (one.variant_of or one.merged_into) for key, one in found.items() if one.variant_of or one.merged_into}
    assert tied == {"a": found["b"], "d": found["e"], "h": found["g"], "i": found["j"]}
    assert sorted(key for key, one in found.items() if one.state == "duplicate") == ["d", "h"]
    assert sorted(key for key, one in found.items() if one.state == "withdrawn") == ["e", "j"]
    assert Topic.objects.get(key="t").question_count == Question.objects.filter(state="open").count() == 6
    assert {line: reason[:45] for line, reason in skipped(report)} == {
        4: "other questions are variants of it, so it is ",
        7: "the questions from d on are joined in a circl",
        9: "the question h is a variant or a duplicate it",
        11: "its question is not joined to the other one h",
        13: "other questions are variants of it, so it is ",
    }


def test_what_was_joined_here_stays_so(tmp_path: Path) -> None:
    bring(tmp_path, asked("a"), asked("b"), merge("b", "a", undone_at=AT))
    editor = make.make_person(roles=("editor",))
    here = {one.key: one for one in Question.objects.all()}
    actions.merge(person=editor, question=here["b"], canonical=here["a"])
    lines = exported()
    report = bring(tmp_path, asked("a"), asked("b"), merge("b", "a", undone_at=AT), variant("c", "a"))
    assert (skipped(report), report.counts["questions", "unchanged"]) == ([], 2)
    kept = [line for line in exported() if line.get("key") != "c"]
    assert kept == lines
    assert Topic.objects.get(key="t").question_count == 2


def test_a_variant_that_lacks_the_other_question_is_tied_and_one_that_was_ended_is_not(tmp_path: Path) -> None:
    lines = (variant("a", "b"), asked("b"), asked("c"))
    bring(tmp_path, *lines)
    Question.objects.filter(key="a").update(variant_of=None)  # as an interrupted import leaves it
    report = bring(tmp_path, *lines)
    here = Question.objects.get(key="a")
    assert (here.variant_of, report.counts["questions", "updated"]) == (Question.objects.get(key="b"), 1)
    bring(tmp_path, variant("a", "c") | {"revision": 2}, *lines[1:])
    here.refresh_from_db()
    assert (here.variant_of, here.revision) == (Question.objects.get(key="b"), 2)
    actions.end_variant(person=make.make_person(roles=("editor",)), question=here)
    bring(tmp_path, *lines)
    here.refresh_from_db()
    assert (here.variant_of, here.difference) == (None, "")


def test_the_same_page_again_leaves_its_answers_where_a_merge_brought_them() -> None:
    page = SourceRecord(where=HERE, key="s", kind="pages", name="a page")
    told: list[Item] = [
        page,
        QuestionRecord(where=HERE, key="a", title="Sun?", source_key="s"),
        AnswerRecord(where=HERE, key="a/1", question_key="a", body="Yes.", source_key="s"),
        QuestionRecord(where=HERE, key="b", title="Sunshine?", source_key="s"),
    ]
    load(lambda path, said: iter(told), ["page"], Options())
    here = {one.key: one for one in Question.objects.all()}
    actions.merge(person=make.make_person(roles=("editor",)), question=here["a"], canonical=here["b"])
    report = load(lambda path, said: iter(told), ["page"], Options())
    assert (report.total("created"), report.total("updated"), report.total("skipped")) == (0, 0, 0)
    told[1:3] = [
        QuestionRecord(where=HERE, key="a", title="Sun now?", source_key="s", state="closed", revision=2),
        AnswerRecord(where=HERE, key="a/1", question_key="a", body="No.", source_key="s", revision=2),
    ]
    load(lambda path, said: iter(told), ["page"], Options())
    answer = Answer.objects.get()
    assert (answer.question, answer.body, Moved.objects.get().answer) == (here["b"], "No.", answer)
    assert list(Question.objects.order_by("key").values_list("title", "state", "answer_count")) == [
        ("Sun now?", "duplicate", 0), ("Sunshine?", "archived", 1),
    ]  # fmt: skip


def test_a_state_that_a_newer_wording_brings_is_counted() -> None:
    page = SourceRecord(where=HERE, key="s", kind="pages", name="a page")

    def bring_page(revision: int, state: str) -> None:
        said = {"where": HERE, "key": "a", "title": "Sun?", "source_key": "s", "topic_keys": ("t",), "revision": revision}
        load(lambda path, options: iter([page, QuestionRecord(**said, state=state)]), ["page"], Options())  # type: ignore[arg-type]

    topic = make.make_topic("Sun")
    Topic.objects.update(key="t")
    counts = []
    for revision, state in enumerate(("open", "withdrawn", "archived"), 1):
        bring_page(revision, state)
        topic.refresh_from_db()
        counts.append(topic.question_count)
    assert counts == [1, 0, 1]


def test_a_pair_is_kept_in_the_order_of_this_site_and_may_be_decided_by_the_file(tmp_path: Path) -> None:
    make.make_topic("Sun")
    bring(tmp_path, asked("b"))
    bring(tmp_path, asked("a"), suggestion("b", "a", cosine=0.5))
    pair = Suggestion.objects.get()
    assert (pair.question.key, pair.other.key, pair.state, pair.cosine) == ("a", "b", "suggested", 0.5)
    report = bring(tmp_path, asked("a"), suggestion("a", "b", state="declined", decided_at=AT))
    assert report.counts["suggestions", "updated"] == 1
    again = bring(tmp_path, asked("a"), suggestion("a", "b", kind="variant"))
    assert Counter(again.counts)["suggestions", "unchanged"] == 1
    pair.refresh_from_db()
    assert (pair.state, pair.kind) == ("declined", "duplicate")


def test_the_head_is_that_of_older_files() -> None:
    """New types and fields are left out where they hold nothing, so a file without them is as it was."""
    make.make_question("Sun?")
    assert [sorted(line) for line in exported() if line["type"] == "question"] == [
        ["alias", "asked_at", "asked_by", "body", "key", "listed_at", "state", "title", "type"]
    ]
    assert HEAD == {"type": "consilium", "version": 1}
