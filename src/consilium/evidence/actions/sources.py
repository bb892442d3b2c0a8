"""What somebody says about a source, and whether it can be kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from consilium.evidence import rules
from consilium.evidence.actions.errors import IDENTIFIER_PROBLEMS, BadSource, too_long, too_many
from consilium.evidence.models import Citation, Work
from consilium.lib.text import storable
from consilium.questions.models import Answer, Statement

OLDEST_YEAR: Final = 1500
TEXT_FIELDS: Final = {"title": 500, "authors": 500, "container": 300}  # with the characters they can hold


@dataclass(frozen=True, slots=True)
class Says:
    """What a source says of one statement of the question, or (None) in general."""

    statement: Statement | None = None
    direction: str = Citation.Direction.MENTIONS
    applies: str = Citation.Applies.UNCLEAR


@dataclass(frozen=True, slots=True)
class Source:
    """A source as typed. `identifier`: DOI, PubMed number or address in any form; `kind`: one of Work.Kind."""

    identifier: str
    kind: str
    title: str = ""
    authors: str = ""
    container: str = ""
    year: int | None = None
    quote: str = ""
    says: Sequence[Says] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """A source that can be kept: what names it, what describes it, and what it says by statement number."""

    identifier: rules.Identifier
    kind: str
    details: Mapping[str, str | int | None]
    quote: str
    says: Mapping[int | None, Says]


def checked(answer: Answer, sources: Sequence[Source]) -> list[Checked]:
    """The sources, those with the same identifier as one; raises BadSource."""
    own = set(answer.question.statements.active().values_list("pk", flat=True)) if sources else set()
    found: dict[str, Checked] = {}
    for row, source in enumerate(sources):
        one = _check(row, source, own)
        known = found.get(one.identifier.key)
        found[one.identifier.key] = _together(known, one) if known else one
    if len(found) > rules.SOURCES_OF_AN_ANSWER:
        raise BadSource(len(sources) - 1, "identifier", too_many())
    return list(found.values())


def _check(row: int, source: Source, statements: set[int]) -> Checked:
    identifier = rules.identify(source.identifier)
    if isinstance(identifier, rules.Problem) or not storable(source.identifier):
        problem = identifier if isinstance(identifier, rules.Problem) else rules.Problem.UNKNOWN
        raise BadSource(row, "identifier", str(IDENTIFIER_PROBLEMS[problem]))
    if source.kind not in Work.Kind.values:
        raise BadSource(row, "kind", _("Choose what kind of source this is."))
    details = {name: checked_text(row, name, getattr(source, name)) for name in TEXT_FIELDS}
    quote = source.quote.strip()
    if len(quote) > rules.QUOTE_LIMIT or not storable(quote):
        raise BadSource(row, "quote", too_long(rules.QUOTE_LIMIT) if storable(quote) else _unreadable())
    says = {}
    for one in source.says or (Says(),):
        check_says(row, one, statements)
        says[one.statement.pk if one.statement else None] = one
    return Checked(identifier, source.kind, {**details, "year": checked_year(row, source.year)}, quote, says)


def checked_text(row: int, name: str, value: str) -> str:
    """A title, authors or container in one line."""
    text = " ".join(value.split())
    limit = TEXT_FIELDS[name]
    if not storable(text):
        raise BadSource(row, name, _unreadable())
    if len(text) > limit:
        raise BadSource(row, name, too_long(limit))
    return text


def checked_year(row: int, year: int | None) -> int | None:
    if year is not None and not OLDEST_YEAR <= year <= timezone.now().year + 1:
        raise BadSource(row, "year", _("Enter the year in which the source appeared, such as 2019."))
    return year


def check_says(row: int, one: Says, statements: set[int]) -> None:
    if one.statement is not None and one.statement.pk not in statements:
        raise BadSource(row, "says", _("This statement is no longer on the page. Choose another one."))
    if one.direction not in Citation.Direction.values:
        raise BadSource(row, "says", _("Choose whether the source supports the statement, contradicts it or only mentions it."))
    if one.applies not in Citation.Applies.values:
        raise BadSource(row, "says", _("Choose whether the source is about the same use."))


def _together(first: Checked, second: Checked) -> Checked:
    """One entry of two about the same work: what the later says wins, what it leaves out stays."""
    details = {name: second.details[name] or first.details[name] for name in first.details}
    return Checked(first.identifier, second.kind, details, second.quote or first.quote, {**first.says, **second.says})


def _unreadable() -> str:
    return _("This text holds characters that cannot be stored. Type it again.")
