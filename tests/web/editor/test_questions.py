"""Questions and statements to look at; asking the doctors to look again."""

import pytest
from django.test import Client

from consilium.consensus.models import Round, RoundReply
from tests.factories import (
    make_answer,
    make_coding,
    make_doctor,
    make_imported_answer,
    make_person,
    make_question,
    make_source,
    make_stance,
    make_statement,
    make_topic,
    make_verified,
)
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db


def editor() -> Client:
    return signed_in(make_person(roles=("editor",)))


def test_answered_questions_without_a_statement_those_with_most_answers_first() -> None:
    few, many, unanswered, stated, retired, withdrawn = (make_question() for _ in range(6))
    for question in (few, many, many, stated, retired, withdrawn):
        make_answer(question)
    make_statement(stated)
    make_statement(retired, state="retired")
    type(withdrawn).objects.filter(pk=withdrawn.pk).update(state="withdrawn")
    found = [href for href in links(editor().get("/editor/questions/")) if href.endswith("/statements/")]
    assert found == [f"/q/{question.pk}/statements/" for question in (many, retired, few)]
    assert f"/q/{unanswered.pk}/statements/" not in found


def test_new_statements_are_those_of_askers_that_can_still_be_reworded() -> None:
    asker = make_person()
    question, taken = make_question(person=asker), make_question(person=asker)
    make_statement(question, "Mine is new.", created_by=asker)
    make_statement(question, "Of an editor.", created_by=make_person())
    make_stance(make_statement(taken, "Taken.", created_by=asker))
    copied = make_question(person=asker, source=make_source())
    make_coding(make_imported_answer(copied), make_statement(copied, "Coded.", created_by=asker), "yes", "ada")
    shown = editor().get("/editor/statements/")
    assert f"/q/{question.pk}/statements/" in links(shown)
    said = words(shown)
    assert "Mine is new." in said
    assert not any(text in said for text in ("Of an editor.", "Taken.", "Coded."))


def test_the_home_page_counts_what_waits() -> None:
    for _ in range(2):
        make_answer(make_question(topics=(make_topic(),)))
    said = words(editor().get("/editor/"))
    assert "Questions without statements" in said
    assert said.count("2 wait") == 2
    assert "Nothing waits" in said


def test_a_long_queue_is_not_counted_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consilium.web.queues.MANY", 2)
    for _ in range(3):
        make_answer(make_question())
    assert "More than 2 wait" in words(editor().get("/editor/"))


def test_an_editor_asks_the_doctors_to_look_again_once() -> None:
    question, doctor = make_question(), make_verified()
    make_stance(make_statement(question), doctor=doctor)
    client, address = editor(), f"/q/{question.pk}/reconsider/open/"
    assert "The doctors are asked to look again." in words(client.post(address, follow=True), "//body")
    client.post(address)
    assert Round.objects.get().reason == "editor"
    assert RoundReply.objects.get().doctor == doctor


def test_nobody_to_ask_is_said() -> None:
    question = make_question()
    response = editor().post(f"/q/{question.pk}/reconsider/open/", follow=True)
    assert "there is nobody to ask" in words(response, "//body")
    assert not Round.objects.exists()


@pytest.mark.parametrize("kind", ["stranger", "patient", "asker", "doctor", "moderator", "clinical_moderator"])
def test_nobody_else_can_ask_them(kind: str) -> None:
    asker = make_person()
    question, doctor = make_question(person=asker), make_verified()
    make_stance(make_statement(question), doctor=doctor)
    address = f"/q/{question.pk}/reconsider/open/"
    if kind == "stranger":
        assert Client().post(address)["Location"] == f"/accounts/login/?next={question.get_absolute_url()}"
    else:
        person = asker if kind == "asker" else make_person(roles=(kind,) if "moderator" in kind else ())
        if kind == "doctor":
            make_doctor(person=person)
        response = signed_in(person).post(address)
        assert response.status_code == 403
        assert "Only an editor can ask the doctors to look again." in words(response)
    assert not Round.objects.exists()


def test_only_by_a_form_with_its_token_and_only_while_open() -> None:
    question = make_question(state="closed")
    make_stance(make_statement(question))
    address = f"/q/{question.pk}/reconsider/open/"
    client = editor()
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 403
    assert Client(enforce_csrf_checks=True).post(address).status_code == 403
    assert client.post("/q/987654/reconsider/open/").status_code == 404
    assert not Round.objects.exists()


@pytest.mark.parametrize("state", ["open", "closed", "archived"])
def test_the_question_page_has_tools_for_editors_alone(state: str) -> None:
    question = make_question(source=make_source(), state=state)
    answer = make_imported_answer(question)
    make_stance(make_statement(question))
    address = question.get_absolute_url()
    tools = [f"/editor/code/{answer.pk}/", "/editor/"]
    shown = editor().get(address)
    assert [href for href in links(shown) if href.startswith("/editor/")] == tools
    forms = page(shown).xpath("//main//form[contains(@action, '/reconsider/open/')]")
    assert len(forms) == (state == "open")
    doctor = make_person()
    make_doctor(person=doctor)
    for client in (Client(), signed_in(make_person()), signed_in(doctor), signed_in(make_person(roles=("moderator",)))):
        seen = client.get(address)
        assert not [href for href in links(seen) if href.startswith("/editor/")]
        assert "reconsider" not in seen.content.decode()
