"""A source that was cited for a statement which the page does not show is still among the page's sources."""

import pytest
from django.test import Client

from consilium.evidence.models import Citation, Work
from consilium.evidence.reading import ledger, ledger_of
from consilium.questions.models import Statement
from tests.factories import make_answer, make_merge, make_question, make_stance, make_statement
from tests.web.pages import words

pytestmark = pytest.mark.django_db


def cited(statement: Statement | None = None) -> Citation:
    answer = make_answer(statement.question if statement else make_question())
    if statement:
        make_stance(statement, doctor=answer.doctor, answer=answer)
    work = Work.objects.create(key="w1", kind="rct", title="A trial of many years", year=2020)
    said = {"direction": "supports", "applies": "same_use"} if statement else {}
    return Citation.objects.create(work=work, answer=answer, statement=statement, **said)


def test_after_a_merge_it_is_cited_in_general(client: Client) -> None:
    question, canonical = make_question(), make_question()
    make_statement(canonical, "It is acceptable.")
    cited(make_statement(question, "It is safe."))
    make_merge(question, canonical)
    said = words(client.get(canonical.get_absolute_url()), "//section[@id='evidence']")
    assert "Cited in general" in said
    assert "A trial of many years" in said
    assert "upports" not in said, "nobody has said what it says of the statements here"


def test_for_an_earlier_wording_too() -> None:
    citation = cited(make_statement(make_question()))
    assert citation.statement_id is not None
    rows = Citation.objects.on_page(citation.answer.question_id)
    assert list(ledger(rows, [citation.statement_id]).by_statement) == [citation.statement_id]
    assert list(ledger(rows, []).by_statement) == [None]
    assert list(ledger_of(citation.answer.question_id).by_statement) == [citation.statement_id]


def test_editing_an_answer_that_moved_keeps_its_source() -> None:
    question, canonical = make_question(), make_question()
    citation = cited(make_statement(question))
    make_merge(question, canonical)
    assert citation.answer.written_by is not None
    client = Client()
    client.force_login(citation.answer.written_by)
    shown = client.get(f"/answers/{citation.answer_id}/edit/")
    assert "A trial of many years" in shown.content.decode()
