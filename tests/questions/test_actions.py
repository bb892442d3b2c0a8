"""Asking, answering, voting, following: what each does and what each refuses."""

import pytest

from consilium.doctors.actions import release
from consilium.journal.models import Entry
from consilium.questions import actions
from consilium.questions.models import Answer, HelpfulVote, Question, Revision, Suggestion
from tests.factories import (
    make_answer,
    make_doctor,
    make_imported_answer,
    make_person,
    make_question,
    make_stance,
    make_statement,
    make_topic,
    make_verified,
)

pytestmark = pytest.mark.django_db


def version(question: Question) -> int:
    return Question.objects.get(pk=question.pk).version


def test_asking_gives_a_pseudonym_and_follows_the_question():
    person = make_person()
    topic = make_topic("Botulinum toxin")
    question = make_question(person=person, topics=(topic,))
    topic.refresh_from_db()
    assert len(question.alias.split()) == 2
    assert person.follows.get().question == question
    assert topic.question_count == 1
    assert Entry.objects.get(fact="question.asked").subject == f"question:{question.pk}"


def test_the_same_words_under_one_key_are_one_question():
    person, key = make_person(), "abcdefghijklmnopqrstuvwxyz"
    words = {"title": "May I?", "body": "b", "language": "en", "topics": (), "key": key}
    first, again = actions.ask(person=person, **words), actions.ask(person=person, **words)
    others = [actions.ask(person=person, **{**words, "title": "May I not?"}), actions.ask(person=make_person(), **words)]
    assert again == first
    assert Question.objects.count() == 3
    assert Entry.objects.filter(fact="question.asked").count() == 3
    assert first not in others


def test_a_second_answer_of_one_doctor_is_refused():
    question = make_question()
    first = make_answer(question)
    with pytest.raises(actions.AlreadyAnswered) as refusal:
        make_answer(question, doctor=first.doctor)
    assert refusal.value.existing == first


@pytest.mark.parametrize("state", ["archived", "closed", "withdrawn"])
def test_only_an_open_question_takes_answers(state):
    question = make_question(state=state)
    with pytest.raises(actions.NotAllowed, match="takes no new answers"):
        make_answer(question)


def test_somebody_without_a_profile_cannot_answer():
    question, doctor = make_question(), make_doctor()
    with pytest.raises(actions.NotAllowed, match="Only doctors"):
        actions.answer(doctor=doctor, person=make_person(), question=question, headline="", body="x", language="en")


def test_whoever_lost_the_profile_cannot_change_what_stands_under_it():
    answer = make_answer(make_question())
    person = answer.written_by
    release(doctor=answer.doctor)
    for change in (
        lambda: actions.edit_answer(person=person, answer=answer, headline="h", body="b", based_on=1),
        lambda: actions.withdraw_answer(person=person, answer=answer),
    ):
        with pytest.raises(actions.NotAllowed, match="Only the doctor"):
            change()


def test_a_doctor_cannot_vote_on_an_imported_answer_of_the_profile_they_hold():
    answer = make_imported_answer(make_question(), doctor=make_doctor(person=make_person()))
    with pytest.raises(actions.NotAllowed, match="You wrote"):
        actions.vote(person=answer.doctor.person, answer=answer)


def test_voting_twice_counts_once_and_can_be_undone():
    answer, person = make_answer(make_question()), make_person()
    assert [actions.vote(person=person, answer=answer) for _ in range(2)] == [True, False]
    assert Answer.objects.get(pk=answer.pk).helpful_count == HelpfulVote.objects.count() == 1
    assert [actions.unvote(person=person, answer=answer) for _ in range(2)] == [True, False]
    assert Answer.objects.get(pk=answer.pk).helpful_count == HelpfulVote.objects.count() == 0


def test_a_vote_for_an_answer_that_was_moved_meanwhile_renews_the_page_where_it_is():
    answer, other = make_answer(make_question()), make_question()
    stale = Answer.objects.get(pk=answer.pk)
    actions.merge(person=make_person(roles=("editor",)), question=answer.question, canonical=other)
    before = version(other)
    assert actions.vote(person=make_person(), answer=stale)
    assert Answer.objects.get(pk=answer.pk).helpful_count == 1
    assert version(other) > before


