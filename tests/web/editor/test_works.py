"""Sources as editors see and correct them."""

import pytest
from django.test import Client

from consilium.evidence.actions import Says, Source, keep_sources
from consilium.evidence.models import Citation, Work
from consilium.questions.models import Answer
from tests.factories import make_answer, make_person, make_question, make_statement
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db

FIELDS = {
    "identifier": "10.1000/first.1",
    "kind": "rct",
    "title": "A trial",
    "authors": "Ada Example",
    "container": "",
    "year": "2019",
}


def editor() -> Client:
    return signed_in(make_person(roles=("editor",)))


def cited(identifier: str = "10.1000/first.1", **work: object) -> Citation:
    question = make_question()
    source = Source(identifier, "rct", "A trial", says=[Says(make_statement(question), "supports", "same_use")])
    (citation,) = keep_sources(answer=make_answer(question), sources=[source], person=None)
    Work.objects.filter(pk=citation.work_id).update(**work)
    return citation


def test_retracted_works_that_are_cited_come_first() -> None:
    retracted = cited("10.1000/a", retraction="retracted", retraction_reason="Made-up data")
    doubted, fine = cited("10.1000/b", retraction="concern"), cited("10.1000/c")
    gone = cited("10.1000/d", retraction="retracted")
    Answer.objects.filter(pk=gone.answer_id).update(state="withdrawn")
    client = editor()

    def listed(query: str) -> list[str]:
        return [href for href in links(client.get(f"/editor/works/{query}")) if href.startswith("/editor/works/")]

    assert listed("") == [f"/editor/works/{retracted.work_id}/"]
    assert "Made-up data" in words(client.get("/editor/works/"))
    assert listed("?tab=doubt") == [f"/editor/works/{doubted.work_id}/"]
    assert listed("?tab=all") == [f"/editor/works/{one.work_id}/" for one in (fine, doubted, retracted)]


def test_a_work_is_corrected_for_every_answer() -> None:
    citation, client = cited(), editor()
    address = f"/editor/works/{citation.work_id}/"
    shown = client.get(address)
    assert page(shown).xpath("string(//textarea[@name='identifier'])").strip() == "10.1000/first.1"
    assert f"/editor/citations/{citation.pk}/" in links(shown)
    response = client.post(address, FIELDS | {"title": "A  better title", "kind": "guideline", "year": "2020"})
    assert response["Location"] == address
    work = Work.objects.get()
    assert (work.title, work.kind, work.year, work.authors) == ("A better title", "guideline", 2020, "Ada Example")


def test_the_identifier_of_another_work_makes_them_one() -> None:
    one, other = cited("10.1000/a"), cited("10.1000/b")
    response = editor().post(f"/editor/works/{one.work_id}/", FIELDS | {"identifier": "https://doi.org/10.1000/B"})
    assert response["Location"] == f"/editor/works/{other.work_id}/"
    assert Work.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"identifier": ""}, "Enter a DOI, a PubMed number or a web address for this source."),
        ({"identifier": "somewhere"}, "This is no DOI, PubMed number or web address."),
        ({"kind": "song"}, "Choose what kind of source this is."),
        ({"title": "t" * 501}, "Shorten it to 500 characters or fewer. It has 501 now."),
        ({"year": "next"}, "Enter the year in which the source appeared, such as 2019."),
        ({"year": "20190"}, "Enter the year in which the source appeared, such as 2019."),
        ({"year": "9" * 30}, "Enter the year in which the source appeared, such as 2019."),
    ],
)
def test_mistakes_are_said_at_their_fields_and_nothing_is_lost(fields: dict[str, str], why: str) -> None:
    citation = cited()
    response = editor().post(f"/editor/works/{citation.work_id}/", FIELDS | {"authors": "Kept; Names"} | fields)
    assert response.status_code == 422
    (link,) = page(response).xpath("//*[@role='alert']//a")
    assert link.text_content().startswith(why)
    assert link.get("href") == f"#id_{next(iter(fields))}"
    assert page(response).xpath("string(//textarea[@name='authors'])").strip() == "Kept; Names"
    assert Work.objects.get().authors == ""


def test_a_form_sets_nothing_but_its_fields() -> None:
    citation = cited()
    extra = {"retraction": "none", "checked_at": "2001-01-01", "key": "doi:10.1/x", "resolved_at": "2001-01-01", "pmid": "9"}
    Work.objects.update(retraction="retracted")
    editor().post(f"/editor/works/{citation.work_id}/", FIELDS | extra)
    work = Work.objects.get()
    assert (work.retraction, work.checked_at, work.key, work.resolved_at, work.pmid) == (
        "retracted", None, "doi:10.1000/first.1", None, "",
    )  # fmt: skip


def test_what_a_source_says_is_corrected() -> None:
    citation, client = cited(), editor()
    address = f"/editor/citations/{citation.pk}/"
    question = citation.answer.question
    question.refresh_from_db()
    version = question.version
    extra = {"quote": "forged", "statement": "", "work": "1"}
    response = client.post(address, {"direction": "contradicts", "applies": "different_population", **extra})
    assert response["Location"] == f"/editor/works/{citation.work_id}/"
    statement = citation.statement_id
    citation.refresh_from_db()
    assert (citation.direction, citation.applies) == ("contradicts", "different_population")
    assert (citation.quote, citation.statement_id) == ("", statement)
    question.refresh_from_db()
    assert question.version > version
    refused = client.post(address, {"direction": "", "applies": "nowhere"})
    assert refused.status_code == 422
    assert len(page(refused).xpath("//*[@role='alert']//a")) == 2


def test_a_source_of_no_statement_has_no_direction_to_choose() -> None:
    (citation,) = keep_sources(answer=make_answer(make_question()), sources=[Source("10.1000/x", "rct")], person=None)
    client, address = editor(), f"/editor/citations/{citation.pk}/"
    assert not page(client.get(address)).xpath("//input[@name='direction']")
    client.post(address, {"direction": "supports", "applies": "same_use"})
    citation.refresh_from_db()
    assert (citation.direction, citation.applies) == ("mentions", "same_use")


def test_what_is_not_there_is_missing() -> None:
    citation, client = cited(), editor()
    Answer.objects.filter(pk=citation.answer_id).update(state="withdrawn")
    assert client.get(f"/editor/citations/{citation.pk}/").status_code == 404
    assert client.get("/editor/works/999/").status_code == 404
    assert "No published answer cites it." in words(client.get(f"/editor/works/{citation.work_id}/"))
