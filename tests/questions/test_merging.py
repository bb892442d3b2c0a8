"""Two questions become one and two again: nobody's answer, stance, source or follow is lost on either way."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.utils import DatabaseError
from django.utils import timezone

from consilium.evidence.models import Citation, Work
from consilium.questions import actions
from consilium.questions.models import (
    Answer,
    Comment,
    Disclosure,
    Follow,
    Merge,
    Moved,
    Question,
    SeenAnswers,
    Stance,
)
from tests.factories import (
    make_answer,
    make_coding,
    make_doctor,
    make_imported_answer,
    make_person,
    make_question,
    make_source,
    make_stance,
    make_statement,
    make_topic,
    make_verified,
)
from tests.questions.joining import joined, undone

pytestmark = pytest.mark.django_db


def everything() -> dict[str, Any]:
    """What a merge may touch, as plain rows."""
    return {
        "questions": list(
            Question.objects.order_by("pk").values_list("pk", "state", "merged_into", "variant_of", "answer_count")
        ),
        "answers": list(Answer.objects.order_by("pk").values_list("pk", "question", "place")),
        "stances": list(Stance.objects.order_by("pk").values_list("pk", "statement", "answer", "superseded_at")),
        "citations": list(Citation.objects.order_by("pk").values_list("pk", "answer", "statement")),
        "follows": list(Follow.objects.order_by("pk").values_list("person", "question", "seen_answers")),
        "comments": list(Comment.objects.order_by("pk").values_list("question", "answer")),
    }


@pytest.fixture
def pair() -> tuple[Question, Question]:
    return make_question("Is it safe for me?"), make_question("May I have it safely?")


def test_the_duplicate_leaves_the_lists_and_points_to_the_other(pair: tuple[Question, Question]) -> None:
    topic = make_topic()
    duplicate, canonical = pair
    actions.set_topics(question=duplicate, topics=[topic])
    joined(duplicate, canonical)
    duplicate.refresh_from_db()
    topic.refresh_from_db()
    assert (duplicate.state, duplicate.merged_into) == ("duplicate", canonical)
    assert list(Question.objects.visible_to(make_person())) == [canonical]
    assert topic.question_count == 0


def test_answers_go_along_behind_those_that_are_there(pair: tuple[Question, Question]) -> None:
    duplicate, canonical = pair
    there, moved = make_answer(canonical), make_answer(duplicate)
    Comment.objects.create(question=duplicate, answer=moved, body="A remark")
    joined(duplicate, canonical)
    canonical.refresh_from_db()
    moved.refresh_from_db()
    assert list(canonical.answers.order_by("place")) == [there, moved]
    assert moved.place > there.place
    assert canonical.answer_count == 2
    assert Comment.objects.get().question == canonical


def test_a_doctor_who_answered_both_keeps_both_where_they_are(pair: tuple[Question, Question]) -> None:
    duplicate, canonical = pair
    doctor = make_verified()
    make_answer(canonical, doctor=doctor)
    other = make_answer(duplicate, doctor=doctor)
    merge = joined(duplicate, canonical)
    other.refresh_from_db()
    doctor.refresh_from_db()
    assert other.question == duplicate
    assert doctor.answer_count == 1, "their page lists the one"
    undone(merge)
    doctor.refresh_from_db()
    assert doctor.answer_count == 2


def test_who_asked_the_other_question_does_not_answer_it_by_a_merge() -> None:
    person = make_person()
    doctor = make_verified(person=person)
    canonical, duplicate = make_question(person=person), make_question()
    answer = make_answer(duplicate, doctor=doctor)
    stance = make_stance(make_statement(duplicate), doctor=doctor, answer=answer)
    make_statement(canonical)
    joined(duplicate, canonical)
    answer.refresh_from_db()
    stance.refresh_from_db()
    assert (answer.question, stance.statement.question) == (duplicate, duplicate)


class TestStances:
    def test_on_the_same_words_they_go_along_with_what_they_cite(self, pair: tuple[Question, Question]) -> None:
        duplicate, canonical = pair
        there = make_statement(canonical, "The treatment is safe.")
        here = make_statement(duplicate, "the  treatment is SAFE.")
        answer = make_answer(duplicate)
        stance = make_stance(here, doctor=answer.doctor, answer=answer)
        Disclosure.objects.create(doctor=answer.doctor, question=duplicate, paid="A maker")
        cited = Citation.objects.create(
            work=Work.objects.create(key="w1", kind="rct", title="A trial"), answer=answer, statement=here
        )
        joined(duplicate, canonical)
        stance.refresh_from_db()
        cited.refresh_from_db()
        assert (stance.statement, cited.statement) == (there, there)
        assert Disclosure.objects.get(doctor=answer.doctor, question=canonical).paid == "A maker"

    @pytest.mark.parametrize("other", [{"text": "It works."}, {"kind": "fact"}, {"language": "de"}])
    def test_on_other_words_they_stay(self, pair: tuple[Question, Question], other: dict[str, str]) -> None:
        duplicate, canonical = pair
        make_statement(canonical, **{"text": "The treatment is safe."} | other)
        answer = make_answer(duplicate)
        stance = make_stance(make_statement(duplicate, "The treatment is safe."), doctor=answer.doctor, answer=answer)
        joined(duplicate, canonical)
        stance.refresh_from_db()
        answer.refresh_from_db()
        assert (answer.question, stance.statement.question) == (canonical, duplicate)

    def test_a_co_signature_goes_along(self, pair: tuple[Question, Question]) -> None:
        duplicate, canonical = pair
        there, stance = make_statement(canonical), make_stance(make_statement(duplicate))
        joined(duplicate, canonical)
        stance.refresh_from_db()
        assert stance.statement == there

    def test_where_the_doctor_stands_already_the_older_word_holds(self, pair: tuple[Question, Question]) -> None:
        duplicate, canonical = pair
        doctor = make_verified()
        there = make_stance(make_statement(canonical), "no", doctor=doctor)
        here = make_stance(make_statement(duplicate), "yes", doctor=doctor)
        joined(duplicate, canonical)
        here.refresh_from_db()
        assert here.statement.question == duplicate
        assert list(Stance.objects.filter(statement__question=canonical)) == [there]

    def test_codings_of_copied_answers_go_along(self) -> None:
        source = make_source()
        duplicate, canonical = make_question(source=source), make_question()
        there, here = make_statement(canonical), make_statement(duplicate)
        answer = make_imported_answer(duplicate)
        coding = make_coding(answer, here, "yes", "ada")
        merge = joined(duplicate, canonical)
        coding.refresh_from_db()
        assert coding.statement == there
        undone(merge)
        coding.refresh_from_db()
        assert coding.statement == here


def test_undoing_brings_everything_back(pair: tuple[Question, Question]) -> None:
    duplicate, canonical = pair
    make_answer(canonical)
    for value in ("yes", "yes_if"):
        answer = make_answer(duplicate)
        Comment.objects.create(question=duplicate, answer=answer, body="A remark")
        here = duplicate.statements.first() or make_statement(duplicate)
        make_stance(here, value, doctor=answer.doctor, answer=answer)
        Citation.objects.create(work=Work.objects.create(key=value, kind="rct", title=value), answer=answer, statement=here)
    make_statement(canonical)
    before = everything()
    merge = joined(duplicate, canonical)
    assert everything() != before
    undone(merge)
    assert everything() == before
    again = joined(Question.objects.get(pk=duplicate.pk), canonical)
    assert again.pk != merge.pk


def test_undoing_leaves_what_came_since(pair: tuple[Question, Question]) -> None:
    duplicate, canonical = pair
    moved = make_answer(duplicate)
    merge = joined(duplicate, canonical)
    since = make_answer(canonical)
    actions.withdraw_answer(person=moved.written_by, answer=Answer.objects.get(pk=moved.pk))
    undone(merge)
    assert [answer.question_id for answer in (since, Answer.objects.get(pk=moved.pk))] == [canonical.pk, duplicate.pk]
    assert Question.objects.get(pk=canonical.pk).answer_count == 1
    assert Question.objects.get(pk=duplicate.pk).answer_count == 0


class TestWhoHasRead:
    def test_the_answers_of_one_has_read_those_of_the_other(self, pair: tuple[Question, Question]) -> None:
        duplicate, canonical = pair
        reader, both = make_verified(), make_verified()
        for doctor, question in [(reader, duplicate), (both, duplicate), (both, canonical)]:
            actions.see_answers(doctor=doctor, question=question)
        merge = joined(duplicate, canonical)
        assert set(SeenAnswers.objects.filter(question=canonical).values_list("doctor", flat=True)) == {reader.pk, both.pk}
        late = make_verified()
        actions.see_answers(doctor=late, question=canonical)
        undone(merge)
        assert SeenAnswers.objects.filter(question=duplicate, doctor=late).exists()


class TestPlan:
    def test_says_what_the_merge_then_does(self, pair: tuple[Question, Question]) -> None:
        duplicate, canonical = pair
        both = make_verified()
        make_answer(canonical, doctor=both)
        stays, moves = make_answer(duplicate, doctor=both), make_answer(duplicate)
        asks = make_answer(duplicate, doctor=make_verified(person=canonical.asked_by))
        same, other = make_statement(duplicate), make_statement(duplicate, "It lasts.", kind="fact")
        make_statement(canonical)
        going = [make_stance(same, doctor=moves.doctor, answer=moves), make_stance(same)]
        left = [make_stance(other, doctor=moves.doctor, answer=moves), make_stance(same, doctor=both, answer=stays)]
        make_stance(other, withdrawn_at=timezone.now())
        planned = actions.plan(duplicate, canonical)
        before = everything()
        assert (planned.answers, planned.answered, planned.asked) == ([moves], [stays], [asks])
        assert (planned.stances, planned.left, planned.people) == (going, left, [duplicate.asked_by_id])
        assert everything() == before
        joined(duplicate, canonical)
        assert set(Moved.objects.exclude(answer=None).values_list("answer", flat=True)) == {moves.pk}
        assert set(Moved.objects.exclude(stance=None).values_list("stance", flat=True)) == {row.pk for row in going}

    def test_has_another_mark_when_something_else_would_move(self, pair: tuple[Question, Question]) -> None:
        marks = [actions.plan(*pair).mark, actions.plan(*reversed(pair)).mark]
        make_answer(pair[0])
        marks.append(actions.plan(*pair).mark)
        make_stance(make_statement(pair[0]))
        marks.append(actions.plan(*pair).mark)
        make_statement(pair[1])
        marks.append(actions.plan(*pair).mark)
        assert len(set(marks)) == 5
        actions.follow(person=make_person(), question=pair[0])
        assert actions.plan(*pair).mark == marks[-1]


class TestRefused:
    def test_by_who_is_no_editor(self, pair: tuple[Question, Question]) -> None:
        with pytest.raises(actions.NotAllowed, match="Only an editor"):
            actions.merge(person=make_person(), question=pair[0], canonical=pair[1])

    def test_into_itself(self, pair: tuple[Question, Question]) -> None:
        with pytest.raises(actions.NotAllowed, match="same question"):
            joined(pair[0], pair[0])

    def test_in_a_circle(self, pair: tuple[Question, Question]) -> None:
        joined(*pair)
        with pytest.raises(actions.NotAllowed, match="cannot be read any more"):
            joined(pair[1], pair[0])

    def test_a_second_time(self, pair: tuple[Question, Question]) -> None:
        joined(*pair)
        with pytest.raises(actions.NotAllowed, match="while both can be read"):
            joined(*pair)
        assert Merge.objects.count() == 1

    def test_undoing_after_ninety_days(self, pair: tuple[Question, Question]) -> None:
        merge = joined(*pair)
        Merge.objects.update(at=timezone.now() - timedelta(days=90))
        with pytest.raises(actions.NotAllowed, match="more than 90 days"):
            undone(merge)
        Merge.objects.update(at=timezone.now() - timedelta(days=89, hours=23))
        undone(merge)

    def test_undoing_twice(self, pair: tuple[Question, Question]) -> None:
        merge = joined(*pair)
        undone(merge)
        with pytest.raises(actions.NotAllowed):
            undone(merge)


class TestChains:
    def test_one_merged_into_a_merged_one_stays_where_it_was_put(self) -> None:
        first, second, third = make_question(), make_question(), make_question()
        joined(first, second)
        inner = joined(second, third)
        assert Question.objects.get(pk=first.pk).merged_into == second
        undone(inner)
        assert Question.objects.get(pk=second.pk).state == "open"

    def test_the_last_merge_is_undone_first(self) -> None:
        first, second, third = make_question(), make_question(), make_question()
        answer = make_answer(first)
        before = everything()
        outer = joined(first, second)
        inner = joined(second, third)
        with pytest.raises(actions.NotAllowed, match="Undo that first"):
            undone(outer)
        undone(inner)
        undone(outer)
        answer.refresh_from_db()
        assert answer.question == first
        assert everything() == before

    def test_variants_follow_the_question_that_stays(self) -> None:
        root, kept = make_question(), make_question()
        variant = make_question(variant_of=root, difference="I am pregnant.")
        joined(root, kept)
        variant.refresh_from_db()
        assert variant.variant_of == kept

    def test_joined_to_its_own_variant_that_one_leads(self) -> None:
        root = make_question()
        first, second = (make_question(variant_of=root, difference="Older.") for _ in range(2))
        joined(root, first)
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.variant_of, first.difference, second.variant_of) == (None, "", first)

    def test_undone_a_variant_is_one_again(self) -> None:
        root, other = make_question(), make_question()
        variant = make_question(variant_of=root, difference="I am pregnant.")
        merge = joined(variant, other)
        assert Question.objects.get(pk=variant.pk).variant_of is None
        undone(merge)
        variant.refresh_from_db()
        assert (variant.variant_of, variant.difference) == (root, "I am pregnant.")

    @pytest.mark.parametrize("fate", ["a variant itself", "gone"])
    def test_undone_it_is_no_variant_of_what_leads_no_group_any_more(self, fate: str) -> None:
        root, other = make_question(), make_question()
        variant = make_question(variant_of=root, difference="I am pregnant.")
        merge = joined(variant, other)
        changed = (
            {"variant_of": make_question(), "difference": "Older."} if fate == "a variant itself" else {"state": "withdrawn"}
        )
        Question.objects.filter(pk=root.pk).update(**changed)
        undone(merge)
        variant.refresh_from_db()
        assert (variant.variant_of, variant.difference) == (None, "")


def test_its_asker_can_take_it_back_and_the_address_still_leads_on(pair: tuple[Question, Question]) -> None:
    duplicate, canonical = pair
    joined(duplicate, canonical)
    actions.withdraw_question(person=duplicate.asked_by, question=duplicate)
    duplicate.refresh_from_db()
    assert (duplicate.asked_by, duplicate.body, duplicate.merged_into) == (None, "", canonical)
    actions.withdraw_question(person=canonical.asked_by, question=canonical)
    assert Question.objects.filter(pk=canonical.pk, asked_by=None).exists()


def test_both_pages_and_those_that_name_it_are_renewed(pair: tuple[Question, Question]) -> None:
    naming = make_question()
    naming.links.create(other=pair[0], kind="related")
    versions = dict(Question.objects.values_list("pk", "version"))
    merge = joined(*pair)
    after = dict(Question.objects.values_list("pk", "version"))
    assert all(after[pk] > versions[pk] for pk in versions)
    undone(merge)
    assert all(version > after[pk] for pk, version in Question.objects.values_list("pk", "version"))


def test_a_thing_moved_is_one_thing(pair: tuple[Question, Question]) -> None:
    merge = joined(*pair)
    with pytest.raises(DatabaseError):
        Moved.objects.create(merge=merge)


def test_a_duplicate_has_a_target(pair: tuple[Question, Question]) -> None:
    with pytest.raises(DatabaseError):
        Question.objects.filter(pk=pair[0].pk).update(state="duplicate")


def test_a_second_doctor_without_profile_is_no_obstacle(pair: tuple[Question, Question]) -> None:
    duplicate, canonical = pair
    make_imported_answer(canonical)
    nameless = make_imported_answer(duplicate)
    copied = make_imported_answer(duplicate, doctor=make_doctor())
    joined(duplicate, canonical)
    assert set(canonical.answers.all()) >= {nameless, copied}
