"""Who reaches the editors' pages: every address, every kind of visitor."""

import pytest
from django.test import Client
from django.urls import reverse

from consilium.accounts.models import Person
from consilium.doctors.actions import request_claim
from consilium.evidence.actions import Source, keep_sources
from consilium.questions.actions import merge as merge_questions
from consilium.web.editor_urls import urlpatterns
from tests.factories import (
    PASSWORD,
    make_answer,
    make_doctor,
    make_imported_answer,
    make_person,
    make_question,
    make_source,
    make_statement,
    make_topic,
    make_verified,
)
from tests.web.pages import links, signed_in, words

pytestmark = pytest.mark.django_db

WITHOUT = ("patient", "doctor", "moderator", "clinical_moderator")
WITH = ("editor", "admin")
NAMES = [str(pattern.name) for pattern in urlpatterns]


def visitor(kind: str) -> Person:
    person = make_person(roles=() if kind in {"patient", "doctor"} else (kind,))
    if kind == "doctor":
        make_doctor(person=person)
    return person


def things() -> dict[str, str]:
    """The address of every page, with things that exist."""
    question = make_question(source=make_source(), state="archived", asked_by=None)
    make_statement(question)
    doctor, topic = make_verified(), make_topic()
    source = Source("10.1000/first.1", "rct", says=[])
    (citation,) = keep_sources(answer=make_answer(make_question()), sources=[source], person=None)
    merge = merge_questions(person=make_person(roles=("editor",)), question=make_question(), canonical=make_question())
    arguments: dict[str, object] = {
        "editor_code": make_imported_answer(question).pk,
        "editor_claim": request_claim(person=make_person(), doctor=make_doctor(), proof="It is me.").pk,
        "editor_doctor": doctor.slug,
        "editor_work": citation.work_id,
        "editor_citation": citation.pk,
        "editor_needs": topic.slug,
        "editor_unmerge": merge.pk,
        "editor_revoke": doctor.credentials_held.get().pk,
    }
    return {name: reverse(f"web:{name}", args=[arguments[name]] if name in arguments else []) for name in NAMES}


def test_a_visitor_is_sent_to_sign_in() -> None:
    for name, address in things().items():
        assert Client().get(address)["Location"] == f"/accounts/login/?next={address}", name
        assert Client().post(address, {})["Location"] == f"/accounts/login/?next={address}", name


@pytest.mark.parametrize("kind", WITHOUT)
def test_others_are_told_that_it_is_for_editors(kind: str) -> None:
    client = signed_in(visitor(kind))
    for name, address in things().items():
        for response in (client.get(address), client.post(address, {"value1": "yes"})):
            assert response.status_code == 403, name
            assert "This page is for editors." in words(response), name


@pytest.mark.parametrize("kind", WITH)
def test_editors_see_it_and_no_browser_keeps_it(kind: str) -> None:
    client = signed_in(visitor(kind))
    for name, address in things().items():
        response = client.get(address)
        assert response.status_code == 200, name
        assert response["Cache-Control"] == "private, no-store", name


def test_a_form_without_its_token_changes_nothing() -> None:
    person, addresses = visitor("editor"), things()
    client = Client(enforce_csrf_checks=True)
    assert client.login(email=person.email, password=PASSWORD)
    for name, address in addresses.items():
        assert client.post(address, {}).status_code == 403, name


@pytest.mark.parametrize("kind", WITHOUT + WITH)
def test_the_account_page_leads_there_for_editors_alone(kind: str) -> None:
    assert ("/editor/" in links(signed_in(visitor(kind)).get("/account/"), "//a/@href")) == (kind in WITH)
