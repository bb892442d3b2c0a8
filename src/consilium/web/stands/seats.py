"""The tiles: one per doctor, linked to the answer; hollow ones for what is listed and not counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consilium.consensus.agreement import Counts
from consilium.consensus.counting import Reason
from consilium.consensus.panel import ConditionLine, Seat
from consilium.questions.models import Statement
from consilium.web.stands import sentences, words

MANY: Final = 10  # from here on every stance has a row of its own
_SILENT: Final = frozenset({Reason.UNSTATED, Reason.NOT_ADDRESSED})


@dataclass(frozen=True)
class Wording:
    """A statement as it is read; named as in Statement."""

    pk: int
    place: int
    text: str
    language: str
    direction: str
    advises: bool


@dataclass(frozen=True)
class Tile:
    """One doctor. `href` empty: there is nothing to go to. `cosigned`: a stance without an answer."""

    href: str
    who: str
    cosigned: bool = False


@dataclass(frozen=True)
class Row:
    """All doctors of one group; `code` names colour and glyph, "none" for hollow tiles."""

    code: str
    n: int
    word: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Condition:
    """A condition, and of how many doctors ("4 of 9") it is one."""

    share: str
    text: str


def wording(statement: Statement) -> Wording:
    """A statement without its row."""
    return Wording(
        statement.pk, statement.place, statement.text, statement.language, statement.direction, advises=statement.advises
    )


def rows_of(seats: Sequence[Seat], counts: Counts, places: Mapping[int, str], *, advises: bool) -> tuple[Row, ...]:
    """Rows from "no" to "yes"; groups that nobody is in are left out."""
    found = []
    for group, code in words.CODES.items():
        n = counts.of(group)
        if n:
            tiles = tuple(tile(seat, places) for seat in seats if seat.group is group and seat.reason is None)
            found.append(Row(code, n, words.heading(group, n, advises=advises), tiles))
    return tuple(found)


def tile(seat: Seat, places: Mapping[int, str]) -> Tile:
    """`places` maps answers that the page shows to their links."""
    href = places.get(seat.answer or 0, "")
    if not href and seat.reason is Reason.WITHDRAWN:
        # The answer is gone from the page, and so is its author's name.
        return Tile("", _("%(title)s, taken back") % {"title": seat.title or _("A doctor")})
    who = ", ".join(part for part in (seat.name or _("No named doctor"), seat.title) if part)
    if href:
        return Tile(href, who)
    profile = reverse("web:doctor", args=[seat.slug]) if seat.slug else ""
    return Tile(profile, who, cosigned=seat.answer is None)


def hollow(seats: Sequence[Seat], n: int, places: Mapping[int, str]) -> tuple[Row, ...]:
    """What is listed and not counted, by reason, with the silent ones first. `n` is how many count."""
    total = n + len(seats)
    silent = [seat for seat in seats if seat.reason in _SILENT]
    found = []
    if silent:
        said = ngettext("of %(n)d does not address this", "of %(n)d do not address this", len(silent)) % {"n": total}
        found.append(_row(silent, said, places))
    for reason in Reason:
        own = [seat for seat in seats if seat.reason is reason and reason not in _SILENT]
        if own:
            found.append(_row(own, _("not counted: %(reason)s") % {"reason": words.reason(reason)}, places))
    return tuple(found)


def _row(seats: Sequence[Seat], said: str, places: Mapping[int, str]) -> Row:
    return Row("none", len(seats), said, tuple(tile(seat, places) for seat in seats))


def conditions(lines: Iterable[ConditionLine], n: int, titles: Mapping[str, str]) -> tuple[Condition, ...]:
    """Conditions with the number of doctors who set them, the most frequent first."""
    return tuple(
        Condition(sentences.of(line.n, n), condition(line.text, line.kind, titles.get(line.specialty, ""))) for line in lines
    )


def condition(text: str, kind: str, title: str) -> str:
    """A condition in words; the agreement of another specialist names that specialist, whatever the text says."""
    if kind == "clearance" and title and words.one_doctor(title) not in text.lower():
        return _("%(text)s (%(doctor)s)") % {"text": text, "doctor": words.one_doctor(title)}
    return text
