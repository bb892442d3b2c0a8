"""Two questions become one and two again, by an editor."""

from consilium.accounts.models import Person
from consilium.questions import actions
from consilium.questions.models import Merge, Question
from tests.factories import make_person


def editor() -> Person:
    return make_person(roles=("editor",))


def joined(question: Question, canonical: Question) -> Merge:
    return actions.merge(person=editor(), question=question, canonical=canonical)


def undone(merge: Merge) -> Question:
    return actions.unmerge(person=editor(), merge=merge)
