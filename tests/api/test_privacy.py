"""No answer of the API leads from one question of a person to another, or to the person."""

from typing import Any

import pytest
from django.test import Client

from consilium.questions import actions
from tests.factories import (
    make_answer,
    make_coding,
    make_imported_answer,
    make_person,
    make_question,
    make_source,
    make_stance,
    make_statement,
    make_topic,
    make_verified,
)

pytestmark = pytest.mark.django_db


def everything(client: Client) -> dict[str, str]:
    """Every answer that a program reaches from the list."""
    found, waiting = dict[str, str](), ["/api/v1/questions", "/api/", "/api/v1/openapi.json"]
    while waiting:
        path = waiting.pop()
        response: Any = client.get(path)
        found[path] = response.content.decode()
        more = response.json() if response["Content-Type"].startswith("application/json") else {}
        if not isinstance(more, dict):
            continue
        addresses = [more.get("next"), more.get("consensus_url"), *(one["api_url"] for one in more.get("questions", ()))]
        waiting += [address.removeprefix("http://testserver") for address in addresses if address]
    return found


def test_no_pseudonym_beside_another_no_address_and_no_key_of_a_person(client: Client) -> None:
    person = make_person("secret.name@example.org", display_name="Secret Name")
    editors = [make_person(f"editor{n}@example.org", roles=("editor",)) for n in range(2)]
    topic, doctor = make_topic(), make_verified(person=make_person("dr.secret@example.org"))
    questions = [make_question(person=person, topics=(topic,)) for _ in range(3)]
    for question in questions:
        answer = make_answer(question, doctor=doctor)
        make_stance(make_statement(question), "yes_if", doctor=doctor, answer=answer)
        actions.vote(person=person, answer=answer)
    copied = make_question(source=make_source(name="secret-file.txt"), state="archived", asked_by=None, alias="")
    statement, imported = make_statement(copied), make_imported_answer(copied, source=copied.source)
    for editor in editors:
        make_coding(imported, statement, "yes_if", editor.key, person=editor)
    answers = everything(client)
    assert len(answers) == 3 + 2 * 4
    aliases, seen = {question.alias for question in questions}, set()
    people = [person, *editors, doctor.person]
    secrets = ["secret.name", "Secret Name", "secret-file", "example.org", "@", *(one.key for one in people if one)]
    for path, text in answers.items():
        shown = {alias for alias in aliases if alias in text}
        assert len(shown) <= 1, path
        seen |= shown
        assert [secret for secret in secrets if secret in text and path != "/api/"] == [], path
    assert seen == aliases
    assert not any(alias in answers["/api/v1/questions"] for alias in aliases)
