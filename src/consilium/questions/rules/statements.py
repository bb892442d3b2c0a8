"""Pure rules about statements, stances and codings."""

import re
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Final

STATEMENT_LIMIT: Final = 140  # characters
STATEMENTS_OF_A_QUESTION: Final = 4
CONDITIONS_OF_A_STANCE: Final = 5
CONDITION_LIMIT: Final = 200
QUOTE_LIMIT: Final = 1_000

# A statement says what a "yes" means. Words that turn its direction round make "no" mean "go ahead".
_NEGATIONS: Final = re.compile(
    r"\b(not|no|never|avoid\w*|without|cannot|don['’]?t|doesn['’]?t|isn['’]?t|aren['’]?t|won['’]?t|can['’]?t|shouldn['’]?t"
    r"|mustn['’]?t|neither|nor|unsafe|contraindicated|harmful|dangerous|nunca|jamás|evitar|kein\w*|nicht|niemals)\b",
    re.IGNORECASE,
)


class WordingProblem(StrEnum):
    """What is wrong with a statement's text."""

    EMPTY = "empty"
    LONG = "long"
    QUESTION = "question"
    NEGATIVE = "negative"
    LINES = "lines"


def wording_problem(text: str) -> WordingProblem | None:
    """Why this text cannot be a statement; None if it can: one affirmative line in which yes means "go ahead" or "true"."""
    text = text.strip()
    if not text:
        return WordingProblem.EMPTY
    if len(text) > STATEMENT_LIMIT:
        return WordingProblem.LONG
    if "\n" in text or "\r" in text:
        return WordingProblem.LINES
    if text.endswith(("?", "？", "؟")):
        return WordingProblem.QUESTION
    return WordingProblem.NEGATIVE if _NEGATIONS.search(text) else None


def negation(text: str) -> str:
    """The word that makes the text negative, for the sentence that says so; empty when there is none."""
    found = _NEGATIONS.search(text)
    return found.group(0) if found else ""


def conditions_problem(value: str, texts: Sequence[str], *, conditional: Collection[str]) -> bool:
    """Whether a stance lacks the condition that it stands under; `conditional` are the values that need one."""
    return value in conditional and not any(text.strip() for text in texts)


def quote_found(quote: str, text: str) -> bool:
    """Whether the quote stands in the text word for word; runs of blanks count as one."""
    wanted = _even(quote)
    return bool(wanted) and wanted in _even(text)


def _even(text: str) -> str:
    # Typographic quotation marks and dashes survive copying badly; the words must be the same.
    for sign, plain in (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("–", "-"), ("—", "-"), ("\u00a0", " ")):
        text = text.replace(sign, plain)
    return re.sub(r"\s+", " ", text).strip().casefold()
