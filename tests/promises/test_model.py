"""Promise 3 and the page's version: whatever happens in whatever order, the stored figures stay those of the rows."""

import os
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test

from consilium.accounts.models import Person
from consilium.doctors import actions as doctor_actions
from consilium.doctors.models import Doctor
from consilium.questions import actions
from consilium.questions.models import Answer, Question, QuestionTopic
from consilium.topics import actions as topic_actions
from consilium.topics.models import Topic
from tests.factories import make_doctor, make_imported_answer, make_person, make_question, make_source, make_topic

texts = st.sampled_from(["Some words.", "Other words.", "**Strong** words.", "كلمات", ""])
numbers = st.integers(0, 3)


def shown(question: Question) -> Any:
    """All that a reader sees on the page, in the words of the tables."""
    answers = question.answers.order_by("place").values_list(
        "headline", "body_html", "state", "helpful_count", "source_helpful", "doctor__name", "doctor__badge", "doctor__person"
    )
    return (
        question.title, question.body_html, question.state, question.alias, question.answer_count,
        list(answers), list(question.topics.order_by("pk").values_list("name", flat=True)),
    )  # fmt: skip


class Site(RuleBasedStateMachine):
    """Patients, doctors and editors do what the actions let them, in any order; what is refused changes nothing."""

    questions: "Bundle[int]" = Bundle("questions")
    answers: "Bundle[int]" = Bundle("answers")

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.people = [make_person() for _ in range(4)]
        self.doctors = [make_doctor(person=make_person()) for _ in range(4)]
        self.topics = [make_topic(f"Topic {number}") for number in range(4)]
        self.editor = make_person(roles=("editor",))
        self.seen: dict[int, tuple[Any, int]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @rule(target=questions, person=numbers, about=st.sets(numbers, max_size=3))
    def ask(self, person: int, about: set[int]) -> int:
        topics = tuple(self.topics[number] for number in about)
        return make_question(person=self.people[person], topics=topics).pk

    @rule(target=questions, about=numbers, answers=numbers)
    def import_question(self, about: int, answers: int) -> int:
        """As the loader leaves it: archived, answered by people who have no account here, votes unknown."""
        source = make_source()
        question = make_question(person=self.editor, topics=(self.topics[about],), source=source, state="archived")
        for _ in range(answers):
            make_imported_answer(question)
        return question.pk

    @rule(target=answers, question=questions, doctor=numbers, body=texts)
    def answer(self, question: int, doctor: int, body: str) -> Any:
        found = Question.objects.filter(pk=question).first()
        if found is None:
            return multiple()
        held = Doctor.objects.get(pk=self.doctors[doctor].pk)
        try:
            return actions.answer(
                doctor=held, person=self.doctors[doctor].person, question=found, headline="In short", body=body, language="en"
            ).pk
        except actions.NotAllowed:
            return multiple()

    @rule(answer=answers, person=numbers, again=st.booleans())
    def vote(self, answer: int, person: int, again: bool) -> None:
        held = Answer.objects.get(pk=answer)
        if held.state == "published":
            actions.vote(person=self.people[person], answer=held)
            assert not again or not actions.vote(person=self.people[person], answer=held)

    @rule(answer=answers, person=numbers)
    def unvote(self, answer: int, person: int) -> None:
        actions.unvote(person=self.people[person], answer=Answer.objects.get(pk=answer))

    @rule(answer=answers, body=texts, late=st.booleans())
    def edit_answer(self, answer: int, body: str, late: bool) -> None:
        held = Answer.objects.get(pk=answer)
        based_on = held.revision - late
        try:
            actions.edit_answer(person=held.written_by, answer=held, headline="In short", body=body, based_on=based_on)
        except actions.EditConflict:
            assert late
        except actions.NotAllowed:
            assert held.state == "withdrawn"

    @rule(answer=answers)
    def withdraw_answer(self, answer: int) -> None:
        held = Answer.objects.get(pk=answer)
        if held.state == "published":
            actions.withdraw_answer(person=held.written_by, answer=held)

    @rule(question=questions, body=texts)
    def edit_or_update_question(self, question: int, body: str) -> None:
        held = Question.objects.filter(pk=question).first()
        if held is None or held.asked_by is None or held.state != "open":
            return
        try:
            actions.edit_question(person=held.asked_by, question=held, title=f"{held.title}?", body=body, based_on=held.revision)
        except actions.NotAllowed:
            assert held.answer_count
            actions.update_question(person=held.asked_by, question=held, text=body, based_on=held.revision)

    @rule(question=questions, keep_text=st.booleans())
    def withdraw_question(self, question: int, keep_text: bool) -> None:
        held = Question.objects.filter(pk=question).first()
        if held is not None and held.asked_by is not None and held.state in {"open", "closed"}:
            actions.withdraw_question(person=held.asked_by, question=held, keep_text=keep_text)

    @rule(question=questions)
    def archive_or_reopen(self, question: int) -> None:
        held = Question.objects.filter(pk=question).first()
        if held is None:
            return
        if held.state == "open":  # as an import leaves it
            Question.objects.filter(pk=question).update(state="archived")
            actions.bump([question])
        else:
            actions.reopen(person=self.editor, question=held)

    @rule(question=questions, person=numbers, leave=st.booleans())
    def follow(self, question: int, person: int, leave: bool) -> None:
        held = Question.objects.filter(pk=question).first()
        if held is not None:
            (actions.unfollow if leave else actions.follow)(person=self.people[person], question=held)

    @rule(doctor=numbers, badge=texts)
    def change_doctor(self, doctor: int, badge: str) -> None:
        doctor_actions.change(doctor=Doctor.objects.get(pk=self.doctors[doctor].pk), badge=badge)

    @rule(topic=numbers, name=st.sampled_from(["Lasers", "Fillers"]))
    def rename_topic(self, topic: int, name: str) -> None:
        topic_actions.rename(topic=Topic.objects.get(pk=self.topics[topic].pk), name=name)

    @invariant()
    def counts_are_those_of_the_rows(self) -> None:
        for answer in Answer.objects.all():
            assert answer.helpful_count == answer.votes.count()
        for question in Question.objects.all():
            published = question.answers.filter(state="published")
            assert question.answer_count == published.count()
            assert question.last_answer_at == max(published.values_list("listed_at", flat=True), default=None)
        for doctor in Doctor.objects.all():
            assert doctor.answer_count == doctor.answers.filter(state="published").count()

    @invariant()
    def lists_of_topics_agree_with_their_questions(self) -> None:
        for row in QuestionTopic.objects.select_related("question"):
            assert (row.listed_at, row.answer_count) == (row.question.listed_at, row.question.answer_count)
        for topic in Topic.objects.all():
            assert topic.question_count == Question.objects.visible_to(AnonymousUser()).with_topic(topic).count()

    @invariant()
    def what_is_withdrawn_is_not_visible(self) -> None:
        for viewer in (AnonymousUser(), self.editor):
            assert not Answer.objects.visible_to(viewer).exclude(state="published").exists()
            assert not Question.objects.visible_to(viewer).filter(state="withdrawn").exists()

    @invariant()
    def every_wording_is_kept(self) -> None:
        native = [*Question.objects.filter(source=None, asked_by__isnull=False), *Answer.objects.filter(source=None)]
        for thing in native:
            kept = list(thing.revisions.order_by("number"))
            assert [one.number for one in kept] == list(range(1, thing.revision + 1))
            assert kept[-1].body == thing.body

    @invariant()
    def a_page_that_changed_has_a_higher_version(self) -> None:
        for question in Question.objects.all():
            now, version = shown(question), question.version
            before, old = self.seen.get(question.pk, (now, version))
            assert version >= old
            assert now == before or version > old, "the page changed and kept its version"
            self.seen[question.pk] = (now, version)

    @invariant()
    def nobody_is_lost(self) -> None:
        assert Person.objects.filter(pk__in=[person.pk for person in self.people]).count() == len(self.people)


@pytest.mark.slow
@pytest.mark.django_db
def test_the_figures_hold_whatever_happens() -> None:
    steps = int(os.environ.get("MODEL_STEPS") or (400 if connection.vendor == "sqlite" else 200))  # a release runs 10,000
    run_state_machine_as_test(
        Site,
        settings=settings(max_examples=max(1, steps // 25), stateful_step_count=25, suppress_health_check=list(HealthCheck)),
    )
