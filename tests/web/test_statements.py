"""Statements: suggested and written while asking, reworded by the asker until the first stance, by editors afterwards."""

from typing import Any

import pytest
from django.test import Client

from consilium.questions.models import Question, Statement
from consilium.topics.models import Topic
from consilium.web.forms.statements import suggestions
from tests.factories import make_person, make_question, make_stance, make_statement, make_topic
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db

WHOLE = {"title": "May I have a glow peel?", "body": "", "language": "en", "consent": "on"}
CLAIM = "Glow peel is acceptable for someone with Fern fever"


@pytest.fixture
def topics() -> tuple[Topic, Topic]:
    return make_topic("Glow peel", kind="treatment"), make_topic("Fern fever", kind="condition")


def summary(response: Any) -> dict[str, str]:
    return {node.get("href"): node.text for node in page(response).xpath("//*[@role='alert']//a")}


def lines(response: Any) -> list[tuple[str, str]]:
    """Text and kind of each line of the form."""
    tree = page(response)
    names = ("statement_", "new_", "text_")
    texts = [one for one in tree.xpath("//textarea") if one.get("name").startswith(names)]
    kinds = [tree.xpath(f"//select[@name='{one.get('name')}_kind']/option[@selected]/@value") for one in texts]
    return [((one.text or "").strip(), (kind or [""])[0]) for one, kind in zip(texts, kinds, strict=True)]


