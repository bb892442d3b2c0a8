"""Stances without a text: co-signing, confirming after years or another wording, taking back, and copied answers."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from consilium.consensus.reading import panel_of
from consilium.doctors.models import Doctor
from consilium.questions import actions
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


@pytest.fixture
def question() -> Question:
    return make_question("May I have a glow peel?")


@pytest.fixture
def statement(question: Question) -> Statement:
    return make_statement(question, "A glow peel is acceptable for someone with Fern fever.")


def doctor_and_browser(**fields: Any) -> tuple[Doctor, Client]:
    person = make_person()
    return make_verified(person=person, **fields), signed_in(person)


def sent(statement: Statement, value: str = "yes", **more: str) -> dict[str, str]:
    return {f"value_{statement.pk}": value, "paid": "none", **more}


def test_a_co_signature_counts_without_a_text(question: Question, statement: Statement) -> None:
    _, client = doctor_and_browser()
    make_answer(question, headline="Never do it", body="Stay away.")
    shown = words(client.get(f"/q/{question.pk}/cosign/"), "//body")
    assert statement.text in shown
    assert "Stay away." not in shown
    assert "Never do it" not in shown
    response = client.post(f"/q/{question.pk}/cosign/", sent(statement))
    assert response["Location"] == question.get_absolute_url()
    stance = Stance.objects.get()
    assert (stance.source, stance.answer, stance.value, stance.blind) == ("cosigned", None, "yes", True)
    assert panel_of(question).statements[0].counts.yes == 1


def test_saying_nothing_of_anything_is_no_co_signature(question: Question, statement: Statement) -> None:
    _, client = doctor_and_browser()
    response = client.post(f"/q/{question.pk}/cosign/", sent(statement, "not_addressed"))
    assert response.status_code == 422
    error = page(response).xpath("//*[@role='alert']//a")[0]
    assert (error.get("href"), error.text) == (f"#id_value_{statement.pk}_0", "Choose where you stand on at least one statement")
    assert not Stance.objects.exists()


def test_a_co_signature_is_changed_and_taken_back(question: Question, statement: Statement) -> None:
    _, client = doctor_and_browser()
    client.post(f"/q/{question.pk}/cosign/", sent(statement))
    response = client.get(f"/q/{question.pk}/cosign/")
    assert page(response).xpath("//input[@checked]/@value") == ["yes", "none"]
    client.post(f"/q/{question.pk}/cosign/", sent(statement, "no"))
    assert [(row.value, row.superseded_at is None) for row in Stance.objects.order_by("pk")] == [("yes", False), ("no", True)]
    assert f"/q/{question.pk}/cosign/withdraw/" in links(response)
    assert "Advise against" in words(client.get(f"/q/{question.pk}/cosign/withdraw/"))
    assert Stance.objects.current().get().withdrawn_at is None, "a page that asks changes nothing"
    client.post(f"/q/{question.pk}/cosign/withdraw/")
    assert Stance.objects.current().get().withdrawn_at
    assert panel_of(question).statements[0].counts.n == 0


def test_who_has_an_answer_changes_the_stance_with_it(question: Question, statement: Statement) -> None:
    doctor, client = doctor_and_browser()
    answer = make_answer(question, doctor=doctor)
    assert client.get(f"/q/{question.pk}/cosign/")["Location"] == f"/answers/{answer.pk}/edit/"


def test_without_statements_there_is_nothing_to_co_sign(question: Question) -> None:
    _, client = doctor_and_browser()
    assert client.get(f"/q/{question.pk}/cosign/")["Location"] == f"/q/{question.pk}/answer/"


@pytest.mark.parametrize("state", ["closed", "archived"])
def test_a_question_that_takes_no_answers_takes_no_co_signature(question: Question, statement: Statement, state: str) -> None:
    _, client = doctor_and_browser()
    Question.objects.filter(pk=question.pk).update(state=state)
    response = client.post(f"/q/{question.pk}/cosign/", sent(statement))
    assert response.status_code == 403
    assert "This question takes no new answers." in words(response)
    assert not Stance.objects.exists()


def test_who_asked_neither_answers_nor_co_signs(question: Question, statement: Statement) -> None:
    assert question.asked_by is not None
    make_doctor(person=question.asked_by)
    client = signed_in(question.asked_by)
    shown = links(client.get(question.get_absolute_url()))
    for address in (f"/q/{question.pk}/cosign/", f"/q/{question.pk}/answer/"):
        assert address not in shown
        for response in (client.get(address), client.post(address, sent(statement))):
            assert response.status_code == 403
            assert "You asked this question, so other doctors answer it." in words(response)
    assert not Stance.objects.exists()


def test_pages_of_stances_are_for_doctors_who_hold_one(question: Question, statement: Statement) -> None:
    stance = make_stance(statement, doctor=make_verified())
    mine = (f"/q/{question.pk}/affirm/", f"/q/{question.pk}/cosign/withdraw/")
    for address in (*mine, f"/q/{question.pk}/cosign/"):
        for response in (Client().get(address), Client().post(address)):
            assert response["Location"].startswith("/accounts/login/")
    for person in (make_person(), make_person(roles=("editor", "admin")), make_verified().person):
        for address in mine:
            assert signed_in(person).get(address).status_code == 403
            assert signed_in(person).post(address, {"statement": [str(statement.pk)]}).status_code == 403
    assert signed_in(make_person()).get(f"/q/{question.pk}/cosign/").status_code == 403
    assert signed_in(make_person()).post(f"/q/{question.pk}/cosign/", sent(statement)).status_code == 403
    stance.refresh_from_db()
    assert Stance.objects.count() == 1
    assert stance.withdrawn_at is None


def test_words_typed_before_signing_in_are_there_afterwards(question: Question, statement: Statement) -> None:
    person = make_person()
    make_verified(person=person)
    client = Client()
    client.post(f"/q/{question.pk}/cosign/", sent(statement, "yes_if", **{f"text_{statement.pk}_2": "a test"}))
    client.force_login(person)
    tree = page(client.get(f"/q/{question.pk}/cosign/"))
    assert tree.xpath("//input[@checked]/@value") == ["yes_if", "none"]
    assert tree.xpath(f"//input[@name='text_{statement.pk}_2']/@value") == ["a test"]


def test_an_old_stance_is_confirmed_in_one_click(question: Question, statement: Statement) -> None:
    doctor, client = doctor_and_browser()
    long_ago = timezone.now() - timedelta(days=6 * 365)
    make_stance(statement, doctor=doctor, affirmed_at=long_ago, created_at=long_ago)
    assert panel_of(question).statements[0].counts.n == 0, "too old to count"
    assert "Reasonable" in words(client.get(f"/q/{question.pk}/affirm/"))
    client.post(f"/q/{question.pk}/affirm/")
    assert panel_of(question).statements[0].counts.yes == 1
    assert Stance.objects.get().created_at == long_ago


def test_a_stance_on_an_earlier_wording_moves_to_the_wording_that_was_shown(question: Question, statement: Statement) -> None:
    doctor, client = doctor_and_browser()
    client.post(f"/q/{question.pk}/cosign/", sent(statement, "yes_if", **{f"text_{statement.pk}_1": "a test first"}))
    editor = make_person(roles=("editor",))
    second = actions.edit_statement(person=editor, statement=statement, text="A peel is acceptable in winter.", kind="safe")
    third = actions.edit_statement(person=editor, statement=second, text="A peel is acceptable in spring.", kind="safe")
    make_stance(third, "no")
    final = actions.edit_statement(person=editor, statement=third, text="A peel is acceptable in autumn.", kind="safe")
    response = client.get(f"/q/{question.pk}/affirm/")
    assert statement.text in words(response)
    assert final.text in words(response)
    assert page(response).xpath("//input[@name='statement']/@value") == [str(final.pk)]
    client.post(f"/q/{question.pk}/affirm/")
    assert not final.stances.exists(), "only the wording that was shown is confirmed"
    client.post(f"/q/{question.pk}/affirm/", {"statement": [str(final.pk)]})
    moved = final.stances.get()
    assert (moved.value, moved.conditions[0]["text"], moved.doctor) == ("yes_if", "a test first", doctor)
    again = client.get(f"/q/{question.pk}/affirm/")
    assert statement.text not in words(again)


def test_a_copied_answer_becomes_its_doctors_own_word(question: Question, statement: Statement) -> None:
    doctor, client = doctor_and_browser()
    Question.objects.filter(pk=question.pk).update(state="archived")
    mine, other = make_imported_answer(question, doctor=doctor, body="Wait a year."), make_imported_answer(question)
    address = f"/answers/{mine.pk}/stances/"
    response = client.get(address)
    assert "Wait a year." in words(response)
    assert page(response).xpath("//input[@checked]/@value") == ["not_addressed"], "not filled in from how others read it"
    client.post(address, sent(statement, "no"))
    stance = Stance.objects.get()
    assert (stance.answer, stance.source, stance.value) == (mine, "declared", "no")
    panel = panel_of(Question.objects.get(pk=question.pk)).statements[0]
    assert panel.counts.no == 1
    assert panel.imported is not None
    assert [seat.answer for seat in panel.imported.seats] == [other.pk]


def test_a_copied_answer_speaks_for_its_doctor_alone(question: Question, statement: Statement) -> None:
    doctor = make_doctor()
    copied, native = make_imported_answer(question, doctor=doctor), make_answer(question)
    address = f"/answers/{copied.pk}/stances/"
    assert Client().get(address)["Location"].startswith("/accounts/login/")
    for person in (make_person(), make_person(roles=("editor", "admin")), make_verified().person):
        assert signed_in(person).get(address).status_code == 403
        assert signed_in(person).post(address, sent(statement)).status_code == 403
    assert native.doctor is not None
    assert native.doctor.person is not None
    assert signed_in(native.doctor.person).get(f"/answers/{native.pk}/stances/").status_code == 403
    assert not Stance.objects.exists()


def test_opening_the_others_is_remembered_and_marks_what_is_said_afterwards(question: Question, statement: Statement) -> None:
    doctor, client = doctor_and_browser()
    make_answer(question)
    response = client.post(f"/q/{question.pk}/others/")
    assert response["Location"] == f"{question.get_absolute_url()}#answers"
    assert SeenAnswers.objects.get().doctor == doctor
    client.post(f"/q/{question.pk}/cosign/", sent(statement))
    assert Stance.objects.get(doctor=doctor).blind is False


def test_only_a_doctor_is_remembered_and_only_a_form_opens(question: Question) -> None:
    address = f"/q/{question.pk}/others/"
    assert Client().post(address)["Location"] == f"/accounts/login/?next={question.get_absolute_url()}"
    assert signed_in(make_person()).post(address).status_code == 302
    assert doctor_and_browser()[1].get(address).status_code == 405
    assert not SeenAnswers.objects.exists()
