"""Putting statements to a question, and changing them while nobody has taken a stance."""

from django.db import transaction
from django.utils.translation import gettext as _

from consilium.accounts.models import Person
from consilium.accounts.policy import can
from consilium.doctors.standing import who
from consilium.journal.actions import record
from consilium.questions import facts, rules
from consilium.questions.actions.errors import NotAllowed, require
from consilium.questions.actions.keeping import bump, hold
from consilium.questions.models import Question, Statement
from consilium.questions.rules import WordingProblem


class BadStatement(NotAllowed):
    """The text cannot be a statement; the message says why and what to write instead."""


@transaction.atomic
def add_statement(*, person: Person, question: Question, text: str, kind: str, language: str = "") -> Statement:
    """Put a statement to a question that has fewer than four. The same text twice is one statement."""
    held = hold(question)
    why = _("Only the person who asked and editors can add statements.")
    require(person, "statement.add", held.state, owner=held.asked_by_id == person.pk, why=why)
    text = checked(text)
    there = list(held.statements.active().order_by("place"))
    same = next((one for one in there if one.text.casefold() == text.casefold()), None)
    return same or insert(question=held, text=text, kind=kind, language=language or held.language, person=person, there=there)


@transaction.atomic
def insert(
    *, question: Question, text: str, kind: str, language: str, person: Person | None, there: list[Statement]
) -> Statement:
    """Store a statement in the first free place; `question` is held, `there` are its active statements."""
    taken = {one.place for one in there}
    place = next((place for place in range(1, rules.STATEMENTS_OF_A_QUESTION + 1) if place not in taken), None)
    if place is None:
        raise NotAllowed(_("A question has at most four statements. Retire one first."))
    new = Statement.objects.create(question=question, place=place, text=text, kind=kind, language=language, created_by=person)
    bump([question.pk])
    record(facts.STATEMENT_ADDED, subject=f"question:{question.pk}", actor=person.pk if person else None, statement=new.pk)
    return new


@transaction.atomic
def edit_statement(*, person: Person, statement: Statement, text: str, kind: str) -> Statement:
    """Reword a statement; always a new row, so that nobody who has the old wording before them stands on the new one.

    Once a doctor or coder has taken a stance, the old wording stays in the history and only editors can replace it.
    """
    question = hold(statement.question)
    held = Statement.objects.select_for_update().get(pk=statement.pk)
    _check_readable(question)
    owner = question.asked_by_id == person.pk
    require(person, "statement.edit", held.state, owner=owner, why=_("Only the person who asked and editors can change this."))
    text = checked(text)
    if (held.text, held.kind) == (text, kind):
        return held
    if not held.stances.exists() and not held.codings.exists():
        current = _instead(person, held, text, kind)
    else:
        current = _next_version(person, held, text, kind)
    bump([question.pk])
    record(facts.STATEMENT_EDITED, subject=f"question:{question.pk}", actor=person.pk, statement=current.pk)
    return current


def _instead(person: Person, held: Statement, text: str, kind: str) -> Statement:
    replaces, version = held.replaces, held.version
    held.delete()
    return Statement.objects.create(
        question_id=held.question_id, place=held.place, text=text, kind=kind, language=held.language, version=version,
        replaces=replaces, created_by=person,
    )  # fmt: skip


def _next_version(person: Person, held: Statement, text: str, kind: str) -> Statement:
    if not can(who(person), "statement.retire", held.state):
        raise NotAllowed(_("Doctors have taken a stance on this wording, so only an editor can replace it."))
    Statement.objects.filter(pk=held.pk).update(state=Statement.State.RETIRED)
    return Statement.objects.create(
        question_id=held.question_id, place=held.place, text=text, kind=kind, language=held.language,
        version=held.version + 1, replaces=held, created_by=person,
    )  # fmt: skip


@transaction.atomic
def retire_statement(*, person: Person, statement: Statement) -> None:
    """Take a statement off the page; its stances stay in the history."""
    question = hold(statement.question)
    _check_readable(question)
    held = Statement.objects.select_for_update().get(pk=statement.pk)
    require(person, "statement.retire", held.state, why=_("Only an editor can take a statement off the page."))
    Statement.objects.filter(pk=held.pk).update(state=Statement.State.RETIRED)
    bump([question.pk])
    record(facts.STATEMENT_RETIRED, subject=f"question:{question.pk}", actor=person.pk, statement=held.pk)


def _check_readable(question: Question) -> None:
    """The statements of a duplicate stay as they are: stances that moved along may come back to them."""
    if question.state not in Question.PUBLIC:
        raise NotAllowed(_("This question was joined to another one, so its statements stay as they are."))


def checked(text: str) -> str:
    """The text of a statement, stripped; raise BadStatement if it cannot be one."""
    text = " ".join(text.split())
    problem = rules.wording_problem(text)
    if problem is not None:
        raise BadStatement(sentence(problem, text))
    return text


def sentence(problem: WordingProblem, text: str) -> str:
    """What is wrong with the text and what to do, for the reader."""
    words = {
        WordingProblem.EMPTY: _("Write what a doctor can agree with or not."),
        WordingProblem.LONG: _("The statement is too long: write at most %(limit)s characters.")
        % {"limit": rules.STATEMENT_LIMIT},
        WordingProblem.LINES: _("Write the statement on one line."),
        WordingProblem.QUESTION: _("Write a statement, not a question: “X is safe for someone with Y”."),
        WordingProblem.NEGATIVE: _(
            "Write it so that “yes” means “go ahead” or “true”: leave out “%(word)s” and say what would be all right."
        )
        % {"word": rules.negation(text)},
    }
    return words[problem]
