"""Pages for what went wrong."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory

from consilium.web.views import errors
from tests.factories import make_person, make_question
from tests.web.pages import page, signed_in, words


def boom(request: HttpRequest, **_: Any) -> None:
    raise RuntimeError("secret inside")


@pytest.mark.django_db
def test_a_missing_page_says_so_and_leads_on() -> None:
    for path in ("/nothing/here/", "/q/999/", "/doctors/nobody/", "/topics/none/"):
        response = Client().get(path)
        assert response.status_code == 404
        assert "There is no page at this address" in words(response)
        assert "No Question" not in words(response)
        assert page(response).xpath("//main//a/@href") == ["/"]
        assert page(response).xpath("//title/text()") == ["Page not found – Consilium"]


@pytest.mark.django_db
def test_a_sentence_of_ours_is_shown() -> None:
    assert "This place in the list does not exist" in words(Client().get("/?after=nonsense"))


@pytest.mark.django_db
def test_a_refusal_gives_its_reason() -> None:
    question = make_question()
    response = signed_in(make_person()).get(f"/q/{question.pk}/edit/")
    assert response.status_code == 403
    assert "Only the person who asked" in words(response)


@pytest.mark.django_db
def test_a_form_without_its_token_is_explained() -> None:
    visitor = Client(enforce_csrf_checks=True)
    response = visitor.post("/preferences/", {"theme": "dark"})
    assert response.status_code == 403
    assert "Allow cookies" in words(response)
    visitor.cookies["csrftoken"] = "x" * 32
    assert "your text is still there" in words(visitor.post("/preferences/", {"theme": "dark"}))


def test_a_failure_is_told_without_database_and_without_the_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consilium.web.reader.find", boom)
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32
    response = client.get("/help/")  # no database mark: a query would raise
    assert response.status_code == 500
    assert "The page could not be made" in words(response)
    assert b"secret inside" not in response.content
    assert response["Cache-Control"] == "no-store"


def test_a_broken_frame_still_gives_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consilium.web.context.common", boom)
    response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"<h1>Something went wrong</h1>" in response.content


def test_an_unknown_host_gets_a_page_of_ours() -> None:
    response = Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "cannot read" in words(response)
    assert b"evil.example" not in response.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "shown"),
    [(Http404("No such thing"), False), (Http404("This was moved. Look in the list."), True), (Http404({"path": "x"}), False)],
)
def test_only_whole_sentences_of_ours_are_shown(error: Http404, shown: bool, rf: RequestFactory) -> None:
    request = rf.get("/x/")
    request.user = make_person()
    text = errors.not_found(request, error).content.decode()
    assert ("Look in the list." in text) is shown
    assert errors.forbidden(request, PermissionDenied()).status_code == 403
    assert connection.in_atomic_block
