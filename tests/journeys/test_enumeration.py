"""Promise 19: nobody learns from the site whether an e-mail address has an account.

Known and unknown addresses get the same status, the same page and the same number of mails at sign-in, sign-up, reset
and change of address. Without a mail server sign-up is the exception: it signs in at once, so it must refuse a known address.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client

from consilium.accounts.models import Person
from tests.factories import PASSWORD, make_person
from tests.journeys.mail import Folder, Inbox, file_site, smtp_site
from tests.web.pages import page, words

pytestmark = pytest.mark.django_db

UNKNOWN = "nobody@example.org"
Seen = tuple[list[tuple[int, str]], int]


class CountingHasher(MD5PasswordHasher):
    hashed = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).hashed += 1
        return super().encode(password, salt)


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


def confirmed(email: str = "known@example.org") -> Person:
    person = make_person(email)
    EmailAddress.objects.create(user=person, email=email, primary=True, verified=True)
    return person


def seen(box: Inbox | Folder, client: Client, url: str, email: str, **fields: str) -> Seen:
    """What a stranger sees who sends a form with this address: every page up to the last, and how many mails went out."""
    before, field = len(box.mails), "login" if "login" in url else "email"
    form = page(client.get(url)).xpath("//main//form")[-1]
    response: Any = client.post(url, {**{k: v or "" for k, v in form.fields.items()}, field: email, **fields}, follow=True)
    pages = [(status, url) for url, status in response.redirect_chain] + [(response.status_code, bare(response, email))]
    return pages, len(box.mails) - before


def bare(response: Any, email: str) -> str:
    """The page without what the stranger typed and without the form's token, which is different each time."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return text.replace(email, "ADDRESS")


@pytest.mark.parametrize("url", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"])
@pytest.mark.parametrize("known", ["confirmed", "unconfirmed", "without a row of allauth's"])
def test_a_stranger_sees_no_difference(inbox: Inbox, url: str, known: str) -> None:
    person = confirmed()
    if known == "unconfirmed":
        EmailAddress.objects.update(verified=False)
    if known.startswith("without"):
        EmailAddress.objects.all().delete()
    fields = {"password": "wrong", "password1": "quite another passphrase"}
    there = seen(inbox, Client(), url, person.email or "", **fields)
    cache.clear()
    assert there == seen(inbox, Client(), url, UNKNOWN, **fields)
    assert there[1] == (0 if "login" in url else 1)
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_changing_to_a_known_address_looks_like_any_other(inbox: Inbox) -> None:
    confirmed("known@example.org")
    outcomes = []
    for number, wanted in enumerate(["known@example.org", UNKNOWN]):
        confirmed(f"me{number}@example.org")
        cache.clear()
        client = Client()
        client.post("/accounts/login/", {"login": f"me{number}@example.org", "password": PASSWORD})
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        pages, mails = seen(inbox, client, "/accounts/email/", wanted, action_add="1")
        outcomes.append(([(status, text.replace(f"me{number}@", "ME@")) for status, text in pages], mails))
    assert outcomes[0] == outcomes[1]
    assert outcomes[0][1] == 1


def test_without_a_mail_server_sign_in_and_reset_show_no_difference(folder: Folder) -> None:
    confirmed()
    for url, mails in [("/accounts/login/", 0), ("/accounts/password/reset/", 1)]:
        cache.clear()
        there = seen(folder, Client(), url, "known@example.org", password="wrong")
        assert there == seen(folder, Client(), url, UNKNOWN, password="wrong")
        assert there[1] == mails


def test_without_a_mail_server_sign_up_says_that_the_address_is_taken(folder: Folder) -> None:
    confirmed()
    response = Client().post("/accounts/signup/", {"email": "Known@example.org", "password1": "quite another passphrase"})
    assert "There is an account with this e-mail address already" in words(response)
    assert Person.objects.count() == 1


def test_a_known_address_costs_sign_up_a_hash_too(inbox: Inbox, settings: Any) -> None:
    # The hash is by far the slowest step of signing up, so that its absence could be measured from outside.
    settings.PASSWORD_HASHERS = ["tests.journeys.test_enumeration.CountingHasher"]
    for email in (confirmed().email, UNKNOWN):
        cache.clear()
        before = CountingHasher.hashed
        Client().post("/accounts/signup/", {"email": email, "password1": "quite another passphrase"})
        assert CountingHasher.hashed - before == 1