def test_a_question_is_asked_with_statements(topics: Any) -> None:
    sent = {"statement_1": CLAIM, "statement_1_kind": "safe", "statement_3": "Glow peel works", "statement_3_kind": "effective"}
    signed_in(make_person()).post("/ask/", {**WHOLE, **sent})
    assert list(Question.objects.get().statements.order_by("place").values_list("place", "text", "kind")) == [
        (1, CLAIM, "safe"), (2, "Glow peel works", "effective"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind", "field", "message"),
    [
        ("It is not dangerous", "safe", "statement_1", "Write it so that “yes” means “go ahead” or “true”: leave out “not”"),
        ("Is it safe?", "safe", "statement_1", "Write a statement, not a question"),
        ("x" * 141, "safe", "statement_1", "The statement is too long: write at most 140 characters."),
        ("", "safe", "statement_1", "Write what a doctor can agree with or not."),
        (CLAIM, "", "statement_1_kind", "Choose what doctors are asked"),
        (CLAIM, "weather", "statement_1_kind", "Choose from the list what doctors are asked"),
    ],
)
def test_each_mistake_has_one_sentence_and_nothing_is_asked(text: str, kind: str, field: str, message: str) -> None:
    response = signed_in(make_person()).post("/ask/", {**WHOLE, "statement_1": text, "statement_1_kind": kind})
    assert response.status_code == 422
    found = summary(response)
    assert list(found) == [f"#id_{field}"]
    assert found[f"#id_{field}"].startswith(message)
    assert lines(response)[0][0] == text
    assert not Question.objects.exists()


def test_statements_are_suggested_from_the_topics_and_everything_typed_stays(topics: Any) -> None:
    client = signed_in(make_person())
    once = page(client.get("/ask/")).xpath("//input[@name='once']/@value")[0]
    sent = {
        "title": "May I?", "body": "Half typed", "language": "he", "topics": [str(topic.pk) for topic in topics], "once": once,
        "statement_2": "My own words", "more": "statements",
    }  # fmt: skip
    response = client.post("/ask/", sent)
    assert response.status_code == 200
    assert lines(response) == [
        (CLAIM, "safe"), ("My own words", ""), ("Glow peel works for someone with Fern fever", "effective"),
        ("Glow peel is recommended for someone with Fern fever", "recommended"),
    ]  # fmt: skip
    tree = page(response)
    assert not tree.xpath("//*[@role='alert']")
    assert tree.xpath("//textarea[@name='body']")[0].text.strip() == "Half typed"
    assert len(tree.xpath("//input[@name='topics'][@checked]")) == 2
    assert tree.xpath("//select[@name='language']/option[@selected]/@value") == ["he"]
    assert tree.xpath("//input[@name='once']/@value") == [once], "sent twice it is still one question"
    assert not Question.objects.exists()


def test_a_topic_named_in_words_is_used_and_an_unknown_one_is_said(topics: Any) -> None:
    client = signed_in(make_person())
    response = client.post("/ask/", {**WHOLE, "other_topics": "Glow peel", "more": "statements"})
    assert lines(response)[0] == ("Glow peel is acceptable in the situation described here", "safe")
    response = client.post("/ask/", {"other_topics": "Glowp eel", "more": "statements"})
    assert list(summary(response)) == ["#id_other_topics"], "what was not asked for is not complained about"


def test_without_a_treatment_the_reader_is_told_what_to_do(topics: Any) -> None:
    response = signed_in(make_person()).post("/ask/", {**WHOLE, "topics": str(topics[1].pk), "more": "statements"})
    assert "Tick a treatment above" in words(response, "//*[@id='statements']")
    assert lines(response) == [("", "")] * 4


def test_at_most_four_are_suggested_and_none_twice() -> None:
    topics = [make_topic(f"Peel {n}", kind="treatment") for n in range(3)] + [make_topic("Fern fever", kind="condition")]
    found = suggestions(topics, ["peel 0 is acceptable for someone with  fern fever"])
    assert len(found) == 4
    assert "Peel 0 is acceptable for someone with Fern fever" not in [text for text, _kind in found]


def test_the_enter_key_sends_the_form_instead_of_asking_for_suggestions() -> None:
    form = page(signed_in(make_person()).get("/ask/")).xpath("//main//form")[0]
    first = form.xpath(".//button[@type='submit']")[0]
    assert first.get("name") is None


def test_the_asker_adds_and_rewords_until_the_first_stance() -> None:
    question = make_question()
    assert question.asked_by is not None
    client, address = signed_in(question.asked_by), f"/q/{question.pk}/statements/"
    assert address in links(client.get(question.get_absolute_url()))
    client.post(address, {"new_1": CLAIM, "new_1_kind": "safe"})
    first = question.statements.get()
    response = client.post(address, {f"text_{first.pk}": "A peel works", f"text_{first.pk}_kind": "effective"})
    assert response["Location"] == question.get_absolute_url()
    first = question.statements.get()
    assert (first.text, first.kind, first.version) == ("A peel works", "effective", 1)
    make_stance(first)
    response = client.get(address)
    assert "A peel works" in words(response, "//section[@aria-labelledby='fixed']")
    assert len(lines(response)) == 3
    client.post(address, {f"text_{first.pk}": "A peel fails", f"text_{first.pk}_kind": "effective"})
    assert question.statements.get().text == "A peel works"


def test_a_mistake_in_one_line_saves_none() -> None:
    question = make_question()
    assert question.asked_by is not None
    address = f"/q/{question.pk}/statements/"
    sent = {"new_1": CLAIM, "new_1_kind": "safe", "new_2": "Never do it", "new_2_kind": "safe"}
    response = signed_in(question.asked_by).post(address, sent)
    assert response.status_code == 422
    assert list(summary(response)) == ["#id_new_2"]
    assert not Statement.objects.exists()


def test_a_stance_that_comes_meanwhile_is_said_at_its_line() -> None:
    question = make_question()
    assert question.asked_by is not None
    statement = make_statement(question)
    client, address = signed_in(question.asked_by), f"/q/{question.pk}/statements/"
    make_stance(statement)
    response = client.post(address, {f"text_{statement.pk}": "A peel works", f"text_{statement.pk}_kind": "effective"})
    statement.refresh_from_db()
    assert statement.version == 1
    assert statement.text != "A peel works"
    assert response.status_code == 302, "the line is not on the form any more"


def test_an_editor_rewords_a_taken_statement_into_a_new_version_and_takes_one_off() -> None:
    question = make_question(state="archived")
    taken, other = make_statement(question), make_statement(question, "Something else is true.", "fact")
    make_stance(taken)
    client, address = signed_in(make_person(roles=("editor",))), f"/q/{question.pk}/statements/"
    assert "Another one begins a new count" in words(client.get(address))
    same = {f"text_{other.pk}": other.text, f"text_{other.pk}_kind": other.kind}
    client.post(address, same | {f"text_{taken.pk}": "A peel works", f"text_{taken.pk}_kind": "effective"})
    new = question.statements.active().get(place=1)
    assert (new.text, new.version, new.replaces) == ("A peel works", 2, taken)
    client.post(address, {"retire": str(new.pk)})
    assert list(question.statements.active()) == [other]
    for wrong in ("", "x", str(taken.pk), "9" * 40):
        assert client.post(address, {"retire": wrong}).status_code == 404


def test_nobody_else_touches_statements() -> None:
    question = make_question()
    statement, address = make_statement(question), f"/q/{question.pk}/statements/"
    sent = {f"text_{statement.pk}": "A peel works", f"text_{statement.pk}_kind": "effective"}
    for response in (Client().get(address), Client().post(address, sent)):
        assert response["Location"].startswith("/accounts/login/")
    for client in (signed_in(make_person()), signed_in(make_stance(statement).doctor.person)):
        assert client.get(address).status_code == 403
        assert client.post(address, sent).status_code == 403
        assert client.post(address, {"retire": str(statement.pk)}).status_code == 403
        assert address not in links(client.get(question.get_absolute_url()))
    assert question.asked_by is not None
    assert signed_in(question.asked_by).post(address, {"retire": str(statement.pk)}).status_code == 403
    assert question.statements.active().get() == statement
