"""The page that explains the panel links a live example of everything a panel can say, or says that there is none."""

from collections.abc import Sequence

import pytest
from django.test import Client

from consilium.consensus.agreement import Cap, Label
from consilium.questions.models import Question
from consilium.topics.actions import set_need
from consilium.web import examples
from tests.factories import (
    make_coding,
    make_doctor,
    make_imported_answer,
    make_question,
    make_source,
    make_specialty,
    make_stance,
    make_statement,
    make_topic,
    make_verified,
)
from tests.web.pages import links, words

pytestmark = pytest.mark.django_db
PAGE = "/how-stances-are-counted/"
SPECIALTIES = ("Dermatology", "Urology")


def ask(values: Sequence[str], *, blind: bool = True, needs: str = "", specialties: Sequence[str] = SPECIALTIES) -> Question:
    topic = make_topic()
    if needs:
        set_need(topic=topic, specialty=make_specialty(needs, needs), role="primary")
    question = make_question(topics=(topic,))
    statement = make_statement(question)
    for number, value in enumerate(values):
        noun = specialties[number % len(specialties)]
        make_stance(statement, value, doctor=make_verified(specialty=make_specialty(noun, noun)), blind=blind)
    return question


def one_of_each() -> dict[str, Question]:
    return {
        "complete": ask(["yes"] * 2, needs="Urology"),
        "none": ask(()),
        "few": ask(("yes", "no")),
        "mixed": ask(["yes"] * 3 + ["yes_if"] * 4 + ["no"] * 2),
        "split": ask(["yes"] * 4 + ["no"] * 4),
        "leaning": ask(["yes"] * 5),
        "agree": ask(["yes"] * 8 + ["no"]),
        "strong": ask(["yes"] * 9),
        "cap_blind": ask(["yes"] * 9, blind=False),
        "cap_coverage": ask(["yes"] * 9, needs="Neurology"),
        "cap_one_specialty": ask(["yes"] * 9, specialties=("Urology",)),
    }


def test_a_site_without_questions_says_so_for_each_example() -> None:
    response = Client().get(PAGE)
    assert response.status_code == 200
    assert words(response).count("This site has no such question yet.") == len(examples.WANTED)
    assert not [href for href in links(response) if href.startswith("/q/")]


def test_everything_that_a_panel_can_say_has_an_example() -> None:
    wanted = set(examples.WANTED)
    assert wanted >= {label.value for label in Label} | {f"cap_{cap.value}" for cap in Cap}


def test_each_example_shows_what_it_explains() -> None:
    made = one_of_each()
    copied = make_question(source=make_source(), state="archived", asked_by=None, alias="")
    statement = make_statement(copied)
    answer = make_imported_answer(copied, source=copied.source, doctor=make_doctor())
    for coder in ("one", "two"):
        make_coding(answer, statement, "no", coder)
    response = Client().get(PAGE)
    found = examples.find(response.wsgi_request.user)
    for name in ("few", "mixed", "split", "strong", "cap_blind", "cap_coverage", "cap_one_specialty", "complete"):
        assert found[name] == made[name], name
    assert found["imported"] == copied
    assert found["none"] == copied, "the newest"
    assert found["leaning"] == made["cap_blind"]
    assert found["agree"] == made["cap_one_specialty"]
    assert found["missing"] == made["cap_coverage"]
    assert "This site has no such question yet." not in words(response)
    for name, question in found.items():
        assert question is not None, name
        assert f"{question.get_absolute_url()}#stand" in links(response), name


def test_a_question_that_is_gone_is_no_example() -> None:
    question = ask(["yes"] * 9)
    Question.objects.filter(pk=question.pk).update(state="withdrawn")
    assert examples.find(Client().get(PAGE).wsgi_request.user)["strong"] is None


def test_the_page_is_linked_from_the_panel_and_from_every_footer() -> None:
    question = ask(("yes",))
    response = Client().get(question.get_absolute_url())
    for path in ("//section[@id='stand']//a/@href", "//footer//a/@href"):
        assert PAGE in links(response, path)


def test_a_visitors_copy_is_confirmed_until_an_example_changes() -> None:
    question = ask(["yes"] * 4)
    visitor = Client()
    tag = visitor.get(PAGE)["ETag"]
    assert visitor.get(PAGE, headers={"if-none-match": tag}).status_code == 304
    make_stance(question.statements.get(), "yes")
    assert visitor.get(PAGE, headers={"if-none-match": tag}).status_code == 200
