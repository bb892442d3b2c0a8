"""Reading the search page as a reader does."""

from django.http import HttpResponse
from django.test import Client

from tests.web.pages import links, page

NEXT = "//a[contains(@rel, 'next')]/@href"


def search(client: Client | None = None, **asked: str) -> HttpResponse:
    """The page that a form with these fields leads to."""
    response: HttpResponse = (client or Client()).get("/search/", asked)
    assert response.status_code == 200
    return response


def suggested(text: str, client: Client | None = None) -> str:
    """What appears below the box."""
    response = (client or Client()).get("/search/suggest/", {"q": text}, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex"
    return response.content.decode().strip()


def titles(response: HttpResponse) -> list[str]:
    return [" ".join(one.text_content().split()) for one in page(response).xpath("//article/h3")]


def found(response: HttpResponse) -> list[str]:
    """The addresses of the questions."""
    return links(response, "//article/h3/a/@href")


def choices(response: HttpResponse, name: str) -> dict[str, str]:
    """The choices of a filter, with their figures."""
    tree = page(response)
    radios = {one.get("value"): one.getparent().text_content() for one in tree.xpath(f"//aside//input[@name='{name}']")}
    options = {one.get("value"): one.text_content() for one in tree.xpath(f"//aside//select[@name='{name}']/option")}
    return {value: " ".join(text.split()) for value, text in {**radios, **options}.items() if value}
