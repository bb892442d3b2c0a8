"""One row of the table as what it says, before anybody asks what is in the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from unicodedata import category

from consilium.lib.text import fold
from consilium.questions import rules
from consilium.questions.models import CONDITIONAL, Coding, ConditionJSON, ConditionKind, Statement, Value
from consilium.topics.models import Specialty, SpecialtySynonym
from consilium.transfer.records import Where
from consilium.transfer.sheet import Row

COLUMNS: Final = ("source", "answer", "statement", "kind", "value", "condition", "specialty", "quote", "coder")
NEEDED: Final = ("source", "answer", "statement", "value", "coder")
# The words of the editor's page for kinds of statements.
KINDS: Final = {kind: kind for kind in Statement.Kind.values} | {
    "safety": "safe", "effect": "effective", "recommendation": "recommended",
}  # fmt: skip
CODER_LIMIT: Final = Coding._meta.get_field("coder").max_length or 0
PLACES: Final = 10**6  # answers are counted from 1; no page has so many

Specialties = dict[str, str]


class BadRow(Exception):
    """The row cannot be used; the text says why in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One coder's reading of one answer on one statement; `kind` "": not said."""

    where: Where
    source: str
    place: int
    statement: str
    kind: str
    value: str
    conditions: tuple[ConditionJSON, ...]
    quote: str
    coder: str


def specialties() -> Specialties:
    """Slugs by every name of a specialty, as compared."""
    names = dict(SpecialtySynonym.objects.values_list("folded", "specialty__slug"))
    for slug, noun, title in Specialty.objects.values_list("slug", "noun", "title"):
        names |= {fold(slug): slug, fold(noun): slug, fold(title): slug}
    return names


def read(row: Row, known: Specialties) -> Read:
    """What the row says; BadRow if it says nothing that can be kept."""
    if row.fault:
        raise BadRow(row.fault)
    cells = {name: cell.strip() for name, cell in row.cells.items()}
    empty = next((name for name in NEEDED if not cells[name]), None)
    if empty:
        raise BadRow(f"the column {empty} is empty.")
    value = _value(cells["value"])
    return Read(
        where=row.where, source=cells["source"], place=_place(cells["answer"]), statement=" ".join(cells["statement"].split()),
        kind=_kind(cells["kind"]), value=value, conditions=_conditions(value, cells["condition"], row.cells["specialty"], known),
        quote=cells["quote"], coder=_coder(cells["coder"]),
    )  # fmt: skip


def _place(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:7]) <= PLACES or len(text) > len(str(PLACES)):
        raise BadRow(f"the answer is {text[:20]!r}; write its place on the page: 1, 2, 3 …")
    return int(text)


def _kind(text: str) -> str:
    kind = KINDS.get(text.casefold(), "")
    if text and not kind:
        raise BadRow(f"the kind is {text[:20]!r}; it is one of {', '.join(Statement.Kind.values)}.")
    return kind


def _value(text: str) -> str:
    value = text.casefold().replace(" ", "_").replace("-", "_")
    if value not in Value.values:
        raise BadRow(f"the value is {text[:20]!r}; it is one of {', '.join(Value.values)}.")
    return value


def _coder(text: str) -> str:
    coder = " ".join(text.split())
    if len(coder) > CODER_LIMIT:
        raise BadRow(f"the name of the coder has {len(coder):,} characters; at most {CODER_LIMIT} fit.")
    if any(category(char) == "Cc" for char in coder):
        raise BadRow("the name of the coder holds a control character.")
    return coder


def _conditions(value: str, condition: str, specialty: str, known: Specialties) -> tuple[ConditionJSON, ...]:
    """One condition per line of the cell, each with the specialty in the same line of its own cell."""
    texts = [" ".join(line.split()) for line in condition.splitlines() if line.strip()]
    names = [line.strip() for line in specialty.rstrip().splitlines()]
    if value not in CONDITIONAL and (texts or names):
        raise BadRow(f"it names a condition, which {value} has none of; say yes_if or no_unless, or leave it empty.")
    if value in CONDITIONAL and not texts:
        raise BadRow(f"the column condition is empty, and {value} needs one.")
    if len(names) > len(texts):
        raise BadRow("it names more specialties than conditions.")
    if len(texts) > rules.CONDITIONS_OF_A_STANCE or any(len(text) > rules.CONDITION_LIMIT for text in texts):
        what = f"at most {rules.CONDITIONS_OF_A_STANCE} conditions of at most {rules.CONDITION_LIMIT} characters fit."
        raise BadRow(f"the condition is too long: {what}")
    slugs = [_specialty(name, known) for name in names] + [""] * (len(texts) - len(names))
    return tuple(_condition(text, slug) for text, slug in zip(texts, slugs, strict=True))


def _specialty(name: str, known: Specialties) -> str:
    slug = known.get(fold(name), "")
    if name and not slug:
        raise BadRow(f"there is no specialty {name[:60]!r}; write its name, or the title of its doctor.")
    return slug


def _condition(text: str, slug: str) -> ConditionJSON:
    return {"kind": ConditionKind.CLEARANCE.value if slug else ConditionKind.OTHER.value, "specialty": slug, "text": text}
