"""A copied page: two editors read it, one of its doctors claims the profile, is verified and affirms; then the licence goes."""

from typing import Any

import pytest
from django.test import Client

from consilium.doctors.models import Claim, Doctor
from consilium.questions.models import Answer, Question, Statement
from tests.factories import make_doctor, make_imported_answer, make_person, make_question, make_source, make_statement
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db

READ_AS = ("yes", "no", "no")
Row = dict[str, int]


@pytest.fixture
def copied() -> tuple[Question, Statement, list[Answer]]:
    """A copied question with one statement and three answers by three doctors."""
    source = make_source()
    question = make_question("Is a copied treatment wise?", source=source, state="archived", asked_by=None)
    answers = [
        make_imported_answer(
            question, source=source, doctor=make_doctor(f"Ada Copied{number}", source=source), body="It is so. And that is all."
        )
        for number in range(3)
    ]
    return question, make_statement(question), answers


def tiles(question: Question, client: Client | None = None) -> tuple[Row, Row, Row]:
    """How many tiles the page shows: verified ones by stance, those read by editors by stance, hollow ones by reason."""
    tree = page((client or Client()).get(question.get_absolute_url()))

    def row(path: str) -> Row:
        found = {one.get("data-stance"): len(one.xpath(".//ol/li")) for one in tree.xpath(path)}
        return {stance: n for stance, n in found.items() if n}

    hollow = {one.xpath("string(p)").strip(): len(one.xpath(".//ol/li")) for one in tree.xpath("//*[@class='rest']")}
    return row("//ul[@class='units']/li"), row("//ul[contains(@class, 'grey')]/li"), hollow


def read_all(answers: list[Answer], statement: Statement) -> None:
    """An editor reads every answer, from the queue on, each with one form."""
    client = signed_in(make_person(roles=("editor",)))
    (first, *_others) = [href for href in links(client.get("/editor/coding/")) if "/editor/code/" in href]
    address = first
    for value in READ_AS:
        fields = {f"value{statement.pk}": value, f"quote{statement.pk}": "2"}
        address = client.post(address, fields)["Location"]
    assert address == "/editor/coding/"


def test_exactly_one_tile_moves_and_leaves_again(copied: tuple[Question, Statement, list[Answer]]) -> None:
    question, statement, answers = copied
    assert tiles(question) == ({}, {}, {})
    read_all(answers, statement)
    assert tiles(question) == ({}, {}, {}), "one reader is not enough"
    read_all(answers, statement)
    assert tiles(question) == ({}, {"ok": 1, "no": 2}, {})
    assert "No verified doctor has taken a stance yet" in words(Client().get(question.get_absolute_url()))

    doctor, person = answers[1].doctor, make_person()
    assert doctor is not None
    own = signed_in(person)
    own.post(f"/doctors/{doctor.slug}/claim/", {"proof": "Look me up under 4711."})
    editor: Any = signed_in(make_person(roles=("editor",)))
    (request,) = [href for href in links(editor.get("/editor/claims/")) if "/claims/" in href]
    editor.post(request, {"act": "approve", "jurisdiction": "Examplia"})
    assert Claim.objects.get().state == "approved"
    assert Doctor.objects.get(pk=doctor.pk).person == person
    assert tiles(question) == ({}, {"ok": 1, "no": 2}, {}), "being verified says nothing of the statement"

    stances = f"/answers/{answers[1].pk}/stances/"
    assert stances in links(own.get(question.get_absolute_url()), "//a/@href")
    done = own.post(stances, {f"value_{statement.pk}": "no", "paid": "none"})
    assert done.status_code == 302, words(done, "//*[@role='alert']")
    assert tiles(question) == ({"no": 1}, {"ok": 1, "no": 1}, {})

    (revoke,) = [href for href in links(editor.get(f"/editor/doctors/{doctor.slug}/")) if "/revoke/" in href]
    editor.post(revoke, {"reason": "Left the register."})
    verified, read, hollow = tiles(question)
    assert (verified, read) == ({}, {"ok": 1, "no": 1})
    assert list(hollow.values()) == [1]
    editor.post(f"/editor/doctors/{doctor.slug}/", {"act": "licence", "jurisdiction": "Examplia"})
    assert tiles(question) == ({"no": 1}, {"ok": 1, "no": 1}, {})


def test_a_doctor_may_see_it_otherwise_than_the_editors_read_it(copied: tuple[Question, Statement, list[Answer]]) -> None:
    question, statement, answers = copied
    for _ in range(2):
        read_all(answers, statement)
    doctor, person = answers[2].doctor, make_person()
    assert doctor is not None
    own, editor = signed_in(person), signed_in(make_person(roles=("editor",)))
    own.post(f"/doctors/{doctor.slug}/claim/", {"proof": "Look me up under 4711."})
    editor.post(f"/editor/claims/{Claim.objects.get().pk}/", {"act": "approve", "jurisdiction": "Examplia"})
    own.post(f"/answers/{answers[2].pk}/stances/", {f"value_{statement.pk}": "yes", "paid": "none"})
    assert tiles(question) == ({"ok": 1}, {"ok": 1, "no": 1}, {})
    queue = links(signed_in(make_person(roles=("editor",))).get("/editor/coding/"))
    assert not [href for href in queue if "/code/" in href]
