"""Questions are joined, parted, varied, answered and taken back in any order: the figures stay those of the rows."""

import os
from contextlib import suppress
from random import Random

import pytest
from django.db import connection, transaction
from django.db.models import Count

from consilium.doctors.models import Doctor
from consilium.questions import actions, joined
from consilium.questions.actions import Interests, NotAllowed, Said
from consilium.questions.models import Answer, Follow, Merge, Question, QuestionTopic, SeenAnswers, Stance
from consilium.topics.models import Topic
from tests.factories import make_person, make_topic, make_verified

WORDS = ["It is safe.", "It lasts."]
MOST = 6
"""Questions there are at a time: few, so that things happen to the same ones."""
A_WALK = 40
"""Steps after which everything begins anew."""


class Site:
    """What an action refuses changes nothing; what it does holds together."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.topics = [make_topic() for _ in range(2)]
        self.people = [make_person() for _ in range(3)]
        self.doctors = [make_verified(person=make_person()) for _ in range(2)]
        self.doctors.append(make_verified(person=self.people[0]))  # who asks and answers
        self.editor = make_person(roles=("editor",))
        self.steps = [
            self.ask, self.speak, self.speak, self.withdraw_an_answer, self.withdraw, self.merge, self.merge, self.unmerge,
            self.vary, self.end_variant,
        ]  # fmt: skip
        for _ in range(3):
            self.ask()

    def step(self) -> None:
        with suppress(NotAllowed), transaction.atomic():
            self.chance.choice(self.steps)()

    def one(self) -> Question:
        return self.chance.choice(Question.objects.order_by("pk"))

    def ask(self) -> None:
        """A question of its own, or in another situation."""
        if Question.objects.count() >= MOST:
            return
        beside = self.one() if Question.objects.exists() and self.chance.random() < 0.4 else None
        words = [(text, "safe") for text in WORDS if self.chance.random() < 0.6 and beside is None]
        actions.ask(
            person=self.chance.choice(self.people), title="May I?", body="Some words.", language="en", statements=words,
            topics=self.chance.sample(self.topics, self.chance.randint(0, 2)), variant_of=beside,
            difference="older" if beside else "",
        )  # fmt: skip

    def speak(self) -> None:
        """A doctor answers, takes a stance, or both."""
        doctor, question = Doctor.objects.get(pk=self.chance.choice(self.doctors).pk), self.one()
        assert doctor.person is not None
        said = [Said(one, "yes") for one in question.statements.active()] if self.chance.random() < 0.6 else []
        if self.chance.random() < 0.7:
            actions.answer(
                doctor=doctor, person=doctor.person, question=question, headline="Yes", body="Yes.", language="en", said=said,
                interests=Interests(paid=""),
            )  # fmt: skip
        elif said:
            actions.declare(doctor=doctor, person=doctor.person, question=question, said=said, interests=Interests(paid=""))
        actions.see_answers(doctor=doctor, question=question)

    def withdraw_an_answer(self) -> None:
        held = list(Answer.objects.filter(state="published").order_by("pk"))
        if held:
            answer = self.chance.choice(held)
            assert answer.written_by is not None
            actions.withdraw_answer(person=answer.written_by, answer=answer)

    def withdraw(self) -> None:
        question = self.one()
        if question.asked_by is not None and Question.objects.count() > 2:
            actions.withdraw_question(person=question.asked_by, question=question)

    def merge(self) -> None:
        question, canonical = self.one(), self.one()
        try:
            actions.merge(person=self.editor, question=question, canonical=canonical)
        except NotAllowed:
            assert question == canonical or question.is_duplicate or canonical.is_duplicate

    def unmerge(self) -> None:
        held = list(Merge.objects.filter(undone_at=None).order_by("pk"))
        if not held:
            return
        merge = self.chance.choice(held)
        try:
            actions.unmerge(person=self.editor, merge=merge)
        except NotAllowed:
            assert merge.canonical.is_duplicate

    def vary(self) -> None:
        actions.make_variant(person=self.editor, question=self.one(), canonical=self.one(), difference="younger")

    def end_variant(self) -> None:
        actions.end_variant(person=self.editor, question=self.one())

    def check(self) -> None:
        self.counts_are_those_of_the_rows()
        self.groups_are_flat()
        self.the_address_of_a_duplicate_has_an_end()
        self.nobody_says_two_things()
        self.nobody_is_counted_on_their_own_question()
        self.who_follows_a_duplicate_follows_where_it_leads()

    def counts_are_those_of_the_rows(self) -> None:
        for question in Question.objects.all():
            assert question.answer_count == question.answers.filter(state="published").count()
        listed = QuestionTopic.objects.values_list("answer_count", "question__answer_count")
        assert all(here == there for here, there in listed)
        for topic in Topic.objects.all():
            assert topic.question_count == QuestionTopic.objects.filter(topic=topic, question__state__in=Question.PUBLIC).count()
        for doctor in self.doctors:
            found = Doctor.objects.get(pk=doctor.pk)
            assert found.answer_count == found.answers.visible_to(self.editor).count()

    def groups_are_flat(self) -> None:
        variants = Question.objects.exclude(variant_of=None)
        assert not variants.exclude(variant_of__variant_of=None).exists(), "a variant of a variant"
        assert not variants.filter(variant_of__state="duplicate").exists(), "a variant of a duplicate"
        assert not variants.filter(state="duplicate").exists(), "a duplicate that is a variant"

    def the_address_of_a_duplicate_has_an_end(self) -> None:
        duplicates = list(Question.objects.filter(state="duplicate"))
        ends = joined.ends(duplicates, self.editor)
        for question in duplicates:
            end = joined.end(question.pk, self.editor)
            assert end == ends[question.pk]
            assert end is not None
            assert not end.is_duplicate
            assert Merge.objects.get(question=question, undone_at=None).canonical == question.merged_into
        assert Merge.objects.filter(undone_at=None).count() == len(duplicates)

    def nobody_says_two_things(self) -> None:
        places = Answer.objects.values("question", "place").annotate(n=Count("pk"))
        assert not places.filter(n__gt=1).exists()
        held = Stance.objects.current().values("doctor", "statement").annotate(n=Count("pk"))
        assert not held.filter(n__gt=1).exists()
        live = Stance.objects.current().filter(withdrawn_at=None, answer__isnull=False)
        assert not live.exclude(answer__state="published").exists()

    def nobody_is_counted_on_their_own_question(self) -> None:
        for answer in Answer.objects.filter(question__state__in=Question.PUBLIC, question__asked_by__isnull=False):
            assert answer.doctor is not None
            assert answer.doctor.person_id != answer.question.asked_by_id

    def who_follows_a_duplicate_follows_where_it_leads(self) -> None:
        follows = Follow.objects.filter(question__state="duplicate")
        for follow in follows.exclude(question__merged_into__asked_by=None):  # who takes a question back follows it no more
            assert Follow.objects.filter(person=follow.person_id, question=follow.question.merged_into).exists()
        for seen in SeenAnswers.objects.filter(question__state="duplicate"):
            assert SeenAnswers.objects.filter(doctor=seen.doctor_id, question=seen.question.merged_into).exists()


@pytest.mark.slow
@pytest.mark.django_db
def test_two_questions_become_one_and_two_again_in_any_order() -> None:
    steps = int(os.environ.get("MODEL_STEPS") or (240 if connection.vendor == "sqlite" else 120))  # a release runs 10,000
    merges = 0
    for walk in range(max(1, steps // A_WALK)):
        with transaction.atomic():
            site = Site(Random(walk))
            for n in range(A_WALK):
                site.step()
                try:
                    site.check()
                except AssertionError as broken:
                    broken.add_note(f"walk {walk}, step {n}")
                    raise
            merges += Merge.objects.count()
            transaction.set_rollback(True)
    assert merges > steps // 20, "the walks must also join"
