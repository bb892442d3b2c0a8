"""What an answer cites: rows for sources, one more without scripts, each mistake at its field."""

from typing import Any

import pytest
from django.test import Client

from consilium.doctors.models import Doctor
from consilium.evidence.actions import Says, Source, cite
from consilium.evidence.models import Citation, Work
from consilium.questions.models import Answer, Question, Statement
from tests.factories import make_answer, make_doctor, make_person, make_question, make_statement
from tests.web.pages import page, signed_in, words

pytestmark = pytest.mark.django_db

TEXT = {"headline": "Wait two weeks", "body": "Then **ask** again.", "language": "en", "paid": "none"}


@pytest.fixture
def question() -> Question:
    return make_question()


@pytest.fixture
def statement(question: Question) -> Statement:
    return make_statement(question, "A glow peel is acceptable for someone with Fern fever.")


def doctor_and_browser() -> tuple[Doctor, Client]:
    person = make_person()
    return make_doctor(person=person), signed_in(person)


def whole(statement: Statement, **more: str) -> dict[str, str]:
    return {**TEXT, f"value_{statement.pk}": "yes", "sources": "3", **more}


def summary(response: Any) -> dict[str, str]:
    return {node.get("href"): node.text for node in page(response).xpath("//*[@role='alert']//a")}


def typed(tree: Any) -> dict[str, str]:
    """What the fields of all sources hold; a textarea begins with a line break of its own."""
    found = {one.get("name"): (one.value or "").strip() for one in tree.xpath("//*[starts-with(@name, 'source_')]")}
    return {name: value for name, value in found.items() if value}


def test_an_answer_is_published_with_its_sources(question: Question, statement: Statement) -> None:
    _, client = doctor_and_browser()
    number = statement.pk
    client.post(
        f"/q/{question.pk}/answer/",
        whole(
            statement, source_1_identifier="https://doi.org/10.1000/Fern.1", source_1_kind="rct",
            source_1_title="Peels in fern fever", source_1_year="2019", source_1_quote="No harm was seen.",
            source_3_identifier="PMID: 123456", source_3_kind="guideline",
            **{f"source_1_says_{number}": "supports", f"source_1_applies_{number}": "same_use"},
        ),
    )  # fmt: skip
    first, second = Citation.objects.order_by("pk")
    assert (first.work.doi, first.work.title, first.work.year, first.quote) == (
        "10.1000/fern.1", "Peels in fern fever", 2019, "No harm was seen.",
    )  # fmt: skip
    assert (first.statement, first.direction, first.applies) == (statement, "supports", "same_use")
    assert (second.work.pmid, second.work.kind, second.statement) == ("123456", "guideline", None)
    assert first.answer == second.answer == Answer.objects.get()