def test_nobody_votes_for_their_own_answer():
    answer = make_answer(make_question())
    with pytest.raises(actions.NotAllowed, match="You wrote"):
        actions.vote(person=answer.written_by, answer=answer)


def test_a_stale_edit_is_refused_and_nothing_is_overwritten():
    answer = make_answer(make_question())
    person = answer.written_by
    actions.edit_answer(person=person, answer=answer, headline="New", body="New words.", based_on=1)
    with pytest.raises(actions.EditConflict) as conflict:
        actions.edit_answer(person=person, answer=answer, headline="Other", body="Other words.", based_on=1)
    assert conflict.value.current.body == "New words."
    assert list(answer.revisions.order_by("number").values_list("body", flat=True)) == ["Yes, with care.", "New words."]


def test_a_first_edit_keeps_the_wording_that_came_without_a_record():
    answer, question = make_answer(make_question()), make_question()
    Revision.objects.all().delete()
    actions.edit_answer(person=answer.written_by, answer=answer, headline="New", body="New words.", based_on=1)
    actions.edit_question(person=question.asked_by, question=question, title=question.title, body="New.", based_on=1)
    assert list(answer.revisions.order_by("number").values_list("body", flat=True)) == ["Yes, with care.", "New words."]
    assert list(question.revisions.order_by("number").values_list("body", flat=True)) == ["Some words.", "New."]
    assert question.revisions.get(number=1).at == question.listed_at


def test_an_answered_question_only_takes_updates():
    person = make_person()
    question = make_question(person=person)
    make_answer(question)
    with pytest.raises(actions.NotAllowed, match="Add an update"):
        actions.edit_question(person=person, question=question, title="T?", body="b", based_on=1)
    updated = actions.update_question(person=person, question=question, text="It is better now.", based_on=1)
    assert updated.body.startswith("Some words.\n\n**Update, ")
    assert Revision.objects.filter(question=question).count() == 2


def test_withdrawing_deletes_an_unanswered_question_and_frees_an_answered_one():
    person, topic = make_person(), make_topic()
    lonely, answered = make_question(person=person, topics=(topic,)), make_question(person=person)
    make_answer(answered)
    actions.withdraw_question(person=person, question=lonely)
    actions.withdraw_question(person=person, question=answered)
    topic.refresh_from_db()
    left = Question.objects.get()
    assert (left, left.asked_by, left.alias, left.body, topic.question_count) == (answered, None, "", "", 0)
    assert not left.revisions.exclude(person=None, body="").exists()


def test_nothing_leads_from_a_withdrawn_question_to_its_asker_or_to_earlier_wordings():
    person, other = make_person(), make_person()
    question = make_question("I, Ada Example, ask: may I?", person=person)
    actions.edit_question(person=person, question=question, title="May I?", body="b", based_on=1)
    make_answer(question)
    actions.follow(person=other, question=question)
    actions.withdraw_question(person=person, question=question)
    assert {row.title for row in question.revisions.all()} == {"May I?"}
    # Its time is that of the question, and an export names who follows.
    assert [row.person for row in question.followers.all()] == [other]


def test_only_an_editor_reopens_an_archived_question():
    question = make_question(state="archived")
    with pytest.raises(actions.NotAllowed):
        actions.reopen(person=make_person(), question=question)
    actions.reopen(person=make_person(roles=("editor",)), question=question)
    assert make_answer(question).state == "published"


def test_every_visible_change_bumps_the_version():
    person, reader = make_person(), make_person()
    question = make_question(person=person)
    seen = [version(question)]
    answer = make_answer(question)
    steps = [
        lambda: actions.vote(person=reader, answer=answer),
        lambda: actions.unvote(person=reader, answer=answer),
        lambda: actions.edit_answer(person=answer.written_by, answer=answer, headline="h", body="b", based_on=1),
        lambda: actions.update_question(person=person, question=question, text="u", based_on=1),
        lambda: actions.withdraw_answer(person=answer.written_by, answer=answer),
    ]
    seen.append(version(question))
    for step in steps:
        step()
        seen.append(version(question))
    assert seen == sorted(set(seen)), "each step must raise the version"
    unchanged = version(question)
    assert not actions.unvote(person=reader, answer=answer)
    assert version(question) == unchanged


