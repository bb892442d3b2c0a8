"""A question page costs the same number of queries however many answers, statements and doctors it has."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consilium.consensus import actions as consensus
from consilium.evidence.models import Citation, Work
from consilium.questions.models import AnswerOrigin, Comment, Question, QuestionLink
from consilium.topics.actions import set_need
from tests.factories import (
    make_answer,
    make_coding,
    make_doctor,
    make_imported_answer,
    make_person,
    make_question,
    make_source,
    make_specialty,
    make_stance,
    make_statement,
    make_topic,
    make_verified,
)
from tests.web.pages import signed_in

pytestmark = pytest.mark.django_db
MOST = 12


def cost(question: Question, client: Client | None = None) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert (client or Client()).get(question.get_absolute_url()).status_code == 200
    return len(seen)


def related(question: Question, *, kept: bool) -> None:
    """Five linked questions with a statement each; `kept`: the worker has been there."""
    for _ in range(5):
        other = make_question()
        make_stance(make_statement(other))
        if kept:
            consensus.keep(other)
        QuestionLink.objects.create(question=question, other=other, kind="related")


def native(answers: int, statements: int, *, kept: bool = True) -> Question:
    """A page with everything: needs, an empty chair, co-signatures, conditions, sources, related questions."""
    topic = make_topic(kind="treatment")
    set_need(topic=topic, specialty=make_specialty("Neurology", "Neurologist"), role="primary")
    question = make_question(topics=(topic, make_topic()))
    rows = [make_statement(question, f"It is acceptable {number}.") for number in range(statements)]
    for number in range(answers):
        doctor = make_verified()
        answer = make_answer(question, doctor=doctor)
        work = Work.objects.create(key=f"url:{answer.pk}", url="https://example.org/", kind="rct")
        Citation.objects.create(work=work, answer=answer, statement=rows[0])
        for row in rows:
            make_stance(row, ("yes", "yes_if", "no")[number % 3], doctor=doctor, answer=answer)
            make_stance(row, "yes")
    related(question, kept=kept)
    if kept:
        consensus.keep(question)
    return question


def copied(answers: int, *, kept: bool = True) -> Question:
    """An imported page that two editors have read, with comments of its source."""
    question = make_question(source=make_source(), state="archived", asked_by=None, alias="")
    statement = make_statement(question)
    for _ in range(answers):
        answer = make_imported_answer(question, doctor=make_doctor(), source=question.source)
        AnswerOrigin.objects.create(answer=answer, specialty=make_specialty())
        for coder in ("one", "two"):
            make_coding(answer, statement, "yes_if", coder)
    Comment.objects.create(question=question, body="As the source had it.")
    related(question, kept=kept)
    return question


def test_the_same_for_one_nine_and_sixty_answers_and_one_and_four_statements() -> None:
    costs = {cost(native(answers, statements)) for answers, statements in ((1, 1), (9, 1), (9, 4), (60, 4))}
    assert len(costs) == 1
    assert costs.pop() <= MOST


def test_copied_answers_cost_no_more() -> None:
    costs = {cost(copied(answers)) for answers in (1, 9)}
    assert len(costs) == 1
    assert costs.pop() <= MOST


@pytest.mark.parametrize("make", [lambda: native(9, 4, kept=False), lambda: copied(9, kept=False)], ids=["native", "copied"])
def test_with_the_worker_stopped_the_linked_questions_are_read_along(make: Callable[[], Question]) -> None:
    assert cost(make()) <= MOST + 1


def test_readers_with_an_account_cost_no_more() -> None:
    editor = make_person(roles=("editor",))
    doctor = make_verified()
    question = native(9, 4)
    make_stance(question.statements.get(place=1), doctor=doctor)
    assert doctor.person is not None
    signed_in(doctor.person).get(question.get_absolute_url())  # from now on the doctor has read the others
    for person in (make_person(), editor, doctor.person):
        assert cost(question, signed_in(person)) <= MOST
    # The comments of a source are asked for where there are any.
    assert cost(copied(9), signed_in(editor)) <= MOST + 1


def test_a_page_without_statements_costs_less() -> None:
    question = make_question(topics=(make_topic(),))
    for _ in range(9):
        make_answer(question)
    assert cost(question) <= 9

