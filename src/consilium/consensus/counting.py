"""Which stances on a statement count, and why the others do not. Pure: no Django, no database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from consilium.consensus.agreement import Counts, Group

HOLDS_FOR: Final = timedelta(days=5 * 365 + 1)  # a stance not affirmed for five years is not counted
GROUPS: Final = {
    "yes": Group.YES,
    "yes_if": Group.CONDITIONAL,
    "no_unless": Group.CONDITIONAL,
    "no": Group.NO,
    "cannot_say": Group.CANNOT_SAY,
}


class Reason(StrEnum):
    """Why a stance, or an answer without one, is listed but not counted. In the order in which they are looked for."""

    UNSTATED = "unstated"  # the answer says nothing of this statement
    WITHDRAWN = "withdrawn"
    NOT_ADDRESSED = "not_addressed"  # the doctor chose so
    EARLIER_WORDING = "earlier_wording"
    OWN_QUESTION = "own_question"
    REVOKED = "revoked"  # a confirmation was taken back or has run out
    UNVERIFIED = "unverified"  # nobody has confirmed the licence yet
    EXPIRED = "expired"  # not affirmed for five years
    SAME_PRACTICE = "same_practice"  # a colleague in the same practice says the same


@dataclass(frozen=True, slots=True)
class Voice:
    """One doctor on one statement, as far as counting needs to know. `value` is "" without a stance."""

    doctor: int
    value: str
    affirmed_at: datetime | None = None
    blind: bool = False
    verified: bool = False
    was_verified: bool = False
    live: bool = True
    current_wording: bool = True
    own_question: bool = False
    practice: int | None = None

    @property
    def group(self) -> Group | None:
        return GROUPS.get(self.value)


@dataclass(frozen=True, slots=True)
class Counted:
    """The stances that count, in the order given, and the others with their reasons."""

    counts: Counts
    blind: Counts
    counted: tuple[Voice, ...]
    others: tuple[tuple[Voice, Reason], ...]


def count(voices: Sequence[Voice], now: datetime) -> Counted:
    """Sort the voices of one statement into those that count and those that do not.

    Doctors of one practice who stand on the same side count once: as the one who answered blind, else the first.
    """
    reasons = {voice.doctor: _reason(voice, now) for voice in voices}
    spoken_for = _spoken_for(voice for voice in voices if reasons[voice.doctor] is None)
    for doctor in spoken_for:
        reasons[doctor] = Reason.SAME_PRACTICE
    counted = tuple(voice for voice in voices if reasons[voice.doctor] is None)
    others = tuple((voice, reason) for voice in voices if (reason := reasons[voice.doctor]) is not None)
    return Counted(_counts(counted), _counts(voice for voice in counted if voice.blind), counted, others)


def _counts(voices: Iterable[Voice]) -> Counts:
    return Counts.of_groups(voice.group for voice in voices if voice.group is not None)


def _reason(voice: Voice, now: datetime) -> Reason | None:
    tests = (
        (not voice.value, Reason.UNSTATED),
        (not voice.live, Reason.WITHDRAWN),
        (voice.group is None, Reason.NOT_ADDRESSED),
        (not voice.current_wording, Reason.EARLIER_WORDING),
        (voice.own_question, Reason.OWN_QUESTION),
        (not voice.verified and voice.was_verified, Reason.REVOKED),
        (not voice.verified, Reason.UNVERIFIED),
        (voice.affirmed_at is None or voice.affirmed_at + HOLDS_FOR <= now, Reason.EXPIRED),
    )
    return next((reason for holds, reason in tests if holds), None)


def _spoken_for(voices: Iterable[Voice]) -> set[int]:
    """Doctors for whom a colleague of the same practice and side counts."""
    speaker: dict[tuple[int, Group], Voice] = {}
    silent: set[int] = set()
    for voice in voices:
        if voice.practice is None or voice.group is None:
            continue
        first = speaker.get((voice.practice, voice.group))
        if first is None:
            speaker[voice.practice, voice.group] = voice
        elif voice.blind and not first.blind:
            silent.add(first.doctor)
            speaker[voice.practice, voice.group] = voice
        else:
            silent.add(voice.doctor)
    return silent
