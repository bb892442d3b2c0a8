"""Editors who join the same questions at once, as processes with connections of their own, on either database."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection

from consilium.accounts.models import Person
from consilium.evidence.actions import Source, cite
from consilium.journal.models import Entry
from consilium.questions import actions
from consilium.questions.actions import merging
from consilium.questions.models import Answer, Merge, Question, SeenAnswers
from consilium.topics.models import Topic
from tests.factories import make_answer, make_doctor, make_person, make_question, make_statement, make_topic, make_verified
from tests.processes import in_parallel

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROUNDS = 6


def join(editor: int, pairs: list[list[int]]) -> list[bool]:
    """One editor's merges, one after the other; for each, whether it was made. What is not refused in words fails the test."""
    person = Person.objects.get(pk=editor)
    made = []
    for question, canonical in pairs:
        rows = Question.objects.in_bulk([question, canonical])
        try:
            actions.merge(person=person, question=rows[question], canonical=rows[canonical])
        except actions.NotAllowed:
            made.append(False)
        else:
            made.append(True)
    return made


def undo(editor: int, merge: int) -> bool:
    """Whether this editor's undoing is the one that counted."""
    try:
        actions.unmerge(person=Person.objects.get(pk=editor), merge=Merge.objects.get(pk=merge))
    except actions.NotAllowed:
        return False
    return True


def vary(editor: int, pairs: list[list[int]]) -> list[bool]:
    """The same with variants."""
    person = Person.objects.get(pk=editor)
    made = []
    for question, canonical in pairs:
        rows = Question.objects.in_bulk([question, canonical])
        try:
            actions.make_variant(person=person, question=rows[question], canonical=rows[canonical], difference="older")
        except actions.NotAllowed:
            made.append(False)
        else:
            made.append(True)
    return made


def editors(n: int) -> list[int]:
    return [make_person(roles=("editor",)).pk for _ in range(n)]


def beside(questions: list[Question]) -> None:
    """Each names every other one as related, so that each merge renews the pages of all."""
    for one in questions:
        for rank, other in enumerate(questions):
            if one != other:
                one.links.create(other=other, kind="related", rank=rank)


def in_order() -> None:
    """What holds whatever happened."""
    for question in Question.objects.all():
        assert question.answer_count == question.answers.filter(state="published").count()
        seen = {question.pk}
        while question.merged_into is not None:
            question = question.merged_into
            assert question.pk not in seen, "merges in a circle"
            seen.add(question.pk)
        assert question.state in Question.PUBLIC


def test_a_into_b_and_b_into_a_at_once_is_one_merge() -> None:
    topics = tuple(make_topic() for _ in range(3))
    questions = [make_question(topics=topics) for _ in range(2 * ROUNDS)]
    beside(questions)
    for question in questions:
        make_answer(question)
    pairs = [[one.pk, other.pk] for one, other in zip(questions[::2], questions[1::2], strict=True)]
    back = [[other, one] for one, other in pairs]
    first, second, *same = in_parallel(join, list(zip(editors(4), [pairs, back, pairs, back], strict=True)))
    for n in range(ROUNDS):
        assert [first[n], second[n], same[0][n], same[1][n]].count(True) == 1
    assert Merge.objects.count() == Entry.objects.filter(fact="question.merged").count() == ROUNDS
    assert set(Topic.objects.values_list("question_count", flat=True)) == {ROUNDS}
    in_order()


def test_around_a_circle_at_once_one_is_left() -> None:
    questions = [make_question() for _ in range(4)]
    beside(questions)
    around = [[one.pk, other.pk] for one, other in pairwise([*questions, questions[0]])]
    made = in_parallel(join, [[editor, [pair]] for editor, pair in zip(editors(4), around, strict=True)])
    assert sum(one[0] for one in made) in {2, 3}, "the last one finds that its target has gone"
    in_order()


def test_a_variant_of_b_and_b_of_a_at_once_is_one_variant() -> None:
    questions = [make_question() for _ in range(2 * ROUNDS)]
    pairs = [[one.pk, other.pk] for one, other in zip(questions[::2], questions[1::2], strict=True)]
    back = [[other, one] for one, other in pairs]
    in_parallel(vary, list(zip(editors(4), [pairs * 5, back * 5] * 2, strict=True)))
    facts = Entry.objects.filter(fact="question.varied").values_list("subject", flat=True)
    assert len(set(facts)) == Question.objects.exclude(variant_of=None).count() == ROUNDS
    assert not Question.objects.filter(variant_of__variant_of__isnull=False).exists()


