"""What stands on each answer: where its doctor stands on every statement, under which conditions, and whether it counts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from consilium.consensus import imported
from consilium.consensus.panel import Panel, Seat, StatementPanel
from consilium.web.stands import words
from consilium.web.stands.seats import Wording, condition, wording


@dataclass(frozen=True)
class Badge:
    """A stance of one answer. `code` names colour and glyph, "none" without a stance; `note` says what limits it."""

    statement: Wording
    code: str
    word: str
    conditions: tuple[str, ...]
    note: str
    copied: bool = False


def by_answer(panel: Panel, own: Mapping[int, int]) -> dict[int, tuple[Badge, ...]]:
    """Badges by answer, in the order of the statements. `own` maps doctors to the answers they wrote here."""
    titles = {slug: found.title for slug, found in panel.specialties.items()}
    found: dict[int, list[Badge]] = defaultdict(list)
    for one in panel.statements:
        statement = wording(one.statement)
        for answer, seat in _seats(one, own):
            found[answer].append(_badge(statement, seat, titles))
        for seat in one.imported.seats if one.imported else ():
            if seat.answer:
                found[seat.answer].append(_coded(statement, seat, titles))
    return {answer: tuple(rows) for answer, rows in found.items()}


def _seats(one: StatementPanel, own: Mapping[int, int]) -> Iterable[tuple[int, Seat]]:
    for seat in (*one.seats, *one.others):
        answer = seat.answer or own.get(seat.doctor or 0)
        if answer:
            yield answer, seat


def _badge(statement: Wording, seat: Seat, titles: Mapping[str, str]) -> Badge:
    if not seat.value:
        return Badge(statement, "none", _("Does not address this"), (), "")
    note = _("Not counted: %(reason)s.") % {"reason": words.reason(seat.reason)} if seat.reason and seat.group else ""
    return Badge(statement, words.code(seat.value) or "none", _word(statement, seat.value), _conditions(seat, titles), note)


def _coded(statement: Wording, seat: Seat, titles: Mapping[str, str]) -> Badge:
    unsettled = {
        "": _("Stance not recorded"),
        imported.UNCLEAR: _("Unclear: our editors read it differently"),
        imported.WAITING: _("Read by one editor, waits for a second one"),
    }
    if seat.value in unsettled:
        return Badge(statement, "none", unsettled[seat.value], (), "", copied=True)
    note = _("Classified by our editors; the doctor has not confirmed it.")
    code = words.code(seat.value) or "none"
    return Badge(statement, code, _word(statement, seat.value), _conditions(seat, titles), note, copied=True)


def _word(statement: Wording, value: str) -> str:
    return words.stance(value, advises=statement.advises)


def _conditions(seat: Seat, titles: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(condition(row["text"], row["kind"], titles.get(row["specialty"], "")) for row in seat.conditions)
