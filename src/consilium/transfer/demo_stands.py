"""Where the demo's doctors stand: the rows that the files in `demo/stands` ask for, each made once.

Rows are found again by their keys and never changed, so that what visitors made of the demo stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from django.db.models import Model

from consilium.consensus.actions import expire, keep
from consilium.consensus.models import Invitation, Round, RoundReply, Snapshot
from consilium.doctors.models import Interest
from consilium.evidence.models import Citation
from consilium.questions.actions import bump
from consilium.questions.models import Answer, Coding, Disclosure, Question, SeenAnswers, Stance, Statement
from consilium.transfer import demo_told as others
from consilium.transfer.demo_cast import Cast, cast_of
from consilium.transfer.demo_notation import Stand, Word, stands, word
from consilium.transfer.records import BadInput

Rows = Iterator[Model]
REMEDY: Final = "Correct the demo content."
BESIDE: Final[tuple[tuple[type[Model], Callable[[Stand, Cast], Rows]], ...]] = (
    (SeenAnswers, others.seen),
    (Interest, others.interests),
    (Disclosure, others.disclosures),
    (Citation, others.citations),
    (Coding, others.codings),
    (Invitation, others.invitations),
    (Round, others.rounds),
    (RoundReply, others.replies),
)


def load_stands(folder: Path, offers: Mapping[str, Mapping[str, str]]) -> list[Question]:
    """Make the rows that are missing; the questions they are about. A question that is gone from this site is left out."""
    told = list(stands(folder))
    cast = cast_of(told, offers)
    told = [stand for stand in told if stand.key in cast.questions]
    for wordings in (_first_wordings, _second_wordings):
        _insert(Statement, _each(told, cast, wordings))
        cast.statements = {one.key: one for one in Statement.objects.filter(question__in=cast.questions.values())}
    for model, rows in BESIDE:
        _insert(model, _each(told, cast, rows))
    for stand in told:
        _remember(stand, cast)
    _insert(Stance, _each(told, cast, _stances))
    return list(cast.questions.values())


def _each(told: Iterable[Stand], cast: Cast, rows: Callable[[Stand, Cast], Rows]) -> Rows:
    """The rows of all questions; a name that nobody bears is a mistake in the file."""
    for stand in told:
        try:
            yield from rows(stand, cast)
        except KeyError as error:
            raise BadInput(stand.where, f"{stand.key} names {error}, which is not there.", REMEDY) from None


def _insert(model: type[Model], rows: Iterable[Model]) -> None:
    """Store the rows that are not there yet, whichever of their unique names tells."""
    model._default_manager.bulk_create(rows, ignore_conflicts=True, batch_size=400)


def renew(questions: Sequence[Question]) -> None:
    """Pages and kept states follow."""
    numbers = [one.pk for one in questions]
    bump(numbers)
    expire(numbers)
    for question in questions:
        keep(question)


# ---- statements ------------------------------------------------------------------------------------------------------


def _first_wordings(stand: Stand, cast: Cast) -> Iterator[Statement]:
    for place, entry in enumerate(stand.statements, start=1):
        retired = "before" in entry
        yield Statement(
            key=stand.statement_key(place), question=cast.question(stand), place=place, kind=entry["kind"],
            text=entry["before" if retired else "text"], language=stand.entry.get("language", "en"),
            state=Statement.State.RETIRED if retired else Statement.State.ACTIVE, created_at=cast.question(stand).listed_at,
        )  # fmt: skip


def _second_wordings(stand: Stand, cast: Cast) -> Iterator[Statement]:
    for place, entry in enumerate(stand.statements, start=1):
        if "before" in entry:
            yield Statement(
                key=stand.current_key(place), question=cast.question(stand), place=place, kind=entry["kind"], version=2,
                text=entry["text"], language=stand.entry.get("language", "en"), created_at=entry["reworded_at"],
                replaces=cast.statements[stand.statement_key(place)],
            )  # fmt: skip


# ---- stances ---------------------------------------------------------------------------------------------------------


def _stances(stand: Stand, cast: Cast) -> Iterator[Stance]:
    """Each doctor's present stances, and those they took before: of an earlier wording, or before they changed their mind."""
    for doctor, words in (*stand.said.items(), *stand.cosigned.items()):
        for place, one in enumerate(words, start=1):
            if one is not None:
                yield from _with_change(stand, cast, doctor, cast.statement(stand, place), one, place)
    for doctor, words in stand.before.items():
        for place, one in enumerate(words, start=1):
            if one is not None:
                yield _stance(stand, cast, doctor, cast.statements[stand.statement_key(place)], one)


def _with_change(stand: Stand, cast: Cast, doctor: str, statement: Statement, one: Word, place: int) -> Iterator[Stance]:
    change = next((row for row in stand.entry.get("changed", ()) if (row["doctor"], row["on"]) == (doctor, place)), None)
    now = _stance(stand, cast, doctor, statement, one)
    if change is not None:
        old = _stance(stand, cast, doctor, statement, word(change["was"]))
        old.key, old.superseded_at = f"{old.key}/before", change["at"]
        now.created_at = now.affirmed_at = change["at"]
        now.after_discussion, now.blind = True, False
        yield old
    yield now


def _stance(stand: Stand, cast: Cast, doctor: str, statement: Statement, one: Word) -> Stance:
    at = cast.spoke_at(stand, doctor)
    answer = cast.answer(stand, doctor) if doctor in stand.said else None
    return Stance(
        key=f"{statement.key}/{doctor}", statement=statement, doctor=cast.doctors[doctor], answer=answer, value=one.value,
        conditions=list(one.conditions), confidence=one.confidence, blind=doctor not in stand.entry.get("seen", ()),
        source=Stance.Source.DECLARED if answer else Stance.Source.COSIGNED, created_at=at,
        affirmed_at=stand.entry.get("affirmed", {}).get(doctor, at), withdrawn_at=stand.entry.get("withdrawn", {}).get(doctor),
    )  # fmt: skip


# ---- the past --------------------------------------------------------------------------------------------------------


def _remember(stand: Stand, cast: Cast) -> None:
    """Keep the states of a question as they were at the times of its `history`, the first time it is loaded."""
    question = cast.question(stand)
    if "history" not in stand.entry or Snapshot.objects.filter(statement__question=question).exists():
        return
    for at in stand.entry["history"]:
        _insert(Stance, (one for one in _stances(stand, cast) if one.created_at <= at))
        answers = Answer.objects.filter(question=question, state=Answer.State.PUBLISHED, answered_at__lte=at)
        keep(question, at=at, answers=answers.select_related("doctor__specialty", "origin__specialty", "source"))
