"""Statements, stances and what belongs to them, imported beside what is here: what stays, what ends, what is refused."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from consilium.consensus import actions as consensus
from consilium.consensus import reading
from consilium.consensus.lines import lines
from consilium.consensus.models import Snapshot
from consilium.doctors.models import Credential, Doctor
from consilium.journal.delivery import deliver_due
from consilium.questions import actions
from consilium.questions.models import Answer, Coding, Question, Stance, Statement
from consilium.topics.actions import drop_need, load_specialties, set_need
from consilium.topics.models import Topic, TopicSpecialty
from consilium.topics.vocabulary import load_topics
from consilium.transfer import jsonl
from consilium.transfer.loader import load
from consilium.transfer.records import Options
from consilium.transfer.report import Report
from tests import factories as make

pytestmark = pytest.mark.django_db

AT = "2020-02-29T23:59:59Z"
Line = dict[str, Any]
HEAD: Line = {"type": "consilium", "version": 1}


def written(path: Path, *found: Line) -> str:
    file = [HEAD, *found, {"type": "end", "records": len(found)}]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in file), encoding="utf-8")
    return str(path)


def bring(path: Path, *found: Line, dry_run: bool = False) -> Report:
    return load(jsonl.read, [written(path, *found)], Options(), dry_run=dry_run)


def exported() -> list[Line]:
    return [json.loads(line) for line in jsonl.lines()][1:-1]


def statement(key: str = "s1", **said: Any) -> Line:
    usual = {"question": "q", "place": 1, "text": "It is acceptable", "kind": "safe", "created_at": AT}
    return {"type": "statement", "key": key, **usual, **said}


def stance(key: str = "t1", **said: Any) -> Line:
    usual = {"statement": "s1", "doctor": "d", "value": "yes", "source": "cosigned", "created_at": AT, "affirmed_at": AT}
    return {"type": "stance", "key": key, **usual, **said}


@pytest.fixture
def site() -> Question:
    """A question "q" and a verified doctor "d" with an answer "a" to it."""
    question = make.make_question(key="q")
    doctor = make.make_verified(key="d")
    make.make_answer(question, doctor=doctor, key="a")
    return question


def skipped(report: Report) -> list[tuple[int, str]]:
    return [(where.line, reason) for where, reason in report.skips]


def test_stances_that_came_in_count_at_once_and_renew_the_page(tmp_path: Path, site: Question) -> None:
    while deliver_due():
        pass
    now = datetime.now(UTC).isoformat()
    bring(tmp_path / "a", statement())
    while deliver_due():
        pass
    assert Snapshot.objects.filter(stale=False, superseded_at=None).count() == 1
    version = Question.objects.get(pk=site.pk).version
    bring(tmp_path / "b", stance(answer="a", source="declared", affirmed_at=now))
    assert Question.objects.get(pk=site.pk).version > version
    assert lines([site])[site.pk]["counts"]["yes"] == 1
    while deliver_due():
        pass
    kept = Snapshot.objects.get(superseded_at=None)
    assert (kept.data["counts"]["yes"], kept.stale) == (1, False)


def test_a_credential_that_came_in_makes_the_stances_count(tmp_path: Path, site: Question) -> None:
    Credential.objects.all().delete()
    now = datetime.now(UTC).isoformat()
    bring(tmp_path / "a", statement(), stance(affirmed_at=now))
    consensus.keep(site)
    version = Question.objects.get(pk=site.pk).version
    assert lines([site])[site.pk]["n"] == 0
    bring(tmp_path / "b", {"type": "credential", "key": "c", "doctor": "d", "level": 3, "checked_at": AT})
    assert lines([site])[site.pk]["n"] == 1
    assert Question.objects.get(pk=site.pk).version > version


def test_what_people_did_here_stays_and_ends_are_added(tmp_path: Path, site: Question) -> None:
    bring(tmp_path / "a", statement(), stance(), stance("t2", doctor="d", superseded_at=AT))
    later = "2021-01-01T00:00:00Z"
    report = bring(
        tmp_path / "b", statement(text="Other words", state="retired"), stance(value="no", withdrawn_at=later),
        stance("t2", withdrawn_at=later),
    )  # fmt: skip
    assert (report.total("created"), report.total("updated"), report.total("skipped")) == (0, 3, 0)
    one, two = Stance.objects.order_by("key")
    assert (one.value, one.withdrawn_at) == ("yes", datetime(2021, 1, 1, tzinfo=UTC))
    assert (two.superseded_at is not None, two.withdrawn_at is not None) == (True, True)
    assert (Statement.objects.get().text, Statement.objects.get().state) == ("It is acceptable", "retired")
    again = bring(tmp_path / "c", statement(), stance(), stance("t2"))
    assert (again.total("created"), again.total("updated"), again.total("unchanged")) == (0, 0, 3)
    assert Stance.objects.filter(withdrawn_at=None).count() == 0


def test_a_second_present_stance_of_a_doctor_is_skipped(tmp_path: Path, site: Question) -> None:
    bring(tmp_path / "a", statement())
    doctor = Doctor.objects.get(key="d")
    assert doctor.person is not None
    said = [actions.Said(Statement.objects.get(), "no")]
    actions.declare(doctor=doctor, person=doctor.person, question=site, said=said, interests=actions.Interests(paid=""))
    report = bring(tmp_path / "b", stance(), stance("t2"), stance("t3", superseded_at=AT))
    reason = "the doctor has taken a stance on the statement here."
    assert skipped(report) == [(2, reason), (3, reason)]
    assert sorted(Stance.objects.values_list("value", flat=True)) == ["no", "yes"]
    assert Stance.objects.current().get().value == "no"


def test_a_newer_export_of_a_site_brings_its_changes(tmp_path: Path, site: Question) -> None:
    """The first export is imported, then a doctor changes their mind there and an editor takes a licence back."""
    bring(tmp_path / "a", statement(), stance())
    newer = [
        statement(), stance(superseded_at="2021-01-01T00:00:00Z"),
        stance("t2", value="no", created_at="2021-01-01T00:00:00Z", affirmed_at="2021-01-01T00:00:00Z"),
    ]  # fmt: skip
    dry = bring(tmp_path / "b", *newer, dry_run=True)
    wet = bring(tmp_path / "b", *newer)
    assert dry.counts == wet.counts
    assert (wet.total("created"), wet.total("updated"), wet.total("skipped")) == (1, 1, 0)
    assert Stance.objects.current().get().value == "no"


def test_another_statement_in_the_place_is_skipped_with_what_hangs_on_it(tmp_path: Path, site: Question) -> None:
    make.make_statement(site)
    report = bring(tmp_path / "a", statement(), stance())
    assert skipped(report) == [
        (2, "another statement stands in its place here."),
        (3, "it names the statement s1, which is neither in the input nor here."),
    ]


def test_wordings_follow_each_other_in_any_order(tmp_path: Path, site: Question) -> None:
    first = statement(state="retired")
    second = statement("s2", text="Second", version=2, replaces="s1")
    bring(tmp_path / "a", second, first)
    found = Statement.objects.get(key="s2")
    assert found.replaces is not None
    assert found.replaces.key == "s1"
    report = bring(
        tmp_path / "b", statement("s3", place=2, replaces="s1"), statement("s4", place=3, replaces="s4"),
        statement("s5", place=4, replaces="s3"), statement("s6", state="retired", replaces="s3"),
    )  # fmt: skip
    gone = ", which it takes the place of, is not here or has been replaced."
    assert [(where.line, text) for where, text in report.notes] == [(2, f"s1{gone}"), (3, f"s4{gone}"), (5, f"s3{gone}")]


def test_a_stance_on_another_question_than_its_answers_is_skipped(tmp_path: Path, site: Question) -> None:
    other = make.make_question(key="q2")
    make.make_answer(other, key="a2")
    report = bring(
        tmp_path / "a", statement(), stance(answer="a2", source="declared"), stance("t2", answer="a", doctor=_stranger()),
        {"type": "work", "key": "url:https://example.org/", "url": "https://example.org/", "kind": "rct", "created_at": AT},
        {"type": "citation", "key": "c", "work": "url:https://example.org/", "answer": "a2", "statement": "s1", "at": AT},
    )  # fmt: skip
    reason = "its statement and its answer belong to different questions, or the answer to another doctor."
    assert skipped(report) == [(3, reason), (4, reason), (6, reason)]


def _stranger() -> str:
    return make.make_doctor(key="stranger").key


def test_codings_citations_and_rounds_come_once(tmp_path: Path, site: Question) -> None:
    copied = make.make_imported_answer(site, key="copy")
    one = make.make_statement(site, key="s1")
    make.make_coding(copied, one, "no", "Ann")
    coding = {
        "type": "coding", "key": "k", "answer": "copy", "statement": "s1", "coder": "Ann", "value": "yes", "quote": "As",
        "created_at": AT,
    }  # fmt: skip
    work = {"type": "work", "key": "doi:10.5555/1", "doi": "10.5555/1", "kind": "rct", "created_at": AT}
    citation = {"type": "citation", "key": "c1", "work": "doi:10.5555/1", "answer": "a", "at": AT}
    round_ = {"type": "round", "key": "r1", "question": "q", "reason": "split", "opened_at": AT}
    report = bring(tmp_path / "a", coding, work, citation, citation | {"key": "c2"}, round_, round_ | {"key": "r2"})
    assert skipped(report) == [
        (2, "the coder has coded it here."), (5, "the answer cites it here."),
        (7, "the doctors are being asked to look again here."),
    ]  # fmt: skip
    assert Coding.objects.get().value == "no"


def test_the_history_of_a_consensus_stays_and_its_end_is_added(tmp_path: Path, site: Question) -> None:
    make.make_statement(site, key="s1")
    consensus.keep(site)
    (old,) = [line for line in exported() if line["type"] == "snapshot"]
    newer = old | {"at": _later(old["at"])}
    report = bring(tmp_path / "a", newer)
    assert skipped(report) == [(2, "a later state was kept here.")]
    report = bring(tmp_path / "b", old | {"superseded_at": newer["at"]}, newer)
    assert (report.total("updated"), report.total("created"), report.total("skipped")) == (1, 1, 0)
    kept = Snapshot.objects.order_by("at")
    assert [(row.superseded_at is None, row.stale) for row in kept] == [(False, False), (True, True)]


def _later(at: str) -> str:
    return (datetime.fromisoformat(at) + timedelta(days=1)).isoformat()


# ---- topics ----------------------------------------------------------------------------------------------------------


def test_needs_of_a_topic_come_unless_an_editor_has_decided_here(tmp_path: Path) -> None:
    load_specialties()
    load_topics()
    laser, lupus = Topic.objects.get(slug="laser-treatment"), Topic.objects.get(slug="lupus")
    question = make.make_question(topics=(laser,))
    make.make_statement(question)
    consensus.keep(question)
    version = question.version
    topic = {"type": "topic", "key": laser.key, "name": "Laser", "needs": [{"specialty": "neurology", "role": "primary"}]}
    report = bring(tmp_path / "a", topic)
    assert report.counts["needs", "updated"] == 1
    assert list(laser.needs.values_list("specialty__slug", "role")) == [("neurology", "primary")]
    assert Question.objects.get(pk=question.pk).version > version
    assert lines([question])[question.pk]["coverage"]["missing"] == ["Neurology"]
    assert bring(tmp_path / "a", topic).counts["needs", "updated"] == 0
    none = topic | {"key": lupus.key, "name": "Lupus", "needs": []}
    bring(tmp_path / "b", none)
    load_topics()  # a newer release does not bring the shipped needs back
    assert not lupus.needs.exists()
    editor = make.make_person(roles=("editor",))
    drop_need(topic=laser, specialty=laser.needs.get().specialty, actor=editor.pk)
    set_need(topic=laser, specialty=make.make_specialty(), role="consulted", actor=editor.pk)
    bring(tmp_path / "a", topic)
    assert list(laser.needs.values_list("specialty__slug", flat=True)) == ["dermatology"]


def test_older_files_say_nothing_of_needs_and_change_none(tmp_path: Path) -> None:
    load_specialties()
    load_topics()
    before = list(TopicSpecialty.objects.values())
    bring(tmp_path / "a", {"type": "topic", "key": "topic/lupus", "name": "Lupus"})
    assert list(TopicSpecialty.objects.values()) == before


# ---- what is refused -------------------------------------------------------------------------------------------------

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


def test_a_file_may_name_what_is_in_one_before_it(consilium: Any, tmp_path: Path, site: Question) -> None:
    one, two = written(tmp_path / "1.jsonl", statement()), written(tmp_path / "2.jsonl", stance())
    assert consilium("jsonl", two, one).status == 1
    assert consilium("jsonl", one, two).status == 0
    assert Stance.objects.count() == 1


def test_an_address_that_is_taken_here_gives_way(tmp_path: Path, site: Question) -> None:
    taken = Doctor.objects.get().slug
    profile = {"type": "doctor", "key": "other", "name": "Other", "slug": taken}
    bring(tmp_path / "a", profile, profile | {"key": "third"})
    assert sorted(Doctor.objects.values_list("slug", flat=True)) == [taken, f"{taken}-2", f"{taken}-2-2"]


def test_a_missing_name_is_found_in_long_files_too(consilium: Any, tmp_path: Path, site: Question) -> None:
    votes = [{"type": "vote", "answer": "a", "person": f"p{number}", "at": AT} for number in range(2500)]
    people = [{"type": "person", "key": f"p{number}"} for number in range(2500)]
    path = written(tmp_path / "site.jsonl", *people[:-1], *votes)
    assert consilium("jsonl", path).err.startswith(
        f'consilium import: {path}:5000: this line names the person "p2499", which is neither in the file nor here.'
    )
    assert consilium("jsonl", written(tmp_path / "site.jsonl", *people, *votes)).status == 0
    assert Answer.objects.get(key="a").helpful_count == 2500


def test_panels_of_what_came_in_read_as_they_should(tmp_path: Path, site: Question) -> None:
    """Practice, interests and disclosures of a doctor are told by an import, too."""
    now = datetime.now(UTC).isoformat()
    topic = make.make_topic("Laser", kind="treatment", key="laser")
    actions.set_topics(question=site, topics=[topic])
    make.make_verified(key="e")
    Doctor.objects.filter(key__in=["d", "e"]).update(practice=None, person=None, claimed_at=None)
    profiles = [line | {"practice": "p"} for line in exported() if line["type"] == "doctor"]
    bring(
        tmp_path / "a", {"type": "practice", "key": "p", "name": "Side by side"}, *profiles, statement(),
        stance(affirmed_at=now, blind=True), stance("t2", doctor="e", affirmed_at=now),
        {"type": "interest", "doctor": "d", "topic": "laser", "offers": "yes", "at": AT},
        {"type": "disclosure", "doctor": "d", "question": "q", "paid": "a talk", "at": AT},
    )  # fmt: skip
    (one,) = reading.panel_of(site).statements
    assert (one.n, one.not_counted()[0][1], one.offer.yes, one.offer.paid) == (1, 1, 1, 1)
