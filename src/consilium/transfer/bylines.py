"""The single lines around an answer: author, rating, badge, counter, furniture. Pure; knows nothing of their order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Final

RATING: Final = re.compile(
    r"(?P<stars>\d{1,3}(?:[.,]\d{1,3})?)\s*(?:out of|of|/)\s*5(?:[.,]0+)?(?:\s*stars?)?"
    r"(?:[\s,–—|-]*\(?\s*(?P<reviews>[\d,]{1,12})\s*(?:patient\s+)?(?:reviews?|ratings?)?\s*\)?)?\.?",
    re.IGNORECASE,
)
REVIEWS: Final = re.compile(
    r"\(?(?P<reviews>[\d,]{1,12}|no)\s+(?:patient\s+)?(?:reviews?|ratings?)(?:\s+yet)?\)?|not (?:yet )?rated(?: yet)?",
    re.IGNORECASE,
)
TEMPLATE: Final = re.compile(r"\{\{[^{}]{0,500}\}\}")
VOTE_WORDS: Final = re.compile(r"people found this|helpful|votes?|likes?", re.IGNORECASE)
COUNTER: Final = re.compile(r"[+−-]\s?\d{1,7}|\d{1,7}\s+(?:people found this )?helpful", re.IGNORECASE)
BARE_NUMBER: Final = re.compile(r"\d{1,7}")
_END: Final = r"(?:\.{3}|[^\w.])*"  # a full stop makes a sentence of it, and so the doctor's text
FURNITURE: Final = re.compile(
    r"(?:you might also (?:like|be interested in)|related questions?|was this (?:answer )?helpful|read more|show more"
    r"|load more(?: answers)?|(?:see|view|show) all (?:\d+ )?(?:doctor )?answers|send (?:a )?message|report (?:this )?answer"
    rf"|ask a (?:doctor|question)|advertisement|sponsored|share(?: this)?|helpful){_END}",
    re.IGNORECASE,
)
DISCLAIMER: Final = re.compile(
    r"(?:These answers are|This answer is) for (?:educational|informational) purposes\b", re.IGNORECASE
)
COUNT: Final = re.compile(r"Doctor Answers?\s*:?\s*\(?(\d{1,6})?\)?|(\d{1,6}) Doctor Answers?", re.IGNORECASE)
# Where the line is due, the word "Doctor" may be missing.
LOOSE_COUNT: Final = re.compile(rf"{COUNT.pattern}|(\d{{1,6}}) Answers?|Answers?\s*\((\d{{1,6}})\)", re.IGNORECASE)

# Degrees and fellowships as doctors write them, without dots and in capitals.
_CREDENTIALS: Final = """
    MD DO PHD DDS DMD DPM DC ND NMD OD PSYD PHARMD EDD DSC SCD DVM JD DNP DPT AUD RN BSN MSN NP FNP FNPC ARNP APRN CRNP CNM
    CRNA LPN PA PAC MPAS RPA MPH MBA MS MSC MA BS BSC BA MHA MHS MED MBBS MBCHB BMBS BCH MCH MDCM BDS MDS MRCP MRCS FRCS
    FRCSC FRCSED FRCP FRCPC FRACS FACS FAAD FACP FACC FACOG FAAP FAAFP FICS FCCP FAANS FASPS FACMS FAAFPRS FAACS FAAOS
    FASMBS FRANZCO MRCGP DABPS DABD LE LCSW LAC RD RDN CANS CCT BAMS BHMS MDPHD FEBOPRAS EBOPRAS DRMED
