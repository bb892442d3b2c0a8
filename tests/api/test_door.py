"""How programs come in: methods, copies, other sites' scripts, what goes wrong."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from structlog.testing import capture_logs

from consilium.api import content, door
from consilium.doctors import actions as doctors
from consilium.doctors.models import Credential
from consilium.questions import actions
from consilium.questions.models import Stance
from tests.factories import make_answer, make_person, make_question, make_stance, make_statement, make_topic, make_verified

pytestmark = pytest.mark.django_db


@pytest.fixture
def paths() -> dict[str, str]:
    question = make_question(topics=(make_topic("Lasers"),))
    make_stance(make_statement(question), doctor=make_verified("Ada Examplewood"))
    number = question.pk
    return {
        "questions": "/api/v1/questions", "question": f"/api/v1/questions/{number}",
        "consensus": f"/api/v1/questions/{number}/consensus", "openapi": "/api/v1/openapi.json",
    }  # fmt: skip


def test_a_copy_is_confirmed_until_something_shows_otherwise(client: Client, paths: dict[str, str]) -> None:
    for name, path in paths.items():
        first = client.get(path)
        again = client.get(path, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"]), name
        assert again["Access-Control-Allow-Origin"] == "*"
        assert client.get(path, headers={"if-none-match": 'W/"other"'}).status_code == 200


def test_a_304_asks_one_question_of_the_database(client: Client, paths: dict[str, str], django_assert_num_queries: Any) -> None:
    for name, queries in (("questions", 2), ("question", 1), ("consensus", 1), ("openapi", 0)):
        tag = client.get(paths[name])["ETag"]
        with django_assert_num_queries(queries):
            assert client.get(paths[name], headers={"if-none-match": tag}).status_code == 304


CHANGES = {
    "answer": lambda: make_answer(_question()),
    "rename doctor": lambda: doctors.change(doctor=_stance().doctor, name="Eve Examplewood"),
    "revoke": lambda: doctors.revoke_credential(
        editor=make_person(roles=("editor",)), credential=Credential.objects.get(), reason="moved"
    ),
    "edit statement": lambda: actions.edit_statement(
        person=make_person(roles=("editor",)), statement=_stance().statement, text="It is safe.", kind="safe"
    ),
    "licence runs out": lambda: Credential.objects.update(expires_at=timezone.now()),
    "stance runs out": lambda: Stance.objects.update(affirmed_at=timezone.now() - timedelta(days=9_000)),
}


def _stance() -> Stance:
    return Stance.objects.get()


def _question() -> Any:
    return _stance().statement.question


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_makes_the_copies_old(client: Client, paths: dict[str, str], change: str) -> None:
    before = {name: client.get(path) for name, path in paths.items()}
    CHANGES[change]()
    for name in ("question", "consensus"):
        again = client.get(paths[name], headers={"if-none-match": before[name]["ETag"]})
        assert again.status_code == 200, name
    assert client.get(paths["openapi"], headers={"if-none-match": before["openapi"]["ETag"]}).status_code == 304


def test_another_release_host_or_page_of_the_list_is_another_copy(
    client: Client, paths: dict[str, str], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tags = {client.get(paths["question"])["ETag"]}
    settings.SITE_URL = "https://doctors.example"
    tags.add(client.get(paths["question"])["ETag"])
    monkeypatch.setattr(door, "release", lambda: ("another", 0.0))
    tags.add(client.get(paths["question"])["ETag"])
    assert len(tags) == 3


def test_head_says_what_get_says_without_the_body(client: Client, paths: dict[str, str]) -> None:
    for path in (*paths.values(), "/api/v1/questions/0", "/api/nothing"):
        whole, head = client.get(path), client.head(path)
        assert (head.status_code, head.content) == (whole.status_code, b"")
        for name in ("Content-Type", "ETag", "Cache-Control", "Access-Control-Allow-Origin"):
            assert head.get(name) == whole.get(name), (path, name)
    tag = client.get(paths["question"])["ETag"]
    assert client.head(paths["question"], headers={"if-none-match": tag}).status_code == 304


def test_scripts_of_other_sites_may_read(client: Client, paths: dict[str, str]) -> None:
    asked = {"origin": "https://other.example", "access-control-request-method": "GET"}
    for path in (*paths.values(), "/api/v1/questions/0"):
        preflight = client.options(path, headers={**asked, "access-control-request-headers": "if-none-match"})
        assert (preflight.status_code, preflight.content) == (204, b"")
        assert preflight["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        assert preflight["Access-Control-Allow-Headers"] == "If-None-Match"
        response = client.get(path, headers=asked)
        assert (response["Access-Control-Allow-Origin"], response["Access-Control-Expose-Headers"]) == ("*", "ETag")
        assert not response.has_header("Access-Control-Allow-Credentials")


def test_every_answer_says_how_it_may_be_kept_and_that_no_search_engine_lists_it(client: Client, paths: dict[str, str]) -> None:
    for path in (*paths.values(), "/api/v1/questions/0"):
        response = client.get(path)
        assert response["Cache-Control"] == "public, no-cache"
        assert response["X-Robots-Tag"] == "noindex"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert not response.cookies


def test_somebody_signed_in_gets_what_everybody_gets(client: Client, paths: dict[str, str]) -> None:
    plain = {name: client.get(path).json() for name, path in paths.items()}
    client.force_login(_question().asked_by)
    for name, path in paths.items():
        given = client.get(path).json()
        for one in given if name == "consensus" else ():
            one["computed_at"] = plain[name][0]["computed_at"]
        assert given == plain[name]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/api/v1/questions", "/api/v1/questions/1", "/api/v1/openapi.json", "/api/nothing"])
def test_nothing_can_be_written(method: str, path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = getattr(strict, method)(path, data="{}", content_type="application/json")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response.json() == {"detail": "This address can only be read."}


@pytest.mark.parametrize(
    "path", ["/api/nothing", "/api/v1/", "/api/v1/questions/", "/api/v2/questions", "/api/v1/q%00", "/api/%F0%9F"]
)
def test_an_address_that_is_none_says_where_to_look(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.json() == {"detail": "There is no such address. /api/ lists those that there are."}


def test_a_fault_of_ours_is_one_sentence_and_kept_by_nobody(
    client: Client, paths: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the inside")

    monkeypatch.setattr(content, "consensus", broken)
    with capture_logs() as told:
        response = client.get(paths["consensus"])
    assert (response.status_code, response["Cache-Control"]) == (500, "no-store")
    assert response.json() == {"detail": "Something went wrong on our side. Try again in a minute."}
    assert [(one["event"], str(one["exc_info"])) for one in told] == [("api_failed", "the inside")]
