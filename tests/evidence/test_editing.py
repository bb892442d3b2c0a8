"""What editors put right, and what it does to the pages that cite it."""

import pytest

from consilium.accounts.models import Person
from consilium.consensus import lines, reading
from consilium.consensus.actions import keep
from consilium.evidence import facts
from consilium.evidence.actions import BadSource, Says, Source, cite, edit_citation, edit_work
from consilium.evidence.models import Citation, Work
from consilium.journal.models import Entry
from consilium.questions.actions import NotAllowed
from consilium.questions.models import Answer, Question
from tests.evidence.test_citing import DOI, version, writer
from tests.factories import make_answer, make_person, make_question, make_statement, make_verified

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Person:
    return make_person(roles=("editor",))


def cited(source: Source, question: Question | None = None) -> tuple[Answer, Work]:
    answer = make_answer(question or make_question(), doctor=make_verified())
    (row, *_others) = cite(person=writer(answer), answer=answer, sources=[source])
    return answer, row.work


def test_an_editor_corrects_a_source_for_every_page_and_for_good(editor: Person) -> None:
    answer, work = cited(Source(DOI, "rct", "Wrong", year=1999))
    other, _same = cited(Source(DOI, "rct"))
    before = version(answer.question), version(other.question)
    edit_work(editor=editor, work=work, title="Right", kind="case", year=None)
    work.refresh_from_db()
    assert (work.title, work.kind, work.year) == ("Right", "case", None)
    assert (version(answer.question), version(other.question)) == (before[0] + 1, before[1] + 1)
    assert Entry.objects.get(fact=facts.WORK_CHANGED).actor == editor.pk
    Citation.objects.filter(answer=other).delete()
    cite(person=writer(answer), answer=answer, sources=[Source(DOI, "rct", "Wrong again", "Ada Example", year=1999)])
    work.refresh_from_db()
    assert (work.title, work.kind, work.year, work.authors) == ("Right", "case", None, "Ada Example")


def test_saving_what_is_there_already_changes_nothing(editor: Person) -> None:
    answer, work = cited(Source(DOI, "rct", "A trial"))
    before = version(answer.question)
    edit_work(editor=editor, work=work, title=" A  trial ", kind="rct", identifier=f"https://doi.org/{DOI}")
    assert version(answer.question) == before
    assert not Entry.objects.filter(fact=facts.WORK_CHANGED).exists()


def test_another_identifier_makes_two_works_one(editor: Person) -> None:
    question = make_question()
    statement = make_statement(question)
    answer, work = cited(Source("7", "rct", "A trial", says=[Says(statement, "supports")]), question)
    other, right = cited(Source(DOI, "rct"), question)
    cite(person=writer(answer), answer=answer, sources=[Source(DOI, "rct", says=[Says(statement)])])
    (one,) = reading.panel_of(question).statements
    assert one.cited.works == 2
    assert edit_work(editor=editor, work=work, identifier=DOI) == right
    assert list(Work.objects.values_list("key", "pmid", "title")) == [(f"doi:{DOI}", "7", "A trial")]
    assert Citation.objects.filter(answer=answer).count() == 1
    (one,) = reading.panel_of(question).statements
    assert (one.cited.works, one.cited.doctors) == (1, 2)
    assert Citation.objects.filter(answer=other).exists()


def test_a_free_identifier_is_taken_over_and_compared_anew(editor: Person) -> None:
    answer, work = cited(Source("7", "rct"))
    before = version(answer.question)
    renamed = edit_work(editor=editor, work=work, identifier=DOI)
    assert (renamed.pk, renamed.key, renamed.pmid, renamed.resolved_at) == (work.pk, f"doi:{DOI}", "", None)
    assert version(answer.question) == before + 1


@pytest.mark.parametrize(
    ("field", "value"), [("kind", "blog"), ("title", "x" * 501), ("year", 99), ("identifier", "hearsay"), ("identifier", "")]
)
def test_a_mistake_of_an_editor_is_told_with_its_field(editor: Person, field: str, value: str | int) -> None:
    _answer, work = cited(Source(DOI, "rct"))
    with pytest.raises(BadSource) as caught:
        edit_work(editor=editor, work=work, **{field: value})
    assert (caught.value.row, caught.value.field) == (0, field)
    with pytest.raises(TypeError):
        edit_work(editor=editor, work=work, key="x")


def test_an_editor_reads_a_source_otherwise_than_its_doctor(editor: Person) -> None:
    question = make_question()
    answer = make_answer(question, doctor=make_verified())
    says = [Says(make_statement(question), "supports", "same_use")]
    (row,) = cite(person=writer(answer), answer=answer, sources=[Source(DOI, "rct", says=says)])
    before = version(question)
    for _twice in range(2):
        edit_citation(editor=editor, citation=row, direction="mentions", applies="different_population")
    row.refresh_from_db()
    assert (row.direction, row.applies) == ("mentions", "different_population")
    assert version(question) == before + 1
    assert Entry.objects.get(fact=facts.CITATION_CHANGED).data["direction"] == "mentions"
    with pytest.raises(BadSource, match="supports"):
        edit_citation(editor=editor, citation=row, direction="proves", applies="unclear")


def test_only_editors_edit(editor: Person) -> None:
    answer, work = cited(Source(DOI, "rct"))
    row = Citation.objects.get()
    for person in (writer(answer), make_person(), make_person(roles=("moderator",))):
        with pytest.raises(NotAllowed, match="Only an editor"):
            edit_work(editor=person, work=work, title="Mine")
        with pytest.raises(NotAllowed, match="Only an editor"):
            edit_citation(editor=person, citation=row, direction="supports", applies="unclear")


def test_lists_are_right_at_once_when_a_source_changes(editor: Person) -> None:
    question = make_question()
    statement = make_statement(question)
    _answer, work = cited(Source(DOI, "rct", says=[Says(statement, "supports")]), question)
    keep(question)
    assert lines.lines([question])[question.pk]["evidence"]["cited"] == 1
    Work.objects.filter(pk=work.pk).update(retraction="retracted")
    edit_work(editor=editor, work=work, title="Retracted: a trial")
    assert lines.lines([question])[question.pk]["evidence"]["cited"] == 0
