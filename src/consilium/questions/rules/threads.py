"""Pure decisions about a question and its answers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

RELATED_LIMIT: Final = 5


def is_own(person: int | None, *, writer: int | None, holder: int | None) -> bool:
    """Whether an answer is this account's: it wrote the answer, and still holds the profile that the answer stands under."""
    return person is not None and person == writer == holder


def with_update(body: str, text: str, heading: str) -> str:
    """The body with an addition under a (dated) heading: once doctors have answered, the text they answered must stay."""
    addition = f"**{heading}** {text.strip()}"
    return f"{body}\n\n{addition}" if body else addition


def most_related(candidates: Iterable[tuple[int, int]], answers: Mapping[int, int], limit: int = RELATED_LIMIT) -> list[int]:
    """Question numbers by shared topics, then by answers, then newest; `candidates` are (question, topic) pairs."""
    shared = Counter(question for question, _ in set(candidates))
    return sorted(shared, key=lambda pk: (-shared[pk], -answers.get(pk, 0), -pk))[:limit]
