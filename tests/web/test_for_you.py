"""What waits for a doctor stands on the account page, each with what can be done about it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from consilium.doctors.models import Doctor
from consilium.evidence.actions import Source, cite
from consilium.evidence.models import Work
from consilium.questions import actions
from consilium.questions.models import Disclosure, Stance
from tests.factories import (
    make_answer,
    make_imported_answer,
    make_person,
    make_question,
    make_source,
    make_stance,
    make_statement,
    make_verified,
)
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor() -> Doctor:
    return make_verified(person=make_person())


def browser(doctor: Doctor) -> Client:
    assert doctor.person is not None
    return signed_in(doctor.person)


def waiting(client: Client) -> str:
    return words(client.get("/account/"), "//*[@id='for-you']")


def send(client: Client, action: str) -> Any:
    """Press the button of the form on the account page that goes to this address, with its hidden fields."""
    form = page(client.get("/account/")).xpath(f"//*[@id='for-you']//form[@action='{action}']")[0]
    return client.post(action, {name: form.xpath(f".//input[@name='{name}']/@value") for name in ("statement",)})


def test_patients_have_no_such_list() -> None:
    assert waiting(signed_in(make_person())) == ""


def test_nothing_waits_for_who_is_up_to_date(doctor: Doctor) -> None:
    make_stance(make_statement(make_question()), doctor=doctor)
    assert "Nothing waits for you." in waiting(browser(doctor))


@pytest.mark.parametrize(("days", "waits"), [(725, False), (735, True)])
def test_a_stance_is_asked_about_after_two_years_and_confirmed_in_one_click(doctor: Doctor, days: int, waits: bool) -> None:
    statement = make_statement(make_question("May I swim?"), "Swimming is acceptable.")
    then = timezone.now() - timedelta(days=days)
    make_stance(statement, doctor=doctor, affirmed_at=then, created_at=then)
    client = browser(doctor)
    assert ("Swimming is acceptable." in waiting(client)) == waits
    if waits:
        send(client, f"/q/{statement.question_id}/affirm/")
        assert "Swimming is acceptable." not in waiting(client)


def test_another_wording_is_shown_beside_the_old_one_and_confirmed_in_one_click(doctor: Doctor) -> None:
    statement = make_statement(make_question("May I swim?"), "Swimming is acceptable.")
    make_stance(statement, doctor=doctor)
    Disclosure.objects.create(doctor=doctor, question=statement.question)
    new = actions.edit_statement(
        person=make_person(roles=("editor",)), statement=statement, text="Swimming is acceptable in summer.", kind="safe"
    )
    client = browser(doctor)
    assert statement.text in waiting(client)
    assert new.text in waiting(client)
    send(client, f"/q/{statement.question_id}/affirm/")
    assert Stance.objects.get(statement=new).doctor == doctor
    assert "Nothing waits for you." in waiting(client)


def test_who_has_not_disclosed_interests_yet_is_led_to_the_form_that_asks_for_them(doctor: Doctor) -> None:
    statement = make_statement(make_question("May I swim?"), "Swimming is acceptable.")
    make_stance(statement, doctor=doctor)
    actions.edit_statement(person=make_person(roles=("editor",)), statement=statement, text="Swimming is fine.", kind="safe")
    client = browser(doctor)
    response = send(client, f"/q/{statement.question_id}/affirm/")
    assert response["Location"] == f"/q/{statement.question_id}/cosign/"
    said = words(client.get(response["Location"]), "//*[@role='status']")
    assert "Say whether a maker of the treatment has paid you." in said
    assert Stance.objects.get().statement == statement


def test_a_statement_taken_off_the_page_asks_nothing(doctor: Doctor) -> None:
    statement = make_statement(make_question())
    make_stance(statement, doctor=doctor)
    actions.retire_statement(person=make_person(roles=("editor",)), statement=statement)
    assert "Nothing waits for you." in waiting(browser(doctor))


def test_a_withdrawn_stance_asks_nothing(doctor: Doctor) -> None:
    then = timezone.now() - timedelta(days=900)
    make_stance(make_statement(make_question()), doctor=doctor, affirmed_at=then, withdrawn_at=timezone.now())
    assert "Nothing waits for you." in waiting(browser(doctor))


def test_a_copied_answer_waits_for_the_word_of_its_doctor(doctor: Doctor) -> None:
    question = make_question("Was it copied?", state="archived", source=make_source())
    answer = make_imported_answer(question, doctor=doctor)
    client = browser(doctor)
    assert "Nothing waits for you." in waiting(client), "no statement yet"
    statement = make_statement(question)
    assert f"/answers/{answer.pk}/stances/" in links(client.get("/account/"))
    client.post(f"/answers/{answer.pk}/stances/", {f"value_{statement.pk}": "no", "paid": "none"})
    assert "Nothing waits for you." in waiting(client)


def test_a_retracted_source_names_the_answers_that_cite_it(doctor: Doctor) -> None:
    answer = make_answer(make_question("May I swim?"), doctor=doctor)
    assert doctor.person is not None
    cite(person=doctor.person, answer=answer, sources=[Source("10.1000/fern", "rct", title="On swimming")])
    assert "Nothing waits for you." in waiting(browser(doctor))
    Work.objects.update(retraction=Work.Retraction.RETRACTED)
    response = browser(doctor).get("/account/")
    assert "On swimming" in words(response, "//*[@id='for-you']")
    assert f"/answers/{answer.pk}/edit/" in links(response, "//*[@id='for-you']//a/@href")
