"""The demo content: whole, invented, loaded once, and its people can sign in."""

import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, F, Model, Q
from pytest_django import DjangoDbBlocker

from consilium.accounts.models import Person, Role
from consilium.consensus.models import Invitation, Round, RoundReply, Snapshot
from consilium.doctors.cities import load_cities
from consilium.doctors.models import Claim, Credential, Doctor, Interest, Practice, Source
from consilium.evidence.models import Citation, Work
from consilium.questions import actions
from consilium.questions.models import (
    Answer,
    AnswerOrigin,
    Coding,
    Disclosure,
    Follow,
    HelpfulVote,
    Merge,
    Moved,
    Question,
    QuestionTopic,
    SeenAnswers,
    Stance,
    Statement,
    Suggestion,
)
from consilium.topics.actions import load_specialties
from consilium.topics.models import Topic, TopicSpecialty, TopicSynonym
from consilium.transfer import jsonl
from consilium.transfer.demo_content import FOLDER, load_demo, read
from consilium.transfer.demo_people import FILE, PATIENT, PERSONAS, Accounts, Persona, open_accounts
from consilium.transfer.loader import load
from consilium.transfer.records import BadInput, Options

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("demo content")]

TABLES: tuple[type[Model], ...] = (
    Person,
    Doctor,
    Topic,
    Question,
    QuestionTopic,
    Answer,
    HelpfulVote,
    Follow,
    Source,
    EmailAddress,
    Statement,
    Stance,
    Citation,
    Work,
    Coding,
    Credential,
    Snapshot,
)
CONTENT: tuple[type[Model], ...] = (
    Suggestion, Moved, Merge, Snapshot, RoundReply, Round, Invitation, Citation, Work, Coding, Stance, Statement, SeenAnswers,
    Disclosure, Interest, Credential, Claim, Follow, HelpfulVote, AnswerOrigin, Answer, QuestionTopic, Question, Doctor, Practice,
    Source, TopicSpecialty, TopicSynonym, Topic, EmailAddress, Role, Person,
)  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def accounts(django_db_setup: None, django_db_blocker: DjangoDbBlocker, data: Path) -> Iterator[Accounts]:
    """The demo, loaded once for all tests of this file: each works in a savepoint of this transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_specialties()
        load_cities()
        yield load_demo(data)
        transaction.set_rollback(True)


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in TABLES}


def test_there_is_enough_to_make_every_page_look_alive(accounts: Accounts) -> None:
    assert Question.objects.count() >= 40
    assert Topic.objects.filter(question_count__gt=0).count() >= 12
    assert Doctor.objects.filter(invented=True).count() == Doctor.objects.count() >= 30
    assert Doctor.objects.values("specialty").distinct().count() >= 15
    assert Answer.objects.count() >= 220
    languages = Counter(Answer.objects.values_list("language", flat=True))
    assert languages["es"] >= 3
    assert any(question.direction == "rtl" for question in Question.objects.all())
    assert {0, 1} <= set(Question.objects.values_list("answer_count", flat=True))


def test_every_doctor_has_a_known_city_and_specialty(accounts: Accounts) -> None:
    assert list(Doctor.objects.filter(city=None).values_list("slug", flat=True)) == []
    assert list(Doctor.objects.filter(specialty=None).values_list("slug", flat=True)) == []


def test_questions_are_asked_in_other_situations_and_one_was_asked_twice(accounts: Accounts) -> None:
    groups = Counter(Question.objects.exclude(variant_of=None).values_list("variant_of__key", flat=True))
    assert len(groups) >= 3
    assert all(question.difference for question in Question.objects.exclude(variant_of=None))
    merge = Merge.objects.get()
    assert (merge.question.merged_into, merge.reversible) == (merge.canonical, True)
    assert merge.moved.exclude(answer=None).get().answer in merge.canonical.answers.all()
    assert merge.moved.exclude(stance=None).exists()
    visible = Topic.objects.annotate(n=Count("about", filter=Q(about__question__state__in=Question.PUBLIC)))
    assert not visible.exclude(n=F("question_count")).exists()


def test_helpful_counts_are_the_rows(accounts: Accounts) -> None:
    wrong = Answer.objects.annotate(rows=Count("votes")).exclude(rows=F("helpful_count"))
    assert not wrong.exists()
    assert Answer.objects.filter(helpful_count__gt=10).exists()


def test_questions_are_open_and_of_this_site_but_for_the_copied_page(accounts: Accounts) -> None:
    own, copied = Question.objects.filter(source=None), Question.objects.exclude(source=None)
    assert all(question.takes_answers for question in own if not question.is_duplicate)
    assert [question.state for question in copied] == [Question.State.ARCHIVED]
    assert set(Answer.objects.exclude(source=None).values_list("question", flat=True)) == set(copied.values_list("pk", flat=True))


def test_second_load_changes_nothing(accounts: Accounts, data: Path) -> None:
    before, versions = counts(), list(Question.objects.order_by("pk").values_list("pk", "version", "changed_at"))
    again = load_demo(data)
    assert again == accounts
    assert counts() == before
    assert list(Question.objects.order_by("pk").values_list("pk", "version", "changed_at")) == versions


def test_loading_the_records_again_finds_every_row_in_place(accounts: Accounts) -> None:
    """After a release with more content only what is new is made."""
    report = load(read, [str(FOLDER)], Options())
    assert (report.total("created"), report.total("updated"), report.total("skipped")) == (0, 0, 0)


def test_what_visitors_made_of_the_demo_stays(accounts: Accounts, data: Path) -> None:
    patient = Person.objects.get(key=PATIENT.key)
    question = Question.objects.filter(answer_count=0, asked_by=patient)[0]
    actions.edit_question(person=patient, question=question, title="Another title?", body="Other words.", based_on=1)
    load_demo(data)
    question.refresh_from_db()
    assert question.title == "Another title?"


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.word)
def test_persona_can_sign_in_and_has_its_duty(accounts: Accounts, persona: Persona, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]  # as when the demo was loaded
    person = Person.objects.get(email=persona.email)
    assert person.check_password(accounts.password)
    assert EmailAddress.objects.get(user=person).verified
    assert person.roles == set(persona.roles)
    profile = Doctor.objects.filter(person=person).values_list("slug", flat=True).first()
    assert profile == (persona.doctor or None)


def test_nobody_else_can_sign_in(accounts: Accounts) -> None:
    others = Person.objects.exclude(key__in=[persona.key for persona in PERSONAS])
    assert others.exists()
    assert all(person.email is None and not person.has_usable_password() for person in others)


def test_patient_has_questions_and_news(accounts: Accounts) -> None:
    patient = Person.objects.get(key=PATIENT.key)
    assert patient.questions.count() == len(PATIENT.asked)
    assert patient.follows.count() == len(PATIENT.follows)
    assert any(follow.new_answers for follow in patient.follows.select_related("question"))


def test_password_stands_in_a_file_that_only_its_owner_reads(accounts: Accounts, data: Path) -> None:
    assert accounts.file == data / FILE
    assert stat.S_IMODE(accounts.file.stat().st_mode) == 0o600
    text = accounts.file.read_text(encoding="utf-8")
    assert accounts.password in text
    assert all(persona.email in text for persona in PERSONAS)


def test_lost_file_gives_a_new_password_to_the_same_people(accounts: Accounts, data: Path, tmp_path: Path) -> None:
    before = counts()
    renewed = open_accounts(tmp_path)
    assert renewed.password != accounts.password
    assert Person.objects.get(key=PATIENT.key).check_password(renewed.password)
    assert counts() == before


def test_demo_survives_a_move_to_the_byte(accounts: Accounts, tmp_path: Path) -> None:
    content = "".join(f"{line}\n" for line in jsonl.lines())
    for model in CONTENT:
        model._default_manager.all()._raw_delete("default")  # type: ignore[attr-defined]  # in this order nothing cascades
    path = tmp_path / "demo.jsonl"
    path.write_text(content, encoding="utf-8")
    load(jsonl.read, [str(path)], Options())
    assert "".join(f"{line}\n" for line in jsonl.lines()) == content


def test_command_says_how_to_sign_in(
    accounts: Accounts, data: Path, settings: object, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DATA = data  # type: ignore[attr-defined]
    call_command("load_demo")
    shown = capsys.readouterr().out
    assert f"Password of all of them: {accounts.password}" in shown
    assert PATIENT.email in shown


def test_broken_content_is_named(tmp_path: Path) -> None:
    (tmp_path / "copies.toml").write_text("copy = []", encoding="utf-8")
    (tmp_path / "doctors.toml").write_text("[[doctor]\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"doctors\.toml"):
        list(read(str(tmp_path), Options()))
