"""What is said, seen and counted around a merge: afterwards, and when it is undone."""

import pytest

from consilium.accounts.models import Person
from consilium.consensus import actions as consensus
from consilium.consensus import reading
from consilium.consensus.models import Snapshot
from consilium.questions import actions
from consilium.questions.models import Answer, Disclosure, Follow, Question, SourceAuthor, Stance, Statement
from tests.factories import (
    make_answer,
    make_imported_answer,
    make_person,
    make_question,
    make_source,
    make_stance,
    make_statement,
    make_verified,
)
from tests.questions.joining import editor, joined, undone

pytestmark = pytest.mark.django_db


def declared(answer: Answer, statement: Statement, value: str) -> None:
    """Its doctor takes a stance with it, where it is now."""
    moved = Answer.objects.select_related("doctor__person", "question").get(pk=answer.pk)
    assert moved.doctor is not None
    assert moved.doctor.person is not None
    actions.declare(
        doctor=moved.doctor, person=moved.doctor.person, question=moved.question, answer=moved,
        said=[actions.Said(statement, value)], interests=actions.Interests(paid=""),
    )  # fmt: skip


@pytest.fixture
def pair() -> tuple[Question, Question]:
    return make_question("Is it safe for me?"), make_question("May I have it safely?")


@pytest.mark.parametrize("steps", [1, 2])
def test_who_asked_what_was_joined_to_it_asks_here_too(steps: int) -> None:
    person = make_person()
    doctor = make_verified(person=person)
    canonical, late = make_question(), make_question()
    there = make_statement(canonical)
    make_stance(there, "no", doctor=doctor)  # before the two were known to be the same
    asked = make_question(person=person)
    answer = make_answer(late, doctor=doctor)
    stance = make_stance(make_statement(late), "no", doctor=doctor, answer=answer)
    for _ in range(steps - 1):
        between = make_question()
        joined(asked, between)
        asked = between
    assert reading.panel_of(canonical).statements[0].counts.no == 1
    joined(asked, canonical)
    assert reading.panel_of(canonical).statements[0].counts.no == 0
    planned = actions.plan(late, canonical)
    assert (planned.asked, planned.stances, planned.left) == ([answer], [], [stance])
    with pytest.raises(actions.NotAllowed, match="You asked this question"):
        make_answer(canonical, doctor=doctor)


class TestSaidSince:
    def test_with_an_answer_that_goes_back_goes_back_with_it(self, pair: tuple[Question, Question]) -> None:
        duplicate, canonical = pair
        here, there = make_statement(duplicate), make_statement(canonical)
        answer = make_answer(duplicate)
        make_stance(here, "yes", doctor=answer.doctor, answer=answer)
        other = make_answer(duplicate)  # took no stance before
        merge = joined(duplicate, canonical)
        for moved in (answer, other):
            declared(moved, there, "no")
        undone(merge)
        assert set(Stance.objects.values_list("statement", flat=True)) == {here.pk}
        assert list(Stance.objects.order_by("pk").values_list("answer", "value")) == [
            (answer.pk, "yes"), (answer.pk, "no"), (other.pk, "no"),
        ]  # fmt: skip
        assert {row.value for row in Stance.objects.current()} == {"no"}
        assert Disclosure.objects.filter(question=duplicate, doctor=other.doctor).exists()

    def test_takes_the_place_of_what_was_said_before(self, pair: tuple[Question, Question]) -> None:
        """A stance had stayed behind, because its doctor stood on the other page as well."""
        duplicate, canonical = pair
        here, there = make_statement(duplicate), make_statement(canonical)
        answer = make_answer(duplicate)
        for statement in (here, there):
            make_stance(statement, "yes", doctor=answer.doctor)
        merge = joined(duplicate, canonical)
        declared(answer, there, "no")
        undone(merge)
        assert [row.value for row in Stance.objects.current().filter(statement=here)] == ["no"]


def test_an_answer_taken_back_renews_every_question_where_it_took_a_stance(pair: tuple[Question, Question]) -> None:
    duplicate, canonical = pair
    answer = make_answer(duplicate)
    merge = joined(duplicate, canonical)
    declared(answer, make_statement(canonical), "no")
    undone(merge)  # the other page has no such statement, so the stance stays
    canonical.refresh_from_db()
    consensus.keep(canonical)
    actions.withdraw_answer(person=answer.written_by, answer=Answer.objects.get(pk=answer.pk))
    assert Question.objects.get(pk=canonical.pk).version > canonical.version
    assert Snapshot.objects.get().stale


