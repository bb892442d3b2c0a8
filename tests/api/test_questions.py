"""What a program gets of a question is what its page shows."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consilium.consensus import reading
from consilium.consensus.panel import data
from consilium.questions import actions
from consilium.questions.models import Question
from tests.api import scenes
from tests.api.openapi import checked
from tests.factories import make_answer, make_question, make_stance, make_statement, make_topic, make_verified

pytestmark = pytest.mark.django_db
SCENES = {"full": scenes.full, "copied": scenes.copied, "bare": scenes.bare}


def question_of(client: Client, question: Question) -> Any:
    return checked(client.get(f"/api/v1/questions/{question.pk}"), "/questions/{number}")


def consensus_of(client: Client, question: Question) -> Any:
    return checked(client.get(f"/api/v1/questions/{question.pk}/consensus"), "/questions/{number}/consensus")


@pytest.mark.parametrize("scene", SCENES)
def test_every_shape_of_a_question_is_as_described(client: Client, scene: str) -> None:
    question = SCENES[scene]()
    assert question_of(client, question)["title"] == question.title
    assert len(consensus_of(client, question)) == question.statements.count()


@pytest.mark.parametrize("scene", SCENES)
def test_the_consensus_is_that_of_the_page_and_nothing_is_dropped(client: Client, scene: str) -> None:
    question = SCENES[scene]()
    panel = reading.panel_of(question)
    given = consensus_of(client, question)
    for one in given:
        assert one.pop("computed_at")
    assert given == [data(panel, one) for one in panel.statements]


def test_a_question_with_everything(client: Client) -> None:
    question = scenes.full()
    given = question_of(client, question)
    question.refresh_from_db()
    assert given["asker"] == question.alias
    assert given["url"] == f"http://testserver{question.get_absolute_url()}"
    assert [topic["name"] for topic in given["topics"]] == ["Frownlessin", "MS"]
    assert given["coverage"] == {"required": ["Neurology"], "answered": {"Dermatology": 14}, "missing": ["Neurology"]}
    first, second = given["statements"]
    assert (first["label"], first["counts"]) == ("mixed", {"yes": 3, "conditional": 2, "no": 1, "cannot_say": 2})
    counted = [one for one in first["stances"] if one["reason"] is None]
    assert len(counted) == first["n"] == 8
    assert counted[2]["conditions"] == [{"kind": "clearance", "specialty": "Neurology", "text": "the neurologist agrees"}]
    assert [one["answer"] is None for one in counted] == [False] * 6 + [True] * 2, "those without prose come last"
    reasons = sorted(one["reason"] for one in first["stances"] if one["reason"])
    assert reasons == ["expired", "revoked", "same_practice", "unstated", "unverified"]
    assert {one["reason"] for one in second["stances"]} == {"not_addressed", "unstated"}
    assert len(given["answers"]) == 7
    assert given["answers"][0]["author"]["title"] == "Dermatologist"
    cited, general = given["citations"]
    assert (cited["work"]["doi"], cited["statement"], cited["quote"]) == ("10.5555/1", first["key"], "It is.")
    assert (general["statement"], general["direction"], general["applies"]) == (None, "mentions", "unclear")


def test_a_copied_question_keeps_what_is_unknown_unknown(client: Client) -> None:
    given = question_of(client, scenes.copied())
    assert (given["state"], given["asker"], given["asked_at"]) == ("archived", None, None)
    assert (given["source"]["name"], given["source"]["url"]) == (None, None)
    shown, *_, nameless = given["answers"]
    assert (shown["author"]["title"], shown["author"]["place"]) == ("Healer", "Springfield")
    assert (nameless["author"]["name"], nameless["author"]["signed"]) == (None, "Someone at the source")
    assert (nameless["headline"], nameless["source_helpful"]) == (None, None)
    (statement,) = given["statements"]
    assert (statement["label"], statement["n"], statement["stances"]) == ("none", 0, [])
    assert [one["value"] for one in statement["coded"]] == ["yes_if", "unclear", "waiting", None, "not_addressed"]


def test_a_stance_or_an_answer_that_was_taken_back_is_not_told(client: Client) -> None:
    question = scenes.full()
    doctor = make_verified("Tabitha Takesback")
    answer = make_answer(question, doctor=doctor, body="Words to forget")
    make_stance(question.statements.get(place=1), "no", doctor=doctor, answer=answer)
    assert doctor.person is not None
    assert "Takesback" in client.get(f"/api/v1/questions/{question.pk}").content.decode()
    actions.withdraw_answer(person=doctor.person, answer=answer)
    text = client.get(f"/api/v1/questions/{question.pk}").content.decode()
    assert all(word not in text for word in ("Takesback", "Words to forget", "Withdrawn"))
    (first, _) = consensus_of(client, question)
    assert {"reason": "withdrawn", "n": 2} in first["not_counted"]


@pytest.mark.parametrize("below", ["", "/consensus"])
def test_what_no_visitor_can_see_is_not_there(client: Client, below: str) -> None:
    question = make_question()
    make_answer(question)
    assert client.get(f"/api/v1/questions/{question.pk}{below}").status_code == 200
    assert question.asked_by is not None
    actions.withdraw_question(person=question.asked_by, question=question, keep_text=True)
    Question.objects.filter(pk=question.pk).update(state="withdrawn")
    gone = client.get(f"/api/v1/questions/{question.pk}{below}")
    never = client.get(f"/api/v1/questions/{question.pk + 1}{below}")
    assert checked(gone, f"/questions/{{number}}{below}", 404) == checked(never, f"/questions/{{number}}{below}", 404)
    assert gone.json()["detail"] == "There is no question with this number, or it has been taken back."
    client.force_login(question.asked_by)
    assert client.get(f"/api/v1/questions/{question.pk}{below}").status_code == 404
    assert client.get("/api/v1/questions").json()["questions"] == []


@pytest.mark.parametrize("number", ["0", str(2**31), str(2**63 - 1), str(2**63), "9" * 5000, "-1", "1.0", "x", "%00", "١"])
@pytest.mark.parametrize("below", ["", "/consensus"])
def test_a_number_that_no_question_has_is_a_missing_question(client: Client, number: str, below: str) -> None:
    make_question()
    response = client.get(f"/api/v1/questions/{number}{below}")
    assert response.status_code == 404
    assert response.json()["detail"].endswith(".")


def test_the_list_leads_to_every_question_once_newest_first(client: Client, settings: Any) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update={"page_size": 5})
    topic = make_topic()
    made = [make_question(topics=(topic,)).pk for _ in range(12)]
    found, address = [], "/api/v1/questions"
    while address:
        page = checked(client.get(address), "/questions")
        found += [one["id"] for one in page["questions"]]
        address = (page["next"] or "").removeprefix("http://testserver")
    assert found == made[::-1]
    one = page["questions"][0]
    assert client.get(one["api_url"].removeprefix("http://testserver")).json()["id"] == one["id"]
    assert [topic["name"] for topic in one["topics"]] == [topic.name]
    assert "asker" not in one


@pytest.mark.parametrize(
    "after", ["x", "~", "2020-01-01T00:00:00+00:00~%00", "2020-01-01T00:00:00+00:00~" + "9" * 30, "%ED%A0%80"]
)
def test_a_place_that_does_not_exist_is_said(client: Client, after: str) -> None:
    problem = checked(client.get("/api/v1/questions", {"after": after}), "/questions", 422)
    assert problem == {"detail": "This place in the list does not exist. Start again from its first page."}


def cost(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_the_queries_do_not_grow(client: Client) -> None:
    costs = []
    for answers, statements in ((1, 1), (12, 4)):
        question = make_question(topics=tuple(make_topic(kind="treatment") for _ in range(statements)))
        rows = [make_statement(question, f"The treatment is acceptable {number}.") for number in range(statements)]
        for _ in range(answers):
            doctor = make_verified()
            answer = make_answer(question, doctor=doctor)
            for row in rows:
                make_stance(row, "yes_if", doctor=doctor, answer=answer)
        path = f"/api/v1/questions/{question.pk}"
        costs.append((cost(client, path), cost(client, f"{path}/consensus")))
    assert costs[0] == costs[1]
    assert costs[0][0] <= 10
    assert costs[0][1] <= 8
    assert cost(client, "/api/v1/questions") <= 2
