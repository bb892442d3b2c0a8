"""A question that its asker deletes while others have its page open: they are told so, and nothing is half-written."""

from collections.abc import Callable

import pytest

from consilium.accounts.models import Person
from consilium.journal.models import Entry
from consilium.questions import actions
from consilium.questions.models import Follow, Question
from tests.factories import make_doctor, make_person, make_question

pytestmark = pytest.mark.django_db


def answered(person: Person, question: Question) -> None:
    actions.answer(doctor=person.doctor, person=person, question=question, headline="h", body="b", language="en")


LATE: dict[str, Callable[[Person, Question], None]] = {
    "withdraw": lambda person, question: actions.withdraw_question(person=person, question=question),
    "edit": lambda person, question: actions.edit_question(person=person, question=question, title="t", body="", based_on=1),
    "update": lambda person, question: actions.update_question(person=person, question=question, text="t", based_on=1),
    "answer": answered,
    "follow": lambda person, question: actions.follow(person=person, question=question),
}


@pytest.mark.parametrize("verb", LATE)
def test_what_comes_too_late_is_refused_in_words(verb: str) -> None:
    person = make_person()
    make_doctor(person=person)
    question = make_question(person=person)
    stale = Question.objects.get(pk=question.pk)
    actions.withdraw_question(person=person, question=question)
    known = Entry.objects.count()
    with pytest.raises(actions.NotAllowed, match="has taken it back"):
        LATE[verb](person, stale)
    assert not Follow.objects.exists()
    assert Entry.objects.count() == known
