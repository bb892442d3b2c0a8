"""Signing up, in and out, and forgetting the password, as a visitor does it: pages, forms, mails."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection
from django.test import Client

from consilium.accounts.models import Person
from consilium.questions.models import HelpfulVote
from tests.factories import PASSWORD, make_answer, make_person, make_question
from tests.journeys.mail import Folder, Inbox, file_site, link_in, smtp_site
from tests.web.pages import page, signed_in, words

pytestmark = pytest.mark.django_db

NEW = "Ada.New@Example.org"


@pytest.fixture(autouse=True)
def _no_earlier_attempts() -> None:
    cache.clear()


@pytest.fixture
def inbox(settings: Any) -> Iterator[Inbox]:
    with smtp_site(settings) as found:
        yield found


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Iterator[Folder]:
    with file_site(settings, tmp_path) as found:
        yield found


def fill(client: Client, url: str, **fields: str) -> Any:
    """Open a page and send its last form in main with these fields, hidden ones and token included."""
    form = page(client.get(url)).xpath("//main//form")[-1]
    sent = {**{name: value or "" for name, value in form.fields.items()}, **fields}
    return client.post(form.action or url, sent)


def enter(email: str) -> Client:
    """A browser in which somebody has just signed in by the form."""
    client = Client()
    assert fill(client, "/accounts/login/", login=email, password=PASSWORD).status_code == 302
    return client


def change_address(client: Client, email: str) -> None:
    """Ask for another address; the password is asked for in between."""
    response = fill(client, "/accounts/email/", email=email, action_add="1")
    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert not EmailAddress.objects.filter(email=email).exists()
    assert fill(client, response["Location"], password=PASSWORD).status_code == 302


def test_from_helpful_through_sign_up_back_to_the_answer(folder: Folder) -> None:
    answer = make_answer(make_question())
    visitor = Client(enforce_csrf_checks=True)
    link = page(visitor.get(answer.question.get_absolute_url())).xpath(f"//*[@id='vote-{answer.pk}']//a/@href")[0]
    signup = page(visitor.get(link)).xpath("//main//a[contains(@href, 'signup')]/@href")[0]
    response = fill(visitor, signup, email=NEW, password1=PASSWORD)
    assert (response.status_code, response["Location"]) == (302, f"/q/{answer.question_id}/#a{answer.pk}")
    form = page(visitor.get(answer.question.get_absolute_url())).xpath(f"//*[@id='vote-{answer.pk}']//form")[0]
    visitor.post(form.action, dict(form.fields))
    assert HelpfulVote.objects.get().person.email == NEW.lower()


def test_sign_in_keeps_next_and_never_leaves_the_site(folder: Folder) -> None:
    person = make_person()
    for wanted, then in [
        ("/q/7/x/#a9", "/q/7/x/#a9"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
    ]:
        cache.clear()
        response = fill(Client(), f"/accounts/login/?next={quote(wanted)}", login=person.email or "", password=PASSWORD)
        assert (response.status_code, response["Location"]) == (302, then)


def test_mandatory_mode_confirms_by_the_link_and_goes_on(inbox: Inbox) -> None:
    visitor = Client(enforce_csrf_checks=True)
    response = fill(visitor, "/accounts/signup/?next=/topics/", email=NEW, password1=PASSWORD)
    assert response["Location"] == "/accounts/confirm-email/"
    assert "Open the link" in words(visitor.get(response["Location"]))
    assert "_auth_user_id" not in visitor.session
    [mail] = inbox.mails
    response = fill(visitor, link_in(mail))
    assert (response.status_code, response["Location"]) == (302, "/topics/")
    assert visitor.session["_auth_user_id"] == str(Person.objects.get(email=NEW.lower()).pk)


def test_mandatory_mode_in_another_browser_leads_to_sign_in(inbox: Inbox) -> None:
    fill(Client(), "/accounts/signup/", email=NEW, password1=PASSWORD)
    other = Client()
    assert fill(other, link_in(inbox.mails[0]))["Location"] == "/accounts/login/"
    assert fill(other, "/accounts/login/", login=NEW, password=PASSWORD)["Location"] == "/"


def test_mails_are_plain_and_say_that_a_program_sent_them(inbox: Inbox, settings: Any) -> None:
    settings.SITE_URL = "https://doctors.example"
    fill(Client(), "/accounts/signup/", email=NEW, password1=PASSWORD)
    [mail] = inbox.mails
    assert (mail["Auto-Submitted"], mail.get_content_type(), mail["To"]) == ("auto-generated", "text/plain", NEW.lower())
    assert mail["Subject"] == "Confirm your e-mail address for Consilium"
    assert "https://doctors.example/accounts/confirm-email/" in mail.get_content()
    assert "testserver" not in mail.get_content()


def test_forgotten_password(inbox: Inbox) -> None:
    person = make_person()
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    visitor = Client(enforce_csrf_checks=True)
    assert fill(visitor, "/accounts/password/reset/", email=person.email or "")["Location"] == "/accounts/password/reset/done/"
    opened = visitor.get(link_in(inbox.mails[0]))
    response = fill(visitor, opened["Location"], password1="quite another passphrase")
    assert response["Location"] == "/accounts/password/reset/key/done/"
    assert fill(Client(), "/accounts/login/", login=person.email or "", password="quite another passphrase").status_code == 302
    used = Client().get(link_in(inbox.mails[0]))
    assert "does not work any more" in words(used)
    assert "was changed with a link" in inbox.mails[1].get_content()


def test_change_of_password_ends_other_sessions(folder: Folder) -> None:
    person = make_person()
    here, elsewhere = signed_in(person), signed_in(person)
    response = fill(here, "/accounts/password/change/", oldpassword="wrong", password1="quite another passphrase")
    assert "Enter the password you have now" in words(response)
    fill(here, "/accounts/password/change/", oldpassword=PASSWORD, password1="quite another passphrase")
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert "was changed" in folder.mails[-1].get_content()


def test_change_of_address_takes_effect_when_confirmed(inbox: Inbox) -> None:
    fill(Client(), "/accounts/signup/", email="old@example.org", password1=PASSWORD)
    fill(Client(), link_in(inbox.mails[0]))
    visitor = enter("old@example.org")
    change_address(visitor, "new@example.org")
    person = Person.objects.get()
    assert person.email == "old@example.org"
    assert "Changing to new@example.org" in words(visitor.get("/accounts/email/"))
    fill(visitor, link_in(inbox.mails[1]))
    person.refresh_from_db()
    assert person.email == "new@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [("new@example.org", True, True)]
    assert inbox.mails[2]["To"] == "old@example.org"


def test_an_unconfirmed_address_stays_usable_while_another_waits(folder: Folder) -> None:
    for number in (1, 2):
        fill(Client(), "/accounts/signup/", email=f"old{number}@example.org", password1=PASSWORD)
        visitor = enter(f"old{number}@example.org")
        change_address(visitor, f"new{number}@example.org")
        assert f"Changing to new{number}@example.org" in words(visitor.get("/accounts/email/"))
        enter(f"old{number}@example.org")
    assert set(Person.objects.values_list("email", flat=True)) == {"old1@example.org", "old2@example.org"}


def test_a_wrong_password_changes_no_address(folder: Folder) -> None:
    fill(Client(), "/accounts/signup/", email="old@example.org", password1=PASSWORD)
    visitor = enter("old@example.org")
    asked = fill(visitor, "/accounts/email/", email="new@example.org", action_add="1")["Location"]
    assert "Enter the password you have now" in words(fill(visitor, asked, password="wrong"))
    assert not EmailAddress.objects.filter(email="new@example.org").exists()


def test_five_wrong_passwords_close_the_door_for_every_process(folder: Folder) -> None:
    person = make_person()
    for _ in range(5):
        response = fill(Client(), "/accounts/login/", login=person.email or "", password="wrong")
        assert "no account has both" in words(response)
    response = fill(Client(), "/accounts/login/", login=person.email or "", password=PASSWORD)
    assert "Wait five minutes" in words(response)
    assert any("login_failed" in key for key in _cache_keys())


def test_too_many_requests_get_a_page_of_ours(folder: Folder, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    fill(Client(), "/accounts/signup/", email="bad", password1="x")
    response = Client().post("/accounts/signup/", {})
    assert response.status_code == 429
    assert "Wait five minutes" in words(response)


def _cache_keys() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        return [row[0] for row in cursor.fetchall()]
