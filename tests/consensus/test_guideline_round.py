"""A guideline that is new to a question makes those who took a stance before look again, once."""

import pytest

from consilium.consensus.models import Round, RoundReply
from consilium.consensus.reactions import reconsider_guideline
from consilium.evidence.actions import Source, cite
from consilium.evidence.models import Work
from consilium.journal.delivery import deliver_due
from consilium.journal.models import Entry
from consilium.questions.models import Answer, Question
from tests.evidence.test_citing import DOI, writer
from tests.factories import make_answer, make_question, make_stance, make_statement, make_verified

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Question:
    question = make_question()
    statement = make_statement(question)
    for _ in range(2):
        doctor = make_verified()
        make_stance(statement, doctor=doctor, answer=make_answer(question, doctor=doctor))
    return question


def cited(answer: Answer, kind: str = "guideline", identifier: str = DOI) -> None:
    cite(person=writer(answer), answer=answer, sources=[Source(identifier, kind)])
    while deliver_due():
        pass


def rounds(question: Question) -> list[str]:
    return list(Round.objects.filter(question=question).order_by("pk").values_list("reason", flat=True))


def test_a_new_guideline_opens_a_round_for_all_who_stand(question: Question) -> None:
    cited(question.answers.all()[0])
    assert rounds(question) == ["guideline"]
    assert RoundReply.objects.count() == 2


def test_the_same_guideline_in_a_second_answer_is_no_news(question: Question) -> None:
    first, second = question.answers.order_by("pk")
    cited(first)
    Round.objects.update(closed_at=first.listed_at)
    cited(second)
    assert rounds(question) == ["guideline"]
    cited(second, identifier="7")
    assert rounds(question) == ["guideline", "guideline"]


@pytest.mark.parametrize("kind", [kind for kind in Work.Kind.values if kind != "guideline"])
def test_other_sources_open_none(question: Question, kind: str) -> None:
    cited(question.answers.all()[0], kind)
    assert rounds(question) == []


def test_a_retracted_guideline_opens_none(question: Question) -> None:
    Work.objects.create(key=f"doi:{DOI}", doi=DOI, kind="guideline", retraction="retracted")
    cited(question.answers.all()[0])
    assert rounds(question) == []


def test_nobody_is_asked_where_nobody_else_stands_or_nothing_can_be_answered(question: Question) -> None:
    alone = make_question()
    doctor = make_verified()
    answer = make_answer(alone, doctor=doctor)
    make_stance(make_statement(alone), doctor=doctor, answer=answer)
    cited(answer)
    Question.objects.filter(pk=question.pk).update(state="closed")
    cited(question.answers.all()[0])
    assert not Round.objects.exists()


def test_run_twice_it_asks_once(question: Question) -> None:
    cited(question.answers.all()[0])
    Round.objects.update(closed_at=question.listed_at)
    reconsider_guideline(Entry.objects.get(fact="citation.added"))
    assert rounds(question) == ["guideline"]
