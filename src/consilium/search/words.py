"""Bringing text into the one form that is indexed and that queries are read in.

Splitting into words, lower case, accents and stems are the index's part (text_index.py); here is what medicine writes in
several ways: IL-6 and IL6, β-blocker and beta blocker, B 12 and B12, q.d. and qd, Crohn's and Crohns.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

from consilium.lib.sentences import sentences

OTHER: Final = "xx"
"""Languages whose words we do not know how to bring to their stems."""
STEMMERS: Final[Mapping[str, str]] = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nb": "norwegian", "nl": "dutch", "no": "norwegian",
    "nn": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
_SAME: Final = {"nb": "no", "nn": "no"}

# One string reads better than 25 quoted names.
_NAMES_OF_LETTERS: Final = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon phi chi psi omega
"""
_LETTERS: Final = dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", _NAMES_OF_LETTERS.split(), strict=True))
_GREEK: Final = r"\u0370-\u03ff\u1f00-\u1fff"
_LONE_LETTER: Final = re.compile(rf"(?<![{_GREEK}])([α-ωΑ-Ω])(?![{_GREEK}])")
_MICRO: Final = re.compile(r"(?<!\w)[μΜ]g\b|(?<=\d)[μΜ]g\b")
_APOSTROPHE: Final = re.compile(r"(?<=\w)['’ʼ](?=\w)")
_APOSTROPHES: Final = "'’ʼ"
# Compounds of two or three short words; longer ones are addresses and file names.
_COMPOUND: Final = re.compile(r"\w{1,15}(?:[-‐‑–.]\w{1,15}){1,2}")
_JOINTS: Final = re.compile(r"[-‐‑–.](?=\w)")
_AROUND: Final = ".,;:!?()[]{}\"'“”„«»…"
_LETTER_AND_NUMBER: Final = re.compile(r"\b([A-Z]{1,3}) (\d{1,2}[A-Z]?)\b")
_ANY_LETTER_AND_NUMBER: Final = re.compile(r"\b([A-Za-z]{1,3}) (\d{1,2}[A-Za-z]?)\b")
# Scripts that put no spaces between words: every two neighbours count as a word.
_UNSPACED: Final = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+"
)


LONGEST_QUERY: Final = 4_000
"""Characters of a query that are read."""
LONG_QUERY: Final = 20
"""Words of a query from which on its sentences are looked at one by one, too: people tell a story around what they ask."""
SENTENCE: Final = 4  # words of a sentence that says something, unless it asks
MOST_SENTENCES: Final = 12
# What people say around what they mean; rare in medical texts, so it would count for much. English alone has its own list,
# because tantivy's has only the 33 words of a library catalogue.
_CHATTER: Final = """
a about again all also am an and any anyone are as at be been being both but by can could did do does doing done even ever
every for from get gets getting give go going good got great had has have having he hello help her here hey hi him his how i
if in into is it its just know let like look looking lot may maybe me might mine much must my myself need no not now of off oh
ok okay on one only or our out over own please really regards said same say see seem she should since so some someone
something soon such sure take tell than thank thanks that the their them then there these they thing things think this those
though to told too try trying up us very want wanted wants was we well went were what whats when where whether which while who
whom whose why will with without wonder wondering would yes yet you your yours
"""
CHATTER: Final = frozenset(_CHATTER.split())


def typed(text: str) -> str:
    """What came in from outside as text that libraries can take: no NUL, no lone surrogate, no novel."""
    return text[:LONGEST_QUERY].replace("\x00", " ").encode("utf-8", "replace").decode("utf-8")


def told(text: str) -> list[str]:
    """The sentences of a long query, questions first; none of a short one, whose sentences say little alone."""
    if len(text.split()) <= LONG_QUERY:
        return []
    found = [one for line in sentences(text) for one in line if "?" in one or len(one.split()) >= SENTENCE]
    return sorted(found, key=lambda one: "?" not in one)[:MOST_SENTENCES]


def stemmed_as(language: str) -> str:
    """The code of the language whose stems a text of this language (a BCP 47 tag) is indexed with; OTHER without one."""
    code = language.lower().partition("-")[0]
    return _SAME.get(code, code) if code in STEMMERS else OTHER


def prepare(text: str) -> str:
    """A text as it is indexed."""
    return _prepared(text, _LETTER_AND_NUMBER)


def prepare_query(text: str) -> str:
    """What somebody typed, in the same form; people do not write B in capitals."""
    return _prepared(text, _ANY_LETTER_AND_NUMBER)


def _prepared(text: str, letter_and_number: re.Pattern[str]) -> str:
    if not text.isascii():
        text = _plain_letters(text)
    if any(mark in text for mark in _APOSTROPHES):
        text = _APOSTROPHE.sub("", text)
    return " ".join([text, *_joined(text), *("".join(pair) for pair in letter_and_number.findall(text))])


def _joined(text: str) -> Iterator[str]:
    """Compounds written as one word: IL6 for IL-6, qd for q.d."""
    if _JOINTS.search(text) is None:
        return
    for word in text.split():
        if "-" in word or "." in word[:-1] or not word.isascii():
            bare = word.strip(_AROUND)
            if _COMPOUND.fullmatch(bare):
                whole = "".join(char for char in bare if char.isalnum())
                if not whole.isdigit():
                    yield whole


def _plain_letters(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    text = _MICRO.sub("mcg", text)
    text = _LONE_LETTER.sub(_spelled, text)
    return _UNSPACED.sub(_in_pairs, text)


def _spelled(match: re.Match[str]) -> str:
    """The name of a Greek letter, tied to a neighbour by a hyphen: TNFα is TNF-alpha."""
    before = match.start() > 0 and match.string[match.start() - 1].isalnum()
    after = match.end() < len(match.string) and match.string[match.end()].isalnum()
    return "-" * before + _LETTERS[match[1].lower()] + "-" * after


def _in_pairs(match: re.Match[str]) -> str:
    run = match[0]
    pairs = [run[place : place + 2] for place in range(max(1, len(run) - 1))]
    return f" {' '.join(pairs)} "