def test_withdrawing_an_answer_takes_it_out_of_the_counts():
    question = make_question()
    answer = make_answer(question)
    actions.withdraw_answer(person=answer.written_by, answer=answer)
    question.refresh_from_db()
    answer.doctor.refresh_from_db()
    assert (question.answer_count, question.last_answer_at, answer.doctor.answer_count) == (0, None, 0)


def test_a_withdrawn_question_keeps_no_earlier_wording():
    person = make_person()
    question = make_question("My own name is in here?", person=person)
    actions.edit_question(person=person, question=question, title="Better?", body="Only this.", based_on=1)
    make_answer(question)
    actions.withdraw_question(person=person, question=question, keep_text=True)
    assert list(question.revisions.values_list("title", "body", "person")) == [("Better?", "Only this.", None)]


def test_words_that_a_doctor_stands_on_are_not_changed_under_the_stance() -> None:
    root = make_question()
    question = make_question(variant_of=root, difference="I am 30 and healthy.")
    make_stance(make_statement(question))
    with pytest.raises(actions.NotAllowed, match="Add an update"):
        actions.edit_question(
            person=question.asked_by, question=question, title=question.title, body="", based_on=1, difference="I am pregnant."
        )
    updated = actions.update_question(person=question.asked_by, question=question, text="I am pregnant now.", based_on=1)
    assert "I am pregnant now." in updated.body


class TestTakenBack:
    def test_the_situation_goes_with_the_details(self) -> None:
        root = make_question()
        question = make_question(variant_of=root, difference="I expect twins.")
        make_answer(question)
        Suggestion.objects.create(question=question, other=root, difference="She expects twins.")
        version = Question.objects.get(pk=root.pk).version
        actions.withdraw_question(person=question.asked_by, question=question)
        question.refresh_from_db()
        assert (question.variant_of, question.difference, Suggestion.objects.get().difference) == (None, "", "")
        assert Question.objects.get(pk=root.pk).version > version

    def test_it_stays_with_them_if_the_asker_wants_it_so(self) -> None:
        question = make_question(variant_of=make_question(), difference="I expect twins.")
        make_answer(question)
        actions.withdraw_question(person=question.asked_by, question=question, keep_text=True)
        question.refresh_from_db()
        assert (question.variant_of is None, question.difference) == (False, "I expect twins.")

    def test_a_stance_on_the_page_it_was_joined_to_does_not_begin_to_count(self) -> None:
        person = make_person()
        asked, other = make_question(person=person), make_question()
        stance = make_stance(make_statement(other), doctor=make_verified(person=person))
        actions.merge(person=make_person(roles=("editor",)), question=asked, canonical=other)
        actions.withdraw_question(person=person, question=asked)
        stance.refresh_from_db()
        assert stance.withdrawn_at is not None

    def test_an_undone_merge_does_not_bring_it_back(self) -> None:
        editor = make_person(roles=("editor",))
        question = make_question(variant_of=make_question(), difference="I expect twins.")
        make_answer(question)
        merge = actions.merge(person=editor, question=question, canonical=make_question())
        actions.withdraw_question(person=question.asked_by, question=question)
        restored = actions.unmerge(person=editor, merge=merge)
        assert (restored.variant_of, restored.difference) == (None, "")


def test_the_statements_of_a_duplicate_stay() -> None:
    editor = make_person(roles=("editor",))
    question = make_question()
    statement = make_statement(question)
    actions.merge(person=editor, question=question, canonical=make_question())
    with pytest.raises(actions.NotAllowed, match="was joined"):
        actions.edit_statement(person=editor, statement=statement, text="It lasts long.", kind="fact")
    with pytest.raises(actions.NotAllowed, match="was joined"):
        actions.retire_statement(person=editor, statement=statement)
