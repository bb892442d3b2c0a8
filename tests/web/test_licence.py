"""A copied text keeps its source and its licence beside it, also on the page of another question to which it moved."""

from typing import Any

import pytest
from django.test import Client

from consilium.questions.models import Answer, AnswerOrigin, Comment, Question
from tests.factories import make_answer, make_imported_answer, make_merge, make_question, make_source, make_statement
from tests.web.pages import links, words

pytestmark = pytest.mark.django_db
SAID = "Copied from A site of doctors. Licence: CC BY-SA 4.0."


def copied(**fields: Any) -> Answer:
    source = make_source(kind="stackexchange", name="A site of doctors", licence="CC BY-SA 4.0", url="https://a.example/")
    question = make_question("Copied?", source=source, state="archived", **fields)
    answer = make_imported_answer(question)
    Comment.objects.create(question=question, answer=answer, body="A remark.")
    return answer


def moved(answer: Answer) -> Question:
    kept = make_question("Asked here?")
    make_answer(kept)
    make_merge(answer.question, kept)
    return kept


def read(client: Client, path: str) -> Any:
    return client.get(path)


def test_the_page_says_it_once_below_the_answer_and_once_below_its_comments(client: Client) -> None:
    answer = copied(source_url="https://a.example/q/7")
    before = read(client, answer.question.get_absolute_url())
    assert SAID not in words(before, "//article"), "there the question says so"
    kept = moved(answer)
    shown = read(client, kept.get_absolute_url())
    assert words(shown, f"//article[@id='a{answer.pk}']").count(SAID) == 2
    assert words(shown, "//main").count(SAID) == 2, "only of what was copied"
    assert links(shown, f"//article[@id='a{answer.pk}']//a/@href").count("https://a.example/q/7") == 2


def test_the_address_of_the_answer_itself_is_better(client: Client) -> None:
    answer = copied(source_url="https://a.example/q/7")
    AnswerOrigin.objects.create(answer=answer, url="https://a.example/a/78")
    shown = read(client, moved(answer).get_absolute_url())
    found = links(shown, "//article//a/@href")
    assert "https://a.example/a/78" in found
    assert "https://a.example/q/7" not in found


def test_a_file_whose_name_says_nothing_is_not_named(client: Client) -> None:
    answer = make_imported_answer(make_question(source=make_source(), state="archived"))
    said = words(read(client, moved(answer).get_absolute_url()), "//article")
    assert "Copied from a saved page of an unknown site." in said
    assert "page-" not in said


def test_a_feed_and_a_sheet_say_it_too(client: Client) -> None:
    answer = copied()
    kept = moved(answer)
    feed = client.get(f"/q/{kept.pk}/feed.atom").content.decode()
    rights = "<rights>Copied from A site of doctors. https://a.example/ Licence: CC BY-SA 4.0.</rights>"
    assert feed.count("<rights>") == 1
    assert rights in feed
    assert SAID in words(read(client, f"/q/{kept.pk}/sheet/"))


def test_it_costs_no_query(client: Client, django_assert_max_num_queries: Any) -> None:
    answer = copied()
    make_statement(answer.question)
    kept = moved(answer)
    make_statement(kept)
    with django_assert_max_num_queries(12):
        client.get(kept.get_absolute_url())
