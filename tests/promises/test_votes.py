"""Promises 3, 4 and 6: sixteen writers at once, as processes with connections of their own, on either database."""

import random
from collections import Counter

import pytest

from consilium.accounts.models import Person
from consilium.doctors.models import Doctor
from consilium.journal.models import Entry
from consilium.questions import actions
from consilium.questions.models import Answer, HelpfulVote, Question, Revision
from tests.factories import make_answer, make_doctor, make_person, make_question
from tests.processes import in_parallel

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WRITERS = 16
VOTES = 60
SAVES = 10


def vote_and_undo(seed: int, answers: list[int], people: list[int]) -> dict[str, int]:
    """One writer's votes and undone votes; returns the change each answer owes to it. Several writers share a person."""
    chance = random.Random(seed)
    held_answers = list(Answer.objects.filter(pk__in=answers))
    held_people = list(Person.objects.filter(pk__in=people))
    owed: Counter[str] = Counter()
    for _ in range(VOTES):
        answer, person = chance.choice(held_answers), chance.choice(held_people)
        if chance.random() < 0.6:
            for _ in range(chance.choice([1, 1, 2])):  # now and then a double click
                owed[str(answer.pk)] += actions.vote(person=person, answer=answer)
        else:
            owed[str(answer.pk)] -= actions.unvote(person=person, answer=answer)
    return dict(owed)


def test_the_count_is_the_number_of_rows_whatever_happens_at_once():
    answers = [make_answer(make_question()) for _ in range(10)]
    people = [make_person() for _ in range(24)]
    versions = dict(Question.objects.values_list("pk", "version"))
    numbers = [[answer.pk for answer in answers], [person.pk for person in people]]

    owed: Counter[int] = Counter()
    for one in in_parallel(vote_and_undo, [[seed, *numbers] for seed in range(WRITERS)]):
        owed.update({int(pk): change for pk, change in one.items()})

    rows = Counter(HelpfulVote.objects.values_list("answer", flat=True))
    for answer in Answer.objects.all():
        assert answer.helpful_count == rows[answer.pk] == owed[answer.pk]
    pairs = list(HelpfulVote.objects.values_list("answer", "person"))
    assert len(pairs) == len(set(pairs))
    facts = Counter(Entry.objects.filter(fact__in=["answer.voted", "answer.unvoted"]).values_list("fact", flat=True))
    assert facts["answer.voted"] - facts["answer.unvoted"] == len(pairs)
    assert facts["answer.unvoted"], "the test must also undo"
    grown = sum(question.version - versions[question.pk] for question in Question.objects.all())
    assert grown == facts.total()


def answer_once(question: int, doctor: int) -> bool:
    """Whether this writer's answer became the doctor's answer."""
    profile = Doctor.objects.get(pk=doctor)
    assert profile.person is not None
    try:
        actions.answer(
            doctor=profile, person=profile.person, question=Question.objects.get(pk=question),
            headline="In short: yes", body="Yes.", language="en",
        )  # fmt: skip
    except actions.AlreadyAnswered:
        return False
    return True


def test_a_doctor_who_sends_the_form_eight_times_has_one_answer():
    question, doctor = make_question(), make_doctor(person=make_person())
    assert sorted(in_parallel(answer_once, [[question.pk, doctor.pk]] * 8)) == [False] * 7 + [True]
    doctor.refresh_from_db()
    question.refresh_from_db()
    assert (question.answer_count, question.answers.count(), doctor.answer_count) == (1, 1, 1)


def test_sixteen_doctors_answer_at_once_and_each_has_a_place():
    question = make_question()
    doctors = [make_doctor(person=make_person()) for _ in range(WRITERS)]
    assert all(in_parallel(answer_once, [[question.pk, doctor.pk] for doctor in doctors]))
    question.refresh_from_db()
    assert question.answer_count == WRITERS
    assert sorted(question.answers.values_list("place", flat=True)) == list(range(1, WRITERS + 1))


def edit(answer: int, writer: int) -> list[int]:
    """One window's saves, each based on what was read just before; returns the revisions that it made."""
    made = []
    for turn in range(SAVES):
        held = Answer.objects.get(pk=answer)
        assert held.written_by is not None
        body = f"Writer {writer}, turn {turn}."
        try:
            saved = actions.edit_answer(person=held.written_by, answer=held, headline="h", body=body, based_on=held.revision)
        except actions.EditConflict:
            continue
        made.append(saved.revision)
    return made


def test_no_edit_overwrites_another_in_silence():
    answer = make_answer(make_question())
    made = sorted(number for one in in_parallel(edit, [[answer.pk, writer] for writer in range(WRITERS)]) for number in one)
    answer.refresh_from_db()
    assert made == list(range(2, answer.revision + 1)), "each saved wording has a number of its own"
    kept = list(Revision.objects.filter(answer=answer).order_by("number").values_list("number", "body"))
    assert [number for number, _ in kept] == list(range(1, answer.revision + 1))
    assert len({body for _, body in kept}) == len(kept)
    assert kept[-1][1] == answer.body
