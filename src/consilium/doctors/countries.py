"""Names of countries, because few readers know what "AT" or "JO" stands for."""

from functools import cache
from importlib.resources import files


def name_of(code: str) -> str:
    """The English name of a country (ISO 3166, two letters); the code itself where we know no name."""
    return _names().get(code, code)


@cache
def _names() -> dict[str, str]:
    text = (files("consilium.doctors") / "data" / "countries.tsv").read_text(encoding="utf-8")
    rows = (line.partition("\t") for line in text.splitlines() if not line.startswith("#"))
    return {code: name for code, _, name in rows}
