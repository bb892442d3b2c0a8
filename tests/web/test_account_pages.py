"""Every page of allauth in our frame, with errors as GOV.UK shows them."""

from typing import Any

import pytest
from allauth.account import urls as allauth_urls
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.factories import make_person
from tests.web.pages import page, signed_in, words

pytestmark = pytest.mark.django_db

ARGUMENTS: dict[str, dict[str, str]] = {
    "account_confirm_email": {"key": "no-such-key"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "no-such-key"},
}
NAMES = sorted(pattern.name for pattern in allauth_urls.urlpatterns if pattern.name)


@pytest.fixture(autouse=True)
def _no_earlier_attempts() -> None:
    cache.clear()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("visitor", ["stranger", "member"])
def test_every_page_wears_our_frame(name: str, visitor: str) -> None:
    client = signed_in(make_person()) if visitor == "member" else Client()
    response: Any = client.get(reverse(name, kwargs=ARGUMENTS.get(name)), follow=True)
    assert response.status_code == 200
    tree = page(response)
    assert len(tree.xpath("//header[contains(@class, 'top')]")) == 1
    assert len(tree.xpath("//main//h1")) == 1
    assert tree.xpath("//title/text()")[0].strip().endswith("– Consilium")
    assert not tree.xpath("//*[@style] | //style | //script[not(@src)][not(@type)]")
    assert all(form.xpath(".//input[@name='csrfmiddlewaretoken']") for form in tree.xpath("//form[@method='post']"))


@pytest.mark.parametrize(
    ("name", "sent", "message", "target"),
    [
        ("account_login", {"login": "ada", "password": "x"}, "Enter an e-mail address such as name@example.org", "id_login"),
        ("account_login", {"login": "", "password": "x"}, "Enter your e-mail address", "id_login"),
        (
            "account_signup",
            {"email": "a@example.org", "password1": "short"},
            "Use a password of 12 characters or more",
            "id_password1",
        ),
        ("account_signup", {"email": "", "password1": ""}, "Enter a password", "id_password1"),
        ("account_reset_password", {"email": "ada@"}, "Enter an e-mail address such as name@example.org", "id_email"),
    ],
)
def test_an_error_is_in_the_title_in_the_summary_and_at_its_field(
    name: str, sent: dict[str, str], message: str, target: str
) -> None:
    tree = page(Client().post(reverse(name), sent))
    assert tree.xpath("//title/text()")[0].startswith("Error: ")
    link = tree.xpath(f"//*[@role='alert']//a[contains(., '{message}')]")[0]
    assert link.get("href") == f"#{target}"
    field = tree.xpath(f"//*[@id='{target}']")[0]
    assert field.get("aria-invalid") == "true"
    described = " ".join(tree.xpath(f"//*[@id='{part}']")[0].text_content() for part in field.get("aria-describedby").split())
    assert message in described
    kept = next(iter(sent))
    assert tree.xpath(f"//*[@name='{kept}']/@value") == ([sent[kept]] if sent[kept] else [])


def test_a_wrong_password_is_named_in_the_summary() -> None:
    person = make_person()
    response = Client().post(reverse("account_login"), {"login": person.email, "password": "wrong"})
    assert "no account has both" in words(response, "//*[@role='alert']")
    assert page(response).xpath("//*[@name='login']/@value") == [person.email]


def test_pages_of_accounts_are_kept_by_no_browser() -> None:
    for name in NAMES:
        for client in (Client(), signed_in(make_person())):
            response = client.get(reverse(name, kwargs=ARGUMENTS.get(name)))
            keeps = response["Cache-Control"]
            assert "no-store" in keeps or not page_has_secret(response), (name, keeps)


def page_has_secret(response: Any) -> bool:
    return b"csrfmiddlewaretoken" in response.content or b"@example" in response.content
