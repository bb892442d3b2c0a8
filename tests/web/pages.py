"""Reading pages as a reader does: text and links, not markup."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from lxml import html

from consilium.accounts.models import Person
from tests.factories import PASSWORD


def signed_in(person: Person) -> Client:
    """A browser in which this person has signed in; form tokens are checked as on the real site."""
    client = Client()
    assert client.login(email=person.email, password=PASSWORD)
    return client


def page(response: HttpResponse) -> Any:
    """The page as a tree."""
    return html.fromstring(response.content.decode())


def words(response: HttpResponse, path: str = "//main") -> str:
    """All text below an XPath, with single spaces, and one between two blocks."""
    found = page(response).xpath(path)
    for block in (
        block for node in found for block in node.iter("p", "div", "li", "h1", "h2", "h3", "h4", "small", "br", "dt", "dd", "summary")
    ):
        block.tail = f" {block.tail or ''}"
    return " ".join(" ".join(node.text_content() for node in found).split())


def links(response: HttpResponse, path: str = "//main//a/@href") -> list[str]:
    return [str(href) for href in page(response).xpath(path)]
