"""A visitor's copy of a page is never confirmed after where the doctors stand has changed, by somebody's hand or by time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.http import http_date

from consilium.consensus import actions as consensus
from consilium.doctors import actions as doctors
from consilium.doctors.models import Credential
from consilium.evidence.models import Citation, Work
from consilium.questions import actions
from consilium.questions.models import Question, QuestionLink
from consilium.topics import actions as topics
from consilium.web import etag
from tests.factories import (
    make_answer,
    make_coding,
    make_imported_answer,
    make_person,
    make_question,
    make_source,
    make_specialty,
    make_statement,
    make_topic,
    make_verified,
)

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 4, 12, tzinfo=UTC)


class Scene:
    """A question with a statement, a verified doctor who answered, a related question, an empty chair."""

    def __init__(self) -> None:
        self.editor = make_person(roles=("editor",))
        self.topic = make_topic(kind="treatment")
        self.neurology = make_specialty("Neurology", "Neurologist")
        topics.set_need(topic=self.topic, specialty=self.neurology, role="primary")
        self.question = make_question("Is it safe?", topics=(self.topic,))
        self.near = make_question("A related one?")
        self.statement, self.other = make_statement(self.question), make_statement(self.near)
        self.doctor = make_verified("Ada Examplewood")
        self.answer = make_answer(self.question, doctor=self.doctor)
        self.copy = make_imported_answer(self.question, source=make_source())
        QuestionLink.objects.create(question=self.question, other=self.near, kind="related")
        self.say("yes")

    def say(self, value: str, doctor: Any = None, question: Question | None = None) -> None:
        doctor, question = doctor or self.doctor, question or self.question
        said = [actions.Said(question.statements.get(state="active"), value)]
        interests = actions.Interests({self.topic.pk: "yes"} if question == self.question else {}, paid="")
        answer = self.answer if doctor == self.doctor and question == self.question else None
        actions.declare(doctor=doctor, person=doctor.person, question=question, said=said, answer=answer, interests=interests)

    def invite(self) -> int:
        make_verified(specialty=self.neurology, takes_invitations=True)
        return consensus.invite(person=self.editor, question=self.question, specialty=self.neurology)

    def pages(self) -> dict[str, str]:
        return {
            "question": self.question.get_absolute_url(),
            "home": "/",
            "topic": self.topic.get_absolute_url(),
            "doctor": self.doctor.get_absolute_url(),
        }


CHANGES: dict[str, Callable[[Scene], object]] = {
    "another stance": lambda s: s.say("no"),
    "a co-signature": lambda s: s.say("no", make_verified()),
    "stances taken back": lambda s: actions.withdraw_stances(doctor=s.doctor, person=s.doctor.person, question=s.question),  # type: ignore[arg-type]
    "a statement more": lambda s: actions.add_statement(person=s.editor, question=s.question, text="It works.", kind="fact"),
    "another wording": lambda s: actions.edit_statement(
        person=s.editor, statement=s.statement, text="It is acceptable for all.", kind="safe"
    ),
    "a statement less": lambda s: actions.retire_statement(person=s.editor, statement=s.statement),
    "a licence taken back": lambda s: doctors.revoke_credential(
        editor=s.editor, credential=s.doctor.credentials_held.get(), reason="moved"
    ),
    "another need": lambda s: topics.set_need(topic=s.topic, specialty=make_specialty("Urology", "Urologist"), role="primary"),
    "an invitation": lambda s: s.invite(),
    "a coding": lambda s: actions.code(
        editor=s.editor, answer=s.copy, statement=s.statement, value="yes", quote="As the source had it."
    ),
    "a related question's stance": lambda s: s.say("no", make_verified(), s.near),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_page_whose_panel_changes_gets_another_tag(name: str) -> None:
    scene, visitor = Scene(), Client()
    before = {page: visitor.get(path) for page, path in scene.pages().items()}
    CHANGES[name](scene)
    changed = set()
    for page, path in scene.pages().items():
        again = visitor.get(path, headers={"if-none-match": before[page]["ETag"]})
        whole = Client().get(path)
        if whole.content != before[page].content:
            changed.add(page)
            assert (again.status_code, again.content) == (200, whole.content), page
    assert "question" in changed


def test_a_source_and_its_retraction() -> None:
    scene, visitor = Scene(), Client()
    path = scene.pages()["question"]
    tags = {visitor.get(path)["ETag"]}
    work = Work.objects.create(key="doi:10.1/1", kind="rct", title="A trial")
    Citation.objects.create(work=work, answer=scene.answer, statement=scene.statement)
    actions.bump([scene.question.pk])
    tags.add(visitor.get(path)["ETag"])
    assert len(tags) == 2


def test_a_licence_that_runs_out_changes_the_page_at_once_and_the_lists_the_day_after(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(etag, "release", lambda: ("this release", 0.0))
    with time_machine.travel(START, tick=False) as clock:
        scene, visitor = Scene(), Client()
        Credential.objects.filter(doctor=scene.doctor).update(expires_at=START + timedelta(hours=3))
        actions.bump([scene.question.pk])
        before = {page: visitor.get(path) for page, path in scene.pages().items()}
        clock.move_to(START + timedelta(hours=4))
        question = visitor.get(scene.pages()["question"], headers={"if-none-match": before["question"]["ETag"]})
        assert question.status_code == 200
        assert "the licence is no longer confirmed" in question.content.decode()
        assert question["Last-Modified"] == http_date((START + timedelta(hours=3)).timestamp())
        clock.move_to(START + timedelta(days=1))
        for page, path in scene.pages().items():
            assert visitor.get(path, headers={"if-none-match": before[page]["ETag"]}).status_code == 200, page
        assert visitor.get(scene.pages()["question"])["Last-Modified"] == http_date(START.replace(day=5, hour=0).timestamp())


def test_a_stance_that_fades_after_five_years() -> None:
    with time_machine.travel(START, tick=False) as clock:
        scene, visitor = Scene(), Client()
        path = scene.pages()["question"]
        clock.move_to(START + timedelta(days=5 * 365))
        tag = visitor.get(path)["ETag"]
        clock.move_to(START + timedelta(days=5 * 365 + 1, minutes=1))
        after = visitor.get(path, headers={"if-none-match": tag})
        assert after.status_code == 200
        assert "more than five years old" in after.content.decode()


def test_coding_makes_no_doctor_speak() -> None:
    scene = Scene()
    for coder in ("one", "two"):
        make_coding(scene.copy, scene.statement, "no", coder)
    found = Client().get(scene.pages()["question"]).content.decode()
    assert "1 imported answer: 1 advises against." in found
