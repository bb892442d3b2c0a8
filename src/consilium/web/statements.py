"""The statements of a question, for those who may change them: its asker until the first stance, and editors."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext

from consilium.accounts.models import Person
from consilium.accounts.policy import can
from consilium.doctors.standing import who
from consilium.questions import actions
from consilium.questions.models import Coding, Question, Stance, Statement
from consilium.web.saving import WrongField


@dataclass(frozen=True)
class Board:
    """The statements there are; `open_to`: those this person may reword; `taken`: those with a stance, or read by an editor."""

    there: list[Statement]
    open_to: frozenset[int]
    taken: frozenset[int]
    may_add: bool
    may_retire: bool


def board(person: Person, question: Question) -> Board:
    """What this person may do with the statements of a question; PermissionDenied if nothing."""
    names, owner = who(person), question.asked_by_id == person.pk
    may_add = can(names, "statement.add", question.state, owner=owner)
    may_edit = can(names, "statement.edit", Statement.State.ACTIVE, owner=owner)
    if not (may_add or may_edit):
        raise PermissionDenied(gettext("Only the person who asked and editors can change the statements of a question."))
    said = Exists(Stance.objects.filter(statement=OuterRef("pk"))) | Exists(Coding.objects.filter(statement=OuterRef("pk")))
    rows: Any = question.statements.active().annotate(said=said).order_by("place")
    there = list(rows)
    taken = frozenset(one.pk for one in there if one.said)
    may_retire = can(names, "statement.retire", Statement.State.ACTIVE)
    own = frozenset(one.pk for one in there if may_edit and (may_retire or one.pk not in taken))
    return Board(there, own, taken, may_add, may_retire)


@transaction.atomic
def save(person: Person, question: Question, data: dict[str, Any]) -> Question:
    """Reword and add what the form says, all or nothing."""
    for statement, (text, kind) in data["changed"].items():
        try:
            actions.edit_statement(person=person, statement=statement, text=text, kind=kind)
        except actions.NotAllowed as refusal:
            raise WrongField(f"text_{statement.pk}", str(refusal)) from None
    for name, (text, kind) in data["new"].items():
        try:
            actions.add_statement(person=person, question=question, text=text, kind=kind)
        except actions.NotAllowed as refusal:
            raise WrongField(name, str(refusal)) from None
    return question
