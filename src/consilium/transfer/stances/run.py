"""Bringing tables of readings in: everything is checked first, then written in one transaction, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.db import transaction
from django.utils import timezone

from consilium.questions.actions import NotAllowed, keep_codings
from consilium.questions.actions.keeping import hold
from consilium.questions.actions.statements import insert
from consilium.questions.models import Coding, Question, Statement
from consilium.transfer.progress import bar
from consilium.transfer.records import BadInput, Where
from consilium.transfer.report import Report
from consilium.transfer.sheet import rows
from consilium.transfer.stances.checking import CREATED, UNCHANGED, Checker, Plan
from consilium.transfer.stances.places import NoQuestion, question_of
from consilium.transfer.stances.reading import COLUMNS, BadRow, Read, read, specialties

ROWS: Final = 20_000  # of one import: what is checked waits in memory, and is written while nobody else can write
STATEMENTS, CODINGS = "statements", "codings"


def load(paths: Sequence[str], *, dry_run: bool = False, skip_bad: bool = False) -> Report:
    """Import the tables; nothing is written if a row is bad, unless `skip_bad`. Raises BadInput for what is no such table."""
    report = Report(files=list(paths), dry_run=dry_run, always=(STATEMENTS, CODINGS))
    bad: list[tuple[Where, str]] = []
    reads = _reads(paths, bad)
    plans = _plans(reads, bad, report)
    for where, reason in sorted(bad, key=lambda one: (paths.index(one[0].file), one[0].line)):
        report.skip(where, reason, CODINGS)
    report.refused = bool(bad) and not skip_bad
    if not report.refused:
        _count(report, plans)
        if not dry_run:
            _write(plans)
    return report


def _reads(paths: Iterable[str], bad: list[tuple[Where, str]]) -> list[Read]:
    """The rows of all tables that say something."""
    found: list[Read] = []
    known = specialties()
    for path in paths:
        for row in rows(path, COLUMNS):
            try:
                found.append(read(row, known))
            except BadRow as error:
                bad.append((row.where, str(error)))
            if len(found) + len(bad) > ROWS:
                raise BadInput(row.where, f"there are more than {ROWS:,} rows.", "Import them in several parts.")
    return found


def _plans(reads: Sequence[Read], bad: list[tuple[Where, str]], report: Report) -> list[Plan]:
    """What to do on each question, by its number."""
    plans = []
    with bar("Checking", len(reads)) as advance:
        for question, own in _by_question(reads, bad):
            checker = Checker(question, {one.coder for one in own}, report.note)
            for one in own:
                checker.take(one)
            bad += checker.plan.bad
            plans.append(checker.plan)
            advance(len(own))
    return plans


def _by_question(reads: Iterable[Read], bad: list[tuple[Where, str]]) -> list[tuple[Question, list[Read]]]:
    """The rows of each question together, in their order; questions by number, in which order everybody locks them."""
    named: dict[str, Question | str] = {}
    questions: dict[int, Question] = {}
    found: dict[int, list[Read]] = {}
    for one in reads:
        if one.source not in named:
            named[one.source] = _question(one.source)
        question = named[one.source]
        if isinstance(question, str):
            bad.append((one.where, question))
        else:
            questions[question.pk] = question
            found.setdefault(question.pk, []).append(one)
    return [(questions[pk], found[pk]) for pk in sorted(found)]


def _question(source: str) -> Question | str:
    """The question, or why there is none."""
    try:
        return question_of(source)
    except NoQuestion as error:
        return str(error)


def _count(report: Report, plans: Iterable[Plan]) -> None:
    for plan in plans:
        report.count(STATEMENTS, CREATED, len(plan.statements))
        report.count(STATEMENTS, UNCHANGED, len(plan.known))
        for outcome in plan.outcomes:
            report.count(CODINGS, outcome)


def _write(plans: Sequence[Plan]) -> None:
    with transaction.atomic(), bar("Importing", len(plans)) as advance:
        for plan in plans:
            if plan.statements or plan.changes:
                try:
                    _write_one(plan)
                except NotAllowed as error:
                    what = f"the question was changed while the table was read ({error})."
                    raise BadInput(plan.changes[0].read.where, what, "Run the import again.") from None
            advance(1)


def _write_one(plan: Plan) -> None:
    held = hold(plan.question)
    there = list(held.statements.active().order_by("place"))
    statements = {one.text.casefold(): one for one in there}
    for new in plan.statements:
        if new.text.casefold() not in statements:
            one = insert(question=held, text=new.text, kind=new.kind, language=held.language, person=None, there=there)
            there.append(one)
            statements[one.text.casefold()] = one
    if any(change.statement not in statements for change in plan.changes):
        raise NotAllowed("a statement was taken off the page")
    codings = [_coding(change.answer, statements[change.statement], change.read) for change in plan.changes]
    keep_codings(question=held, codings=codings)


def _coding(answer: int, statement: Statement, said: Read) -> Coding:
    return Coding(
        answer_id=answer, statement=statement, coder=said.coder, value=said.value, quote=said.quote,
        conditions=list(said.conditions), created_at=timezone.now(),
    )  # fmt: skip
