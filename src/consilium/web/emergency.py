"""Whom to call in an emergency, by country. Facts in data/emergency.tsv; nothing here asks anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# Reaches help from nearly every mobile phone in the world (3GPP TS 22.101), so it serves where we know no number.
_ANYWHERE: Final = "112"
SIGNS: Final[tuple[Promise, ...]] = (
    _("somebody cannot breathe, swallow or speak as usual"),
    _("there is chest pain, or weakness or numbness on one side of the body"),
    _("there is a severe allergic reaction or heavy bleeding, or somebody cannot be woken"),
    _("somebody may harm themselves or another person"),
)


@dataclass(frozen=True)
class Emergency:
    """A country's numbers: `numbers` for an ambulance, the usual one first; `lifeline` for people who think of suicide."""

    country: str
    country_name: str
    numbers: tuple[str, ...]
    lifeline: str = ""

    @property
    def number(self) -> str:
        """ "999 or 112": all numbers, as said in a sentence."""
        return gettext(" or ").join(self.numbers)

    @property
    def heading(self) -> str:
        return gettext("Call %(number)s now if:") % {"number": self.number}

    @property
    def wording(self) -> str:
        """One sentence for a footer or a mail."""
        if not self.country:
            return gettext("In an emergency, call your local emergency number (112 on most mobile phones).")
        return gettext("In an emergency, call %(number)s.") % {"number": self.number}

    @property
    def signs(self) -> tuple[Promise, ...]:
        """When to call, as ends of the sentence that the heading begins."""
        return SIGNS


def for_country(code: str) -> Emergency:
    """The numbers of a country (ISO 3166, two letters); the world-wide mobile number where we know none."""
    return countries().get(code) or Emergency("", "", (_ANYWHERE,))


@cache
def countries() -> Mapping[str, Emergency]:
    """All countries we know, by code, in the order of their names."""
    text = (Path(__file__).parent / "data" / "emergency.tsv").read_text(encoding="utf-8")
    rows = [_row(line) for line in text.splitlines() if not line.startswith("#")]
    return {row.country: row for row in sorted(rows, key=lambda row: row.country_name)}


def _row(line: str) -> Emergency:
    code, name, numbers, *lifeline = line.split("\t")
    return Emergency(code, name, tuple(numbers.split()), lifeline[0] if lifeline else "")
