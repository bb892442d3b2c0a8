"""Asking for a doctor's profile: who may, what is said, what an editor decided, taking the request back."""

from typing import Any

import pytest
from django.test import Client

from consilium.doctors.actions import approve_claim, decline_claim
from consilium.doctors.models import Claim, Doctor
from tests.factories import make_doctor, make_person, make_source
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db

PROOF = {"proof": "Licence 1234 of Examplia; the register is at https://example.org/register."}


@pytest.fixture
def doctor() -> Doctor:
    return make_doctor("Fay Lund", source=make_source(), slug="fay-lund")


def test_a_profile_that_nobody_holds_asks_whether_it_is_yours(doctor: Doctor) -> None:
    claimed, group = make_doctor(person=make_person()), make_doctor(kind="group", source=make_source())
    invented = make_doctor(invented=True, source=make_source(kind="demo"))
    address = "/doctors/fay-lund/claim/"
    assert address in links(Client().get(doctor.get_absolute_url()))
    for other in (claimed, group, invented):
        assert not [link for link in links(Client().get(other.get_absolute_url())) if link.endswith("/claim/")]


def test_asking_and_the_state_of_the_request(doctor: Doctor) -> None:
    person = make_person()
    client = signed_in(person)
    form = client.get("/doctors/fay-lund/claim/")
    assert "An editor of this site reads what you write here. Nobody else can see it." in words(form)
    response = client.post("/doctors/fay-lund/claim/", PROOF, follow=True)
    assert "Your request is sent." in words(response, "//*[@role='status']")
    claim = Claim.objects.get()
    assert (claim.doctor, claim.person, claim.proof, claim.state) == (doctor, person, PROOF["proof"], "requested")
    assert "Waiting for an editor" in words(response, "//*[@id='profile']")
    assert PROOF["proof"] not in words(Client().get(doctor.get_absolute_url()))
    assert "You have asked for this profile." in words(client.get("/doctors/fay-lund/claim/"))


@pytest.mark.parametrize(
    ("typed", "message"),
    [("", "Write how an editor can be sure that it is you"), ("x" * 2001, "Shorten the proof to 2000 characters or fewer.")],
)
def test_each_mistake_has_one_sentence(doctor: Doctor, typed: str, message: str) -> None:
    response = signed_in(make_person()).post("/doctors/fay-lund/claim/", {"proof": typed})
    assert response.status_code == 422
    assert words(response, "//title").startswith("Error: ")
    error = page(response).xpath("//*[@role='alert']//a")[0]
    assert error.get("href") == "#id_proof"
    assert error.text.startswith(message)
    assert page(response).xpath("//textarea[@name='proof']")[0].text.strip() == typed
    assert not Claim.objects.exists()


def test_a_visitor_signs_in_first_and_the_words_wait(doctor: Doctor) -> None:
    client, person = Client(), make_person()
    assert client.post("/doctors/fay-lund/claim/", PROOF)["Location"].startswith("/accounts/login/")
    client.force_login(person)
    assert page(client.get("/doctors/fay-lund/claim/")).xpath("//textarea")[0].text.strip() == PROOF["proof"]
    assert not Claim.objects.exists()


def refused(client: Client, slug: str, message: str) -> None:
    assert message in words(client.get(f"/doctors/{slug}/claim/"))
    assert client.post(f"/doctors/{slug}/claim/", PROOF).status_code == 403


def test_who_cannot_ask_is_told_why(doctor: Doctor) -> None:
    person = make_person()
    client = signed_in(person)
    claimed, group = make_doctor(person=make_person()), make_doctor(kind="group", source=make_source())
    refused(client, claimed.slug, "Somebody holds this profile already.")
    refused(client, group.slug, "This profile stands for a group of doctors")
    refused(client, make_doctor(invented=True).slug, "This doctor is invented for the demonstration")
    holder = signed_in(make_doctor("Gil Orr", person=make_person()).person)
    refused(holder, "fay-lund", "Your account holds the profile of Gil Orr, MD")
    client.post("/doctors/fay-lund/claim/", PROOF)
    refused(client, make_doctor(source=make_source()).slug, "You have asked for the profile of Fay Lund, MD")
    assert Claim.objects.get().doctor == doctor


def test_a_refused_request_keeps_its_words(doctor: Doctor) -> None:
    client = signed_in(make_doctor(person=make_person()).person)
    response = client.post("/doctors/fay-lund/claim/", PROOF)
    assert page(response).xpath("//textarea[@name='proof']")[0].text.strip() == PROOF["proof"]


def test_the_decision_and_its_note_are_on_the_account_page(doctor: Doctor) -> None:
    editor, person, other = make_person(roles=("editor",)), make_person(), make_person()
    for one in (person, other):
        signed_in(one).post("/doctors/fay-lund/claim/", PROOF)
    decline_claim(editor=editor, claim=Claim.objects.get(person=other), note="The register does not know this number.")
    said = words(signed_in(other).get("/account/"), "//*[@id='profile']")
    assert "Declined" in said
    assert "The register does not know this number." in said
    approve_claim(editor=editor, claim=Claim.objects.get(person=person), jurisdiction="Examplia", note="Welcome.")
    assert "Approved" in words(signed_in(person).get("/account/"), "//*[@id='profile']")


def test_a_request_is_taken_back_by_its_author_alone(doctor: Doctor) -> None:
    person = make_person()
    client = signed_in(person)
    client.post("/doctors/fay-lund/claim/", PROOF)
    address = f"/account/claims/{Claim.objects.get().pk}/withdraw/"
    assert Client().post(address)["Location"] == "/accounts/login/?next=/account/"
    for stranger in (make_person(), make_person(roles=("editor", "admin"))):
        assert signed_in(stranger).post(address).status_code == 404
    assert client.get(address).status_code == 405
    assert Claim.objects.get().state == "requested"
    shown: Any = client.post(address, follow=True)
    assert Claim.objects.get().state == "withdrawn"
    assert "Withdrawn" in words(shown, "//*[@id='profile']")
    assert client.post(address).status_code == 403, "twice"
