"""Blind first: the others' answers are closed to a doctor who has not said where they stand, on every page and feed."""

from typing import Any

import pytest
from django.test import Client

from consilium.consensus.actions import keep
from consilium.doctors.models import Doctor
from consilium.questions.models import Question, SeenAnswers, Stance, Statement
from tests.factories import (
    make_answer,
    make_doctor,
    make_imported_answer,
    make_person,
    make_question,
    make_stance,
    make_statement,
    make_verified,
)
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db

SECRET = "Stay out of the water."


@pytest.fixture
def question() -> Question:
    """With one answer by somebody else."""
    question = make_question("May I swim?")
    make_answer(question, headline="Never swim", body=SECRET)
    return question


@pytest.fixture
def statement(question: Question) -> Statement:
    return make_statement(question, "Swimming is acceptable for someone with Fern fever.")


@pytest.fixture
def reader() -> Doctor:
    return make_verified(person=make_person())


def browser(doctor: Doctor) -> Client:
    assert doctor.person is not None
    return signed_in(doctor.person)


def stance_of(client: Client, statement: Statement) -> Stance:
    """What a co-signature sent now becomes."""
    client.post(f"/q/{statement.question_id}/cosign/", {f"value_{statement.pk}": "yes", "paid": "none"})
    return Stance.objects.latest("pk")


def test_the_answers_are_closed_and_three_ways_lead_on(question: Question, statement: Statement, reader: Doctor) -> None:
    make_stance(statement, "no", doctor=make_verified("Ben Ortega"))
    response = browser(reader).get(question.get_absolute_url())
    html = response.content.decode()
    assert SECRET not in html
    assert "Never swim" not in html, "nor in what search engines read"
    assert "Ben Ortega" not in html
    assert statement.text in words(response, "//*[@id='answers']")
    assert {f"/q/{question.pk}/answer/", f"/q/{question.pk}/cosign/"} <= set(links(response, "//*[@id='answers']//a/@href"))
    assert page(response).xpath(f"//*[@id='answers']//form[@action='/q/{question.pk}/others/']")
    assert not SeenAnswers.objects.exists()
    assert stance_of(browser(reader), statement).blind is True


def test_peeking_makes_what_follows_not_blind(question: Question, statement: Statement, reader: Doctor) -> None:
    client = browser(reader)
    opened: Any = client.post(f"/q/{question.pk}/others/", follow=True)
    assert SECRET in opened.content.decode()
    assert stance_of(client, statement).blind is False


def test_after_taking_a_stance_the_others_are_open_and_a_change_is_no_longer_blind(
    question: Question, statement: Statement, reader: Doctor
) -> None:
    client = browser(reader)
    assert stance_of(client, statement).blind is True
    assert SECRET in client.get(question.get_absolute_url()).content.decode()
    client.post(f"/q/{question.pk}/cosign/", {f"value_{statement.pk}": "no", "paid": "none"})
    assert Stance.objects.current().get(doctor=reader).blind is False
    assert Stance.objects.get(doctor=reader, value="yes").blind is True, "the first one stays what it was"


def test_answers_read_before_there_was_a_statement_are_remembered(question: Question, reader: Doctor) -> None:
    client = browser(reader)
    assert SECRET in client.get(question.get_absolute_url()).content.decode()
    assert stance_of(client, make_statement(question)).blind is False


def test_without_others_there_is_nothing_to_close(reader: Doctor) -> None:
    question = make_question()
    statement = make_statement(question)
    client = browser(reader)
    assert "First say where you stand" not in words(client.get(question.get_absolute_url()))
    assert not SeenAnswers.objects.exists()
    assert stance_of(client, statement).blind is True


def test_a_co_signature_alone_closes_the_page_too(reader: Doctor) -> None:
    statement = make_statement(make_question())
    make_stance(statement, "no", doctor=make_verified("Ben Ortega"))
    response = browser(reader).get(statement.question.get_absolute_url())
    assert "Ben Ortega" not in response.content.decode()
    assert "First say where you stand" in words(response)


@pytest.mark.parametrize("who", ["visitor", "patient", "editor", "asker with a profile"])
def test_nobody_else_meets_the_gate(question: Question, statement: Statement, who: str) -> None:
    person = question.asked_by if who.startswith("asker") else make_person(roles=("editor",) if who == "editor" else ())
    assert person is not None
    if who.startswith("asker"):
        make_doctor(person=person)
    client = Client() if who == "visitor" else signed_in(person)
    assert SECRET in client.get(question.get_absolute_url()).content.decode()


