"""An answer says where its doctor stands: fields per statement, conditions, interests."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from consilium.doctors.models import Doctor
from consilium.questions.models import Answer, Disclosure, Question, Stance, Statement
from tests.factories import (
    make_answer,
    make_doctor,
    make_person,
    make_question,
    make_specialty,
    make_stance,
    make_statement,
    make_topic,
)
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db

TEXT = {"headline": "Wait two weeks", "body": "Then **ask** again.", "language": "en"}


@pytest.fixture
def treatment() -> Any:
    return make_topic("Glow peel", kind="treatment")


@pytest.fixture
def question(treatment: Any) -> Question:
    return make_question(topics=(treatment,))


@pytest.fixture
def statement(question: Question) -> Statement:
    return make_statement(question, "A glow peel is acceptable for someone with Fern fever.")


def doctor_and_browser() -> tuple[Doctor, Client]:
    person = make_person()
    return make_doctor(person=person), signed_in(person)


def whole(statement: Statement, treatment: Any, value: str = "yes", **more: str) -> dict[str, str]:
    return {**TEXT, f"value_{statement.pk}": value, f"offers_{treatment.pk}": "yes", "paid": "none", **more}


def summary(response: Any) -> dict[str, str]:
    return {node.get("href"): node.text for node in page(response).xpath("//*[@role='alert']//a")}


def test_nothing_is_chosen_but_not_addressing_it(question: Question, statement: Statement) -> None:
    _, client = doctor_and_browser()
    response = client.get(f"/q/{question.pk}/answer/")
    assert statement.text in words(response, "//fieldset/legend")
    assert page(response).xpath("//input[@type='radio'][@checked]/@value") == ["not_addressed"]
    assert len(page(response).xpath(f"//input[@name='value_{statement.pk}']")) == 6
    assert len(page(response).xpath("//input[starts-with(@name, 'text_')]")) == 3, "conditions are in sight without scripts"


@pytest.mark.parametrize(
    ("kind", "yes"), [("safe", "Reasonable"), ("recommended", "Reasonable"), ("fact", "Yes"), ("other", "Yes")]
)
def test_the_words_fit_the_kind_of_the_statement(kind: str, yes: str) -> None:
    question, (_, client) = make_question(), doctor_and_browser()
    make_statement(question, kind=kind)
    assert words(client.get(f"/q/{question.pk}/answer/"), "(//fieldset//label)[1]") == yes


def test_an_answer_is_published_with_its_stance_its_condition_and_its_interests(
    question: Question, statement: Statement, treatment: Any
) -> None:
    doctor, client = doctor_and_browser()
    make_specialty("Neurology", "Neurologist")
    number = statement.pk
    sent = whole(
        statement, treatment, "yes_if", paid="paid", payer="Glow Ltd, for a talk",
        **{f"text_{number}_2": "agreement in writing", f"kind_{number}_2": "clearance", f"specialty_{number}_2": "neurology"},
        **{f"confidence_{number}": "high"},
    )  # fmt: skip
    response = client.post(f"/q/{question.pk}/answer/", sent)
    answer, stance = Answer.objects.get(), Stance.objects.get()
    assert response["Location"].endswith(f"#a{answer.pk}")
    assert (stance.answer, stance.value, stance.confidence, stance.source, stance.blind) == (
        answer, "yes_if", "high", "declared", True,
    )  # fmt: skip
    assert stance.conditions == [{"kind": "clearance", "specialty": "neurology", "text": "agreement in writing"}]
    assert Disclosure.objects.get().paid == "Glow Ltd, for a talk"
    assert doctor.interests.get().offers == "yes"


def test_the_specialties_of_a_condition_are_those_of_the_site(question: Question, statement: Statement) -> None:
    _, client = doctor_and_browser()
    make_specialty("Neurology", "Neurologist")
    offered = page(client.get(f"/q/{question.pk}/answer/")).xpath(f"//select[@name='specialty_{statement.pk}_1']/option/@value")
    assert "" in offered
    assert "neurology" in offered


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"value": "yes_if"}, "text_{n}_1", "Write the condition, or choose an answer without one"),
        ({"value": "no_unless"}, "text_{n}_1", "Write the condition, or choose an answer without one"),
        ({"value": "maybe"}, "value_{n}", "Choose where you stand on each statement"),
        ({"value": ""}, "value_{n}", "Choose where you stand on each statement"),
        ({"text_1": "a test"}, "value_{n}", "You wrote a condition: choose an answer with one, or clear it"),
        ({"value": "yes_if", "kind_2": "test", "text_1": "a test"}, "text_{n}_2", "Write the condition in words"),
        (
            {"value": "yes_if", "kind_1": "clearance", "text_1": "agreement"},
            "specialty_{n}_1",
            "Choose the specialty whose agreement is needed",
        ),
        (
            {"value": "yes_if", "kind_1": "weather", "text_1": "agreement"},
            "kind_{n}_1",
            "Choose the kind of condition from the list",
        ),
        ({"value": "yes_if", "specialty_1": "x", "text_1": "a"}, "specialty_{n}_1", "Choose the specialty from the list"),
        ({"value": "yes_if", "text_1": "x" * 201}, "text_{n}_1", "Shorten the condition to 200 characters or fewer"),
        ({"confidence": "utter"}, "confidence_{n}", "Choose how sure you are from the list"),
        ({"paid": ""}, "paid", "Say whether a maker of the treatment has paid you"),
        ({"paid": "paid"}, "payer", "Write who paid you, and for what"),
        ({"payer": "Glow Ltd"}, "paid", "You named a payment: choose “Yes”, or clear the text"),
        ({"offers": ""}, "offers_{t}", "Say whether you offer this treatment: Glow peel"),
    ],
)
def test_each_mistake_has_one_sentence_and_keeps_what_was_typed(
    question: Question, statement: Statement, treatment: Any, change: dict[str, str], field: str, message: str
) -> None:
    _, client = doctor_and_browser()
    sent = whole(statement, treatment)
    for name, value in change.items():
        stem, _, row = name.partition("_")
        long = {"offers": f"offers_{treatment.pk}", "paid": "paid", "payer": "payer"}.get(name)
        sent[long or "_".join(filter(None, (stem, str(statement.pk), row)))] = value
    response = client.post(f"/q/{question.pk}/answer/", sent)
    target = "id_" + field.format(n=statement.pk, t=treatment.pk)
    choices = "_0" if page(response).xpath(f"//*[@id='{target}_0']") else ""
    assert response.status_code == 422
    assert summary(response) == {f"#{target}{choices}": message}
    assert page(response).xpath(f"//*[@id='{target}{choices}'][self::input or self::select]"), "something that takes the focus"
    assert message in words(response, f"//*[@id='{target}_error']")
    assert page(response).xpath("//textarea[@name='body']")[0].text.strip() == TEXT["body"]
    for n in (1, 2, 3):
        name = f"text_{statement.pk}_{n}"
        assert page(response).xpath(f"//input[@name='{name}']/@value") == ([sent[name]] if name in sent else [])
    assert not Answer.objects.exists()
    assert not Stance.objects.exists()


def test_one_of_several_statements_is_named(question: Question, statement: Statement, treatment: Any) -> None:
    second = make_statement(question, "A glow peel works.", kind="effective")
    _, client = doctor_and_browser()
    sent = whole(statement, treatment) | {f"value_{second.pk}": "yes_if"}
    message = "Statement 2: Write the condition, or choose an answer without one"
    assert summary(client.post(f"/q/{question.pk}/answer/", sent)) == {f"#id_text_{second.pk}_1": message}


def test_errors_are_listed_in_the_order_of_the_page(question: Question, statement: Statement) -> None:
    _, client = doctor_and_browser()
    response = client.post(f"/q/{question.pk}/answer/", {"language": "en"})
    tree = page(response)
    listed = [node.get("href").removeprefix("#") for node in tree.xpath("//*[@role='alert']//a")]
    there = tree.xpath("//*[@id]/@id")
    assert len(listed) == 5
    assert listed == sorted(listed, key=there.index)


def test_interests_are_filled_in_from_what_was_said_before(question: Question, statement: Statement, treatment: Any) -> None:
    doctor, client = doctor_and_browser()
    doctor.interests.create(topic=treatment, offers="no")
    Disclosure.objects.create(doctor=doctor, question=make_question(), paid="Glow Ltd")
    tree = page(client.get(f"/q/{question.pk}/answer/"))
    chosen = tree.xpath("//input[@type='radio'][@checked]")
    assert [(one.get("name"), one.get("value")) for one in chosen[1:]] == [(f"offers_{treatment.pk}", "no"), ("paid", "paid")]
    assert tree.xpath("//input[@name='payer']/@value") == ["Glow Ltd"]


def test_a_preview_needs_no_stance(question: Question, statement: Statement) -> None:
    _, client = doctor_and_browser()
    response = client.post(f"/q/{question.pk}/answer/", {**TEXT, f"value_{statement.pk}": "yes_if", "preview": "1"})
    assert response.status_code == 200
    assert page(response).xpath("//section[@aria-labelledby='preview']//strong")[0].text == "ask"
    assert page(response).xpath(f"//input[@name='value_{statement.pk}'][@checked]/@value") == ["yes_if"]
    assert not page(response).xpath("//*[@role='alert']")


def test_editing_an_answer_changes_the_stance_and_keeps_the_old_one(
    question: Question, statement: Statement, treatment: Any
) -> None:
    _, client = doctor_and_browser()
    client.post(f"/q/{question.pk}/answer/", whole(statement, treatment))
    answer = Answer.objects.get()
    address = f"/answers/{answer.pk}/edit/"
    tree = page(client.get(address))
    assert tree.xpath(f"//input[@name='value_{statement.pk}'][@checked]/@value") == ["yes"]
    assert tree.xpath("//input[@name='paid'][@checked]/@value") == ["none"]
    client.post(address, whole(statement, treatment, "no") | {"based_on": "1"})
    old, new = Stance.objects.order_by("pk")
    assert (old.value, old.superseded_at is not None) == ("yes", True)
    assert (new.value, new.superseded_at, new.answer) == ("no", None, answer)
    answer.refresh_from_db()
    assert answer.revision == 1, "the text is the same"


def test_a_refused_text_keeps_the_stance_as_it_was(question: Question, statement: Statement, treatment: Any) -> None:
    _, client = doctor_and_browser()
    client.post(f"/q/{question.pk}/answer/", whole(statement, treatment))
    address = f"/answers/{Answer.objects.get().pk}/edit/"
    client.post(address, whole(statement, treatment) | {"based_on": "1", "headline": "Another tab"})
    response = client.post(address, whole(statement, treatment, "no") | {"based_on": "1", "headline": "This tab"})
    assert response.status_code == 409
    assert page(response).xpath(f"//input[@name='value_{statement.pk}'][@checked]/@value") == ["no"], "what was chosen stays"
    assert Stance.objects.get().value == "yes"


def test_many_conditions_of_an_older_stance_are_all_there_to_change(question: Question, statement: Statement) -> None:
    doctor, client = doctor_and_browser()
    answer = make_answer(question, doctor=doctor)
    rows = [{"kind": "other", "specialty": "", "text": f"condition {n}"} for n in range(1, 6)]
    make_stance(statement, "yes_if", doctor=doctor, answer=answer, conditions=rows)
    tree = page(client.get(f"/answers/{answer.pk}/edit/"))
    assert tree.xpath("//input[starts-with(@name, 'text_')]/@value") == [f"condition {n}" for n in range(1, 6)]


def test_where_no_stance_may_be_taken_none_is_asked_for(question: Question, statement: Statement, treatment: Any) -> None:
    _, client = doctor_and_browser()
    client.post(f"/q/{question.pk}/answer/", whole(statement, treatment))
    answer = Answer.objects.get()
    Question.objects.filter(pk=question.pk).update(state="closed")
    assert not page(client.get(f"/answers/{answer.pk}/edit/")).xpath("//input[@type='radio']")
    client.post(f"/answers/{answer.pk}/edit/", {"headline": "Wait three weeks", "body": "Then ask.", "based_on": "1"})
    answer.refresh_from_db()
    assert answer.headline == "Wait three weeks"


def test_a_question_without_statements_asks_for_none() -> None:
    question, (_, client) = make_question(), doctor_and_browser()
    assert not page(client.get(f"/q/{question.pk}/answer/")).xpath("//input[@type='radio']")
    client.post(f"/q/{question.pk}/answer/", TEXT)
    assert Answer.objects.exists()
    assert not Stance.objects.exists()


def test_a_statement_that_changed_meanwhile_is_looked_at_again(question: Question, statement: Statement, treatment: Any) -> None:
    _, client = doctor_and_browser()
    sent = whole(statement, treatment)
    Statement.objects.filter(pk=statement.pk).update(state="retired")
    make_statement(question, "A glow peel is acceptable in winter.")
    response = client.post(f"/q/{question.pk}/answer/", sent)
    assert response.status_code == 422
    assert set(summary(response).values()) == {"Choose where you stand on each statement"}
    assert page(response).xpath("//textarea[@name='body']")[0].text.strip() == TEXT["body"]


@pytest.mark.parametrize(("hours", "said"), [(23, False), (25, True)])
def test_another_stance_more_than_a_day_later_is_shown_as_changed(
    question: Question, statement: Statement, treatment: Any, hours: int, said: bool
) -> None:
    _, client = doctor_and_browser()
    client.post(f"/q/{question.pk}/answer/", whole(statement, treatment))
    answer = Answer.objects.get()
    Answer.objects.update(listed_at=timezone.now() - timedelta(hours=hours))
    assert "Stance changed" not in words(Client().get(question.get_absolute_url()))
    client.post(f"/answers/{answer.pk}/edit/", whole(statement, treatment, "no") | {"based_on": "1"})
    response = Client().get(question.get_absolute_url())
    assert ("Stance changed" in words(response, "//article")) == said
    assert (f"/q/{question.pk}/stances/" in links(response, "//article//a/@href")) == said
    assert "Advises against" in words(response, "//article")
