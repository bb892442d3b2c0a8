"""Looking again: an asked doctor reads where the others stand, and keeps or changes their stance."""

import pytest
from django.test import Client

from consilium.consensus.actions import open_round
from consilium.consensus.models import Round, RoundReply
from consilium.doctors.models import Doctor
from consilium.questions.models import Question, SeenAnswers, Stance, Statement
from tests.factories import make_answer, make_person, make_question, make_stance, make_statement, make_verified
from tests.web.pages import page, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Question:
    return make_question("May I have a glow peel?")


@pytest.fixture
def statement(question: Question) -> Statement:
    return make_statement(question, "A glow peel is acceptable for someone with Fern fever.")


@pytest.fixture
def doctor(statement: Statement) -> Doctor:
    """One of four who disagree, in an open round."""
    mine = make_verified("Ada Brightwater")
    make_stance(statement, "yes", doctor=mine)
    make_stance(statement, "yes_if", doctor=make_verified("Ben Ortega"))
    doctor = make_verified("Cleo Marsh")
    answer = make_answer(statement.question, doctor=doctor, headline="Never in summer")
    make_stance(statement, "no", doctor=doctor, answer=answer)
    make_stance(statement, "no", doctor=make_verified("Dan Fell"))
    open_round(question=statement.question, reason=Round.Reason.SPLIT)
    return mine


def browser(doctor: Doctor) -> Client:
    assert doctor.person is not None
    return signed_in(doctor.person)


def test_the_others_stand_there_by_stance_the_largest_group_first(question: Question, doctor: Doctor) -> None:
    response = browser(doctor).get(f"/q/{question.pk}/reconsider/")
    groups = [words(response, f"(//section[@aria-labelledby='others']//h4)[{n}]") for n in (1, 2)]
    assert groups == ["2 · Advise against", "1 · Only with conditions"]
    shown = words(response, "//section[@aria-labelledby='others']")
    assert "Never in summer" in shown
    assert "a small dose first" in shown
    assert "Ada Brightwater" not in shown, "one's own stance is in the form"
    assert page(response).xpath("//input[@checked]/@value") == ["yes"]
    assert "The doctors disagree" in words(response)
    assert SeenAnswers.objects.filter(doctor=doctor, question=question).exists()


def test_the_account_page_leads_there(question: Question, doctor: Doctor) -> None:
    assert page(browser(doctor).get("/account/")).xpath(f"//a[@href='/q/{question.pk}/reconsider/']")


def test_keeping(question: Question, doctor: Doctor) -> None:
    client = browser(doctor)
    before = Stance.objects.get(doctor=doctor)
    client.post(f"/q/{question.pk}/reconsider/", {"keep": "1"})
    after = Stance.objects.get(doctor=doctor)
    assert after.pk == before.pk
    assert after.affirmed_at > before.affirmed_at
    assert RoundReply.objects.get(doctor=doctor).state == "kept"
    assert "Nothing waits for you." in words(client.get("/account/"), "//*[@id='for-you']")


def test_changing_is_marked_and_the_old_stance_is_kept(question: Question, statement: Statement, doctor: Doctor) -> None:
    client = browser(doctor)
    client.post(f"/q/{question.pk}/reconsider/", {f"value_{statement.pk}": "no", "paid": "none"})
    old, new = Stance.objects.filter(doctor=doctor).order_by("pk")
    assert (old.value, old.superseded_at is None) == ("yes", False)
    assert (new.value, new.after_discussion, new.blind, new.source) == ("no", True, False, "cosigned")
    assert RoundReply.objects.get(doctor=doctor).state == "changed"
    assert "You have replied already." in words(client.get(f"/q/{question.pk}/reconsider/"))


def test_sending_the_same_again_is_keeping(question: Question, statement: Statement, doctor: Doctor) -> None:
    browser(doctor).post(f"/q/{question.pk}/reconsider/", {f"value_{statement.pk}": "yes", "paid": "none"})
    assert RoundReply.objects.get(doctor=doctor).state == "kept"
    assert Stance.objects.get(doctor=doctor).after_discussion is False


def test_a_stance_of_an_answer_stays_with_the_answer(question: Question, statement: Statement, doctor: Doctor) -> None:
    stance = Stance.objects.get(answer__headline="Never in summer")
    browser(stance.doctor).post(f"/q/{question.pk}/reconsider/", {f"value_{statement.pk}": "yes", "paid": "none"})
    assert Stance.objects.current().get(doctor=stance.doctor).answer == stance.answer


def test_a_mistake_keeps_what_was_chosen(question: Question, statement: Statement, doctor: Doctor) -> None:
    response = browser(doctor).post(f"/q/{question.pk}/reconsider/", {f"value_{statement.pk}": "no_unless", "paid": "none"})
    assert response.status_code == 422
    assert "Write the condition" in words(response, "//*[@role='alert']")
    assert page(response).xpath("//input[@checked]/@value") == ["no_unless", "none"]
    assert RoundReply.objects.get(doctor=doctor).state == "waiting"


def test_the_round_is_for_those_who_are_asked(question: Question, statement: Statement, doctor: Doctor) -> None:
    address = f"/q/{question.pk}/reconsider/"
    sent = {f"value_{statement.pk}": "no", "paid": "none"}
    for response in (Client().get(address), Client().post(address, sent)):
        assert response["Location"].startswith("/accounts/login/")
    for person in (make_person(), make_person(roles=("editor", "admin")), make_verified().person):
        client = signed_in(person)
        assert client.get(address).status_code == 403
        assert client.post(address, sent).status_code == 403
        assert client.post(address, {"keep": "1"}).status_code == 403
    assert Stance.objects.count() == 4
    Round.objects.update(closed_at=question.listed_at)
    assert browser(doctor).get(address).status_code == 403
