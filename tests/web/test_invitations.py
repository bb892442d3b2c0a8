"""A reader invites a missing specialty; a doctor finds the invitation on the account page, answers or says no."""

from typing import Any

import pytest
from django.test import Client

from consilium.consensus.models import Invitation
from consilium.doctors.models import Doctor
from consilium.questions.models import Question
from consilium.topics.models import TopicSpecialty
from tests.factories import make_person, make_question, make_specialty, make_stance, make_statement, make_topic, make_verified
from tests.web.pages import page, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Question:
    topic = make_topic("Fern fever", kind="condition")
    TopicSpecialty.objects.create(topic=topic, specialty=make_specialty("Neurology", "Neurologist"), role="primary")
    question = make_question("May I have a glow peel?", topics=(topic,))
    make_statement(question)
    return question


@pytest.fixture
def neurologist() -> Doctor:
    return make_verified(specialty=make_specialty("Neurology", "Neurologist"), takes_invitations=True)


def test_a_reader_invites_and_the_doctor_is_told(question: Question, neurologist: Doctor) -> None:
    response = signed_in(make_person()).post(f"/q/{question.pk}/invite/", {"specialty": "neurology"}, follow=True)
    assert "1 doctor is invited to answer." in words(response, "//*[@role='status']")
    assert neurologist.person is not None
    shown = words(signed_in(neurologist.person).get("/account/"), "//*[@id='for-you']")
    assert "May I have a glow peel?" in shown
    assert "You are invited to answer for Neurology." in shown


def test_the_reason_why_nobody_is_invited_is_said(question: Question) -> None:
    client = signed_in(make_person())
    response = client.post(f"/q/{question.pk}/invite/", {"specialty": "neurology"}, follow=True)
    assert "No doctor of this specialty can be invited at the moment" in words(response, "//*[@role='status']")
    make_specialty("Urology", "Urologist")
    response = client.post(f"/q/{question.pk}/invite/", {"specialty": "urology"}, follow=True)
    assert "the question does not need one" in words(response, "//*[@role='status']")


def test_inviting_needs_an_account_a_form_and_a_specialty(question: Question, neurologist: Doctor) -> None:
    address = f"/q/{question.pk}/invite/"
    response = Client().post(address, {"specialty": "neurology"})
    assert response["Location"].startswith("/accounts/login/?next=/q/")
    assert "invite" not in response["Location"], "never back to an address that only takes forms"
    client = signed_in(make_person())
    assert client.get(address).status_code == 405
    for wrong in ({}, {"specialty": "astrology"}, {"specialty": "a\x00b"}):
        assert client.post(address, wrong).status_code == 404
    Question.objects.filter(pk=question.pk).update(state="closed")
    response = client.post(address, {"specialty": "neurology"}, follow=True)
    assert "the question must be open" in words(response, "//*[@role='status']")
    assert not Invitation.objects.exists()


def test_saying_no_with_a_reason(question: Question, neurologist: Doctor) -> None:
    signed_in(make_person()).post(f"/q/{question.pk}/invite/", {"specialty": "neurology"})
    invitation = Invitation.objects.get()
    assert neurologist.person is not None
    client = signed_in(neurologist.person)
    form = page(client.get("/account/")).xpath("//form[contains(@action, '/decline/')]")[0]
    address = form.get("action")
    assert address == f"/account/invitations/{invitation.pk}/decline/"
    assert form.xpath(".//option/@value") == ["", "expertise", "time", "information"]
    for wrong in ({}, {"reason": ""}, {"reason": "boredom"}):
        response = client.post(address, wrong, follow=True)
        assert "Choose why you say no to the invitation." in words(response, "//*[@role='status']")
    response = client.post(address, {"reason": "expertise"}, follow=True)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.reason) == ("declined", "expertise")
    assert "May I have a glow peel?" not in words(response, "//*[@id='for-you']")


def test_only_the_invited_doctor_says_no(question: Question, neurologist: Doctor) -> None:
    signed_in(make_person()).post(f"/q/{question.pk}/invite/", {"specialty": "neurology"})
    address = f"/account/invitations/{Invitation.objects.get().pk}/decline/"
    assert Client().post(address, {"reason": "time"})["Location"] == "/accounts/login/?next=/account/"
    for person in (make_person(), make_person(roles=("editor", "admin")), make_verified().person):
        assert signed_in(person).post(address, {"reason": "time"}).status_code == 404
    assert Invitation.objects.get().state == "invited"


def test_an_answered_invitation_is_done(question: Question, neurologist: Doctor) -> None:
    signed_in(make_person()).post(f"/q/{question.pk}/invite/", {"specialty": "neurology"})
    assert neurologist.person is not None
    client = signed_in(neurologist.person)
    statement = question.statements.get()
    client.post(f"/q/{question.pk}/cosign/", {f"value_{statement.pk}": "no", "paid": "none"})
    assert Invitation.objects.get().state == "answered"
    assert "Nothing waits for you." in words(client.get("/account/"), "//*[@id='for-you']")


def test_interests_and_the_switch_for_invitations() -> None:
    treatment, other = make_topic("Glow peel", kind="treatment"), make_topic("Unrelated laser", kind="treatment")
    doctor = make_verified()
    make_stance(make_statement(make_question(topics=(treatment, make_topic("Fern fever", kind="condition")))), doctor=doctor)
    assert doctor.person is not None
    client = signed_in(doctor.person)
    form = client.get("/account/interests/")
    assert "Glow peel" in words(form)
    assert "Fern fever" not in words(form), "nobody offers an illness"
    assert other.name not in words(form)
    assert not page(form).xpath("//main//input[@checked]")
    client.post("/account/interests/", {f"offers_{treatment.pk}": "no", "willing": "on"})
    doctor.refresh_from_db()
    assert doctor.takes_invitations
    assert doctor.interests.get().offers == "no"
    kept: Any = page(client.get("/account/interests/"))
    assert len(kept.xpath("//main//input[@checked]")) == 2
    client.post("/account/interests/", {f"offers_{treatment.pk}": "no"})
    doctor.refresh_from_db()
    assert not doctor.takes_invitations
    response = client.post("/account/interests/", {f"offers_{treatment.pk}": "often", "willing": "on"})
    assert response.status_code == 422
    assert "Choose from the list whether you offer this treatment" in words(response, "//*[@role='alert']")


def test_interests_are_a_doctors_own() -> None:
    assert Client().get("/account/interests/")["Location"].startswith("/accounts/login/")
    for person in (make_person(), make_person(roles=("editor", "admin"))):
        assert signed_in(person).get("/account/interests/").status_code == 403
        assert signed_in(person).post("/account/interests/", {"willing": "on"}).status_code == 403
