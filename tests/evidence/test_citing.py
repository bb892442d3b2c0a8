"""What an answer cites: added, brought up to date, taken out, each work once for the whole site."""

from typing import Any

import pytest

from consilium.accounts.models import Person
from consilium.evidence import facts, reading
from consilium.evidence.actions import BadSource, Says, Source, cite, set_sources, uncite
from consilium.evidence.models import Citation, Work
from consilium.journal.models import Entry
from consilium.questions.actions import NotAllowed, edit_statement, withdraw_answer
from consilium.questions.models import Answer, Question
from tests.factories import make_answer, make_person, make_question, make_stance, make_statement, make_verified

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


def test_the_same_source_again_is_brought_up_to_date(question: Question, answer: Answer) -> None:
    statement = make_statement(question)
    first = cite(
        person=writer(answer), answer=answer, sources=[Source(DOI, "rct", quote="a", says=[Says(statement, "mentions")])]
    )
    before = version(question)
    says = [Says(statement, "supports", "same_use")]
    again = cite(person=writer(answer), answer=answer, sources=[Source(f"doi:{DOI}", "rct", quote="b", says=says)])
    assert [row.pk for row in again] == [row.pk for row in first]
    row = Citation.objects.get()
    assert (row.direction, row.applies, row.quote) == ("supports", "same_use", "b")
    assert version(question) == before + 1
    assert Entry.objects.filter(fact=facts.CITATION_CHANGED).count() == 1
    cite(person=writer(answer), answer=answer, sources=[Source(DOI, "rct", quote="b", says=says)])
    assert version(question) == before + 1


def test_one_form_can_name_a_source_twice(question: Question, answer: Answer) -> None:
    one, two = make_statement(question), make_statement(question, "It works.", "effective")
    set_sources(
        person=writer(answer), answer=answer,
        sources=[
            Source(DOI, "rct", "A trial", quote="words", says=[Says(one, "supports")]),
            Source(DOI.upper(), "rct", year=2019, says=[Says(two, "contradicts")]),
        ],
    )  # fmt: skip
    assert Citation.objects.count() == 2
    work = Work.objects.get()
    assert (work.title, work.year) == ("A trial", 2019)


def test_setting_the_sources_takes_out_what_is_not_listed(question: Question, answer: Answer) -> None:
    statement = make_statement(question)
    person = writer(answer)
    cite(person=person, answer=answer, sources=[Source("1", "rct", says=[Says(statement)]), Source("2", "case")])
    kept = Citation.objects.get(work__pmid="2")
    set_sources(person=person, answer=answer, sources=[Source("2", "case"), Source("3", "guideline")])
    assert set(Citation.objects.values_list("work__pmid", flat=True)) == {"2", "3"}
    assert Citation.objects.get(work__pmid="2").pk == kept.pk
    assert Entry.objects.filter(fact=facts.UNCITED, subject=f"question:{question.pk}").count() == 1
    set_sources(person=person, answer=answer, sources=[])
    assert not Citation.objects.exists()


def test_what_a_source_says_of_a_retired_statement_stays_while_the_source_is_listed(question: Question, answer: Answer) -> None:
    statement = make_statement(question)
    make_stance(statement)
    person = writer(answer)
    set_sources(person=person, answer=answer, sources=[Source(DOI, "rct", says=[Says(statement, "supports")])])
    edit_statement(person=make_person(roles=("editor",)), statement=statement, text="It is acceptable.", kind="safe")
    new = question.statements.active().get()
    set_sources(person=person, answer=answer, sources=[Source(DOI, "rct", says=[Says(new, "supports")])])
    assert set(Citation.objects.values_list("statement", flat=True)) == {statement.pk, new.pk}
    set_sources(person=person, answer=answer, sources=[])
    assert not Citation.objects.exists()


def test_taking_a_source_out_twice_is_taking_it_out_once(question: Question, answer: Answer) -> None:
    (row,) = cite(person=writer(answer), answer=answer, sources=[Source(DOI, "rct")])
    uncite(person=writer(answer), citation=row)
    before = version(question)
    uncite(person=writer(answer), citation=row)
    assert version(question) == before
    assert not Citation.objects.exists()


def test_answers_share_a_work_and_only_its_one_citer_can_describe_it_anew(question: Question, answer: Answer) -> None:
    other = make_answer(make_question(), doctor=make_verified())
    cite(person=writer(answer), answer=answer, sources=[Source(DOI, "rct", "Wrong tittle")])
    cite(person=writer(answer), answer=answer, sources=[Source(DOI, "observational", "Right title")])
    work = Work.objects.get()
    assert (work.title, work.kind) == ("Right title", "observational")
    before = version(question)
    cite(person=writer(other), answer=other, sources=[Source(DOI, "rct", "Mine is better", "Ada Example")])
    work.refresh_from_db()
    assert (work.title, work.kind, work.authors) == ("Right title", "observational", "Ada Example")
    assert version(question) > before


def test_a_work_is_found_by_either_of_its_identifiers(answer: Answer) -> None:
    work = Work.objects.create(key="doi:10.1000/a", doi="10.1000/a", pmid="7", kind="rct")
    cite(person=writer(answer), answer=answer, sources=[Source("PMID: 7", "rct"), Source("10.1000/A", "rct")])
    assert Citation.objects.get().work == work


