"""What the rows of one question would change, worked out without changing anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from consilium.questions import rules
from consilium.questions.actions import BadCoding, check_reading
from consilium.questions.actions.statements import sentence
from consilium.questions.models import Answer, Coding, ConditionJSON, Question, Statement
from consilium.questions.rules import WordingProblem
from consilium.transfer.records import Where
from consilium.transfer.stances.reading import BadRow, Read

# These turn the sense of a part of a sentence, seldom that of the whole; the others are refused where "yes" means "go ahead".
MILD: Final = re.compile(r"\b(?:no|without|neither|nor)\b", re.IGNORECASE)
DIRECTED: Final = {Statement.Kind.SAFE, Statement.Kind.EFFECTIVE, Statement.Kind.RECOMMENDED}
CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"

Note = Callable[[Where, str], None]


@dataclass(frozen=True, slots=True)
class New:
    """A statement that the question does not have yet."""

    text: str
    kind: str
    where: Where


@dataclass(frozen=True, slots=True)
class Change:
    """A reading to store; `statement` is the text, because the statement may be new."""

    answer: int
    statement: str
    read: Read


@dataclass
class Plan:
    """All that the rows of one question change, in the order of the rows; `outcomes` has one word per good row."""

    question: Question
    statements: list[New] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    bad: list[tuple[Where, str]] = field(default_factory=list)
    known: set[str] = field(default_factory=set)  # statements that were here, named by a good row


class Checker:
    """Checks the rows of one question, one after another."""

    def __init__(self, question: Question, coders: Iterable[str], note: Note) -> None:
        self.plan = Plan(question)
        self._note = note
        self._answers: dict[int, Answer] = {}
        for answer in question.answers.select_related("source").order_by("-place", "-pk"):
            self._answers[answer.place] = answer
        self._statements = {one.text.casefold(): one for one in question.statements.active()}
        self._new: dict[str, New] = {}
        codings = Coding.objects.filter(answer__question=question, statement__state="active", coder__in=set(coders))
        self._codings = {(row.answer_id, row.statement_id, row.coder): row for row in codings}
        self._seen: dict[tuple[int, str, str], Where] = {}

    def take(self, read: Read) -> None:
        try:
            self._take(read)
        except (BadRow, BadCoding) as error:
            self.plan.bad.append((read.where, str(error)))

    def _take(self, read: Read) -> None:
        answer = self._answer(read.place)
        check_reading(answer, value=read.value, quote=read.quote, conditions=read.conditions)
        text = read.statement.casefold()
        self._once((answer.pk, text, read.coder), read.where)
        statement = self._statements.get(text)
        if statement is None:
            self._introduce(text, read)
            outcome = CREATED
        else:
            outcome = self._outcome(self._codings.get((answer.pk, statement.pk, read.coder)), read)
            self._known(statement, read)
        self._seen[answer.pk, text, read.coder] = read.where
        self.plan.outcomes.append(outcome)
        if outcome != UNCHANGED:
            self.plan.changes.append(Change(answer.pk, text, read))

    def _answer(self, place: int) -> Answer:
        answer = self._answers.get(place)
        if answer is None:
            last = max(self._answers, default=0)
            raise BadRow(f"there is no answer {place}; the page has {f'answers 1 to {last}' if last else 'none'}.")
        if answer.state != Answer.State.PUBLISHED:
            raise BadRow(f"answer {place} was taken back.")
        return answer

    def _once(self, key: tuple[int, str, str], where: Where) -> None:
        before = self._seen.get(key)
        if before is not None:
            raise BadRow(f"{key[2]} has coded this answer and statement already, at {before}.")

    def _introduce(self, text: str, read: Read) -> None:
        """A statement that is not here: fit to be one, of a kind that is said, and with a place left."""
        there = self._new.get(text)
        if there is not None:
            if read.kind and read.kind != there.kind:
                raise BadRow(f"it says that the statement is {read.kind}; at {there.where} it is {there.kind}.")
            return
        if not read.kind:
            raise BadRow("the statement is new here, so the column kind must say what it is.")
        if warning := _wording(read.statement, read.kind):
            self._note(read.where, warning)
        if len(self._statements) + len(self._new) >= rules.STATEMENTS_OF_A_QUESTION:
            raise BadRow(f"the question has {rules.STATEMENTS_OF_A_QUESTION} statements, and this would be one more.")
        self._new[text] = New(read.statement, read.kind, read.where)
        self.plan.statements.append(self._new[text])

    def _known(self, statement: Statement, read: Read) -> None:
        if read.kind and read.kind != statement.kind and statement.text not in self.plan.known:
            self._note(read.where, f"the statement is here already, as {statement.kind}; that stays.")
        self.plan.known.add(statement.text)

    def _outcome(self, old: Coding | None, read: Read) -> str:
        if old is None:
            return CREATED
        if (old.value, old.quote, _said(old.conditions)) == (read.value, read.quote, _said(read.conditions)):
            return UNCHANGED
        if old.person_id is not None:
            raise BadRow(f"{read.coder} is an editor here and has coded it otherwise, which is kept.")
        return UPDATED


def _said(conditions: Iterable[ConditionJSON]) -> Sequence[tuple[str, str]]:
    """Conditions as a table has them, which does not tell their kinds."""
    return [(row["specialty"], " ".join(row["text"].split())) for row in conditions]


def _wording(text: str, kind: str) -> str:
    """A warning about the words of a new statement, or "". BadRow if they cannot be a statement."""
    problem = rules.wording_problem(text)
    if problem is None:
        return ""
    if problem is not WordingProblem.NEGATIVE or (kind in DIRECTED and rules.negation(MILD.sub("", text))):
        raise BadRow(sentence(problem, text))
    return f"the statement says “{rules.negation(text)}”; make sure that “yes” means “go ahead” or “true”."
