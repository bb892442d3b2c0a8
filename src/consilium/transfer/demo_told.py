"""What the demo's doctors tell beside their stances, and what the site did about it: one function per table.

Each takes a question of the files and yields the rows it asks for.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from consilium.consensus.models import Invitation, Round, RoundReply
from consilium.doctors.models import Interest
from consilium.evidence.models import Citation
from consilium.questions.models import Coding, Disclosure, SeenAnswers
from consilium.transfer.demo_cast import Cast
from consilium.transfer.demo_notation import Stand, word

LOOKED: Final = timedelta(minutes=25)  # before taking a stance a doctor of `seen` opened the others' answers
REPLIED: Final = timedelta(days=2)  # after a round was opened, those who kept their stance said so


def seen(stand: Stand, cast: Cast) -> Iterator[SeenAnswers]:
    for doctor in stand.entry.get("seen", ()):
        at = cast.spoke_at(stand, doctor) - LOOKED
        yield SeenAnswers(doctor=cast.doctors[doctor], question=cast.question(stand), at=at)


def interests(stand: Stand, cast: Cast) -> Iterator[Interest]:
    """Whoever takes a stance has said of each treatment whether they offer it; "no" where the list is silent."""
    for topic in cast.treatments[cast.question(stand).pk]:
        for doctor in stand.doctors():
            offers = cast.offers.get(doctor, {}).get(topic.slug, Interest.Offers.NO)
            yield Interest(doctor=cast.doctors[doctor], topic=topic, offers=offers, at=cast.spoke_at(stand, doctor))


def disclosures(stand: Stand, cast: Cast) -> Iterator[Disclosure]:
    paid = stand.entry.get("paid", {})
    for doctor in stand.doctors():
        yield Disclosure(
            doctor=cast.doctors[doctor], question=cast.question(stand), paid=paid.get(doctor, ""), at=cast.spoke_at(stand, doctor)
        )


def citations(stand: Stand, cast: Cast) -> Iterator[Citation]:
    """`work` is the last part of its address; without `on` it is cited for no statement in particular."""
    for entry in stand.entry.get("cites", ()):
        answer = cast.answer(stand, entry["doctor"])
        work = cast.works[f"url:https://example.org/{entry['work']}"]
        yield Citation(
            key=f"{answer.key}/cites/{entry['work']}/{entry.get('on', 0)}", answer=answer, work=work,
            statement=cast.statement(stand, entry["on"]) if "on" in entry else None, direction=entry["direction"],
            applies=entry["applies"], quote=entry.get("quote", ""), at=cast.spoke_at(stand, entry["doctor"]),
        )  # fmt: skip


def codings(stand: Stand, cast: Cast) -> Iterator[Coding]:
    """How editors read copied answers; `coder` is the key of a persona, or a name."""
    for entry in stand.entry.get("coded", ()):
        answer = cast.answer(stand, entry["answer"])
        yield Coding(
            key=f"{answer.key}/coded/{entry['on']}/{entry['coder']}", answer=answer, coder=entry["coder"],
            statement=cast.statement(stand, entry["on"]), value=word(entry["as"]).value,
            conditions=list(word(entry["as"]).conditions), quote=entry.get("quote", ""), created_at=entry["at"],
            person=cast.people.get(entry["coder"]),
        )  # fmt: skip


def invitations(stand: Stand, cast: Cast) -> Iterator[Invitation]:
    for entry in stand.entry.get("invited", ()):
        doctor = cast.doctors[entry["doctor"]]
        assert doctor.specialty is not None
        yield Invitation(
            key=f"{stand.key}/invited/{entry['doctor']}", question=cast.question(stand), doctor=doctor,
            specialty=doctor.specialty, state=entry["state"], reason=entry.get("reason", ""), at=entry["at"],
            decided_at=entry.get("decided_at"),
        )  # fmt: skip


def rounds(stand: Stand, cast: Cast) -> Iterator[Round]:
    if "round" in stand.entry:
        entry = stand.entry["round"]
        yield Round(
            key=f"{stand.key}/round", question=cast.question(stand), reason=entry["reason"], opened_at=entry["opened_at"],
            closed_at=entry.get("closed_at"),
        )  # fmt: skip


def replies(stand: Stand, cast: Cast) -> Iterator[RoundReply]:
    """Those who changed a stance, those who have not replied yet; the others kept theirs."""
    entry = stand.entry.get("round")
    held = Round.objects.filter(key=f"{stand.key}/round").first() if entry else None
    if entry is None or held is None:
        return
    changed = {row["doctor"]: row["at"] for row in stand.entry.get("changed", ())}
    for doctor in (*stand.said, *stand.cosigned):
        waiting = doctor in entry.get("waiting", ())
        state = RoundReply.State.WAITING if waiting else RoundReply.State.CHANGED if doctor in changed else RoundReply.State.KEPT
        at = None if waiting else changed.get(doctor, entry["opened_at"] + REPLIED)
        yield RoundReply(round=held, doctor=cast.doctors[doctor], state=state, at=at)
