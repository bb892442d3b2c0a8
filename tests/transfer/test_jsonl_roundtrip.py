"""Export, import into an empty site, export: the same to the byte, and the derived figures are the same too."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consilium.accounts.models import Person, Role
from consilium.consensus import reading
from consilium.consensus.models import Invitation, Round, RoundReply, Snapshot
from consilium.consensus.panel import data
from consilium.doctors.models import City, Claim, Credential, Doctor, Interest, Practice, Source
from consilium.evidence.models import Citation, RetractionNotice, Work
from consilium.journal.delivery import deliver_due
from consilium.journal.models import Delivery, Entry, Heartbeat
from consilium.lib.text import fold
from consilium.questions import actions
from consilium.questions.models import (
    Answer,
    AnswerOrigin,
    Coding,
    Comment,
    Disclosure,
    Follow,
    HelpfulVote,
    Merge,
    Moved,
    Question,
    QuestionLink,
    QuestionTopic,
    Revision,
    SeenAnswers,
    SourceAuthor,
    Stance,
    Statement,
    Suggestion,
)
from consilium.search.models import Vector
from consilium.topics.actions import load_specialties
from consilium.topics.models import Specialty, SpecialtySynonym, Topic, TopicSpecialty, TopicSynonym
from consilium.transfer import jsonl
from consilium.transfer.kinds import KINDS
from consilium.transfer.loader import load
from consilium.transfer.records import Need, Options, Origin
from consilium.transfer.report import Report
from tests import factories as make
from tests.transfer.everything import some_of_everything

pytestmark = pytest.mark.django_db

CONTENT: tuple[type[Model], ...] = (
    Vector, Suggestion, Moved, Merge, Snapshot, RoundReply, Round, Invitation, Citation, Work, SeenAnswers, Disclosure, Coding,
    Stance, Statement, Interest, Credential, Claim, TopicSpecialty, QuestionLink, Follow, HelpfulVote, Comment, Revision,
    AnswerOrigin, Answer, QuestionTopic, Question, Doctor, Practice, SourceAuthor, Source, TopicSynonym, Topic, SpecialtySynonym,
    Specialty, Role, Person,
)  # fmt: skip
DERIVED = {
    Question: ("answer_count", "last_answer_at", "body_html"),
    Answer: ("helpful_count", "body_html"),
    Topic: ("question_count", "folded"),
    Doctor: ("answer_count",),
}


def export() -> bytes:
    return "".join(f"{line}\n" for line in jsonl.lines()).encode()


def empty_site() -> None:
    for model in CONTENT:
        model._default_manager.all()._raw_delete("default")  # type: ignore[attr-defined]  # in this order nothing cascades


def imported(path: Path, content: bytes) -> Report:
    path.write_bytes(content)
    return load(jsonl.read, [str(path)], Options())


def derived() -> dict[str, Any]:
    """What an import computes itself."""
    tables = {
        model.__name__: list(model._default_manager.order_by("key").values_list("key", *names))
        for model, names in DERIVED.items()
    }
    topics = QuestionTopic.objects.values_list("question__key", "topic__key", "listed_at", "answer_count")
    return tables | {"QuestionTopic": sorted(topics)}


def moved(path: Path) -> tuple[bytes, bytes]:
    """Export, empty the site, import; the export before and the one after. Derived figures are compared on the way."""
    before, figures = export(), derived()
    empty_site()
    if '"type":"specialty"' in before.decode():
        load_specialties()  # an empty site has the shipped ones
    report = imported(path, before)
    assert report.total("skipped") == 0
    assert derived() == figures
    return before, export()


def test_content_moves_to_an_empty_site_to_the_byte(tmp_path: Path) -> None:
    some_of_everything()
    before, after = moved(tmp_path / "site.jsonl")
    assert after == before
    assert Specialty.objects.get(slug="balneology").synonyms.get().name == "Spa medicine"
    assert set(Topic.objects.values_list("name", flat=True)) >= {"Sleep", "Insomnia"}


def test_what_is_said_of_a_consensus_moves_too(tmp_path: Path) -> None:
    """Every panel reads the same afterwards, its history is the same, and working it out again adds nothing to that."""
    some_of_everything()
    while deliver_due():
        pass
    before = {key: panels(key) for key in Question.objects.values_list("key", flat=True)}
    versions = [snapshot.inputs_hash for snapshot in Snapshot.objects.order_by("at")]
    assert len(versions) > 1
    content, _ = moved(tmp_path / "site.jsonl")
    assert {key: panels(key) for key in before} == before
    assert Snapshot.objects.filter(superseded_at=None, stale=False).count() == 0
    while deliver_due():
        pass
    assert export() == content
    for snapshot in Snapshot.objects.select_related("statement"):
        assert snapshot.data["question"] == snapshot.statement.question_id
        assert snapshot.superseded_at is not None or not snapshot.stale


def panels(question: str) -> list[dict[str, Any]]:
    panel = reading.panel_of(Question.objects.get(key=question))
    return [data(panel, one) | {"question": 0} for one in panel.statements]


def test_second_import_changes_nothing(tmp_path: Path) -> None:
    some_of_everything()
    content = export()
    report = imported(tmp_path / "site.jsonl", content)
    assert (report.total("created"), report.total("updated"), report.total("skipped")) == (0, 0, 0)
    assert export() == content


def test_no_account_leaves_the_site() -> None:
    some_of_everything()
    person = make.make_person("ada@example.org", display_name="Ada Displayed", time_zone="Europe/Vienna", country="AT")
    actions.follow(person=person, question=Question.objects.all()[0])
    make.make_person("nobody@example.org", display_name="Never wrote")
    content = export().decode()
    hidden = [
        "@example.org",
        "My licence number is",
        "Ada Displayed",
        "Never wrote",
        "Europe/Vienna",
        *Person.objects.values_list("password", flat=True),
    ]
    assert [word for word in hidden if word in content] == []
    assert f'{{"type":"person","key":"{person.key}"}}' in content.splitlines()


# Columns that an import computes, or that belong to accounts and not to content.
NOT_EXPORTED: dict[type[Model], set[str]] = {
    Question: {"body_html", "last_answer_at", "answer_count", "version", "changed_at"},
    Answer: {"body_html", "helpful_count"},
    Specialty: {"roster_at"},
    Topic: {"folded", "question_count"},
    Doctor: {"answer_count"},
    AnswerOrigin: {"answer"},
    Moved: {"follow"},  # told by its follower
    TopicSpecialty: {"topic"},
    Claim: {"proof"},
    Snapshot: {"inputs_hash", "stale"},
}
INSIDE: dict[type[Model], type[Any]] = {AnswerOrigin: Origin, TopicSpecialty: Need}
CALLED = {"source_author": "author", "created_at": "at"}


@pytest.mark.parametrize(
    "model", [*(kind.model for kind in KINDS if kind.model is not Person), *INSIDE], ids=lambda m: m.__name__
)
def test_every_column_is_exported_or_known_to_be_derived(model: type[Model]) -> None:
    """A new column must be put into the format or named above: content cannot be forgotten."""
    records = {kind.model: kind.record for kind in KINDS} | INSIDE
    exported = set(jsonl.codec.COLUMNS[records[model]])
    columns = {field.name for field in model._meta.concrete_fields} - NOT_EXPORTED.get(model, set()) - {"id"}
    missing = {name for name in columns if not {name, CALLED.get(name, name), f"{name}_id"} & exported}
    assert missing == set()


def test_every_table_is_exported_or_known_to_stay_here() -> None:
    """A new table must be put into the list of kinds or be named here."""
    derived = {TopicSynonym, SpecialtySynonym, AnswerOrigin, TopicSpecialty, QuestionTopic}  # inside of others
    # Lists that each site loads; accounts; the journal; what the search works out.
    stays = {City, Role, Entry, Delivery, Heartbeat, RetractionNotice, Vector}
    ours = {model for model in apps.get_models() if model.__module__.startswith("consilium.")}
    assert {model.__name__ for model in ours - derived - stays} == {kind.model.__name__ for kind in KINDS}


# Any text that both databases can hold: every script, emoji, marks of direction, controls; no NUL, no lone surrogate.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)
samples = st.sampled_from(
    ["עברית ו-English", "سؤال؟\u200f", "👩🏽‍⚕️ 🫀", "a\u2028b\u2029c", "\x01\x7f\x85", "\ufeffx", '"\\/\n\r\t', "I\u0307ı", "�"]
)
bodies = st.one_of(texts, samples)
titles = bodies.filter(lambda text: bool(text.strip()))
times = st.datetimes(timezones=st.just(UTC))


@pytest.mark.slow
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=titles, body=bodies, headline=bodies, language=st.sampled_from(["en", "he", "ar-EG"]), at=times, comment=titles)
def test_any_text_survives(
    tmp_path: Path, title: str, body: str, headline: str, language: str, at: datetime, comment: str
) -> None:
    empty_site()
    source = Source.objects.create(key=title[:100], kind="jsonl", name=title)
    author = SourceAuthor.objects.create(key=title[:100], name=comment)
    topic = Topic.objects.create(key=title[:50], slug="t", name=title, folded=fold(title)[:80], description=body)
    question = make.make_question("x", topics=(topic,), person=Person.objects.create())
    asked = {"title": title, "body": body, "language": language, "asked_at": at, "listed_at": at, "source": source}
    Question.objects.filter(pk=question.pk).update(body_html=make.render(body, "markdown") if body else "", **asked)
    QuestionTopic.objects.update(listed_at=at)
    answer = Answer.objects.create(question=question, body=body, headline=headline, place=1, source=source, source_author=author)
    Answer.objects.filter(pk=answer.pk).update(
        body_html=make.render(body, "markdown"), language=language, answered_at=at, listed_at=at
    )
    actions.recount(question.pk)
    Comment.objects.create(question=question, answer=answer, body=comment, at=at)
    Revision.objects.create(answer=answer, number=1, title=title, body=body, at=at)
    before, after = moved(tmp_path / "site.jsonl")
    assert after == before
