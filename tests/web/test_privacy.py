"""Two pseudonyms of one person never meet, and no page shows an address or who voted."""

from typing import Any

import pytest
from django.test import Client
from lxml import html

from consilium.questions import actions
from consilium.questions.models import QuestionLink
from tests.factories import make_answer, make_doctor, make_person, make_question, make_topic

pytestmark = pytest.mark.django_db


def crawl(start: tuple[str, ...]) -> dict[str, str]:
    """Every page that a visitor reaches from these, by its path."""
    visitor, found, waiting = Client(), dict[str, str](), list(start)
    while waiting:
        path = waiting.pop().removeprefix("http://testserver").split("#")[0]
        if path in found or not path.startswith("/") or path.startswith("/static/"):
            continue
        response: Any = visitor.get(path, follow=True)
        found[path] = response.content.decode()
        if "html" in response["Content-Type"]:
            waiting.extend(map(str, html.fromstring(found[path]).xpath("//a/@href | //link/@href")))
        elif "xml" in response["Content-Type"]:
            waiting.extend(map(str, html.fromstring(found[path].encode()).xpath("//loc/text() | //link/@href")))
    return found


def test_two_pseudonyms_of_one_person_never_stand_on_one_page() -> None:
    person, topic, doctor = (
        make_person("secret.name@example.org", display_name="Secret Name"),
        make_topic("Lupus"),
        make_doctor("Ada Examplewood"),
    )
    names = ("Crimson Ptarmigan", "Velvet Nuthatch", "Amber Heron")  # at random, two of three are the same now and then
    questions = [make_question(f"Question {n}?", person=person, topics=(topic,), alias=name) for n, name in enumerate(names)]
    for question in questions:
        actions.vote(person=person, answer=make_answer(question, doctor=doctor))
    for question in questions:
        for other in questions:
            if other != question:
                QuestionLink.objects.create(question=question, other=other, kind="related")
    aliases = {question.alias for question in questions}
    assert len(aliases) == 3
    pages = crawl(("/", "/sitemap.xml", "/feed.atom", "/robots.txt"))
    kinds = {path for path in pages if path.endswith((".atom", ".xml"))}
    assert len(pages) > 30
    assert len(kinds) > 8
    seen = set()
    for path, text in pages.items():
        shown = {alias for alias in aliases if alias in text}
        seen |= shown
        assert len(shown) <= 1, path
        for secret in ("secret.name", "Secret Name", person.key, f"person {person.pk}"):
            assert secret not in text, path
    assert seen == aliases


def test_the_asker_alone_sees_all_their_names() -> None:
    person = make_person()
    questions = [make_question(person=person) for _ in range(2)]
    client = Client()
    client.force_login(person)
    response = client.get("/account/")
    assert all(question.alias in response.content.decode() for question in questions)
    assert response["Cache-Control"] == "private, no-store"
