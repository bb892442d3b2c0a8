"""A joined question has a page as it was asked, with the answers that stayed, for as long as it is joined."""

from typing import Any

import pytest
from django.test import Client

from consilium.questions import actions
from consilium.questions.models import REVERSIBLE, Answer, Question, SeenAnswers
from tests.factories import make_answer, make_merge, make_person, make_question, make_source, make_statement, make_verified
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> tuple[Question, Question]:
    return make_question("Is it safe for me?"), make_question("May I have it safely?")


def stayed_in(pair: tuple[Question, Question]) -> Answer:
    """The answer of a doctor who had answered both."""
    doctor = make_verified(person=make_person())
    make_answer(pair[1], doctor=doctor)
    answer = make_answer(pair[0], doctor=doctor, body="To these very words: no.")
    make_merge(*pair)
    return Answer.objects.get(pk=answer.pk)


def original(client: Client, question: Question) -> Any:
    response = client.get(f"/q/{question.pk}/original/")
    assert response.status_code == 200
    return response


def test_its_words_the_answers_that_stayed_and_the_way_to_the_other(client: Client, pair: tuple[Question, Question]) -> None:
    answer = stayed_in(pair)
    shown = original(client, pair[0])
    said = words(shown)
    assert "Joined with: May I have it safely?" in said
    assert "Some words." in said
    assert "To these very words: no." in said
    assert pair[1].get_absolute_url() in links(shown)
    assert page(shown).xpath(f"//article[@id='a{answer.pk}']")


def test_search_engines_are_sent_to_the_other(client: Client, pair: tuple[Question, Question]) -> None:
    make_merge(*pair)
    shown = page(original(client, pair[0]))
    assert shown.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert shown.xpath("//link[@rel='canonical']/@href") == [f"http://testserver{pair[1].get_absolute_url()}"]


def test_it_says_where_a_copy_came_from(client: Client) -> None:
    question = make_question("Copied?", source=make_source(kind="stackexchange", name="A site"), state="archived")
    make_merge(question, make_question())
    assert "Copied from A site" in words(original(client, question))


def test_any_other_question_has_its_own_page_and_none_is_missing(client: Client) -> None:
    question = make_question()
    assert client.get(f"/q/{question.pk}/original/")["Location"] == question.get_absolute_url()
    Question.objects.filter(pk=question.pk).update(state="withdrawn")
    assert client.get(f"/q/{question.pk}/original/").status_code == 404


def test_its_asker_takes_it_back_from_there(pair: tuple[Question, Question]) -> None:
    person = pair[0].asked_by
    assert person is not None
    make_merge(*pair)
    client, address = signed_in(person), f"/q/{pair[0].pk}/withdraw/"
    assert address in links(original(client, pair[0]))
    assert "its address and title stay" in words(client.get(address))
    response = client.post(address, {}, follow=True)
    assert response.redirect_chain[-1][0] == f"/q/{pair[0].pk}/original/"
    pair[0].refresh_from_db()
    assert (pair[0].asked_by, pair[0].body, pair[0].alias) == (None, "", "")
    assert address not in links(original(client, pair[0]))


def test_a_question_that_others_were_joined_to_is_not_said_to_be_deleted(pair: tuple[Question, Question]) -> None:
    person = pair[1].asked_by
    assert person is not None
    make_merge(*pair)
    client, address = signed_in(person), f"/q/{pair[1].pk}/withdraw/"
    assert "Another question was joined with it" in words(client.get(address))
    assert client.post(address, {})["Location"] == pair[1].get_absolute_url()


def test_nobody_else_can_take_it_back(pair: tuple[Question, Question]) -> None:
    make_merge(*pair)
    client = signed_in(make_person())
    assert f"/q/{pair[0].pk}/withdraw/" not in links(original(client, pair[0]))
    assert client.get(f"/q/{pair[0].pk}/withdraw/").status_code == 403


