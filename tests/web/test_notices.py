"""Emergency numbers and what the site says about itself."""

import re
from typing import Any

import pytest
from django.test import Client

from consilium.web import emergency
from tests.web.pages import page, words

pytestmark = pytest.mark.django_db


def test_numbers_of_at_least_sixty_countries() -> None:
    countries = emergency.countries()
    assert len(countries) >= 60
    known = {"US": "911", "GB": "999", "AT": "144", "AU": "000", "NZ": "111", "JP": "119", "IN": "112", "CN": "120", "BR": "192"}
    for code, number in known.items():
        assert countries[code].numbers[0] == number
    for code, row in countries.items():
        assert re.fullmatch("[A-Z]{2}", code)
        assert row.country_name
        assert all(re.fullmatch(r"\d{2,5}", number) for number in row.numbers)
    # 112 reaches help everywhere in the European Union.
    union = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
    assert all("112" in countries[code].numbers for code in union.split())


@pytest.mark.parametrize(("country", "number"), [("GB", "999 or 112"), ("JP", "119")])
def test_the_readers_own_country_comes_first(country: str, number: str) -> None:
    visitor = Client()
    visitor.cookies["country"] = country
    response = visitor.get("/urgent/")
    card = page(response).xpath("//section[contains(@class, 'sos')]")[0]
    assert card.xpath(".//h2//span[@class='vh']")[0].text_content().strip() == "Emergency:"
    assert f"Call {number} now if:" in card.text_content()
    assert not card.xpath(".//a")
    rows = page(response).xpath("//tbody/tr")
    assert len(rows) == len(emergency.countries()) - 1
    assert emergency.countries()[country].country_name not in [row[0].text_content() for row in rows]


def test_a_phone_can_call_from_the_page() -> None:
    visitor = Client()
    visitor.cookies["country"] = "DE"
    own = emergency.countries()["DE"]
    calls = page(visitor.get("/urgent/")).xpath("//a[starts-with(@href, 'tel:')]")
    assert [call.get("href") for call in calls] == ["tel:112", f"tel:{own.lifeline.replace(' ', '')}"]
    assert own.lifeline in calls[1].text_content()


def test_the_sites_country_serves_who_chose_none(settings: Any) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update={"country": "AU"})
    assert "call 000 or 112" in words(Client().get("/"), "//footer")
    settings.CONFIG = settings.CONFIG.model_copy(update={"country": "AQ"})
    assert "your local emergency number" in words(Client().get("/"), "//footer")
    assert "Call 112 now if:" in words(Client().get("/urgent/"))


@pytest.mark.parametrize("path", ["/urgent/", "/disclaimer/", "/privacy/", "/accessibility/", "/help/"])
def test_a_notice_asks_the_database_nothing_and_sets_no_cookie(path: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        response = Client().get(path)
    assert response.status_code == 200
    assert not response.cookies
    assert b"csrfmiddlewaretoken" not in response.content


def test_privacy_names_every_cookie_that_is_set(settings: Any) -> None:
    named = set(page(Client().get("/privacy/")).xpath("//dt/code/text()"))
    visitor = Client()
    visitor.get("/accounts/signup/")
    visitor.post("/preferences/", {"theme": "auto", "country": "US", "time_zone": "UTC"})
    visitor.post("/accounts/signup/", {"email": "ada@example.org", "password1": "a long enough passphrase"})
    assert set(visitor.cookies) <= named
    assert {"sessionid", "csrftoken", "theme", "country", "tz", "messages"} == named


def test_privacy_says_whom_the_site_asks_about_papers_only_where_it_does(settings: Any) -> None:
    assert "Crossref" not in words(Client().get("/privacy/"))
    settings.CONFIG = settings.CONFIG.model_copy(update={"metadata": "crossref"})
    assert "sends the numbers of those papers" in words(Client().get("/privacy/"))


def test_the_operators_contact_is_shown_where_there_is_one(settings: Any) -> None:
    assert "mailto:" not in Client().get("/privacy/").content.decode()
    settings.CONFIG = settings.CONFIG.model_copy(update={"contact": "mailto:us@doctors.example"})
    for path in ("/privacy/", "/help/", "/accessibility/"):
        assert page(Client().get(path)).xpath("//main//a[@href='mailto:us@doctors.example']"), path
