"""What an answer cites: added, brought up to date, taken out, each work once for the whole site."""

import pytest

from consilium.accounts.models import Person
from consilium.evidence import facts
from consilium.evidence.actions import Says, Source, cite
from consilium.evidence.models import Work
from consilium.journal.models import Entry
from consilium.questions.models import Answer, Question
from tests.factories import make_answer, make_question, make_statement, make_verified

pytestmark = pytest.mark.django_db

DOI = "10.1000/first.1"


def writer(answer: Answer) -> Person:
    assert answer.doctor is not None
    assert answer.doctor.person is not None
    return answer.doctor.person


def version(question: Question) -> int:
    return Question.objects.values_list("version", flat=True).get(pk=question.pk)


@pytest.fixture
def question() -> Question:
    return make_question()


@pytest.fixture
def answer(question: Question) -> Answer:
    return make_answer(question, doctor=make_verified())


def test_a_source_is_kept_with_what_it_says_of_each_statement(question: Question, answer: Answer) -> None:
    one, two = make_statement(question), make_statement(question, "It works.", "effective")
    before = version(question)
    rows = cite(
        person=writer(answer), answer=answer,
        sources=[
            Source(
                f"https://doi.org/{DOI.upper()}", "rct", "A trial", "Ada Example, Bo Example", "Journal of Examples", 2019,
                "No harm was seen.", [Says(one, "supports", "same_use"), Says(two, "contradicts", "different_population")],
            )
        ],
    )  # fmt: skip
    assert [(row.statement, row.direction, row.applies) for row in rows] == [
        (one, "supports", "same_use"), (two, "contradicts", "different_population"),
    ]  # fmt: skip
    work = Work.objects.get()
    assert (work.key, work.doi, work.title, work.year, work.kind) == (f"doi:{DOI}", DOI, "A trial", 2019, "rct")
    assert {row.quote for row in rows} == {"No harm was seen."}
    assert version(question) == before + 1
    entry = Entry.objects.get(fact=facts.CITED)
    assert (entry.subject, entry.data) == (f"question:{question.pk}", {"answer": answer.pk, "works": [work.pk]})