@pytest.mark.parametrize("state", ["closed", "archived"])
def test_a_question_that_takes_no_answers_is_open_and_remembered(
    question: Question, statement: Statement, reader: Doctor, state: str
) -> None:
    Question.objects.filter(pk=question.pk).update(state=state)
    assert SECRET in browser(reader).get(question.get_absolute_url()).content.decode()
    assert SeenAnswers.objects.get().doctor == reader


def test_the_feed_of_a_question_is_a_way_of_peeking(question: Question, statement: Statement, reader: Doctor) -> None:
    Client().get(f"/q/{question.pk}/feed.atom")
    assert not SeenAnswers.objects.exists()
    client = browser(reader)
    assert SECRET in client.get(f"/q/{question.pk}/feed.atom").content.decode()
    assert stance_of(client, statement).blind is False


@pytest.mark.parametrize("page_name", ["sheet", "stances", "stances/{state}"])
def test_so_are_the_sheet_and_the_history(question: Question, statement: Statement, reader: Doctor, page_name: str) -> None:
    make_stance(statement, "no", doctor=make_verified())
    keep(question)
    address = f"/q/{question.pk}/{page_name}/".format(state=statement.snapshots.get().pk)
    assert Client().get(address).status_code == 200
    assert not SeenAnswers.objects.exists()
    client = browser(reader)
    assert client.get(address).status_code == 200
    assert stance_of(client, statement).blind is False


def test_where_nobody_else_has_spoken_there_is_nothing_to_peek_at(reader: Doctor) -> None:
    question = make_question()
    statement, client = make_statement(question), browser(reader)
    for address in ("sheet", "feed.atom", "stances"):
        client.get(f"/q/{question.pk}/{address}" + ("" if "." in address else "/"))
    client.post(f"/q/{question.pk}/others/")
    assert stance_of(client, statement).blind is True


def test_so_are_the_wordings_of_somebody_elses_answer(question: Question, statement: Statement, reader: Doctor) -> None:
    client, answer = browser(reader), question.answers.get()
    assert answer.doctor is not None
    assert answer.doctor.person is not None
    signed_in(answer.doctor.person).get(f"/answers/{answer.pk}/history/")
    assert not SeenAnswers.objects.exists(), "one's own wordings"
    client.get(f"/answers/{answer.pk}/history/")
    assert stance_of(client, statement).blind is False


def test_the_page_and_the_feed_of_another_doctor_keep_it_closed(question: Question, statement: Statement, reader: Doctor) -> None:
    other = question.answers.get().doctor
    assert other is not None
    client, own = browser(reader), make_answer(make_question("May I run?"), doctor=reader, body="Run slowly.")
    make_statement(own.question)
    make_answer(own.question)
    for address in (other.get_absolute_url(), f"/doctors/{other.slug}/feed.atom"):
        assert SECRET in Client().get(address).content.decode()
        assert SECRET not in client.get(address).content.decode()
    assert "May I swim?" in words(client.get(other.get_absolute_url()))
    for address in (reader.get_absolute_url(), f"/doctors/{reader.slug}/feed.atom"):
        assert "Run slowly." in client.get(address).content.decode(), "one's own answers are never closed"
    assert not SeenAnswers.objects.exists()


def test_a_copied_answer_of_ones_own_closes_nothing(reader: Doctor) -> None:
    question = make_question(state="archived")
    make_statement(question)
    mine = make_imported_answer(question, doctor=reader, body="As it was copied.")
    assert "As it was copied." in words(browser(reader).get(question.get_absolute_url()), f"//*[@id='a{mine.pk}']")
    assert not SeenAnswers.objects.exists(), "there is nobody else to read"


def test_the_page_leads_to_co_signing_and_to_changing_it(question: Question, statement: Statement, reader: Doctor) -> None:
    client, address = browser(reader), f"//a[@href='/q/{question.pk}/cosign/']"
    client.post(f"/q/{question.pk}/others/")
    assert words(client.get(question.get_absolute_url()), address) == "Co-sign"
    stance_of(client, statement)
    assert words(client.get(question.get_absolute_url()), address) == "Change your stance"
    assert words(signed_in(make_person()).get(question.get_absolute_url()), address) == ""


def test_the_page_leads_the_doctor_of_a_copied_answer_to_their_own_word(reader: Doctor) -> None:
    question = make_question(state="archived")
    mine, path = make_imported_answer(question, doctor=reader), "//a[starts-with(@href, '/answers/')]"
    client = browser(reader)
    assert f"/answers/{mine.pk}/stances/" not in links(client.get(question.get_absolute_url())), "nothing to take a stance on"
    make_statement(question)
    assert words(client.get(question.get_absolute_url()), path).startswith("Say what your copied answer means")
    assert f"/answers/{mine.pk}/stances/" not in links(Client().get(question.get_absolute_url()))
