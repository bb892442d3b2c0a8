"""The past of a question's stances: kept by the worker, told to those who see the question."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from consilium.consensus.models import Snapshot
from consilium.doctors import actions as doctors
from consilium.journal.delivery import deliver_due
from consilium.questions import actions
from consilium.questions.models import Question, Stance, Statement
from tests.factories import make_answer, make_person, make_question, make_stance, make_statement, make_verified
from tests.web.pages import links, page, words

pytestmark = pytest.mark.django_db
CLEARED = [{"kind": "other", "specialty": "", "text": "a small dose first"}]


def work() -> None:
    """The worker, until nothing is left."""
    while deliver_due():
        pass


def say(statement: Statement, doctor: Any, value: str, *, more: Any = (), **rest: Any) -> None:
    question = Question.objects.get(pk=statement.question_id)
    actions.declare(
        doctor=doctor, person=doctor.person, question=question, said=[actions.Said(statement, value, more)],
        interests=actions.Interests(paid=""), **rest,
    )  # fmt: skip
    work()


@pytest.fixture
def scene() -> Statement:
    """A statement on which one doctor says yes, then another no, then the first one only with conditions."""
    statement = make_statement(make_question("Is it safe?"))
    work()
    ada, eve = make_verified("Ada Examplewood"), make_verified("Eve Sampleton")
    say(statement, ada, "yes")
    say(statement, eve, "no")
    actions.see_answers(doctor=ada, question=statement.question)
    say(statement, ada, "yes_if", more=CLEARED, after_discussion=True)
    return statement


def history(client: Client, statement: Statement, query: str = "") -> Any:
    response: Any = client.get(f"/q/{statement.question_id}/stances/{query}")
    assert response.status_code == 200
    return response


def kept(statement: Statement) -> list[Snapshot]:
    return list(Snapshot.objects.filter(statement__question=statement.question_id).order_by("pk"))


def test_each_state_is_told_with_what_changed_newest_first(client: Client, scene: Statement) -> None:
    response = history(client, scene)
    told = [words(response, f"//section[@aria-labelledby='k{row.pk}']") for row in kept(scene)[::-1]]
    assert len(told) == 3
    assert "Too few answers to compare: 1 advises against, 1 only with conditions." in told[0]
    for line in (
        "Only with conditions: 0 → 1",
        "Reasonable: 1 → 0",
        "Condition “a small dose first”: 0 → 1",
        "Changed after discussion: 0 → 1",
    ):
        assert line in told[0]
    assert "From “The only doctor so far considers it reasonable. Too few to call” to “Too few answers to compare”." in told[1]
    assert "Advises against: 0 → 1" in told[1]
    assert "The first state that was kept." in told[2]
    assert [href for href in links(response) if href.endswith(tuple("0123456789/")) and "/stances/" in href] == [
        f"/q/{scene.question_id}/stances/{row.pk}/" for row in kept(scene)[::-1]
    ]


def test_the_doctors_who_changed_are_told_with_date_and_discussion(client: Client, scene: Statement) -> None:
    said = words(history(client, scene, "?tab=doctors"))
    assert (
        "Ada Examplewood, MD From Reasonable to Only with conditions, after discussion, conditions: a small dose first." in said
    )
    assert "Sampleton" not in said


def test_a_doctor_who_takes_a_stance_back_is_counted_not_named(client: Client, scene: Statement) -> None:
    ada = Stance.objects.filter(after_discussion=True).get().doctor
    assert ada.person is not None
    actions.withdraw_stances(doctor=ada, person=ada.person, question=scene.question)
    said = words(history(client, scene, "?tab=doctors"))
    assert "Examplewood" not in said
    assert "1 stance was taken back by its doctor." in said
    work()
    assert "Not counted (the doctor took it back): 0 → 1" in words(history(client, scene))
    say(scene, ada, "no")
    assert "From Taken back to Advises against" in words(history(client, scene, "?tab=doctors"))


def test_a_doctor_who_asked_the_question_is_not_named(client: Client, scene: Statement) -> None:
    for person, told in ((make_person(), True), (scene.question.asked_by, False)):
        doctor, now = make_verified("Paula Pseudonym", person=person), timezone.now()
        make_stance(scene, "yes", doctor=doctor, superseded_at=now)
        make_stance(scene, "no", doctor=doctor, created_at=now)
        assert ("Pseudonym" in words(history(client, scene, "?tab=doctors"))) == told
        Stance.objects.filter(doctor=doctor).delete()


def test_an_answer_that_is_taken_back_takes_its_author_out(client: Client, scene: Statement) -> None:
    doctor = make_verified("Gwen Gone")
    answer = make_answer(scene.question, doctor=doctor)
    say(scene, doctor, "yes", answer=answer)
    say(scene, doctor, "no", answer=answer)
    assert "Gwen Gone" in words(history(client, scene, "?tab=doctors"))
    assert doctor.person is not None
    actions.withdraw_answer(person=doctor.person, answer=answer)
    assert "Gwen Gone" not in words(history(client, scene, "?tab=doctors"))


def test_confidence_and_an_answer_added_are_changes_too(client: Client, scene: Statement) -> None:
    doctor = make_verified("Carla Confident")
    say(scene, doctor, "yes")
    question, answer = scene.question, make_answer(scene.question, doctor=doctor)
    said = [actions.Said(scene, "yes", (), "high")]
    assert doctor.person is not None
    actions.declare(doctor=doctor, person=doctor.person, question=question, said=said, answer=answer)
    assert "From Reasonable to Reasonable, confidence: high, now with an answer." in words(history(client, scene, "?tab=doctors"))


def test_a_new_wording_is_told(client: Client, scene: Statement) -> None:
    assert "Wordings of the statements" not in words(history(client, scene))
    editor = make_person(roles=("editor",))
    actions.edit_statement(person=editor, statement=scene, text="A small dose is acceptable.", kind="safe")
    work()
    response = history(client, scene)
    assert "The first state with this wording." in words(response)
    wordings = words(response, "//section[@aria-labelledby='wordings']")
    assert "The treatment is acceptable. Since" in wordings
    assert wordings.count("no longer on the page") == 1


def test_a_state_says_when_it_was_and_leads_to_now(client: Client, scene: Statement) -> None:
    first, _, last = kept(scene)
    response: Any = client.get(f"/q/{scene.question_id}/stances/{first.pk}/")
    said = words(response)
    assert "The only doctor so far considers it reasonable. Too few to call." in said
    assert "1 of 1 considers it reasonable" in said
    assert f"As of {first.at:%-d %B %Y, %H:%M} UTC. This is how the doctors stood until" in said
    assert f"{scene.question.get_absolute_url()}#stand" in links(response)
    response = client.get(f"/q/{scene.question_id}/stances/{last.pk}/")
    assert "Nothing has changed since." in words(response)
    assert "1 of 2 a small dose first" in words(response)
    assert "1 changed stance after discussion." in words(response)
    assert [href for href in links(response) if "/stances/" in href][-1].endswith(f"/{kept(scene)[1].pk}/")
    make_stance(scene)
    Snapshot.objects.filter(pk=last.pk).update(stale=True)
    assert "Something has happened since." in words(client.get(f"/q/{scene.question_id}/stances/{last.pk}/"))  # type: ignore[arg-type]


def test_a_state_that_time_has_overtaken_says_so(client: Client, scene: Statement, time_machine: Any) -> None:
    last = kept(scene)[-1]
    path = f"/q/{scene.question_id}/stances/{last.pk}/"
    before: Any = client.get(path)
    time_machine.move_to(timezone.now() + timedelta(days=6 * 365))
    after: Any = client.get(path, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert "Something has happened since." in words(after)


def test_a_state_of_another_question_is_a_missing_page(client: Client, scene: Statement) -> None:
    other = make_statement(make_question())
    row = kept(scene)[0]
    assert client.get(f"/q/{other.question_id}/stances/{row.pk}/").status_code == 404
    for path in (f"{2**63}/", "0/"):
        assert client.get(f"/q/{scene.question_id}/stances/{path}").status_code == 404


def test_they_are_there_for_who_can_see_the_question(client: Client, scene: Statement) -> None:
    paths = [f"/q/{scene.question_id}/stances/", f"/q/{scene.question_id}/stances/{kept(scene)[0].pk}/"]
    for path in paths:
        assert client.get(path).status_code == 200
        assert client.post(path).status_code == 405
    Question.objects.filter(pk=scene.question_id).update(state="withdrawn")
    assert [client.get(path).status_code for path in paths] == [404, 404]


def test_a_question_without_a_kept_state_says_so(client: Client) -> None:
    statement = make_statement(make_question())
    assert "No state has been kept yet." in words(history(client, statement))
    assert "No doctor has changed a stance here." in words(history(client, statement, "?tab=doctors"))


def test_search_engines_are_sent_to_the_question(client: Client, scene: Statement) -> None:
    for path in ("", f"{kept(scene)[0].pk}/"):
        tree = page(client.get(f"/q/{scene.question_id}/stances/{path}"))  # type: ignore[arg-type]
        assert tree.xpath("//meta[@name='robots']/@content") == ["noindex"]
        assert tree.xpath("//link[@rel='canonical']/@href") == [f"http://testserver{scene.question.get_absolute_url()}"]


def test_copies_are_confirmed_until_a_state_is_kept(client: Client, scene: Statement) -> None:
    paths = [f"/q/{scene.question_id}/stances/{rest}" for rest in ("", "?tab=doctors", f"{kept(scene)[-1].pk}/")]
    tags = {path: client.get(path)["ETag"] for path in paths}
    for path, tag in tags.items():
        assert client.get(path, headers={"if-none-match": tag}).status_code == 304
    doctors.revoke_credential(
        editor=make_person(roles=("editor",)), credential=make_verified().credentials_held.get(), reason="moved"
    )
    assert client.get(paths[0], headers={"if-none-match": tags[paths[0]]}).status_code == 304
    say(scene, make_verified(), "no")
    for path, tag in tags.items():
        assert client.get(path, headers={"if-none-match": tag}).status_code == 200


def test_long_histories_are_paged_and_cost_the_same(client: Client, django_assert_max_num_queries: Any) -> None:
    statement = make_statement(make_question())
    work()
    doctor = make_verified()
    for number in range(25):
        say(statement, doctor, ("yes", "no")[number % 2])
    seen = []
    for tab in ("", "?tab=doctors"):
        with django_assert_max_num_queries(4):
            response = history(client, statement, tab)
        assert len(page(response).xpath("//main//section")) == 20
        (older,) = [href for href in links(response) if "after=" in href]
        with django_assert_max_num_queries(4):
            response = history(client, statement, older)
        seen.append(len(page(response).xpath("//main//section")))
    assert seen == [5, 4]
    assert client.get(f"/q/{statement.question_id}/stances/?after=x").status_code == 404
