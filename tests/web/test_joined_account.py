"""After a merge everybody finds what is theirs on the account page: askers, followers, doctors."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consilium.accounts.models import Person
from consilium.doctors.models import Doctor
from consilium.questions import actions
from consilium.questions.actions import Said
from consilium.questions.models import Merge, Question
from tests.factories import make_answer, make_merge, make_person, make_question, make_stance, make_statement, make_verified
from tests.web.pages import links, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> tuple[Question, Question]:
    return make_question("Is it safe for me?"), make_question("May I have it safely?")


@pytest.fixture
def doctor() -> Doctor:
    return make_verified(person=make_person())


def waiting(doctor: Doctor) -> str:
    assert doctor.person is not None
    return words(signed_in(doctor.person).get("/account/"), "//*[@id='for-you']")


def leads(doctor: Doctor) -> list[str]:
    assert doctor.person is not None
    return links(signed_in(doctor.person).get("/account/"), "//*[@id='for-you']//h3/a/@href")


def asker(question: Question) -> Person:
    assert question.asked_by is not None
    return question.asked_by


@pytest.mark.parametrize("path", ["/account/", "/account/questions/"])
def test_both_askers_keep_their_question(pair: tuple[Question, Question], path: str) -> None:
    make_answer(pair[0])
    make_merge(*pair)
    shown = signed_in(asker(pair[0])).get(path)
    section = "//section[@aria-labelledby='asked']" if path == "/account/" else "//main"
    assert f"Is it safe for me? Joined with: May I have it safely? Asked as {pair[0].alias}" in words(shown, section)
    assert "No answer yet" not in words(shown, section)
    found = links(shown, f"{section}//article//a/@href")
    assert found == [f"/q/{pair[0].pk}/original/", pair[1].get_absolute_url()]
    assert pair[1].get_absolute_url() in links(signed_in(asker(pair[1])).get(path))


def test_followers_find_the_page_that_stays_once(pair: tuple[Question, Question]) -> None:
    person = make_person()
    actions.follow(person=person, question=pair[0])
    merge = make_merge(*pair)
    client = signed_in(person)
    assert links(client.get("/account/following/"), "//main//article//a/@href") == [pair[1].get_absolute_url()]
    actions.unmerge(person=make_person(roles=("editor",)), merge=merge)
    pair[0].refresh_from_db()
    assert links(client.get("/account/following/"), "//main//article//a/@href") == [pair[0].get_absolute_url()]


class TestDoctors:
    def test_whose_answer_moved_without_its_stance_is_asked(self, pair: tuple[Question, Question], doctor: Doctor) -> None:
        answer = make_answer(pair[0], doctor=doctor)
        make_stance(make_statement(pair[0], "It is safe."), doctor=doctor, answer=answer)
        there = make_statement(pair[1], "It is acceptable.")
        assert "Nothing waits for you." in waiting(doctor)
        make_merge(*pair)
        assert "Your answer came here when two questions were joined." in waiting(doctor)
        assert leads(doctor) == [f"/answers/{answer.pk}/edit/"]
        make_stance(there, doctor=doctor, answer=answer)
        assert "Nothing waits for you." in waiting(doctor)

    def test_whose_stance_came_along_is_not(self, pair: tuple[Question, Question], doctor: Doctor) -> None:
        answer = make_answer(pair[0], doctor=doctor)
        make_stance(make_statement(pair[0]), doctor=doctor, answer=answer)
        make_statement(pair[1])
        make_merge(*pair)
        assert "Nothing waits for you." in waiting(doctor)

    def test_who_had_co_signed_is_asked_too(self, pair: tuple[Question, Question], doctor: Doctor) -> None:
        make_stance(make_statement(pair[0], "It is safe."), doctor=doctor)
        there = make_statement(pair[1], "It is acceptable.")
        make_merge(*pair)
        assert "A question on which you had taken a stance was joined with this one." in waiting(doctor)
        assert leads(doctor) == [f"/q/{pair[1].pk}/cosign/"]
        assert doctor.person is not None
        actions.declare(
            doctor=doctor, person=doctor.person, question=pair[1], said=[Said(there, "no")], interests=actions.Interests(paid="")
        )  # fmt: skip
        assert "Nothing waits for you." in waiting(doctor)

    def test_who_took_the_stance_back_has_spoken(self, pair: tuple[Question, Question], doctor: Doctor) -> None:
        answer = make_answer(pair[0], doctor=doctor)
        make_stance(make_statement(pair[1]), doctor=doctor, answer=answer, withdrawn_at=timezone.now())
        make_merge(*pair)
        assert "Nothing waits for you." in waiting(doctor)

    def test_nobody_is_asked_on_a_closed_question_or_after_it_was_undone(
        self, pair: tuple[Question, Question], doctor: Doctor
    ) -> None:
        make_answer(pair[0], doctor=doctor)
        make_statement(pair[1])
        merge = make_merge(*pair)
        Question.objects.filter(pk=pair[1].pk).update(state="closed")
        assert "Nothing waits for you." in waiting(doctor)
        Question.objects.filter(pk=pair[1].pk).update(state="open")
        actions.unmerge(person=make_person(roles=("editor",)), merge=merge)
        assert "Nothing waits for you." in waiting(doctor)

    def test_whose_answer_stayed_behind_is_told_for_ninety_days(self, pair: tuple[Question, Question], doctor: Doctor) -> None:
        make_answer(pair[1], doctor=doctor)
        answer = make_answer(pair[0], doctor=doctor)
        make_merge(*pair)
        assert "this answer of yours stayed with the words it answers" in waiting(doctor)
        assert leads(doctor) == [f"/q/{pair[0].pk}/original/#a{answer.pk}"]
        Merge.objects.update(at=timezone.now() - timedelta(days=91))
        assert "Nothing waits for you." in waiting(doctor)

    def test_keep_both_answers_on_their_list(self, pair: tuple[Question, Question], doctor: Doctor) -> None:
        make_answer(pair[1], doctor=doctor)
        answer = make_answer(pair[0], doctor=doctor)
        make_merge(*pair)
        assert doctor.person is not None
        shown = signed_in(doctor.person).get("/account/answers/")
        assert f"/q/{pair[0].pk}/original/#a{answer.pk}" in links(shown)
        assert "Joined with: May I have it safely?" in words(shown)


def test_the_queries_do_not_grow_with_the_merges(doctor: Doctor) -> None:
    assert doctor.person is not None
    client, counts = signed_in(doctor.person), []
    for n in (1, 4):
        for _ in range(n):
            merged_for(doctor)
        with CaptureQueriesContext(connection) as queries:
            for path in ("/account/", "/account/questions/", "/account/answers/"):
                client.get(path)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def merged_for(doctor: Doctor) -> None:
    """One question of the doctor's own, one answered on both sides, one answered on the side that goes."""
    own, both, moving = ((make_question(), make_question()) for _ in range(3))
    own[0].asked_by = doctor.person
    own[0].save(update_fields=["asked_by"])
    for question in (*both, moving[0]):
        make_answer(question, doctor=doctor)
    make_statement(moving[1])
    for pair in (own, both, moving):
        make_merge(*pair)
