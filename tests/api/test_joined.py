"""A program that asks for a joined question is sent to the other one, as long as it is joined."""

import pytest
from django.test import Client

from consilium.questions import actions
from consilium.questions.models import Question
from tests.api.openapi import checked
from tests.factories import make_answer, make_merge, make_person, make_question, make_statement

pytestmark = pytest.mark.django_db
OPERATIONS = ["/questions/{number}", "/questions/{number}/consensus"]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_it_leads_to_the_same_operation_there(client: Client, operation: str) -> None:
    first, second, last = (make_question() for _ in range(3))
    make_merge(first, second)
    merge = make_merge(second, last)
    address = f"/api/v1{operation}"
    response = client.get(address.format(number=first.pk))
    assert "joined with another one" in checked(response, operation, 301)["detail"]
    assert response["Location"] == f"http://testserver{address.format(number=last.pk)}"
    assert response["Cache-Control"] == "public, no-cache"
    assert client.head(address.format(number=first.pk)).status_code == 301
    actions.unmerge(person=make_person(roles=("editor",)), merge=merge)
    assert client.get(address.format(number=second.pk)).status_code == 200


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_copy_is_not_confirmed_across_a_merge_and_nothing_fails_at_its_end(client: Client, operation: str) -> None:
    question, canonical = make_question(), make_question()
    make_statement(question)
    address = f"/api/v1{operation}".format(number=question.pk)
    tag = client.get(address)["ETag"]
    make_merge(question, canonical)
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 301
    Question.objects.filter(pk=canonical.pk).update(state="withdrawn")
    assert client.get(address).status_code == 404


def test_the_list_has_the_page_that_stays_alone(client: Client) -> None:
    question, canonical = make_question(), make_question()
    answer = make_answer(question)
    make_merge(question, canonical)
    assert [row["id"] for row in client.get("/api/v1/questions").json()["questions"]] == [canonical.pk]
    given = checked(client.get(f"/api/v1/questions/{canonical.pk}"), "/questions/{number}")
    assert [one["id"] for one in given["answers"]] == [answer.pk]


def test_a_variant_names_what_it_is_one_of_while_that_can_be_read(client: Client) -> None:
    root = make_question()
    variant = make_question(variant_of=root, difference="during pregnancy")
    address = f"/api/v1/questions/{variant.pk}"
    given = checked(client.get(address), "/questions/{number}")
    assert (given["variant_of"], given["difference"]) == (root.pk, "during pregnancy")
    Question.objects.filter(pk=root.pk).update(state="withdrawn")
    given = checked(client.get(address), "/questions/{number}")
    assert (given["variant_of"], given["difference"]) == (None, "during pregnancy")