@pytest.mark.parametrize(
    ("sent", "field", "message"),
    [
        ({"source_2_kind": "rct"}, "source_2_identifier", "Source 2: enter its DOI, PubMed number or web address"),
        ({"source_2_title": "x"}, "source_2_identifier", "Source 2: enter its DOI, PubMed number or web address"),
        ({"source_1_identifier": "10.1000/a"}, "source_1_kind", "Source 1: choose what kind of source it is"),
        (
            {"source_1_identifier": "10.1000/a", "source_1_kind": "gossip"},
            "source_1_kind",
            "Choose the kind of source from the list",
        ),
        (
            {"source_2_identifier": "no such thing", "source_2_kind": "rct"},
            "source_2_identifier",
            "Source 2: This is no DOI, PubMed number or web address.",
        ),
        (
            {"source_1_identifier": "10.1000/a", "source_1_kind": "rct", "source_1_year": "last"},
            "source_1_year",
            "Enter the year in digits, such as 2019",
        ),
        (
            {"source_1_identifier": "10.1000/a", "source_1_kind": "rct", "source_1_year": "99"},
            "source_1_year",
            "Source 1: Enter the year in which the source appeared, such as 2019.",
        ),
        (
            {"source_1_identifier": "10.1000/a", "source_1_kind": "rct", "source_1_title": "x" * 501},
            "source_1_title",
            "Shorten this to 500 characters or fewer",
        ),
        (
            {"source_1_identifier": "10.1000/a", "source_1_kind": "rct", "source_1_applies_{n}": "same_use"},
            "source_1_says_{n}",
            "Source 1: choose what it says of the statement",
        ),
        (
            {"source_1_identifier": "10.1000/a", "source_1_kind": "rct", "source_1_says_{n}": "sings"},
            "source_1_says_{n}",
            "Choose from the list what it says",
        ),
    ],
)
def test_each_mistake_has_one_sentence_at_its_field_and_nothing_is_published(
    question: Question, statement: Statement, sent: dict[str, str], field: str, message: str
) -> None:
    _, client = doctor_and_browser()
    sent = {name.format(n=statement.pk): value for name, value in sent.items()}
    response = client.post(f"/q/{question.pk}/answer/", whole(statement, **sent))
    target = f"id_{field.format(n=statement.pk)}"
    assert response.status_code == 422
    found = summary(response)
    assert list(found) == [f"#{target}"]
    assert found[f"#{target}"].startswith(message)
    element = page(response).xpath(f"//*[@id='{target}']")[0]
    assert element.get("aria-invalid") == "true"
    folded = element.xpath("ancestor::details")
    assert all(one.get("open") is not None for one in folded), "a mistake is not hidden"
    for name, value in sent.items():
        kept = page(response).xpath(f"//input[@name='{name}']/@value | //select[@name='{name}']/option[@selected]/@value")
        assert kept == [value] or value in {"gossip", "sings"}, "a choice that is not on the list cannot be shown"
    assert not Answer.objects.exists()
    assert not Work.objects.exists()


def test_another_row_comes_without_scripts_and_keeps_everything_unchecked(question: Question, statement: Statement) -> None:
    _, client = doctor_and_browser()
    number = statement.pk
    sent = whole(statement, headline="", source_3_title="Half typed", more="source", **{f"text_{number}_1": "half"})
    response = client.post(f"/q/{question.pk}/answer/", sent)
    assert response.status_code == 200
    tree = page(response)
    assert tree.xpath("//*[@id='source4']")
    assert tree.xpath("//button[@name='more']/@formaction") == ["#source5"]
    assert tree.xpath("//input[@name='sources']/@value") == ["4"]
    assert tree.xpath("//input[@name='source_3_title']/@value") == ["Half typed"]
    assert tree.xpath(f"//input[@name='text_{number}_1']/@value") == ["half"]
    assert tree.xpath(f"//input[@name='value_{number}'][@checked]/@value") == ["yes"]
    assert tree.xpath("//textarea[@name='body']")[0].text.strip() == TEXT["body"]
    assert not tree.xpath("//*[@role='alert']"), "nobody has asked yet whether it is right"
    assert not Answer.objects.exists()


def test_eight_rows_are_the_most(question: Question, statement: Statement) -> None:
    _, client = doctor_and_browser()
    for rows, there in {"7": 8, "8": 8, "99": 8, "-1": 3, "x": 3, "²": 3, "1" * 400: 3}.items():
        tree = page(client.post(f"/q/{question.pk}/answer/", whole(statement, sources=rows, more="source")))
        assert len(tree.xpath("//fieldset[starts-with(@id, 'source')]")) == there, rows
    tree = page(client.post(f"/q/{question.pk}/answer/", whole(statement, sources="8", more="source")))
    assert not tree.xpath("//button[@name='more']")