@pytest.mark.parametrize(
    ("source", "field", "words"),
    [
        (Source("", "rct"), "identifier", "Enter a DOI"),
        (Source("hearsay", "rct"), "identifier", "no DOI, PubMed number or web address"),
        (Source("https://a:b@c.example", "rct"), "identifier", "user name or password"),
        (Source(DOI, "blog"), "kind", "what kind"),
        (Source(DOI, "rct", "x" * 501), "title", "at most 500"),
        (Source(DOI, "rct", authors="x" * 501), "authors", "at most 500"),
        (Source(DOI, "rct", container="x" * 301), "container", "at most 300"),
        (Source(DOI, "rct", "a\x00b"), "title", "cannot be stored"),
        (Source(DOI, "rct", year=190), "year", "such as 2019"),
        (Source(DOI, "rct", year=9999), "year", "such as 2019"),
        (Source(DOI, "rct", quote="x" * 1001), "quote", "at most 1000"),
        (Source(DOI, "rct", quote="\ud800"), "quote", "cannot be stored"),
        (Source(DOI, "rct", says=[Says(None, "proves")]), "says", "supports"),
        (Source(DOI, "rct", says=[Says(None, "supports", "always")]), "says", "same use"),
    ],
)
def test_a_bad_source_is_told_with_its_row_and_field_and_nothing_is_kept(
    answer: Answer, source: Source, field: str, words: str
) -> None:
    with pytest.raises(BadSource, match=words) as caught:
        cite(person=writer(answer), answer=answer, sources=[Source("1", "rct"), source])
    assert (caught.value.row, caught.value.field) == (1, field)
    assert not Work.objects.exists()


def test_a_source_says_something_of_its_own_questions_active_statements_alone(question: Question, answer: Answer) -> None:
    foreign = make_statement(make_question())
    retired = make_statement(question, state="retired")
    for statement in (foreign, retired):
        with pytest.raises(BadSource, match="no longer on the page"):
            cite(person=writer(answer), answer=answer, sources=[Source(DOI, "rct", says=[Says(statement)])])


def test_an_answer_cites_twenty_sources_at_most(answer: Answer) -> None:
    person = writer(answer)
    many = [Source(str(number), "rct") for number in range(1, 22)]
    with pytest.raises(BadSource, match="at most 20 sources"):
        set_sources(person=person, answer=answer, sources=many)
    set_sources(person=person, answer=answer, sources=many[:20])
    with pytest.raises(BadSource, match="at most 20 sources"):
        cite(person=person, answer=answer, sources=many[20:])
    assert Citation.objects.count() == 20


def test_the_doctor_and_editors_set_the_sources_nobody_else(question: Question, answer: Answer) -> None:
    for stranger in (make_person(), make_verified().person, make_person(roles=("moderator",))):
        assert stranger is not None
        with pytest.raises(NotAllowed, match="Only the doctor"):
            cite(person=stranger, answer=answer, sources=[Source(DOI, "rct")])
    cite(person=make_person(roles=("editor",)), answer=answer, sources=[Source(DOI, "rct")])
    assert Citation.objects.count() == 1


def test_a_withdrawn_answer_gets_no_sources(answer: Answer) -> None:
    withdraw_answer(person=writer(answer), answer=answer)
    for person in (writer(answer), make_person(roles=("editor",))):
        with pytest.raises(NotAllowed, match="Only the doctor"):
            cite(person=person, answer=answer, sources=[Source(DOI, "rct")])


def test_the_page_lists_each_work_once_with_what_all_answers_say_of_it(question: Question, answer: Answer) -> None:
    statement = make_statement(question)
    other = make_answer(question, doctor=make_verified())
    cite(
        person=writer(answer), answer=answer,
        sources=[Source("1", "case", year=2020), Source(DOI, "guideline", says=[Says(statement, "supports")], quote="Yes.")],
    )  # fmt: skip
    cite(person=writer(other), answer=other, sources=[Source(DOI, "guideline", says=[Says(statement, "contradicts")])])
    Work.objects.create(key="pmid:9", pmid="9", kind="guideline", retraction="retracted")
    cite(person=writer(other), answer=other, sources=[Source("9", "guideline")])
    found = reading.ledger_of(question.pk)
    assert [(line.number, line.work.key) for line in found.works] == [(1, f"doi:{DOI}"), (2, "pmid:1"), (3, "pmid:9")]
    (line,) = found.by_statement[statement.pk]
    assert line.directions == [("supports it", 1), ("contradicts it", 1)]
    assert line.doctors == [answer.doctor, other.doctor]
    assert line.quotes == ["Yes."]
    assert [line.number for line in found.by_statement[None]] == [2, 3]
    assert [line.number for line in found.by_answer[other.pk]] == [1, 3]
    assert not reading.ledger_of(make_question().pk)


def test_the_ledger_is_one_query_and_leaves_withdrawn_answers_out(
    question: Question, answer: Answer, django_assert_num_queries: Any
) -> None:
    other = make_answer(question, doctor=make_verified())
    for one in (answer, other):
        cite(person=writer(one), answer=one, sources=[Source(DOI, "rct", quote=one.headline)])
    withdraw_answer(person=writer(other), answer=other)
    with django_assert_num_queries(1):
        (line,) = reading.ledger_of(question.pk).works
        assert [(str(doctor.specialty), doctor.full_name) for doctor in line.doctors]
        assert [row.answer.place for row in line.citations] == [answer.place]