def test_an_answer_after_the_undoing_is_new_to_who_had_seen_more(pair: tuple[Question, Question]) -> None:
    duplicate, canonical = pair
    reader = make_person()
    actions.follow(person=reader, question=canonical)
    for question in (duplicate, duplicate, canonical):
        make_answer(question)
    merge = joined(duplicate, canonical)
    actions.mark_seen(person=reader, question=Question.objects.get(pk=canonical.pk))
    undone(merge)
    make_answer(Question.objects.get(pk=canonical.pk))
    assert Follow.objects.select_related("question").get(person=reader, question=canonical).new_answers == 1


def test_a_duplicate_is_not_opened_by_who_saw_it_closed() -> None:
    closed = make_question(state="closed")
    joined(Question.objects.get(pk=closed.pk), make_question())
    with pytest.raises(actions.NotAllowed):
        actions.reopen(person=editor(), question=closed)
    assert Question.objects.get(pk=closed.pk).state == "duplicate"


def test_an_answer_that_stayed_behind_and_is_taken_back_was_not_counted(pair: tuple[Question, Question]) -> None:
    duplicate, canonical = pair
    doctor = make_verified()
    make_answer(canonical, doctor=doctor)
    other = make_answer(duplicate, doctor=doctor)
    joined(duplicate, canonical)
    actions.withdraw_answer(person=other.written_by, answer=other)
    doctor.refresh_from_db()
    assert doctor.answer_count == 1


def test_two_copies_of_one_author_stay_where_they_are() -> None:
    """Each is a voice in what copied answers say, and a person has one on a page."""
    source = make_source()
    duplicate, canonical = make_question(source=source), make_question(source=source)
    author, other = (SourceAuthor.objects.create(key=f"author/{n}", name="Ada") for n in range(2))
    make_imported_answer(canonical, source_author=author)
    again = make_imported_answer(duplicate, source_author=author)
    moving = make_imported_answer(duplicate, source_author=other)
    planned = actions.plan(duplicate, canonical)
    assert (planned.answered, planned.answers) == ([again], [moving])
    joined(duplicate, canonical)
    assert list(duplicate.answers.all()) == [again]


class TestSituations:
    @pytest.mark.parametrize("toward", ["the question asked first", "another situation"])
    def test_in_another_situation_they_stay_and_their_doctors_are_asked(self, toward: str) -> None:
        root = make_question()
        pregnant = make_question(variant_of=root, difference="I am pregnant.")
        canonical = root if toward == "the question asked first" else make_question(variant_of=root, difference="I am old.")
        make_statement(canonical)
        here = make_statement(pregnant)
        answer = make_answer(pregnant)
        stance, cosigned = make_stance(here, "no", doctor=answer.doctor, answer=answer), make_stance(here, "no")
        assert actions.plan(pregnant, canonical).left == [stance, cosigned]
        merge = joined(pregnant, canonical)
        assert Answer.objects.get().question == canonical
        assert set(Stance.objects.values_list("statement", flat=True)) == {here.pk}
        undone(merge)
        assert Answer.objects.get().question == pregnant

    def test_in_the_same_situation_they_go_along(self) -> None:
        root = make_question()
        first, second = (make_question(variant_of=root, difference=words) for words in ("I am pregnant.", "i  am pregnant."))
        there, stance = make_statement(second), make_stance(make_statement(first))
        joined(first, second)
        stance.refresh_from_db()
        assert stance.statement == there


def test_followers_follow_the_other_and_those_who_did_already_follow_once(pair: tuple[Question, Question]) -> None:
    duplicate, canonical = pair
    both, one = make_person(), make_person()
    for person, question in [(both, duplicate), (both, canonical), (one, duplicate)]:
        actions.follow(person=person, question=question)
    joined(duplicate, canonical)
    people = {both, one, duplicate.asked_by, canonical.asked_by}
    assert set(Person.objects.filter(follows__question=canonical)) == people
    assert Follow.objects.filter(question=canonical).count() == 4


def test_who_follows_by_two_merges_follows_until_both_are_undone(pair: tuple[Question, Question]) -> None:
    duplicate, canonical = pair
    third, person = make_question(), make_person()
    for question in (duplicate, third):
        actions.follow(person=person, question=question)
    merges = [joined(question, canonical) for question in (duplicate, third)]
    undone(merges[0])
    assert Follow.objects.filter(person=person, question=canonical).exists()
    assert not Follow.objects.filter(person=duplicate.asked_by, question=canonical).exists()
    undone(merges[1])
    assert not Follow.objects.filter(person=person, question=canonical).exists()
