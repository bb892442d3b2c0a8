"""The sitemap, robots.txt and security.txt."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from lxml import etree

from consilium.questions.models import Question
from consilium.web.views import sitemap
from tests.factories import make_doctor, make_question, make_topic

pytestmark = pytest.mark.django_db


def locations(path: str) -> list[str]:
    response = Client().get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml")
    tree = etree.fromstring(response.content)
    return [str(text) for text in tree.xpath("//*[local-name()='loc']/text()")]


def everything() -> list[str]:
    """All addresses that the sitemap leads to."""
    pieces = locations("/sitemap.xml")
    return [found for piece in pieces for found in locations(piece.removeprefix("http://testserver"))]


def test_the_index_leads_to_every_public_page_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "_RANGE", 3)
    questions = [make_question(f"Título número {n}?") for n in range(7)]
    hidden = make_question(state="withdrawn")
    topic, doctor = make_topic("Lupus"), make_doctor()
    found = everything()
    assert len(found) == len(set(found))
    assert {f"http://testserver{one.get_absolute_url()}" for one in [*questions, topic, doctor]} <= set(found)
    assert not any(f"/q/{hidden.pk}/" in one for one in found)
    for one in found:
        assert Client().get(one.removeprefix("http://testserver")).status_code == 200


def test_lastmod_is_the_last_visible_change() -> None:
    question = make_question()
    Question.objects.filter(pk=question.pk).update(changed_at=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC))
    body = Client().get("/sitemaps/questions-0.xml").content.decode()
    assert "<lastmod>2026-03-04T05:06:07+00:00</lastmod>" in body


def test_a_piece_asks_one_ranged_question(django_assert_num_queries: Any) -> None:
    for _ in range(5):
        make_question()
    with django_assert_num_queries(1) as asked:
        locations("/sitemaps/questions-0.xml")
    [query] = asked.captured_queries
    assert "OFFSET" not in query["sql"]
    assert "COUNT" not in query["sql"]
    with django_assert_num_queries(3):
        locations("/sitemap.xml")


@pytest.mark.parametrize("name", ["people-0", "pages-1", f"questions-{2**70}"])
def test_a_piece_that_does_not_exist_is_missing(name: str) -> None:
    assert Client().get(f"/sitemaps/{name}.xml").status_code == 404


def test_robots_names_the_sitemap_and_keeps_crawlers_out_of_a_demonstration(settings: Any) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update={"demo": False})
    lines = Client().get("/robots.txt").content.decode().splitlines()
    assert "Disallow: /" not in lines
    assert "Disallow: /account/" in lines
    assert "Sitemap: http://testserver/sitemap.xml" in lines
    settings.CONFIG = settings.CONFIG.model_copy(update={"demo": True})
    assert "Disallow: /" in Client().get("/robots.txt").content.decode().splitlines()


def test_security_txt_exists_when_somebody_is_named(settings: Any) -> None:
    assert Client().get("/.well-known/security.txt").status_code == 404
    settings.CONFIG = settings.CONFIG.model_copy(update={"contact": "mailto:safe@doctors.example"})
    response = Client().get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert fields["Contact"] == "mailto:safe@doctors.example"
    until = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=30) < until - datetime.now(UTC) < timedelta(days=365)
    assert fields["Canonical"] == "http://testserver/.well-known/security.txt"
