"""Copied answers as editors classified them: a row of their own, never added to the verified one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import ngettext

from consilium.consensus.panel import Imported
from consilium.web.stands import sentences
from consilium.web.stands.seats import MANY, Condition, Row, conditions, rows_of


@dataclass(frozen=True)
class ShownImported:
    """`said` tells how editors classified them, `rest` what the others are; `at`: when the copy was made, if known."""

    n: int
    of: int
    many: bool
    rows: tuple[Row, ...]
    said: str
    rest: tuple[str, ...]
    conditions: tuple[Condition, ...]
    at: datetime | None


def shown(row: Imported, places: Mapping[int, str], *, advises: bool, titles: Mapping[str, str]) -> ShownImported:
    """The grey row; `places` are the links to the answers on this page, `titles` the specialties' doctors."""
    return ShownImported(
        n=row.counts.n, of=row.of, many=row.counts.n >= MANY, rows=rows_of(row.seats, row.counts, places, advises=advises),
        said=_said(row, advises=advises), rest=_rest(row),
        conditions=conditions(row.conditions, row.counts.n, titles), at=row.captured_at,
    )  # fmt: skip


def _said(row: Imported, *, advises: bool) -> str:
    if not row.counts.n:
        return ngettext("%(n)d imported answer, without a stance.", "%(n)d imported answers, without a stance.", row.of) % {
            "n": row.of
        }
    said = ngettext("%(n)d imported answer: %(counts)s.", "%(n)d imported answers: %(counts)s.", row.of)
    return said % {"n": row.of, "counts": sentences.in_short(row.counts, advises=advises)}


def _rest(row: Imported) -> tuple[str, ...]:
    said = [
        (row.not_addressed, ngettext("%(n)d does not address this.", "%(n)d do not address this.", row.not_addressed)),
        (row.unclear, ngettext("%(n)d is unclear: our editors read it differently.",
                               "%(n)d are unclear: our editors read them differently.", row.unclear)),
        (row.waiting, ngettext("%(n)d waits for a second editor.", "%(n)d wait for a second editor.", row.waiting)),
        (row.uncoded, ngettext("%(n)d is not classified yet.", "%(n)d are not classified yet.", row.uncoded)),
    ]  # fmt: skip
    return tuple(words % {"n": n} for n, words in said if n)
