"""Which specialties a question needs, who of them has answered, who is missing. Pure: no Django, no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

NAMED_BY: Final = 2  # answers that send the reader to a specialty make it needed


@dataclass(frozen=True, slots=True)
class Need:
    """A specialty (slug) that a question needs. `named_by` counts the answers whose conditions name it."""

    specialty: str
    primary: bool
    by_topic: bool
    named_by: int = 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """`answered` counts doctors by specialty: those whose stance counts, or all who answered, as the caller says."""

    required: tuple[Need, ...]
    answered: Mapping[str, int]

    @property
    def missing(self) -> tuple[Need, ...]:
        return tuple(need for need in self.required if not self.answered.get(need.specialty))

    @property
    def primary_missing(self) -> bool:
        return any(need.primary for need in self.missing)

    @property
    def one_specialty(self) -> bool:
        """Whether nobody shows that more than one specialty answered: a doctor of no known specialty does not show it."""
        return bool(self.answered) and len([specialty for specialty in self.answered if specialty]) <= 1


def required(topics: Iterable[tuple[str, str]], named: Iterable[Sequence[str]]) -> tuple[Need, ...]:
    """The needed specialties: those of the question's topics, as (specialty, "primary" or "consulted"), and those that the
    conditions of at least two answers name; `named` has one sequence of specialties per answer. Primary ones come first.
    """
    roles: dict[str, bool] = {}
    for specialty, role in topics:
        roles[specialty] = roles.get(specialty, False) or role == "primary"
    names = Counter(specialty for answer in named for specialty in set(answer) if specialty)
    needed = [*roles, *(specialty for specialty, times in names.items() if times >= NAMED_BY and specialty not in roles)]
    needs = [Need(one, roles.get(one, False), one in roles, names[one]) for one in needed]
    return tuple(sorted(needs, key=lambda need: (not need.primary, -need.named_by, need.specialty)))


def cover(needs: Sequence[Need], specialties: Iterable[str]) -> Coverage:
    """`specialties` names the specialty of each doctor who answered, "" when it is not known."""
    return Coverage(tuple(needs), dict(Counter(specialties).most_common()))
