"""A visitor's copy is confirmed without making the page, and never after a visible change."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.template import Template
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date

from consilium.doctors import actions as doctors
from consilium.questions import actions
from consilium.questions.models import Answer, Question, QuestionLink
from consilium.topics import actions as topics
from consilium.web import etag
from tests.factories import make_answer, make_doctor, make_person, make_question, make_specialty, make_topic
from tests.web.pages import signed_in

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Scene:
    """A question with all that its page and the lists show."""

    def __init__(self) -> None:
        self.asker, self.reader = make_person(), make_person()
        self.topic = make_topic("Lupus", description="A disease.")
        self.doctor = make_doctor("Ada Examplewood")
        self.fresh = make_question("Not answered yet?", person=self.asker)
        self.question = make_question("Is it safe?", person=self.asker, topics=(self.topic,))
        self.answer = make_answer(self.question, doctor=self.doctor)
        self.near = make_question("A related one?", person=self.asker)
        QuestionLink.objects.create(question=self.question, other=self.near, kind="related")

    def pages(self) -> dict[str, str]:
        question = Question.objects.get(pk=self.question.pk)
        return {
            "question": question.get_absolute_url(),
            "home": "/",
            "topics": "/topics/",
            "topic": self.topic.get_absolute_url(),
            "doctors": "/doctors/",
            "doctor": self.doctor.get_absolute_url(),
            "feed": "/feed.atom",
            "question_feed": f"/q/{question.pk}/feed.atom",
            "sitemap": "/sitemap.xml",
            "questions": "/sitemaps/questions-0.xml",
        }


def ask_again(client: Client, path: str, first: HttpResponse) -> HttpResponse:
    return client.get(path, headers={"if-none-match": first["ETag"]})  # type: ignore[return-value]


Change = Callable[[Scene], object]
CHANGES: dict[str, Change] = {
    "vote": lambda s: actions.vote(person=s.reader, answer=s.answer),
    "answer": lambda s: make_answer(s.question),
    "edit answer": lambda s: actions.edit_answer(
        person=s.answer.written_by, answer=s.answer, headline="New", body="Words", based_on=1
    ),  # type: ignore[arg-type]
    "withdraw answer": lambda s: actions.withdraw_answer(person=s.answer.written_by, answer=s.answer),  # type: ignore[arg-type]
    "update question": lambda s: actions.update_question(person=s.asker, question=s.question, text="More", based_on=1),
    "edit question": lambda s: actions.edit_question(person=s.asker, question=s.fresh, title="Other?", body="", based_on=1),
    "ask": lambda s: make_question("Another?", topics=(s.topic,)),
    "archive": lambda s: (Question.objects.filter(pk=s.question.pk).update(state="archived"), actions.bump([s.question.pk])),
    "answer related": lambda s: make_answer(s.near),
    "withdraw related": lambda s: actions.withdraw_question(person=s.asker, question=s.near),
    "rename doctor": lambda s: doctors.change(doctor=s.doctor, name="Eve Examplewood"),
    "release doctor": lambda s: doctors.release(doctor=s.doctor),
    "rename topic": lambda s: topics.rename(topic=s.topic, name="Lupus erythematosus"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_page_whose_bytes_change_gets_another_tag(name: str) -> None:
    scene, visitor = Scene(), Client()
    before = {page: visitor.get(path) for page, path in scene.pages().items()}
    for page, path in scene.pages().items():
        assert ask_again(visitor, path, before[page]).status_code == 304, page
    CHANGES[name](scene)
    changed = 0
    for page, path in scene.pages().items():
        again, whole = ask_again(visitor, path, before[page]), Client().get(path)
        if whole.content != before[page].content:
            changed += 1
            assert (again.status_code, again.content) == (200, whole.content), page
    assert changed


@pytest.mark.parametrize(
    "page", ["question", "home", "topics", "topic", "doctors", "doctor", "feed", "question_feed", "sitemap", "questions"]
)
def test_a_304_makes_no_page_and_asks_at_most_two_questions(
    page: str, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Scene().pages()[page]
    visitor = Client()
    first = visitor.get(path)
    rendered: list[str] = []
    monkeypatch.setattr(Template, "_render", lambda self, context: rendered.append(self.name) or "")
    with django_assert_max_num_queries(3 if page == "sitemap" else 2):
        again = ask_again(visitor, path, first)
    assert (again.status_code, again.content, rendered) == (304, b"", [])
    assert (again["ETag"], again["Cache-Control"]) == (first["ETag"], "private, no-cache")
    assert {"Cookie", "Accept-Language"} <= set(again["Vary"].split(", "))
    assert visitor.head(path, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert visitor.get(path, headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize(("cookie", "value"), [("theme", "dark"), ("country", "AT"), ("tz", "Asia/Tokyo")])
def test_another_way_of_reading_is_another_copy(cookie: str, value: str) -> None:
    path, visitor = Scene().pages()["question"], Client()
    first = visitor.get(path)
    visitor.cookies[cookie] = value
    assert ask_again(visitor, path, first).status_code == 200
    del visitor.cookies[cookie]
    assert ask_again(visitor, path, first).status_code == 304


def test_another_order_and_another_address_are_other_copies(settings: Any) -> None:
    path, visitor = Scene().pages()["question"], Client()
    first = visitor.get(path)
    assert visitor.get(f"{path}?sort=newest")["ETag"] != first["ETag"]
    settings.SITE_URL = "https://doctors.example"
    assert visitor.get(path)["ETag"] != first["ETag"]


def test_people_with_a_session_and_readers_with_a_message_get_whole_pages() -> None:
    scene = Scene()
    path = scene.pages()["question"]
    tag = Client().get(path)["ETag"]
    member = signed_in(scene.reader)
    response = member.get(path, headers={"if-none-match": tag})
    assert (response.status_code, response.has_header("ETag"), response["Cache-Control"]) == (200, False, "private, no-store")
    told = Client()
    told.post("/preferences/", {"theme": "auto", "country": "US", "time_zone": "UTC"})
    plain_tag = told.cookies.pop("messages")
    told.cookies["messages"] = plain_tag.value
    response = told.get(path, headers={"if-none-match": tag})
    assert b"Your preferences are saved" in response.content
    assert not response.has_header("ETag")


def test_a_release_changes_every_tag(monkeypatch: pytest.MonkeyPatch) -> None:
    path, visitor = Scene().pages()["question"], Client()
    first = visitor.get(path)
    monkeypatch.setattr(etag, "release", lambda: ("another release", 0.0))
    assert ask_again(visitor, path, first).status_code == 200


@time_machine.travel(NOON, tick=False)
def test_the_date_serves_who_knows_no_tags(monkeypatch: pytest.MonkeyPatch) -> None:
    scene, visitor = Scene(), Client()
    path = scene.pages()["question"]
    monkeypatch.setattr(etag, "release", lambda: ("this release", 0.0))
    assert not visitor.get(path).has_header("Last-Modified")  # changed within this second, and may change again
    long_ago = timezone.now() - timedelta(hours=1)
    Question.objects.update(changed_at=long_ago)
    first = visitor.get(path)
    today = timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)  # linked questions age by day
    assert first["Last-Modified"] == http_date(max(long_ago, today).timestamp())
    since = {"if-modified-since": first["Last-Modified"]}
    assert visitor.get(path, headers=since).status_code == 304
    assert visitor.get(path, headers={**since, "if-none-match": '"other"'}).status_code == 200
    visitor.cookies["theme"] = "dark"
    assert visitor.get(path, headers=since).status_code == 200
    del visitor.cookies["theme"]
    actions.vote(person=scene.reader, answer=scene.answer)
    assert visitor.get(path, headers=since).status_code == 200


@time_machine.travel(NOON, tick=False)
def test_a_related_question_that_goes_moves_the_date(monkeypatch: pytest.MonkeyPatch) -> None:
    scene, visitor = Scene(), Client()
    path = scene.pages()["question"]
    monkeypatch.setattr(etag, "release", lambda: ("this release", 0.0))
    Question.objects.update(changed_at=timezone.now() - timedelta(hours=1))
    since = {"if-modified-since": visitor.get(path)["Last-Modified"]}
    actions.withdraw_question(person=scene.asker, question=scene.near)
    assert visitor.get(path, headers=since).status_code == 200
    assert Answer.objects.count() == 1


def test_a_doctor_who_could_be_invited_makes_a_new_tag(client: Client) -> None:
    topic = make_topic()
    neurology = make_specialty("Neurology", "Neurologist")
    topics.set_need(topic=topic, specialty=neurology, role="primary")
    question = make_question(topics=(topic,))
    first = client.get(question.get_absolute_url())
    assert client.get(question.get_absolute_url(), headers={"If-None-Match": first["ETag"]}).status_code == 304
    doctor = make_doctor(person=make_person(), specialty=neurology)
    doctors.grant_credential(editor=make_person(roles=("editor",)), doctor=doctor, jurisdiction="Examplia")
    assert client.get(question.get_absolute_url(), headers={"If-None-Match": first["ETag"]}).status_code == 200