"""
CREDENTIALS: Final = frozenset(_CREDENTIALS.split())
SUFFIXES: Final = frozenset({"jr", "sr", "ii", "iii", "iv", "v"})
_PARTICLES: Final = "de da do dos del della der den di du el la le van von bin ibn al ter ten zu zur y e i st st. ben abu"
PARTICLES: Final = frozenset(_PARTICLES.split())
JOINED: Final = re.compile(r"^(?:d|l|dell|dall|nell|all|sant|t|al|el|bin|ibn|abu|de|von|van)['’-](?=[^\W\d_])", re.IGNORECASE)
NO_NAME: Final = frozenset({"and", "&", "of", "for", "the", "at", "in"})
STATUS: Final = re.compile(
    r"\s*[(\[](?:deactivated|inactive|retired|deceased|closed|account closed|former member)[)\]]\s*$", re.IGNORECASE
)
TITLE: Final = re.compile(r"^(?:dr\.?|prof\.?|professor|doctor|mr\.?|mrs\.?|ms\.?)\s+", re.IGNORECASE)
GROUP_WORDS: Final = re.compile(
    r"\b(?:group|clinic|clinics|center|centre|centers|associates|institute|practice|partners|specialists|surgeons|physicians|"
    r"hospital|medspa|med spa|spa|laser|aesthetics|dermatology|surgery|dentistry|medicine|medical|consultants|team|office|"
    r"inc|llc|pc|p\.c|pllc|llp|ltd|care|wellness|doctors|university|department|society|services)\b\.?",
    re.IGNORECASE,
)
BADGE_WORDS: Final = re.compile(
    r"\b(?:member|contributor|provider|expert|awards?|award winner|winner|honoree|honors?|featured|verified|elite|platinum|gold|"
    r"silver|bronze|diamond|star|champion|ambassador|leader|hall of fame|preferred|premier|vip|choice|recommended|top|trusted|"
    r"badge|responder|rising|favou?rite|best of|distinguished|pro)\b|\b[A-Za-z]+\d{2,4}\b",
    re.IGNORECASE,
)
SOCIETY: Final = re.compile(
    r"\b(?:american|society|academy|association|college|board|university|fellow|www|http)\b|[@:,]", re.IGNORECASE
)
CLOSINGS: Final = frozenset(
    {"best", "best regards", "kind regards", "regards", "warm regards", "good luck", "best of luck", "thank you", "thanks",
     "sincerely", "best wishes", "cheers", "hope this helps", "take care", "all the best", "yours", "be well"}
)  # fmt: skip
SENTENCE_END: Final = re.compile(r"[.?!:;…][\"'”’)\]]*$")
LONGEST: Final = 200  # characters; every line that is looked at here is short, and a longer one is text
WORD: Final = re.compile(r"[^\W\d_]", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Author:
    """`shown` is the name as the page has it, `name` the same without titles and remarks; `group` names several doctors."""

    shown: str
    name: str
    credentials: str = ""
    group: bool = False


@dataclass(frozen=True, slots=True)
class Rating:
    """Stars of five and number of reviews; None: not said."""

    stars: Decimal | None
    reviews: int | None


def rating(line: str) -> Rating | None:
    """ "4.8 out of 5 stars 48 reviews"; None if the line is something else."""
    if len(line) > LONGEST:
        return None
    found = RATING.fullmatch(line)
    if found:
        stars = Decimal(found["stars"].replace(",", ".")).quantize(Decimal("0.1"), ROUND_HALF_UP)
        return Rating(stars if stars <= 5 else None, _number(found["reviews"]))
    found = REVIEWS.fullmatch(line)
    return Rating(None, _number(found["reviews"])) if found else None


def finished(text: str) -> bool:
    """Whether the text ends as a sentence does."""
    return bool(SENTENCE_END.search(text[-20:]))


def _number(text: str | None) -> int | None:
    digits = (text or "").replace(",", "")
    return int(digits) if digits.isdigit() else None


def counter(line: str) -> tuple[bool, int | None]:
    """Whether the line is a vote counter, and its value where it has one (a raw template has none)."""
    if len(line) > 3 * LONGEST:
        return False, None
    if "{{" in line and not VOTE_WORDS.sub("", TEMPLATE.sub("", line)).strip(" +-0"):
        return True, None
    if COUNTER.fullmatch(line):
        digits = re.sub(r"\D", "", line)
        return True, -int(digits) if line[0] in "−-" else int(digits)
    return False, None


def named_author(line: str) -> Author | None:
    """A line that can only be an author: a name with degrees, or with a remark such as "(deactivated)"."""
    if len(line) > LONGEST or finished(_without_dots(line)):
        return None
    bare = STATUS.sub("", line)
    people = re.split(r"\s+(?:and|&)\s+|\s*/\s*|\s*;\s*", bare)
    if len(people) > 1 and all(_with_degrees(person) for person in people):
        return Author(line, bare, group=True)
    found = _with_degrees(bare)
    if found:
        name, degrees = found
        if _names_another(degrees):
            return Author(line, bare, group=True)
        return Author(name + line[len(bare) :].rstrip(), TITLE.sub("", name), degrees, group=_is_group(name))
    if bare != line and _looks_like_name(bare):
        return Author(line, TITLE.sub("", bare), group=_is_group(bare))
    return None


def possible_author(line: str) -> Author | None:
    """A line that is an author where an author is due: a name without degrees, a practice, a group."""
    if len(line) > LONGEST or line.casefold().strip(" ,.!") in CLOSINGS or finished(_without_dots(line)):
        return None
    if named := named_author(line):
        return named
    if not _looks_like_name(line, longest=10) and not _degree_at_end(line):
        return None
    return Author(line, TITLE.sub("", line), group=_is_group(line))


def due_author(line: str) -> Author | None:
    """A line just above place and rating, at the start of their paragraph: whatever name a practice gives itself."""
    words = line.split() if len(line) <= LONGEST else []
    if not 0 < len(words) <= 6 or finished(line) or line.casefold().strip(" ,.!") in CLOSINGS or not words[0][0].isupper():
        return None
    return Author(line, TITLE.sub("", line), group=_is_group(line))


def _with_degrees(text: str) -> tuple[str, str] | None:
    """("Ann Roe Jr.", "MD, PhD") out of "Ann Roe Jr., MD, PhD" or "Ann Roe MD"; None without a degree."""
    parts = [part.strip() for part in text.split(",")]
    while len(parts) > 1 and parts[1].lower().strip(".") in SUFFIXES:
        parts[:2] = [f"{parts[0]}, {parts[1]}"]
    name, degrees = parts[0], [part for part in parts[1:] if part]
    words = name.split()
    known = any(_only_degrees(part) for part in degrees)
    trailing: list[str] = []
    while len(words) > 1 and _known_degree(words[-1]):
        trailing.insert(0, words.pop())
    if not known and (degrees or not trailing or len(words) < 2):
        return None
    name = " ".join(words)
    if len(words) > 1 and not NO_NAME.isdisjoint(map(str.lower, words)) and not GROUP_WORDS.search(name):
        return None  # "Botox for MS"
    return (name, ", ".join([*trailing, *degrees])) if _looks_like_name(name, longest=8) else None


def _only_degrees(part: str) -> bool:
    """ "MD", "MD PhD", "FRCS (Eng)", and not "MD Says Yes"."""
    first, *others = part.split()
    return is_degree(first) and all(is_degree(word) or word.startswith("(") for word in others)


def _known_degree(word: str) -> bool:
    """A degree of our list. Without a comma no other will do, because names and conditions stand in capitals, too."""
    return word[0].isupper() and re.sub(r"[.\-()]", "", word).upper() in CREDENTIALS and word.lower().strip(".,") not in SUFFIXES


def _names_another(degrees: str) -> bool:
    """Whether what follows the first degrees is another person: "MD, Bea Nolte, DO"."""
    parts = degrees.split(", ")
    return any(
        len(one.split()) > 1 and not any(is_degree(word) for word in one.split()) and _looks_like_name(one) and is_degree(other)
        for one, other in pairwise(parts)
    )


def _degree_at_end(line: str) -> bool:
    """ "ivo tarrant, MD": a name without capitals, which only its place makes an author."""
    name, comma, degrees = line.partition(",")
    return bool(comma) and len(name.split()) <= 4 and any(is_degree(word) for word in degrees.replace(",", " ").split())


def is_degree(word: str) -> bool:
    """MD, M.D., Ph.D., PA-C, FACS … also unknown ones of that shape (2 to 8 capitals)."""
    plain = re.sub(r"[.\-()]", "", word)
    if plain.upper() in CREDENTIALS:
        return word[0].isupper()
    return bool(re.fullmatch(r"[A-Z]{3,8}", plain)) and not re.fullmatch(r"[IVX]+", plain)


def _looks_like_name(text: str, longest: int = 7) -> bool:
    """Two words or more, each with a capital, an initial, or a particle such as "van"."""
    words = TITLE.sub("", text).split()
    single = len(words) == 1 and words[0].lower() != words[0].upper()  # one word is a whole name in Chinese or Korean
    if not 1 <= len(words) <= longest or (single and not TITLE.match(text)):
        return False
    return all(_name_word(word) for word in words) and any(not JOINED.sub("", word)[0].islower() for word in words)


def _name_word(word: str) -> bool:
    bare = JOINED.sub("", word.strip(",.()'\"’&-"))  # d'Arcy, al-Rashid
    if not bare:
        return word in {"&", "-"}
    if bare.lower() in PARTICLES | NO_NAME:
        return True
    return bool(WORD.match(bare)) and (bare[0].isupper() or not bare[0].islower())


def _is_group(name: str) -> bool:
    return bool(GROUP_WORDS.search(name)) or bool(re.search(r"\s(?:and|&)\s", name))


def _without_dots(line: str) -> str:
    """The line without the dots of abbreviations at its end (Jr., M.D., Inc.)."""
    last = line.rsplit(None, 1)[-1]
    short = last.strip(".,()").lower() in SUFFIXES | {"inc", "assoc", "ltd", "med", "co", "llc"} or is_degree(last.strip(","))
    return line.rstrip(".") if short and line.endswith(".") else line


def badge(line: str, author: Author | None) -> bool:
    """Whether the line above a byline is a badge ("Top Contributor") and not the doctor's signature."""
    words = line.split() if len(line) <= LONGEST else []
    if not 1 <= len(words) <= 6 or finished(line) or SOCIETY.search(line) or TITLE.match(line):
        return False
    if author and set(re.findall(r"\w+", author.name.casefold())) & {word.casefold() for word in words if len(word) > 2}:
        return False
    capitals = all(word[0].isupper() or not word[0].isalpha() or word.lower() in PARTICLES | {"of", "the"} for word in words)
    return capitals and bool(BADGE_WORDS.search(line)) and not named_author(line)
