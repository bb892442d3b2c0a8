"""One line of where the doctors stand, on every list."""

import pytest
from django.test import Client

from consilium.consensus import actions as consensus
from consilium.questions import actions
from consilium.questions.models import Question, QuestionLink
from tests.factories import (
    make_answer,
    make_coding,
    make_doctor,
    make_imported_answer,
    make_person,
    make_question,
    make_source,
    make_stance,
    make_statement,
    make_topic,
    make_verified,
)
from tests.web.pages import page, signed_in, words

pytestmark = pytest.mark.django_db
LINE = "Doctors disagree: 2 advise against, 2 reasonable, 1 only with conditions."


def split(**fields: object) -> Question:
    question = make_question("Is it safe for me?", **fields)  # type: ignore[arg-type]
    statement = make_statement(question, "It is acceptable.")
    for value in ("yes", "no", "yes_if", "yes", "no"):
        make_stance(statement, value)
    return question


def bars(address: str, client: Client | None = None) -> list[str]:
    response = (client or Client()).get(address)
    assert response.status_code == 200
    found = page(response).xpath("//div[@class='line']")
    return [" ".join(one.text_content().split()) for one in found]


def test_home_and_topic() -> None:
    topic = make_topic()
    split(topics=(topic,))
    make_question("Nobody has put a statement to this?", topics=(topic,))
    for address in ("/", topic.get_absolute_url()):
        assert bars(address) == [f"{LINE} On the statement: It is acceptable."]


def test_the_bar_shows_the_counts_and_is_hidden_from_who_hears_the_words() -> None:
    split()
    (bar,) = page(Client().get("/")).xpath("//span[contains(@class, 'mini')]")
    assert bar.get("aria-hidden") == "true"
    assert [(one.get("data-stance"), one.get("data-n")) for one in bar] == [("no", "2"), ("if", "1"), ("ok", "2")]


def test_the_doctors_page_and_ones_own_lists() -> None:
    asker = make_person()
    question = split(person=asker)
    doctor = make_verified()
    make_answer(question, doctor=doctor)
    assert doctor.person is not None
    actions.follow(person=doctor.person, question=question)
    line = f"{LINE} On the statement: It is acceptable."
    assert bars(doctor.get_absolute_url()) == [line]
    client = signed_in(asker)
    for address in ("/account/", "/account/questions/"):
        assert line in bars(address, client)


def test_related_questions() -> None:
    question, other = make_question(), split()
    QuestionLink.objects.create(question=question, other=other, kind="related")
    for keep in (False, True):
        if keep:
            consensus.keep(other)
        assert LINE in words(Client().get(question.get_absolute_url()), "//section[@aria-labelledby='related']")


def test_a_list_is_right_with_the_worker_stopped() -> None:
    question = split()
    consensus.keep(question)
    doctor = make_verified()
    assert doctor.person is not None
    said = [actions.Said(question.statements.get(), "no")]
    actions.declare(doctor=doctor, person=doctor.person, question=question, said=said, interests=actions.Interests(paid=""))
    assert bars("/")[0].startswith("Doctors disagree: 3 advise against")


def test_copied_answers_are_grey_and_confirmed_by_nobody() -> None:
    question = make_question(source=make_source(), state="archived", asked_by=None, alias="")
    statement = make_statement(question)
    answer = make_imported_answer(question, source=question.source, doctor=make_doctor())
    for coder in ("one", "two"):
        make_coding(answer, statement, "no", coder)
    assert bars("/")[0].startswith(
        "No verified doctor has taken a stance yet. Of 1 imported answer, confirmed by nobody: 1 advises against."
    )
    assert page(Client().get("/")).xpath("//span[contains(@class, 'mini') and contains(@class, 'grey')]")
