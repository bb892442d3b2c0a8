import pytest
from django.test import Client

from consilium.doctors.models import Doctor
from consilium.questions.models import Answer
from tests.factories import make_answer, make_doctor, make_person, make_question
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db

WHOLE = {"headline": "Wait two weeks", "body": "Then **ask** again.", "language": "en"}


def doctor_and_browser(name: str = "Ada Brightwater") -> tuple[Doctor, Client]:
    person = make_person()
    return make_doctor(name, person=person), signed_in(person)


def test_a_doctor_answers_and_sees_the_answer_on_the_page() -> None:
    question, (_, client) = make_question(), doctor_and_browser()
    assert f"/q/{question.pk}/answer/" in links(client.get(question.get_absolute_url()))
    response = client.post(f"/q/{question.pk}/answer/", WHOLE, follow=True)
    assert response.redirect_chain[0][0].endswith(f"#a{Answer.objects.get().pk}")
    assert "Ada Brightwater, MD" in words(response, "//article")
    assert "Then ask again." in words(response, "//article")


def test_other_answers_are_not_shown_while_answering() -> None:
    question, (_, client) = make_question("May I swim?"), doctor_and_browser()
    make_answer(question, headline="Never swim", body="Stay out of the water.")
    said = words(client.get(f"/q/{question.pk}/answer/"), "//body")
    assert "May I swim?" in said
    assert "Never swim" not in said
    assert "Stay out of the water." not in said


def test_patients_are_told_who_may_answer() -> None:
    response = signed_in(make_person()).get(f"/q/{make_question().pk}/answer/")
    assert response.status_code == 403
    assert "Only doctors answer here." in words(response)


@pytest.mark.parametrize("state", ["closed", "archived"])
def test_a_question_that_takes_no_answers_says_so(state: str) -> None:
    question, (_, client) = make_question(state=state), doctor_and_browser()
    assert f"/q/{question.pk}/answer/" not in links(client.get(question.get_absolute_url()))
    response = client.post(f"/q/{question.pk}/answer/", WHOLE)
    assert response.status_code == 403
    assert "This question takes no new answers." in words(response)


def test_errors_keep_the_text() -> None:
    question, (_, client) = make_question(), doctor_and_browser()
    response = client.post(f"/q/{question.pk}/answer/", {**WHOLE, "headline": "", "body": "A long answer."})
    assert response.status_code == 422
    assert words(response, "//*[@role='alert']//a") == "Enter a headline: one sentence with your advice"
    assert page(response).xpath("//textarea[@name='body']")[0].text.strip() == "A long answer."


def test_preview_publishes_nothing() -> None:
    question, (_, client) = make_question(), doctor_and_browser()
    response = client.post(f"/q/{question.pk}/answer/", {**WHOLE, "preview": "1"})
    assert page(response).xpath("//section[@aria-labelledby='preview']//strong")[0].text == "ask"
    assert not Answer.objects.exists()


def test_a_second_answer_leads_to_the_first_and_keeps_its_text() -> None:
    question, (doctor, client) = make_question(), doctor_and_browser()
    mine = make_answer(question, doctor=doctor)
    assert client.get(f"/q/{question.pk}/answer/")["Location"] == f"/answers/{mine.pk}/edit/"
    response = client.post(f"/q/{question.pk}/answer/", {**WHOLE, "body": "Typed twice."})
    assert response.status_code == 403
    assert "You have already answered this question." in words(response, "//*[@role='alert']")
    assert page(response).xpath("//textarea[@name='body']")[0].text.strip() == "Typed twice."


def test_editing_an_answer_shows_that_it_was_edited() -> None:
    question, (doctor, client) = make_question(), doctor_and_browser()
    mine = make_answer(question, doctor=doctor)
    address = f"/answers/{mine.pk}/edit/"
    assert address in links(client.get(question.get_absolute_url()))
    response = client.post(address, {"headline": "Wait", "body": "Three weeks.", "based_on": 1}, follow=True)
    assert "Three weeks." in words(response, "//article")
    assert f"/answers/{mine.pk}/history/" in links(response)
    assert words(Client().get(f"/answers/{mine.pk}/history/"), "//section//ins").startswith("Wait")


def test_a_conflict_keeps_both_texts() -> None:
    question, (doctor, client) = make_question(), doctor_and_browser()
    mine = make_answer(question, doctor=doctor)
    address = f"/answers/{mine.pk}/edit/"
    client.post(address, {"headline": "First tab", "body": "First words.", "based_on": 1})
    response = client.post(address, {"headline": "Second tab", "body": "Second words.", "based_on": 1})
    assert response.status_code == 409
    assert "First words." in words(response, "//section[@aria-labelledby='saved']")
    assert page(response).xpath("//textarea[@name='body']")[0].text.strip() == "Second words."
    assert page(response).xpath("//input[@name='based_on']/@value") == ["2"]


def test_withdrawing_an_answer_after_a_page_that_asks() -> None:
    question, (doctor, client) = make_question(), doctor_and_browser()
    mine = make_answer(question, doctor=doctor, body="Words to go.")
    assert "Words to go." in words(client.get(f"/answers/{mine.pk}/withdraw/"))
    response = client.post(f"/answers/{mine.pk}/withdraw/", follow=True)
    assert "Words to go." not in words(response)
    assert "Your answer is withdrawn." in words(response)


def test_nobody_changes_the_answer_of_somebody_else() -> None:
    answer = make_answer(make_question())
    for client in (signed_in(make_person()), doctor_and_browser()[1], signed_in(make_person(roles=("editor", "admin")))):
        for verb in ("edit", "withdraw"):
            assert client.get(f"/answers/{answer.pk}/{verb}/").status_code == 403
            assert client.post(f"/answers/{answer.pk}/{verb}/", {**WHOLE, "based_on": 1}).status_code == 403
    answer.refresh_from_db()
    assert (answer.state, answer.revision) == ("published", 1)
