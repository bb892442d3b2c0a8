"""Lines of statements, stances and what belongs to them that cannot be: one sentence with file and line, nothing written."""

import json
from pathlib import Path
from typing import Any

import pytest

from consilium.consensus import actions as consensus
from consilium.questions.models import Question, Statement
from tests import factories as make
from tests.transfer.jsonl_lines import AT, HEAD, Line, exported, stance, statement, written

pytestmark = pytest.mark.django_db

CONDITION = {"kind": "other", "text": "so"}
REFUSED = [
    (statement(place=5), "this statement cannot be stored: the place is 5; it lies between 1 and 4."),
    (statement(text="x" * 141), "this statement cannot be stored: the text has 141 characters; at most 140 fit."),
    (statement(text=" "), "this statement cannot be stored: the text is empty."),
    (statement(kind="wish"), "this statement cannot be stored: the kind is 'wish', which is none of "),
    (statement(question="gone"), 'this line names the question "gone", which is neither in the file nor here.'),
    (statement(replaces="gone"), 'this line names the statement "gone", which is neither in the file nor here.'),
    (stance(value="maybe"), "this stance cannot be stored: the value is 'maybe', which is none of "),
    (stance(value="yes_if"), "this stance cannot be stored: the value is 'yes_if', and no condition is named."),
    (
        stance(conditions=[{"kind": "mood", "text": "so"}]),
        "this stance cannot be stored: the kind of a condition is 'mood', which is none of ",
    ),
    (stance(conditions=[CONDITION | {"text": "x" * 201}]), "this stance cannot be stored: a condition has 201 characters; it"),
    (
        stance(conditions=[CONDITION | {"more": 1}]),
        'this stance cannot be read: the field "conditions" holds an object in which there is no field "more".',
    ),
    (stance(conditions=["so"]), 'this stance cannot be read: the field "conditions" is no object.'),
    (stance(confidence="sure"), "this stance cannot be stored: the confidence is 'sure', which is none of "),
    (stance(blind="yes"), 'this stance cannot be read: the field "blind" is neither true nor false.'),
    (stance(affirmed_at="2020-02-29"), 'this stance cannot be read: the field "affirmed_at" is no time with its zone, such as '),
    (
        {"type": "coding", "key": "k", "answer": "a", "statement": "s1", "coder": "Ann", "value": "no", "created_at": AT},
        "this coding cannot be stored: there is no quote that shows it.",
    ),
    (
        {"type": "credential", "key": "c", "doctor": "d", "level": 5, "checked_at": AT},
        "this credential cannot be stored: the level is 5; it lies between 0 and 4.",
    ),
    (
        {"type": "credential", "key": "c", "doctor": "d", "checked_at": AT, "revoked_at": AT},
        "this credential cannot be stored: it was taken back without a reason.",
    ),
    (
        {"type": "claim", "key": "c", "doctor": "d", "person": "p", "state": "requested", "asked_at": AT, "decided_at": AT},
        "this claim cannot be stored: only requests that are decided leave a site.",
    ),
    (
        {"type": "doctor", "key": "e", "name": "E", "person": "p"},
        "this doctor cannot be stored: it belongs to a person and does not say since when.",
    ),
    (
        {"type": "doctor", "key": "e", "name": "E", "specialty": "wizardry"},
        'this line names the specialty "wizardry", which is neither in the file nor here.',
    ),
    (
        {"type": "work", "key": "w", "kind": "rct", "year": 40000, "created_at": AT},
        "this work cannot be stored: the year is 40000, which is no count.",
    ),
    (
        {"type": "work", "key": "w", "kind": "rct", "url": "javascript:x", "created_at": AT},
        "this work cannot be stored: the url is no address that starts with https:// or http://.",
    ),
    (
        {"type": "work", "key": "w", "kind": "rct", "retracted_on": "2020-2-2", "created_at": AT},
        'this work cannot be read: the field "retracted_on" is no day, such as "2026-02-11".',
    ),
    (
        {"type": "topic", "key": "t", "name": "T", "needs": [{"specialty": "dermatology", "role": "any"}]},
        "this topic cannot be stored: the role is 'any', which is none of consulted, primary.",
    ),
    (
        {"type": "snapshot", "statement": "s1", "at": AT, "algorithm": "x", "label": "few", "data": {"counts": 1}},
        "this snapshot cannot be stored: data.statement is missing or of another kind than in a kept state.",
    ),
    (
        {"type": "snapshot", "statement": "s1", "at": AT, "algorithm": "x", "label": "few", "data": {"p": "\u0000"}},
        "there is a NUL character.",
    ),
    (
        {"type": "snapshot", "statement": "s1", "at": AT, "algorithm": "x", "label": "few", "data": [1]},
        'this snapshot cannot be read: the field "data" is no object.',
    ),
    ({"type": "retraction", "key": "x"}, 'there is no type "retraction".'),
]  # fmt: skip


@pytest.mark.parametrize(("line", "problem"), REFUSED)
def test_a_line_that_cannot_be_is_refused_and_nothing_is_written(
    consilium: Any, tmp_path: Path, site: Question, line: Line, problem: str
) -> None:
    path = written(tmp_path / "site.jsonl", {"type": "person", "key": "p"}, statement("s1", place=4), line)
    ran = consilium("jsonl", path)
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert ran.err.startswith(f"consilium import: {path}:4: {problem}")
    assert not Statement.objects.exists()


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ('{"p":1e999}', 'the field "data" holds a number that is too large'),
        ('{"p":' + "[" * 20 + "]" * 20 + "}", 'the field "data" is nested too deeply'),
    ],
)
def test_states_that_no_database_keeps_are_refused(consilium: Any, tmp_path: Path, site: Question, data: str, place: str) -> None:
    line = f'{{"type":"snapshot","statement":"s1","at":"{AT}","algorithm":"x","label":"few","data":{data}}}'
    path = tmp_path / "site.jsonl"
    path.write_text("\n".join([json.dumps(HEAD), json.dumps(statement()), line, json.dumps({"type": "end", "records": 2})]))
    assert consilium("jsonl", str(path)).err.startswith(f"consilium import: {path}:3: this snapshot cannot be read: {place}.")


@pytest.mark.parametrize(
    ("name", "value", "place"),
    [
        ("counts", {"yes": "1"}, "data.counts.yes"),
        ("not_counted", [{"reason": "revoked", "n": 1}, {"n": 1}], "data.not_counted[1].reason"),
        ("blind", True, "data.blind"),
        ("p", "small", "data.p"),
        ("imported", [], "data.imported"),
        ("imported", {"of": 1}, "data.imported.counts"),
    ],
)
def test_a_state_that_no_page_could_show_is_refused(
    consilium: Any, tmp_path: Path, site: Question, name: str, value: object, place: str
) -> None:
    make.make_statement(site, key="s1")
    consensus.keep(site)
    (old,) = [line for line in exported() if line["type"] == "snapshot"]
    path = written(tmp_path / "site.jsonl", old | {"data": old["data"] | {name: value}})
    problem = f"this snapshot cannot be stored: {place} is missing or of another kind than in a kept state."
    assert consilium("jsonl", path).err.startswith(f"consilium import: {path}:2: {problem}")
