"""Plain helpers for text that people typed."""

import unicodedata

from django.utils.text import slugify

# Languages written from right to left (CLDR); the primary subtag decides. One string reads better than 22 quoted ones.
_RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa ha-arab he iw ks-arab ku-arab pa-arab ps sd ug ur yi".split())  # noqa: SIM905


def direction(language: str) -> str:
    """ "rtl" or "ltr", the value of HTML's dir attribute, for a BCP 47 language tag."""
    tag = language.lower()
    return "rtl" if tag in _RIGHT_TO_LEFT or tag.split("-")[0] in _RIGHT_TO_LEFT else "ltr"


def fold(text: str) -> str:
    """The text as compared: compatibility form, without accents and case, single spaces."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(plain.casefold().split())


def slug(text: str, limit: int = 60) -> str:
    """Words for an address, cut at a word; may hold any script and may be empty."""
    whole = slugify(text, allow_unicode=True)
    if len(whole) <= limit:
        return whole
    cut = whole[: limit + 1]
    return cut.rsplit("-", 1)[0] if "-" in cut else whole[:limit]


def storable(text: str) -> bool:
    """Whether both databases can hold the text: no NUL, no lone surrogate."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
