"""Colours, country and time zone."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from consilium.questions.models import Question
from tests.factories import make_person, make_question
from tests.web.pages import page, signed_in, words

pytestmark = pytest.mark.django_db

WANTED = {"theme": "dark", "country": "AT", "time_zone": "Asia/Tokyo"}


def save(client: Client, **fields: str) -> object:
    return client.post("/preferences/", {**WANTED, **fields})


def test_a_visitor_keeps_them_in_cookies_for_a_year() -> None:
    visitor = Client()
    response = save(visitor)
    assert response["Location"] == "/preferences/"  # type: ignore[index]
    for name, value in (("theme", "dark"), ("country", "AT"), ("tz", "Asia/Tokyo")):
        cookie = visitor.cookies[name]
        assert (cookie.value, cookie["max-age"], cookie["samesite"], cookie["httponly"]) == (value, 31536000, "Lax", True)
    tree = page(visitor.get("/"))
    assert tree.get("data-theme") == "dark"
    assert "144 or 112" in words(visitor.get("/"), "//footer")


def test_a_member_keeps_them_with_the_account() -> None:
    person = make_person()
    save(signed_in(person))
    person.refresh_from_db()
    assert (person.theme, person.country, person.time_zone) == ("dark", "AT", "Asia/Tokyo")
    elsewhere = signed_in(person)
    assert page(elsewhere.get("/")).get("data-theme") == "dark"
    form = page(elsewhere.get("/preferences/"))
    assert form.xpath("//select[@name='time_zone']/option[@selected]/@value") == ["Asia/Tokyo"]
    assert form.xpath("//input[@name='theme'][@checked]/@value") == ["dark"]


def test_days_are_those_of_the_readers_time_zone() -> None:
    question = make_question()
    Question.objects.filter(pk=question.pk).update(asked_at=datetime(2026, 3, 4, 20, 0, tzinfo=UTC))
    visitor = Client()
    assert "4 March 2026" in words(visitor.get(question.get_absolute_url()))
    visitor.cookies["tz"] = "Asia/Tokyo"
    assert "5 March 2026" in words(visitor.get(question.get_absolute_url()))


@pytest.mark.parametrize(
    ("wanted", "then"),
    [
        ("/help/", "/help/"),
        ("/q/1/x/#a2", "/q/1/x/#a2"),
        ("https://evil.example/", "/preferences/"),
        ("//evil.example", "/preferences/"),
        ("/\\evil.example", "/preferences/"),
        ("javascript:alert(1)", "/preferences/"),
        ("", "/preferences/"),
    ],
)
def test_next_leads_to_this_site_alone(wanted: str, then: str) -> None:
    assert save(Client(), next=wanted)["Location"] == then  # type: ignore[index]


def test_nonsense_is_refused_and_cookies_with_nonsense_count_for_nothing() -> None:
    visitor = Client()
    response = save(visitor, country="ZZ", time_zone="Mars/Olympus")
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert "Choose a country from the list" in words(response)  # type: ignore[arg-type]
    assert page(response).xpath("//title/text()")[0].startswith("Error: ")  # type: ignore[arg-type]
    assert "theme" not in visitor.cookies
    for name, value in (("theme", "pink"), ("country", "ZZ"), ("tz", "../../etc/passwd")):
        visitor.cookies[name] = value
    response = visitor.get("/help/")
    assert response.status_code == 200
    assert page(response).get("data-theme") is None
    assert "911" in words(response, "//footer")


def test_the_form_needs_its_token() -> None:
    assert Client(enforce_csrf_checks=True).post("/preferences/", WANTED).status_code == 403
    assert Client().get("/preferences/")["Cache-Control"] == "private, no-store"
