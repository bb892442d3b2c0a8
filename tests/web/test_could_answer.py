"""Questions that a doctor could answer: which, in which order, and why, in words."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consilium.consensus.models import Invitation
from consilium.doctors.models import Doctor
from consilium.questions.models import Answer, AnswerOrigin, Question
from consilium.search import recommending
from consilium.search.text_index import Hit
from consilium.topics.models import Topic
from consilium.web import could_answer
from tests.factories import (
    make_answer,
    make_doctor,
    make_imported_answer,
    make_person,
    make_question,
    make_specialty,
    make_stance,
    make_statement,
    make_topic,
    make_verified,
)
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db
PAGE = "/account/for-you/"


@pytest.fixture
def topic() -> Topic:
    """A topic that needs a neurologist."""
    found = make_topic("Multiple sclerosis")
    found.needs.create(specialty=make_specialty("Neurology", "Neurologist"), role="primary")
    return found


@pytest.fixture
def doctor() -> Doctor:
    return make_verified(person=make_person(), specialty=make_specialty("Neurology", "Neurologist"))


def client(doctor: Doctor) -> Client:
    assert doctor.person is not None
    return signed_in(doctor.person)


def shown(doctor: Doctor, address: str = PAGE) -> list[str]:
    return links(client(doctor).get(address), "//main//section[@aria-labelledby='all' or @aria-labelledby='could']//h3/a/@href")


def others_answer(question: Question, **fields: object) -> Answer:
    return make_answer(question, doctor=make_verified(person=make_person(), **fields))


def test_the_unanswered_and_those_that_lack_the_specialty(doctor: Doctor, topic: Topic) -> None:
    unanswered = make_question()
    gap = make_question(topics=(topic,))
    others_answer(gap)
    others_answer(make_question())  # answered, and needs no neurologist
    neurologist = make_question(topics=(topic,))
    others_answer(neurologist, specialty=doctor.specialty)
    answered = make_question(topics=(topic,))
    make_stance(make_statement(answered), doctor=make_verified(specialty=doctor.specialty))
    others_answer(answered)
    copied = make_question(topics=(topic,))
    make_imported_answer(copied, doctor=make_doctor(specialty=doctor.specialty))
    assert shown(doctor) == [gap.get_absolute_url(), unanswered.get_absolute_url()]
    told = page(client(doctor).get(PAGE)).xpath("//main//article/p")
    assert [line.text_content() for line in told] == ["No neurologist has answered.", "Nobody has answered yet."]


def test_not_ones_own_nor_what_one_has_spoken_on_nor_what_takes_no_answers(doctor: Doctor, topic: Topic) -> None:
    make_question(person=doctor.person)
    make_answer(make_question(topics=(topic,)), doctor=doctor)
    make_stance(make_statement(make_question(topics=(topic,))), doctor=doctor)
    moved = make_imported_answer(make_question(topics=(topic,)), doctor=doctor)
    AnswerOrigin.objects.create(answer=moved, specialty=make_specialty())  # what the doctor was when it was written
    for state in ("closed", "archived", "withdrawn"):
        make_question(state=state)
    invited = make_question(topics=(topic,))
    Invitation.objects.create(question=invited, doctor=doctor, specialty=doctor.specialty, state=Invitation.State.DECLINED)
    assert shown(doctor) == []
    assert "none lacks your specialty" in words(client(doctor).get(PAGE), "//main")


def test_what_shares_topics_with_ones_answers_comes_before_what_is_newer(doctor: Doctor, topic: Topic) -> None:
    make_answer(make_question(topics=(topic,)), doctor=doctor)
    sharing, newer = make_question(topics=(topic,)), make_question()
    assert shown(doctor) == [sharing.get_absolute_url(), newer.get_absolute_url()]
    assert "Nobody has answered yet. About what you have answered on." in words(client(doctor).get(PAGE), "//main//article[1]")


def test_what_is_near_comes_first(doctor: Doctor, topic: Topic, monkeypatch: pytest.MonkeyPatch) -> None:
    known = make_question(topics=(topic,))
    make_answer(known, doctor=doctor)
    near, somewhat, hidden = make_question(), make_question(), make_question(state="withdrawn")
    sharing = make_question(topics=(topic,))
    asked: list[list[int]] = []

    def like(questions: list[int], *, limit: int) -> list[Hit]:
        asked.append(list(questions))
        return [Hit(hidden.pk, 0.9), Hit(near.pk, 0.6), Hit(somewhat.pk, 0.4)]

    monkeypatch.setattr(recommending, "like", like)
    assert shown(doctor) == [one.get_absolute_url() for one in (near, somewhat, sharing)]
    assert asked == [[known.pk]]
    assert "Like questions you have answered." in words(client(doctor).get(PAGE), "//main//article[1]")
    assert "Like questions" not in words(client(doctor).get(PAGE), "//main//article[2]")


def test_pages_and_places_that_do_not_exist(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [make_question().get_absolute_url() for _ in range(7)]
    assert len(shown(doctor, "/account/")) == 5
    assert links(client(doctor).get("/account/"), "//a/@href").count(PAGE) == 1
    monkeypatch.setattr(could_answer, "MOST", 6)
    assert shown(doctor) == made[:0:-1]
    assert shown(doctor, PAGE + "?after=4") == made[2:0:-1]
    assert shown(doctor, PAGE + "?after=6") == []
    for wrong in ("-1", "x", "9999", "²"):
        assert client(doctor).get(PAGE, {"after": wrong}).status_code == 404


def test_it_costs_the_same_queries_for_one_and_for_many(doctor: Doctor, topic: Topic) -> None:
    def count() -> int:
        browser = client(doctor)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(PAGE).status_code == 200
        return len(queries)

    make_answer(make_question(topics=(topic,)), doctor=doctor)
    make_question(topics=(topic,))
    first = count()
    for _ in range(8):
        question = make_question(topics=(topic,))
        make_stance(make_statement(question))
    assert count() == first
    assert first <= 14


def test_a_closed_question_shows_no_bar(doctor: Doctor, topic: Topic) -> None:
    question = make_question(topics=(topic,))
    make_stance(make_statement(question))
    answer = client(doctor).get(PAGE)
    assert links(answer, "//main//article//h3/a/@href") == [question.get_absolute_url()]
    assert "agree" not in words(answer, "//main//article").lower()
    assert not page(answer).xpath("//main//article//*[contains(@class, 'mini')]")


def test_for_doctors_alone() -> None:
    assert Client().get(PAGE).status_code == 302
    refused = signed_in(make_person()).get(PAGE)
    assert refused.status_code == 403
    assert "for doctors with a profile" in words(refused, "//main")