def test_a_doctor_edits_and_takes_back_the_answer_that_stayed(pair: tuple[Question, Question]) -> None:
    answer = stayed_in(pair)
    assert answer.written_by is not None
    client = signed_in(answer.written_by)
    found = links(original(client, pair[0]))
    assert {f"/answers/{answer.pk}/edit/", f"/answers/{answer.pk}/withdraw/"} <= set(found)
    form = {"headline": "In short: no", "body": "Other words.", "based_on": "1", "language": "en"}
    assert client.post(f"/answers/{answer.pk}/edit/", form)["Location"] == f"/q/{pair[0].pk}/original/#a{answer.pk}"
    assert client.get(f"/answers/{answer.pk}/history/").status_code == 200
    assert client.post(f"/answers/{answer.pk}/withdraw/")["Location"] == f"/q/{pair[0].pk}/original/"
    assert "Other words." not in words(original(client, pair[0]))


def test_its_wordings_can_still_be_read(client: Client, pair: tuple[Question, Question]) -> None:
    make_merge(*pair)
    response = client.get(f"/q/{pair[0].pk}/history/")
    assert response.status_code == 200
    assert f"/q/{pair[0].pk}/original/" in links(response)


def test_a_doctor_who_reads_what_stayed_has_read_others(pair: tuple[Question, Question]) -> None:
    stayed_in(pair)
    reader = make_verified(person=make_person())
    original(signed_in(reader.person), pair[0])
    assert SeenAnswers.objects.filter(doctor=reader, question=pair[1]).exists()


def test_what_stayed_is_closed_to_a_doctor_who_has_not_said_where_they_stand(pair: tuple[Question, Question]) -> None:
    stayed_in(pair)
    make_statement(pair[1], "It is safe for all.")
    reader = make_verified(person=make_person())
    client = signed_in(reader.person)
    shown = original(client, pair[0])
    assert "To these very words: no." not in shown.content.decode()
    assert "It is safe for all." in words(shown, "//*[@id='answers']")
    assert not SeenAnswers.objects.exists()
    client.post(page(shown).xpath("//*[@id='answers']//form/@action")[0])
    assert "To these very words: no." in words(original(client, pair[0]))


def test_ones_own_answer_that_stayed_is_open(pair: tuple[Question, Question]) -> None:
    other = make_verified()
    for question in pair:
        make_answer(question, doctor=other, body="Of another doctor.")
    answer = stayed_in(pair)
    make_statement(pair[1])
    assert answer.written_by is not None
    said = words(original(signed_in(answer.written_by), pair[0]))
    assert "To these very words: no." in said
    assert "Of another doctor." not in said


def test_asking_for_the_head_of_it_reads_nothing(pair: tuple[Question, Question]) -> None:
    stayed_in(pair)
    reader = make_verified(person=make_person())
    assert signed_in(reader.person).head(f"/q/{pair[0].pk}/original/").status_code == 200
    assert not SeenAnswers.objects.exists()


def test_an_editor_can_undo_it_from_there_while_that_is_possible(pair: tuple[Question, Question]) -> None:
    merge = make_merge(*pair)
    client, undo = signed_in(make_person(roles=("editor",))), f"/editor/merges/{merge.pk}/undo/"
    assert undo in links(original(client, pair[0]))
    assert undo not in links(original(signed_in(make_person()), pair[0]))
    type(merge).objects.update(at=merge.at - REVERSIBLE)
    assert undo not in links(original(client, pair[0]))


def test_the_queries_do_not_grow_with_the_answers(client: Client, django_assert_num_queries: Any) -> None:
    for n in (1, 6):
        question, canonical = make_question(), make_question()
        for _ in range(n):
            doctor = make_verified()
            make_answer(canonical, doctor=doctor)
            make_answer(question, doctor=doctor)
        actions.merge(person=make_person(roles=("editor",)), question=question, canonical=canonical)
        with django_assert_num_queries(4):  # the question, where it leads, answers, remarks
            original(client, question)
