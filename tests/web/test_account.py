"""The page of the person who is signed in."""

from typing import Any

import pytest
from django.test import Client

from consilium.questions import actions
from consilium.questions.models import Question
from tests.factories import make_answer, make_doctor, make_person, make_question, make_source
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db


def test_a_visitor_is_sent_to_sign_in_and_back() -> None:
    for path in ("/account/", "/account/questions/", "/account/following/", "/account/answers/"):
        assert Client().get(path)["Location"] == f"/accounts/login/?next={path}"


def test_who_was_doing_something_is_told_that_it_goes_on_after_signing_in() -> None:
    for path in ("/accounts/login/", "/accounts/signup/"):
        assert "to go on where you were" not in words(Client().get(path))
        assert "you go on where you were" not in words(Client().get(path))
        assert "go on where you were. What you typed is kept." in words(Client().get(path, {"next": "/ask/?title=Why"}))


def test_a_new_person_is_told_what_to_do_next() -> None:
    response = signed_in(make_person()).get("/account/")
    assert "You have not asked a question yet." in words(response)
    assert "You follow no question yet." in words(response)
    assert "Your answers" not in words(response)
    assert "/help/#profile" in links(response)


def test_questions_with_their_names_and_followed_ones_with_new_answers() -> None:
    person = make_person()
    own, other = make_question("Mine?", person=person), make_question("Theirs?")
    make_answer(other)
    actions.follow(person=person, question=Question.objects.get(pk=other.pk))
    make_answer(other)
    make_answer(other)
    client = signed_in(person)
    text = words(client.get("/account/"))
    assert f"Asked as {own.alias}" in text
    assert "Theirs? 2 new answers" in " ".join(text.split())
    assert "Mine? Nothing new" in text
    client.get(other.get_absolute_url())
    assert "new answers" not in words(client.get("/account/"))


def test_a_doctor_sees_profile_and_answers() -> None:
    person = make_person()
    doctor = make_doctor("Ada Examplewood", person=person)
    answer = make_answer(make_question("Whose?"), doctor=doctor, headline="Mine")
    response = signed_in(person).get("/account/")
    assert "Whose? Mine" in words(response)
    assert {doctor.get_absolute_url(), answer.get_absolute_url()} <= set(links(response))
    assert "Ada Examplewood, MD" in words(response)


def test_others_questions_and_withdrawn_ones_are_not_listed() -> None:
    person = make_person()
    make_question("Hidden?", person=person, state="withdrawn")
    make_question("Foreign?")
    text = words(signed_in(person).get("/account/"))
    assert "Hidden?" not in text
    assert "Foreign?" not in text


@pytest.mark.parametrize("many", [1, 9])
def test_queries_do_not_grow(many: int, django_assert_num_queries: Any) -> None:
    person = make_person()
    doctor = make_doctor(person=person)
    for _ in range(many):
        make_question(person=person)
        make_answer(make_question(), doctor=doctor)
        actions.follow(person=person, question=make_question(source=make_source()))
    client = signed_in(person)
    # session, person; profile, roles, questions, followed, answers, what is closed, bars; claim, and seven kinds of what
    # waits for a doctor; what the doctor answered, stood on, the newest, those that lack an answer, shared topics, their rows
    with django_assert_num_queries(23):
        client.get("/account/")
    for name in ("questions", "following"):
        with django_assert_num_queries(6):  # session, person; the list, profile and what is closed to it, bars
            client.get(f"/account/{name}/")


def test_long_lists_go_on_page_by_page(settings: Any) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update={"page_size": 5})
    person = make_person()
    doctor = make_doctor(person=person)
    for n in range(7):
        make_question(f"Mine {n}?", person=person)
        make_answer(make_question(f"Foreign {n}?"), doctor=doctor)
    client = signed_in(person)
    found = [link for link in links(client.get("/account/")) if link.startswith("/account/")]
    more = [link for link in found if link not in {"/account/interests/", "/account/for-you/"}]
    assert sorted(more) == ["/account/answers/", "/account/following/", "/account/questions/"]
    for path in more:
        first = page(client.get(path))
        following = path + first.xpath("//a[@rel='next']/@href")[0]
        titles = first.xpath("//article//a/bdi/text()") + page(client.get(following)).xpath("//article//a/bdi/text()")
        assert len(titles) == len(set(titles)) == 7
