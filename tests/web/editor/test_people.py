"""Requests for a profile, licences and practices, as an editor decides them."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from consilium.accounts.models import Person
from consilium.consensus import reading
from consilium.doctors import actions, facts
from consilium.doctors.models import Claim, Credential, Doctor, Practice
from consilium.journal.models import Entry
from tests.factories import make_doctor, make_person, make_question, make_source, make_stance, make_statement, make_verified
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db

PROOF = "I am in the register of Examplia under 4711.\n\nWrite to me there."
YES = {"act": "approve", "jurisdiction": "Examplia", "expires_on": "", "note": ""}


def editor() -> tuple[Person, Client]:
    person = make_person(roles=("editor",))
    return person, signed_in(person)


def requested(**fields: Any) -> Claim:
    doctor = make_doctor("Ada Brightwater", source=make_source(), **fields)
    return actions.request_claim(person=make_person("ada@clinic.example"), doctor=doctor, proof=PROOF)


def today(days: int = 0) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_the_queue_shows_those_who_wait() -> None:
    waiting, decided = requested(), requested_by_another()
    actions.decline_claim(editor=make_person(roles=("editor",)), claim=decided, note="no proof")
    response = editor()[1].get("/editor/claims/")
    assert [href for href in links(response) if "/claims/" in href] == [f"/editor/claims/{waiting.pk}/"]
    assert "4711" not in words(response), "the proof is for the page of the request"


def requested_by_another() -> Claim:
    return actions.request_claim(person=make_person(), doctor=make_doctor("Bo Example"), proof="It is me.")


def test_the_request_tells_proof_and_account_and_nothing_else_of_the_person() -> None:
    claim = requested()
    make_question("May I ask something private?", person=claim.person)
    said = words(editor()[1].get(f"/editor/claims/{claim.pk}/"))
    assert "I am in the register of Examplia under 4711. Write to me there." in said
    assert "ada@clinic.example (not confirmed)" in said
    assert "private" not in said


def test_yes_hands_over_and_makes_the_stances_count() -> None:
    claim, (person, client) = requested(), editor()
    response = client.post(f"/editor/claims/{claim.pk}/", {**YES, "expires_on": today(30)}, follow=True)
    assert "The profile is handed over and the licence confirmed." in words(response)
    claim.refresh_from_db()
    doctor = Doctor.objects.get(pk=claim.doctor_id)
    assert (claim.state, claim.decided_by, doctor.person) == ("approved", person, claim.person)
    credential = Credential.objects.get()
    assert (credential.jurisdiction, credential.checked_by, credential.level) == ("Examplia", person, Credential.Level.SEEN)
    assert credential.expires_at is not None
    assert credential.expires_at.isoformat() == f"{today(30)}T23:59:59+00:00"
    assert Entry.objects.filter(fact=facts.CREDENTIAL_GRANTED, actor=person.pk, subject=f"doctor:{doctor.pk}").exists()


def test_no_needs_a_reason_which_the_person_gets() -> None:
    claim, (_person, client) = requested(), editor()
    response = client.post(f"/editor/claims/{claim.pk}/", {"act": "decline", "note": " "})
    assert response.status_code == 422
    assert words(response, "//*[@role='alert']//a") == "Say why, and what the person can do"
    client.post(f"/editor/claims/{claim.pk}/", {"act": "decline", "note": "Send the register’s address."})
    claim.refresh_from_db()
    assert (claim.state, claim.note) == ("declined", "Send the register’s address.")
    assert not Credential.objects.exists()


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"jurisdiction": ""}, "Enter the country or state of the licence"),
        ({"jurisdiction": "x" * 81}, "Shorten it to 80 characters or fewer. It has 81 now."),
        ({"expires_on": "27.5.2031"}, "Enter a day such as 2031-05-27"),
        ({"expires_on": today(-1)}, "Enter a day from today on, at most fifty years ahead"),
        ({"expires_on": "9999-12-31"}, "Enter a day from today on, at most fifty years ahead"),
        ({"note": "n" * 301}, "Shorten it to 300 characters or fewer. It has 301 now."),
    ],
)
def test_mistakes_are_said_and_what_was_typed_stays(fields: dict[str, str], why: str) -> None:
    claim, (_person, client) = requested(), editor()
    response = client.post(f"/editor/claims/{claim.pk}/", {**YES, "note": "Welcome", **fields})
    assert response.status_code == 422
    assert words(response, "//*[@role='alert']//a") == why
    tree = page(response)
    assert tree.xpath("//title/text()")[0].startswith("Error: ")
    (target,) = tree.xpath("//*[@role='alert']//a/@href")
    assert tree.xpath(f"//*[@id='{target[1:]}']")
    typed = {**YES, "note": "Welcome", **fields}
    assert tree.xpath("string(//textarea[@name='jurisdiction'])").strip() == typed["jurisdiction"]
    assert Claim.objects.get().state == "requested"


def test_nobody_decides_about_their_own_request_and_nobody_twice() -> None:
    person, client = editor()
    own = actions.request_claim(person=person, doctor=make_doctor(), proof="It is me.")
    response = client.post(f"/editor/claims/{own.pk}/", YES)
    assert response.status_code == 422
    assert "another editor must decide" in words(response, "//*[@role='alert']")
    claim = requested()
    client.post(f"/editor/claims/{claim.pk}/", YES)
    again = client.post(f"/editor/claims/{claim.pk}/", {"act": "decline", "note": "no"})
    assert "Only an editor can decide this, and only once." in words(again, "//*[@role='alert']")
    shown = client.get(f"/editor/claims/{claim.pk}/")
    assert "Approved" in words(shown)
    assert not page(shown).xpath("//main//form")


def test_a_request_cannot_be_bent_to_another_profile_or_person() -> None:
    claim, victim, (_person, client) = requested(), make_doctor("Vera Victim"), editor()
    extra = {"doctor": str(victim.pk), "person": str(make_person().pk), "level": "4", "kind": "board", "checked_by": "1"}
    client.post(f"/editor/claims/{claim.pk}/", {**YES, **extra})
    victim.refresh_from_db()
    assert victim.person is None
    credential = Credential.objects.get()
    assert (credential.doctor_id, credential.level, credential.kind) == (claim.doctor_id, 3, "licence")


def counted(question: Any) -> int:
    return reading.panel_of(question).statements[0].n


def revoke(client: Client, credential: Credential, reason: str) -> HttpResponse:
    response: Any = client.post(f"/editor/credentials/{credential.pk}/revoke/", {"reason": reason}, follow=True)
    return response


def test_taking_back_a_confirmation_and_giving_another() -> None:
    doctor, (person, client) = make_verified(), editor()
    question = make_question()
    make_stance(make_statement(question), doctor=doctor)
    address = f"/editor/doctors/{doctor.slug}/"
    credential = doctor.credentials_held.get()
    assert "Proof seen by an editor" in words(client.get(address))
    assert f"/editor/credentials/{credential.pk}/revoke/" in links(client.get(address))
    assert counted(question) == 1
    assert revoke(client, credential, "").status_code == 422
    assert counted(question) == 1
    said = words(revoke(client, credential, "Left the register."))
    assert "The licence is no longer confirmed" in said
    assert "Left the register." in said
    assert counted(question) == 0
    assert Entry.objects.filter(fact=facts.CREDENTIAL_REVOKED, actor=person.pk, subject=f"doctor:{doctor.pk}").exists()
    assert "taken back already" in words(client.get(f"/editor/credentials/{credential.pk}/revoke/"))
    client.post(address, {"act": "licence", "jurisdiction": "Elsewhere", "expires_on": ""})
    assert counted(question) == 1
    assert [one.jurisdiction for one in Credential.objects.valid()] == ["Elsewhere"]


def test_an_editor_cannot_confirm_their_own_licence() -> None:
    person, client = editor()
    doctor = make_doctor(person=person)
    response = client.post(f"/editor/doctors/{doctor.slug}/", {"act": "licence", "jurisdiction": "Examplia"})
    assert "another editor must confirm it" in words(response, "//*[@role='alert']")
    assert not Credential.objects.exists()


def test_doctors_of_one_practice_count_once() -> None:
    one, two, (_person, client) = make_verified(), make_verified(), editor()
    question = make_question()
    statement = make_statement(question)
    for doctor in (one, two):
        make_stance(statement, "no", doctor=doctor)
    assert counted(question) == 2
    version = question.version
    client.post(f"/editor/doctors/{one.slug}/", {"act": "practice", "name": "Skin  & Soul"})
    client.post(f"/editor/doctors/{two.slug}/", {"act": "practice", "name": "skin & soul"})
    assert Practice.objects.get().name == "Skin & Soul"
    assert counted(question) == 1
    question.refresh_from_db()
    assert question.version > version
    assert f"/editor/doctors/{one.slug}/" in links(client.get(f"/editor/doctors/{two.slug}/"))
    client.post(f"/editor/doctors/{two.slug}/", {"act": "practice", "name": ""})
    assert counted(question) == 2


def test_a_form_without_its_button_changes_nothing() -> None:
    doctor, (_person, client) = make_verified(practice=Practice.objects.create(name="Here")), editor()
    client.post(f"/editor/doctors/{doctor.slug}/", {"name": "", "jurisdiction": "X", "slug": "y", "person": ""})
    doctor.refresh_from_db()
    assert (doctor.practice and doctor.practice.name, doctor.credentials_held.count()) == ("Here", 1)


def test_what_does_not_exist_is_missing() -> None:
    _person, client = editor()
    for address in ("/editor/claims/99/", "/editor/doctors/nobody/", "/editor/credentials/99/revoke/"):
        assert client.get(address).status_code == 404
