"""Atom feeds: valid, whole, safe, and silent about who asked what."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from lxml import etree, html

from consilium.questions import actions
from consilium.questions.models import Question
from tests.factories import make_answer, make_doctor, make_imported_answer, make_person, make_question, make_topic

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def feed_of(path: str, client: Client | None = None) -> Any:
    """The feed as a tree, after the checks that hold for every feed (RFC 4287, 4.1)."""
    response = (client or Client()).get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    tree = etree.fromstring(response.content)
    assert tree.tag == "{http://www.w3.org/2005/Atom}feed"
    for node in [tree, *tree.findall("a:entry", ATOM)]:
        for name in ("id", "title", "updated"):
            assert len(node.findall(f"a:{name}", ATOM)) == 1
        assert datetime.fromisoformat(node.findtext("a:updated", namespaces=ATOM)).tzinfo
    assert tree.find("a:author", ATOM) is not None
    assert len({node.text for node in tree.iterfind(".//a:id", ATOM)}) == len(tree.findall(".//a:id", ATOM))
    hrefs = [node.get("href") for node in tree.iterfind(".//a:link", ATOM)] + [
        node.text for node in tree.iterfind(".//a:uri", ATOM)
    ]
    assert all(href.startswith("http://testserver/") for href in hrefs)
    assert tree.find("a:link[@rel='self']", ATOM).get("href") == f"http://testserver{path}"
    return tree


def texts(tree: Any, name: str) -> list[str]:
    return [node.text for node in tree.iterfind(f"a:entry/a:{name}", ATOM)]


def test_site_and_topic_feeds_list_the_newest_questions() -> None:
    topic = make_topic("Lupus")
    old, new = make_question("Old?", topics=(topic,), alias="Velvet Nuthatch"), make_question("New?", language="es")
    site = feed_of("/feed.atom")
    assert texts(site, "title") == ["New?", "Old?"]
    assert texts(feed_of("/topics/lupus/feed.atom"), "title") == ["Old?"]
    entry = site.find("a:entry", ATOM)
    assert entry.get(LANG) == "es"
    assert entry.find("a:link", ATOM).get("href") == f"http://testserver{new.get_absolute_url()}"
    assert entry.findtext("a:id", namespaces=ATOM) == f"http://testserver/q/{new.pk}/"
    assert entry.findtext("a:content", namespaces=ATOM) == "<p>Some words.</p>\n"
    assert old.alias not in etree.tostring(site, encoding="unicode")


def test_question_and_doctor_feeds_list_the_newest_answers() -> None:
    question, doctor = make_question(), make_doctor("Ada Examplewood")
    answer = make_answer(question, doctor=doctor, headline="Ask a colleague first")
    other = make_answer(question, headline="No")
    assert texts(feed_of(f"/q/{question.pk}/feed.atom"), "title") == ["No", "Ask a colleague first"]
    tree = feed_of(f"/doctors/{doctor.slug}/feed.atom")
    entry = tree.find("a:entry", ATOM)
    assert entry.find("a:link", ATOM).get("href") == f"http://testserver{answer.get_absolute_url()}"
    assert entry.findtext("a:author/a:name", namespaces=ATOM) == "Ada Examplewood, MD"
    actions.withdraw_answer(person=other.written_by, answer=other)  # type: ignore[arg-type]
    assert texts(feed_of(f"/q/{question.pk}/feed.atom"), "title") == ["Ask a colleague first"]


def test_a_feed_without_entries_is_valid() -> None:
    make_topic("Lupus")
    for path in (
        "/feed.atom",
        "/topics/lupus/feed.atom",
        f"/q/{make_question().pk}/feed.atom",
        f"/doctors/{make_doctor().slug}/feed.atom",
    ):
        feed_of(path)


def test_a_date_that_is_unknown_is_not_published() -> None:
    make_question(asked_at=None)
    assert texts(feed_of("/feed.atom"), "published") == []
    question = make_question()
    make_imported_answer(question)
    assert texts(feed_of("/feed.atom"), "published") == [question.asked_at.isoformat()]  # type: ignore[union-attr]
    assert texts(feed_of(f"/q/{question.pk}/feed.atom"), "published") == []


def test_updated_moves_with_an_edit() -> None:
    person = make_person()
    question = make_question(person=person)
    before = feed_of("/feed.atom").findtext("a:updated", namespaces=ATOM)
    actions.edit_question(person=person, question=question, title="Other words?", body="", based_on=1)
    tree = feed_of("/feed.atom")
    assert tree.findtext("a:updated", namespaces=ATOM) > before
    assert tree.findtext("a:entry/a:updated", namespaces=ATOM) == tree.findtext("a:updated", namespaces=ATOM)


def test_content_is_the_cleaned_html_and_hostile_text_stays_text() -> None:
    question = make_question("<b>&amp; \x08 \ufffe?</b>", person=make_person())
    Question.objects.filter(pk=question.pk).update(title="<b>&amp; \x08\ufffe]]>?</b>")
    make_answer(question, headline="<script>", body="<script>alert(1)</script> [x](javascript:alert(1)) [local](/help/)")
    for path in ("/feed.atom", f"/q/{question.pk}/feed.atom"):
        feed_of(path)
    tree = feed_of(f"/q/{question.pk}/feed.atom")
    assert tree.findtext("a:title", namespaces=ATOM) == "<b>&amp; ]]>?</b>"
    content = html.fromstring(tree.findtext("a:entry/a:content", namespaces=ATOM))
    assert not content.xpath("//script | //@onclick | //a[starts-with(@href, 'javascript')]")
    assert tree.get("{http://www.w3.org/XML/1998/namespace}base") == "http://testserver/"


def test_thirty_entries_and_a_constant_number_of_queries(django_assert_num_queries: Any) -> None:
    question = make_question()
    for path in ("/feed.atom", f"/q/{question.pk}/feed.atom"):
        feed_of(path)
    for _ in range(31):
        make_question()
        make_answer(question)
    with django_assert_num_queries(1):
        assert len(texts(feed_of("/feed.atom"), "title")) == 30
    with django_assert_num_queries(2):
        assert len(texts(feed_of(f"/q/{question.pk}/feed.atom"), "title")) == 30


def test_what_does_not_exist_is_missing() -> None:
    question = make_question(state="withdrawn")
    for path in (f"/q/{question.pk}/feed.atom", "/topics/none/feed.atom", "/doctors/none/feed.atom"):
        assert Client().get(path).status_code == 404