def test_editing_shows_the_sources_changes_them_and_takes_them_out(question: Question, statement: Statement) -> None:
    doctor, client = doctor_and_browser()
    answer = make_answer(question, doctor=doctor)
    assert doctor.person is not None
    cite(
        person=doctor.person, answer=answer,
        sources=[
            Source("10.1000/a", "rct", title="First", year=2019, quote="Words.", says=(Says(statement, "supports", "same_use"),)),
            Source("PMID: 77", "case", title="Second"),
        ],
    )  # fmt: skip
    address = f"/answers/{answer.pk}/edit/"
    tree = page(client.get(address))
    shown = typed(tree)
    number = statement.pk
    assert shown == {
        "source_1_identifier": "10.1000/a", "source_1_kind": "rct", "source_1_title": "First", "source_1_year": "2019",
        "source_1_quote": "Words.", f"source_1_says_{number}": "supports", f"source_1_applies_{number}": "same_use",
        "source_2_identifier": "PMID: 77", "source_2_kind": "case", "source_2_title": "Second",
    }  # fmt: skip
    base = whole(statement, based_on="1", headline=answer.headline, body=answer.body)
    before = list(Citation.objects.order_by("pk").values_list("pk", "direction"))
    assert client.post(address, base | shown).status_code == 302
    assert list(Citation.objects.order_by("pk").values_list("pk", "direction")) == before, "saving the same changes nothing"
    client.post(address, base | shown | {f"source_1_says_{number}": "contradicts"})
    assert Citation.objects.get(work__doi="10.1000/a").direction == "contradicts"
    without = {name: value for name, value in shown.items() if not name.startswith("source_1")}
    client.post(address, base | without)
    assert Citation.objects.get().work.pmid == "77"


def test_all_sources_can_be_taken_out(question: Question, statement: Statement) -> None:
    doctor, client = doctor_and_browser()
    answer = make_answer(question, doctor=doctor)
    assert doctor.person is not None
    cite(person=doctor.person, answer=answer, sources=[Source("10.1000/a", "rct")])
    client.post(f"/answers/{answer.pk}/edit/", whole(statement, based_on="1", headline=answer.headline, body=answer.body))
    assert not Citation.objects.exists()


def test_what_was_cited_for_an_earlier_wording_is_neither_shown_nor_lost(question: Question, statement: Statement) -> None:
    doctor, client = doctor_and_browser()
    answer = make_answer(question, doctor=doctor)
    assert doctor.person is not None
    cite(
        person=doctor.person, answer=answer, sources=[Source("10.1000/a", "rct", says=(Says(statement, "supports", "same_use"),))]
    )  # fmt: skip
    Statement.objects.filter(pk=statement.pk).update(state="retired")
    new = make_statement(question, "A glow peel is acceptable in winter.")
    shown = typed(page(client.get(f"/answers/{answer.pk}/edit/")))
    assert shown == {"source_1_identifier": "10.1000/a", "source_1_kind": "rct"}
    sent = whole(new, based_on="1", headline=answer.headline, body=answer.body) | shown
    client.post(f"/answers/{answer.pk}/edit/", sent)
    assert Citation.objects.get().statement == statement, "nothing was changed"
    second = {"source_2_identifier": "PMID: 77", "source_2_kind": "case"}
    assert client.post(f"/answers/{answer.pk}/edit/", sent | second).status_code == 302
    assert Citation.objects.filter(statement=statement, direction="supports").exists()


def test_sources_can_be_changed_where_no_stance_can(question: Question, statement: Statement) -> None:
    doctor, client = doctor_and_browser()
    answer = make_answer(question, doctor=doctor)
    assert doctor.person is not None
    source = Source("10.1000/a", "rct", says=(Says(statement, "supports", "same_use"),))
    cite(person=doctor.person, answer=answer, sources=[source])
    Question.objects.filter(pk=question.pk).update(state="closed")
    address = f"/answers/{answer.pk}/edit/"
    tree = page(client.get(address))
    assert not tree.xpath("//input[@type='radio']")
    shown = typed(tree)
    sent = {"headline": "h", "body": "b", "based_on": "1", "sources": "3"}
    client.post(address, sent | shown | {"source_2_identifier": "PMID: 77", "source_2_kind": "case"})
    assert {(row.work.key, row.statement_id) for row in Citation.objects.all()} == {
        ("doi:10.1000/a", statement.pk), ("pmid:77", None),
    }  # fmt: skip


def test_a_preview_needs_no_right_source(question: Question, statement: Statement) -> None:
    _, client = doctor_and_browser()
    response = client.post(f"/q/{question.pk}/answer/", whole(statement, source_1_title="x", preview="1"))
    assert response.status_code == 200
    assert "Not published yet." in words(response)
