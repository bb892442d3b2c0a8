"""The description for programs, and the page made from it."""

import re
from typing import Any

import pytest
from django.test import Client

from consilium.api import docs
from tests.factories import make_question
from tests.web.pages import page, words

pytestmark = pytest.mark.django_db


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        found = {value["$ref"]} if "$ref" in value else set()
        return found.union(*(references(one) for one in value.values()))
    return set().union(*(references(one) for one in value)) if isinstance(value, list) else set()


def test_the_description_is_whole(client: Client) -> None:
    given = client.get("/api/v1/openapi.json").json()
    assert given["openapi"].startswith("3.1")
    assert set(given["paths"]) == {
        "/api/v1/questions", "/api/v1/questions/{number}", "/api/v1/questions/{number}/consensus",
    }  # fmt: skip
    named = {f"#/components/schemas/{name}" for name in given["components"]["schemas"]}
    assert references(given) <= named
    for path, methods in given["paths"].items():
        assert set(methods) == {"get"}
        written = {one["name"] for one in methods["get"]["parameters"] if one["in"] == "path"}
        assert written == set(re.findall(r"{(\w+)}", path))
        assert methods["get"]["summary"]
        assert methods["get"]["description"]
        assert {"200", "304"} <= set(methods["get"]["responses"])
    identities = [one["get"]["operationId"] for one in given["paths"].values()]
    assert len(set(identities)) == len(identities)


def test_every_object_says_what_it_is() -> None:
    assert [shape.name for shape in docs.shapes() if not shape.meaning] == []


def test_the_page_names_every_address_object_and_field(client: Client) -> None:
    response: Any = client.get("/api/")
    assert response.status_code == 200
    said = words(response)
    for one in docs.operations():
        assert f"{one.method} {one.path}" in said
    tree = page(response)
    for shape in docs.shapes():
        section = tree.xpath(f"//article[@aria-labelledby='s-{shape.name}']")[0]
        assert [name.text_content() for name in section.xpath(".//dt")] == [field.name for field in shape.fields]
    anchors = {f"#{identity}" for identity in tree.xpath("//@id")}
    assert {href for href in tree.xpath("//main//a/@href") if href.startswith("#")} <= anchors


def test_the_page_is_ours_alone_and_runs_nothing(client: Client) -> None:
    response: Any = client.get("/api/")
    assert page(response).xpath("//script") == []
    assert [
        src for src in page(response).xpath("//main//@src | //head//link/@href") if "//" in src.replace("http://testserver", "")
    ] == []
    assert client.head("/api/").status_code == 200
    assert client.post("/api/").status_code == 405


def test_the_example_of_the_page_works(client: Client) -> None:
    make_question()
    example = page(client.get("/api/")).xpath("//pre")[0].text_content()  # type: ignore[arg-type]
    address = re.search(r"http://testserver(\S+)", example)
    assert address
    assert client.get(address[1]).json()["questions"]


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"type": "integer"}, "whole number"),
        ({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}, "date and time or null"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Answer"}}, "list of Answer"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "object of names and whole numbers"),
        ({"$ref": "#/components/schemas/Group"}, "one of yes, conditional, no, cannot_say"),
        ({"const": "x", "type": "string"}, "one of x"),
        ({"allOf": [{"type": "boolean"}]}, "true or false"),
    ],
)
def test_a_schema_in_words(spec: Any, said: str) -> None:
    assert docs.kind_of(spec).words == said
