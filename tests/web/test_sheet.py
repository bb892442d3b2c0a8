"""The sheet to take along says what the page says, asks what is to be asked, and leads back."""

import re
from typing import Any
from urllib.parse import unquote

import pytest
import segno
from django.test import Client

from consilium.questions import actions
from consilium.questions.models import Question
from consilium.topics.actions import set_need
from consilium.web import sheet
from tests.api import scenes
from tests.factories import (
    make_answer,
    make_coding,
    make_imported_answer,
    make_question,
    make_source,
    make_specialty,
    make_stance,
    make_statement,
    make_topic,
    make_verified,
)
from tests.web.pages import links, page, words

pytestmark = pytest.mark.django_db


def sheet_of(client: Client, question: Question) -> Any:
    response: Any = client.get(f"/q/{question.pk}/sheet/")
    assert response.status_code == 200
    return response


def section(response: Any, title: str) -> str:
    return words(response, f"//section[h2[normalize-space()='{title}']]")


def test_it_says_what_the_panel_says(client: Client) -> None:
    question = scenes.full()
    response = sheet_of(client, question)
    said = section(response, "The treatment is acceptable.")
    assert "No clear agreement" in said
    assert "3 of 8 consider it reasonable" in said
    assert "Conditions they set the neurologist agrees (2 of 8)" in said
    assert "No neurologist has answered." in section(response, "Who is missing")
    assert "Do you agree to this in my case? The treatment is acceptable. 2 of 8 doctors want it." in section(
        response, "Questions for your neurologist"
    )
    assert "A guideline" in section(response, "Sources")
    assert question.get_absolute_url() in links(response)


def test_its_date_and_its_disclaimer_are_those_of_the_reader(client: Client, time_machine: Any) -> None:
    time_machine.move_to("2026-11-21T23:30:00Z", tick=False)
    question = make_question()
    assert "As of 21 November 2026." in words(sheet_of(client, question))
    client.cookies["tz"], client.cookies["country"] = "Asia/Tokyo", "AT"
    response = sheet_of(client, question)
    assert "As of 22 November 2026." in words(response)
    assert "In an emergency, call 144 or 112." in words(response, "//footer")
    assert "not a diagnosis" in words(response, "//footer")


def test_the_code_is_the_address_of_the_question_on_this_site(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://doctors.example"
    question = make_question()
    (image,) = page(sheet_of(client, question)).xpath("//main//img")
    address = f"https://doctors.example/q/{question.pk}/"
    assert image.get("alt") == f"QR code that leads to {address}"
    assert address in words(sheet_of(client, question), "//figcaption")
    drawn = unquote(image.get("src"))
    assert drawn.startswith("data:image/svg+xml")
    size = segno.make_qr(address, error="m").symbol_size(border=4)[0]
    assert re.search(rf"viewBox='0 0 {size} {size}'", drawn)
    assert image.get("src") == sheet.qr(address) != sheet.qr(address + "x")
    assert "<script" not in drawn


def test_copied_answers_are_said_to_be_copied(client: Client) -> None:
    question = make_question(source=make_source(), state="archived", asked_by=None)
    statement = make_statement(question)
    for _ in range(3):
        answer = make_imported_answer(question, source=question.source)
        for coder in ("one", "two"):
            make_coding(answer, statement, "yes_if", coder)
    make_specialty("Neurology", "Neurologist")
    response = sheet_of(client, question)
    said = section(response, "The treatment is acceptable.")
    assert "No verified doctor has taken a stance yet." in said
    assert "3 imported answers: 3 only with conditions." in said
    assert "confirmed by nobody" in said
    assert "the neurologist agrees (3 of 3)" in said
    assert "3 of 3 copied answers want it." in section(response, "Questions for your neurologist")


def test_a_missing_specialist_whom_nobody_names_is_asked_about_each_statement(client: Client) -> None:
    topic = make_topic()
    set_need(topic=topic, specialty=make_specialty("Rheumatology", "Rheumatologist"), role="primary")
    question = make_question(topics=(topic,))
    for text in ("It is safe.", "It helps."):
        make_stance(make_statement(question, text))
    asked = section(sheet_of(client, question), "Questions for your rheumatologist")
    assert asked.count("What do you say of this?") == 2
    assert asked.count("No rheumatologist has answered here.") == 2


def test_another_condition_that_names_a_specialist_is_a_question_too(client: Client) -> None:
    make_specialty("Cardiology", "Cardiologist")
    question = make_question()
    condition = {"kind": "test", "specialty": "cardiology", "text": "a normal ECG"}
    make_stance(make_statement(question), "yes_if", conditions=[condition])
    asked = section(sheet_of(client, question), "Questions for your cardiologist")
    assert "Is this so in my case? a normal ECG A condition of 1 of 1 doctors." in asked


def test_without_statements_it_has_the_doctors_headlines(client: Client) -> None:
    question = make_question()
    assert "No doctor has answered yet." in words(sheet_of(client, question))
    make_answer(question, doctor=make_verified("Ada Examplewood"), headline="Wait a year")
    for _ in range(15):
        make_answer(question, headline="Ask again")
    response = sheet_of(client, question)
    said = section(response, "What the doctors answered")
    assert "Wait a year Ada Examplewood, MD, Dermatologist" in said
    assert said.count("Ask again") == 11
    assert "No doctor has answered yet." not in words(response)


def test_it_is_there_for_who_can_see_the_question(client: Client) -> None:
    question = make_question()
    assert question.asked_by is not None
    sheet_of(client, question)
    actions.withdraw_question(person=question.asked_by, question=question, keep_text=True)
    Question.objects.filter(pk=question.pk).update(state="withdrawn")
    assert client.get(f"/q/{question.pk}/sheet/").status_code == 404
    assert client.get(f"/q/{2**63}/sheet/").status_code == 404
    assert client.post(f"/q/{question.pk}/sheet/").status_code == 405


def test_a_copy_is_confirmed_for_the_day_until_something_changes(client: Client, time_machine: Any) -> None:
    time_machine.move_to("2026-11-21T12:00:00Z", tick=False)
    question = scenes.full()
    tag = sheet_of(client, question)["ETag"]
    again = {"if-none-match": tag}
    assert client.get(f"/q/{question.pk}/sheet/", headers=again).status_code == 304
    time_machine.move_to("2026-11-22T12:00:00Z", tick=False)
    tomorrow = client.get(f"/q/{question.pk}/sheet/", headers=again)
    assert tomorrow.status_code == 200
    make_answer(question)
    assert client.get(f"/q/{question.pk}/sheet/", headers={"if-none-match": tomorrow["ETag"]}).status_code == 200


def test_search_engines_are_sent_to_the_question(client: Client) -> None:
    question = make_question()
    tree = page(sheet_of(client, question))
    assert tree.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert tree.xpath("//link[@rel='canonical']/@href") == [f"http://testserver/q/{question.pk}/"]


def test_its_queries_do_not_grow(client: Client, django_assert_max_num_queries: Any) -> None:
    question = scenes.full()
    with django_assert_max_num_queries(11):
        sheet_of(client, question)
    for _ in range(8):
        doctor = make_verified()
        answer = make_answer(question, doctor=doctor)
        make_stance(question.statements.get(place=1), "yes", doctor=doctor, answer=answer)
    with django_assert_max_num_queries(11):
        sheet_of(client, question)
