"""Whether an answer is what the OpenAPI description says: the part of JSON Schema that the description uses, no more.

A keyword that is not known here fails, so that nothing in the description goes unchecked.
"""

from datetime import datetime
from typing import Any

from django.http import HttpResponse

from consilium.api import docs

KNOWN = {
    "$ref", "additionalProperties", "allOf", "anyOf", "const", "default", "description", "enum", "format", "items", "maximum",
    "minimum", "properties", "required", "title", "type",
}  # fmt: skip
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,),
    "null": (type(None),),
}  # fmt: skip


def checked(response: Any, path: str, status: int = 200) -> Any:
    """The JSON of an answer from an address of the description ("/questions"), once it holds what is promised."""
    assert isinstance(response, HttpResponse)
    assert response.status_code == status, response.content[:300]
    assert response["Content-Type"] == "application/json; charset=utf-8"
    described = docs.schema()["paths"][f"/api/v1{path}"]["get"]["responses"][str(status)]
    value = response.json()  # type: ignore[attr-defined]
    assert faults(value, described["content"]["application/json"]["schema"]) == []
    return value


def faults(value: Any, spec: dict[str, Any], where: str = "answer") -> list[str]:
    """Where a value is not what the schema says, in words."""
    assert set(spec) <= KNOWN, f"{where}: keywords {set(spec) - KNOWN} are not checked"
    if "$ref" in spec:
        return faults(value, docs.schema()["components"]["schemas"][spec["$ref"].rpartition("/")[2]], where)
    if "anyOf" in spec:
        tries = [faults(value, one, where) for one in spec["anyOf"]]
        return [] if [] in tries else [line for one in tries for line in one]
    found = [line for one in spec.get("allOf", []) for line in faults(value, one, where)]
    if "type" in spec and not _is(value, spec["type"]):
        return [f"{where} is no {spec['type']}: {value!r}"]
    return found + _plain(value, spec, where) + _inside(value, spec, where)


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _plain(value: Any, spec: dict[str, Any], where: str) -> list[str]:
    found = []
    if value not in spec.get("enum", [value]) or value != spec.get("const", value):
        found.append(f"{where} is {value!r}")
    if spec.get("format") == "date-time" and not (value.endswith("Z") and datetime.fromisoformat(value)):
        found.append(f"{where} is no time in UTC: {value}")
    if isinstance(value, int) and not spec.get("minimum", value) <= value <= spec.get("maximum", value):
        found.append(f"{where} is out of range: {value}")
    return found


def _inside(value: Any, spec: dict[str, Any], where: str) -> list[str]:
    found: list[str] = []
    if isinstance(value, list) and "items" in spec:
        for number, one in enumerate(value):
            found += faults(one, spec["items"], f"{where}[{number}]")
    if isinstance(value, dict):
        fields, more = spec.get("properties", {}), spec.get("additionalProperties")
        found += [f"{where} lacks {name}" for name in spec.get("required", []) if name not in value]
        for name, one in value.items():
            if name in fields:
                found += faults(one, fields[name], f"{where}.{name}")
            elif isinstance(more, dict):
                found += faults(one, more, f"{where}.{name}")
            else:
                found.append(f"{where} has {name}, which nobody described")
    return found
