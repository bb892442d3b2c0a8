"""Citing works in an answer."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from consilium.accounts.models import Person
from consilium.accounts.policy import can
from consilium.doctors.standing import who
from consilium.evidence import facts
from consilium.evidence.actions import works
from consilium.evidence.actions.errors import BadSource, too_many
from consilium.evidence.actions.retractions import compare
from consilium.evidence.actions.sources import Checked, Says, Source, checked
from consilium.evidence.models import Citation, Work
from consilium.evidence.rules import SOURCES_OF_AN_ANSWER
from consilium.journal.actions import record
from consilium.questions import rules as questions
from consilium.questions.actions import NotAllowed, bump, hold_answer
from consilium.questions.models import Answer, Statement


@transaction.atomic
def cite(*, person: Person, answer: Answer, sources: Sequence[Source]) -> list[Citation]:
    """Add sources to an answer; one that it has for the same statement already is brought up to date. Raises BadSource."""
    held = _held(person, answer)
    kept = keep_sources(answer=held, sources=sources, person=person)
    if _of(held).values("work").distinct().count() > SOURCES_OF_AN_ANSWER:
        raise BadSource(len(sources) - 1, "identifier", too_many())
    return kept


@transaction.atomic
def set_sources(*, person: Person, answer: Answer, sources: Sequence[Source]) -> list[Citation]:
    """Make these all the sources of an answer. Raises BadSource.

    What a listed source says of a statement that has been retired since stays: no form shows it any more.
    """
    held = _held(person, answer)
    kept = keep_sources(answer=held, sources=sources, person=person)
    others = _of(held).exclude(pk__in=[row.pk for row in kept])
    listed = {row.work_id for row in kept}
    _remove(held, others.exclude(statement__state=Statement.State.RETIRED, work__in=listed), person)
    return kept


@transaction.atomic
def uncite(*, person: Person, citation: Citation) -> None:
    """Take a source out of an answer. Taking it out twice is taking it out once."""
    held = _held(person, citation.answer)
    _remove(held, _of(held).filter(pk=citation.pk), person)


@transaction.atomic
def keep_sources(*, answer: Answer, sources: Sequence[Source], person: Person | None) -> list[Citation]:
    """The same as `cite` for a person known to be allowed, or for none, as imports and the demo have it."""
    there = {(row.work_id, row.statement_id): row for row in _of(answer)}
    kept: dict[tuple[int, int | None], Citation] = {}
    added, changed = set[int](), False
    for source in checked(answer, sources):
        work, renewed = _work(answer, source)
        changed |= renewed
        for statement, says in source.says.items():
            place = (work.pk, statement)
            row = (
                kept.get(place)
                or there.get(place)
                or Citation(work=work, answer=answer, statement=says.statement, added_by=person)
            )
            added |= {work.pk} if row.pk is None else set()
            changed |= _write(row, says, source.quote)
            kept[place] = row
    _tell(answer, person, added, changed=changed)
    return list(kept.values())


@transaction.atomic
def move_citations(*, answers: Sequence[int], statements: Sequence[tuple[int, int]]) -> None:
    """Answers moved to another question, where the second of each pair says what the first said: citations follow.

    The fact is the caller's, who moved the answers.
    """
    for now, then in statements:
        Citation.objects.filter(answer__in=answers, statement=now).update(statement=then)


def _of(answer: Answer) -> QuerySet[Citation]:
    return Citation.objects.filter(answer=answer)


def _held(person: Person, answer: Answer) -> Answer:
    """The answer, locked, if this person may say what it cites: its doctor, or an editor."""
    held = hold_answer(answer)
    owner = questions.is_own(person.pk, writer=held.written_by_id, holder=held.doctor.person_id if held.doctor else None)
    names = who(person)
    editor = held.state == Answer.State.PUBLISHED and can(names, "citation.edit")
    if not editor and not can(names, "answer.edit", held.state, owner=owner):
        raise NotAllowed(_("Only the doctor who wrote this answer, and editors, can change its sources."))
    return held


def _work(answer: Answer, source: Checked) -> tuple[Work, bool]:
    """The work, and whether one that was there is described anew.

    Its details are its only citer's to correct until a registry or an editor has given them.
    """
    work, made = works.named(source.identifier, source.kind)
    if made:
        works.describe(work, source.details, over=True)
        compare([work])
        return work, False
    own = work.resolved_at is None and not work.citations.exclude(answer=answer).exists()
    changed = works.describe(work, {**source.details, "kind": source.kind}, over=own)
    if changed:
        works.renew(works=[work])
    return work, changed


def _write(row: Citation, says: Says, quote: str) -> bool:
    """Save what the citation says now; whether that differs from before."""
    wanted = {"direction": says.direction, "applies": says.applies, "quote": quote}
    if row.pk is not None and all(getattr(row, name) == value for name, value in wanted.items()):
        return False
    for name, value in wanted.items():
        setattr(row, name, value)
    row.save()
    return True


def _remove(answer: Answer, rows: QuerySet[Citation], person: Person) -> None:
    gone, _by_model = rows.delete()
    if gone:
        bump([answer.question_id])
        record(facts.UNCITED, subject=f"question:{answer.question_id}", actor=person.pk, answer=answer.pk)


def _tell(answer: Answer, person: Person | None, added: set[int], *, changed: bool) -> None:
    if not added and not changed:
        return
    bump([answer.question_id])
    subject, actor = f"question:{answer.question_id}", person.pk if person else None
    if added:
        record(facts.CITED, subject=subject, actor=actor, answer=answer.pk, works=sorted(added))
    else:
        record(facts.CITATION_CHANGED, subject=subject, actor=actor, answer=answer.pk)
