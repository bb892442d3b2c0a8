"""Kept states of a consensus on their way between sites: what is asked of their form, and what each site adds of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

# What every page and the API read of a kept state (consensus.panel.data). A type, types, an object of such, or a list [of].
_COUNTS: Final = {"yes": int, "conditional": int, "no": int, "cannot_say": int}
_OPTIONAL_NUMBER: Final = (int, float, type(None))
SHAPE: Final[Mapping[str, Any]] = {
    "statement": str, "statement_key": str, "kind": str, "language": str,
    "counts": _COUNTS, "n": int, "not_addressed": int, "not_counted": [{"reason": str, "n": int}],
    "label": str, "side": (str, type(None)), "capped_by": [str], "p": _OPTIONAL_NUMBER,
    "answers_to_overturn": (int, type(None)), "contested": (int, float),
    "coverage": {"required": [str], "answered": dict, "missing": [str]},
    "conditions": [{"text": str, "n": int, "kind": str, "specialty": (str, type(None))}],
    "interest": {"offers_treatment": int, "no": int, "unknown": int, "paid": int},
    "evidence": {"cited": int, "doctors": int, "retracted": int},
    "provenance": {"declared": int, "cosigned": int, "editor_coded": int},
    "blind": int, "changed": int, "algorithm": str,
}  # fmt: skip
IMPORTED: Final = {
    "of": int, "counts": _COUNTS, "not_addressed": int, "unclear": int, "waiting": int, "uncoded": int,
}  # fmt: skip


def misshapen(data: Mapping[str, Any]) -> str | None:
    """What of the state cannot be read, in a sentence; None if all can. What it holds besides is left in peace."""
    place = _wrong(data, SHAPE, "data")
    copied = data.get("imported")
    if place is None and copied is not None:
        place = _wrong(copied, IMPORTED, "data.imported")
    return f"{place} is missing or of another kind than in a kept state." if place else None


def _wrong(value: Any, shape: Any, place: str) -> str | None:
    """The first place where the value has not the shape."""
    if isinstance(shape, Mapping):
        if not isinstance(value, Mapping):
            return place
        return next((found for name, part in shape.items() if (found := _part(value, name, part, place))), None)
    if isinstance(shape, list):
        if not isinstance(value, list):
            return place
        return next((found for n, one in enumerate(value) if (found := _wrong(one, shape[0], f"{place}[{n}]"))), None)
    return None if isinstance(value, shape) and not isinstance(value, bool) else place


def _part(value: Mapping[str, Any], name: str, shape: Any, place: str) -> str | None:
    return _wrong(value[name], shape, f"{place}.{name}") if name in value else f"{place}.{name}"