def test_undoing_at_once_is_undoing_once() -> None:
    question, canonical = make_question(), make_question()
    answer = make_answer(question)
    merge = actions.merge(person=make_person(roles=("editor",)), question=question, canonical=canonical)
    assert sorted(in_parallel(undo, [[editor, merge.pk] for editor in editors(4)])) == [False, False, False, True]
    assert Answer.objects.get(pk=answer.pk).question_id == question.pk
    in_order()


def answer_or_join(doctor: int, editor: int, pairs: list[list[int]]) -> list[bool]:
    """A doctor answers what an editor joins meanwhile; no answer is left on a question that is a duplicate."""
    if editor:
        return join(editor, pairs)
    writer = Person.objects.select_related("doctor").get(pk=doctor)
    made = []
    for question, _canonical in pairs:
        try:
            actions.answer(
                doctor=writer.doctor, person=writer, question=Question.objects.get(pk=question), headline="Yes", body="Yes.",
                language="en",
            )  # fmt: skip
        except actions.NotAllowed:
            made.append(False)
        else:
            made.append(True)
    return made


def test_an_answer_that_comes_meanwhile_is_refused_or_moves() -> None:
    pairs = [[make_question().pk, make_question().pk] for _ in range(ROUNDS)]
    doctors = [make_doctor(person=make_person()).person for _ in range(3)]
    arguments = [[0, editors(1)[0], pairs], *([person.pk, 0, pairs] for person in doctors if person)]
    joined, *answered = in_parallel(answer_or_join, arguments)
    assert all(joined)
    assert Answer.objects.count() == sum(one for made in answered for one in made)
    assert not Answer.objects.filter(question__state="duplicate").exists()
    in_order()


def apart(action: Callable[[], Any]) -> None:
    """In a thread of its own, with a connection of its own."""
    try:
        action()
    finally:
        connection.close()


def until_it_waits(running: Future[None]) -> None:
    """Until the other one waits for a lock of this transaction, or is done."""
    for _ in range(2000):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if running.done() or cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    pytest.fail("it neither ends nor waits")


def while_joining(monkeypatch: pytest.MonkeyPatch, question: Question, canonical: Question, action: Callable[[], Any]) -> None:
    """Join the two; when the rows are held, and before anything is written, `action` begins. Both must end well."""
    plan, editor, begun = merging.plan, make_person(roles=("editor",)), list[Future[None]]()
    with ThreadPoolExecutor(1) as pool:

        def planned(*pair: Question) -> actions.Plan:
            found = plan(*pair)
            begun.append(pool.submit(apart, action))
            until_it_waits(begun[0])
            return found

        monkeypatch.setattr(merging, "plan", planned)
        actions.merge(person=editor, question=question, canonical=canonical)
        begun[0].result(60)
    in_order()


on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")


@on_postgresql
@pytest.mark.parametrize("verb", ["withdraw", "edit", "cite", "vote"])
def test_who_changes_an_answer_while_it_moves_waits(verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    question, canonical = make_question(), make_question()
    answer, reader = make_answer(question), make_person()
    person = answer.written_by
    assert person is not None
    deeds: dict[str, Callable[[], Any]] = {
        "withdraw": lambda: actions.withdraw_answer(person=person, answer=answer),
        "edit": lambda: actions.edit_answer(person=person, answer=answer, headline="No", body="No.", based_on=1),
        "cite": lambda: cite(person=person, answer=answer, sources=[Source("10.1000/182", kind="rct")]),
        "vote": lambda: actions.vote(person=reader, answer=answer),
    }
    version = canonical.version
    while_joining(monkeypatch, question, canonical, deeds[verb])
    assert Answer.objects.get().question_id == canonical.pk
    assert Question.objects.get(pk=canonical.pk).version >= version + 2, "the page it is on now is renewed, too"


@on_postgresql
@pytest.mark.parametrize("verb", ["answer", "declare"])
def test_a_doctor_who_speaks_where_they_had_read_what_moves_waits(verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    question, canonical = make_question(), make_question()
    make_answer(question)
    statement, doctor = make_statement(canonical), make_verified()
    person = doctor.person
    assert person is not None
    actions.see_answers(doctor=doctor, question=question)
    said, interests = [actions.Said(statement, "yes")], actions.Interests(paid="")
    deeds: dict[str, Callable[[], Any]] = {
        "answer": lambda: actions.answer(
            doctor=doctor, person=person, question=canonical, headline="Yes", body="Yes.", language="en"
        ),
        "declare": lambda: actions.declare(doctor=doctor, person=person, question=canonical, said=said, interests=interests),
    }
    while_joining(monkeypatch, question, canonical, deeds[verb])
    assert SeenAnswers.objects.filter(doctor=doctor, question=canonical).exists()
    assert (canonical.answers.filter(doctor=doctor).count(), doctor.stances.count()) == (verb == "answer", verb == "declare")
