"""The API's description: for programs as OpenAPI, for people as a page made from it, without scripts."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NoReturn

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from consilium.api.door import unchanged
from consilium.api.operations import api
from consilium.lib import addresses

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """What a field holds, in words; `shape` is the name of the object it is or has, to link to."""

    words: str
    shape: str = ""


@dataclass(frozen=True)
class Field:
    name: str
    kind: Kind
    meaning: str


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    summary: str
    meaning: str
    parameters: list[Field]
    responses: list[tuple[str, str, Kind | None]]


@dataclass(frozen=True)
class Shape:
    name: str
    meaning: str
    fields: list[Field]


@require_http_methods(["GET", "HEAD"])
def page(request: HttpRequest) -> HttpResponse:
    """What a programmer must know: addresses, what they give, and how to ask."""
    context = {"about": schema()["info"], "operations": operations(), "shapes": list(shapes()), "base": addresses.base(request)}
    return render(request, "api/docs.html", context)


def openapi(request: HttpRequest) -> HttpResponseBase:
    """The same for programs."""
    response = HttpResponse(_text(), content_type="application/json; charset=utf-8")
    return unchanged(request, response, "openapi") or response


def nothing(request: HttpRequest, rest: str) -> NoReturn:
    """An address below /api/ that is none."""
    raise Http404


@cache
def schema() -> dict[str, Any]:
    """The OpenAPI description; the same for every request of a release."""
    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema()))
    return found


@cache
def _text() -> str:
    return json.dumps(schema(), ensure_ascii=False)


def operations() -> list[Operation]:
    """All addresses, in the order in which they are written."""
    return [_operation(method, path, one) for path, methods in schema()["paths"].items() for method, one in methods.items()]


def shapes() -> Iterator[Shape]:
    """All objects by name."""
    for name, one in sorted(schema()["components"]["schemas"].items()):
        if "properties" in one:
            fields = [Field(field, kind_of(spec), spec.get("description", "")) for field, spec in one["properties"].items()]
            yield Shape(name, one.get("description", ""), fields)


def _operation(method: str, path: str, one: Json) -> Operation:
    parameters = [Field(spec["name"], kind_of(spec["schema"]), spec.get("description", "")) for spec in one["parameters"]]
    return Operation(
        method.upper(), path, one["summary"], " ".join(one.get("description", "").split()), parameters,
        [(status, spec["description"], _content(spec)) for status, spec in one["responses"].items()],
    )  # fmt: skip


def _content(response: Json) -> Kind | None:
    content = response.get("content")
    return kind_of(content["application/json"]["schema"]) if content else None


def kind_of(spec: Json) -> Kind:
    """A JSON schema in words."""
    if "$ref" in spec:
        return _referred(spec["$ref"].rpartition("/")[2])
    if "anyOf" in spec:
        kinds = [kind_of(one) for one in spec["anyOf"]]
        return Kind(" or ".join(kind.words for kind in kinds), next((kind.shape for kind in kinds if kind.shape), ""))
    if "allOf" in spec:
        return kind_of(spec["allOf"][0])
    if "enum" in spec or "const" in spec:
        return Kind("one of " + ", ".join(spec.get("enum", [spec.get("const")])))
    if spec.get("type") == "array":
        inner = kind_of(spec["items"])
        return Kind(f"list of {inner.words}", inner.shape)
    if spec.get("type") == "object":
        return Kind(f"object of names and {kind_of(spec['additionalProperties']).words}s")
    if spec.get("format") == "date-time":
        return Kind("date and time")
    words = {"integer": "whole number", "number": "number", "boolean": "true or false", "null": "null"}
    return Kind(words.get(spec.get("type", ""), "text"))


def _referred(name: str) -> Kind:
    target = schema()["components"]["schemas"][name]
    return Kind(name, name) if "properties" in target else kind_of(target)
