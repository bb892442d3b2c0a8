"""Related questions by meaning and topics, and probable duplicates, as the worker finds them."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from consilium.journal.delivery import deliver_due, make_rounds
from consilium.questions import actions as questions
from consilium.questions.models import Question, QuestionLink, Suggestion
from consilium.search import actions, opening, reactions, recommending, relating, semantic
from consilium.search.following import Follower
from consilium.search.models import Vector
from consilium.search.ranking import apart
from tests.factories import make_person, make_question, make_topic
from tests.search.conftest import catch_up

NOBODY = AnonymousUser()
ALCOHOL = "Can I drink alcohol while taking antibiotics?"
THE_SAME = "Is it ok to drink alcohol when on antibiotics?"
NEAR = "Which side effects do antibiotics have?"
FAR = "How long does a hip replacement last?"


def test_of_those_that_are_alike_the_best_is_kept() -> None:
    scores = {1: 0.5, 2: 0.9, 3: 0.8, 4: 0.1}
    assert apart(scores, lambda one, other: {one, other} == {2, 3}, 2) == [2, 1]


@pytest.fixture
def _sweep_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reactions, "_last_sweep", [float("-inf")])


def work(follower: Follower) -> None:
    """All that worker and follower have to do."""
    busy = True
    while busy:
        busy = deliver_due() > 0
        catch_up(follower)
        busy = make_rounds() or busy


def related(question: Question) -> list[int]:
    rows = QuestionLink.objects.filter(question=question, kind="related").order_by("rank")
    return list(rows.values_list("other", flat=True))


def pairs() -> set[tuple[int, int]]:
    return set(Suggestion.objects.values_list("question", "other"))


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("with_model", "_sweep_at_once")
class TestByMeaning:
    def test_what_is_near_is_related_both_ways_and_what_asks_the_same_is_not(self, follower: Follower) -> None:
        first, near, far = make_question(ALCOHOL), make_question(NEAR), make_question(FAR)
        work(follower)
        assert (related(first), related(near), related(far)) == ([near.pk], [first.pk], [])
        version = Question.objects.get(pk=near.pk).version
        same = make_question(THE_SAME)
        work(follower)
        assert related(same) == [near.pk]
        assert related(first) == [near.pk]
        assert related(near) == [first.pk], "of two that ask the same, one"
        assert pairs() == {(same.pk, first.pk)}
        found = Suggestion.objects.get()
        assert found.cosine > 0.85
        assert found.suggested_by is None
        later = make_question("Do antibiotics have side effects in children?")
        work(follower)
        assert later.pk in related(near), "the earlier one finds the later one"
        assert Question.objects.get(pk=near.pk).version > version, "its page is renewed"
        assert Question.objects.filter(merged_into__isnull=False).count() == 0, "nothing is merged by itself"

    def test_other_words_have_other_neighbours(self, follower: Follower) -> None:
        question, near, far = make_question(ALCOHOL), make_question(NEAR), make_question(FAR)
        work(follower)
        questions.edit_question(
            person=question.asked_by, question=question, title="Is my hip too old for a replacement?", body="", based_on=1
        )  # fmt: skip
        work(follower)
        assert (related(question), related(far), related(near)) == ([far.pk], [question.pk], [])

    def test_until_the_vectors_are_there_topics_speak_for_the_new_question_alone(self, follower: Follower) -> None:
        topic = make_topic("Medicines")
        question, near = make_question(ALCOHOL, topics=(topic,)), make_question(NEAR)
        work(follower)
        new = make_question(FAR, topics=(topic,))
        while deliver_due():
            pass
        assert (related(new), related(question)) == ([question.pk], [near.pk])

    def test_a_shared_topic_comes_first_and_fills_up(self, follower: Follower) -> None:
        topic = make_topic("Joints")
        question, far = make_question(ALCOHOL, topics=(topic,)), make_question(FAR, topics=(topic,))
        near = make_question(NEAR)
        work(follower)
        assert related(question) == [near.pk, far.pk]

    def test_of_a_group_of_variants_one_at_most_and_never_its_own(self, follower: Follower) -> None:
        first, near = make_question(ALCOHOL), make_question(NEAR)
        make_variant(near, "Can a baby of eight months have antibiotics?")
        mine = make_variant(first, "May my mother have wine with her antibiotics?")
        work(follower)
        assert len(related(first)) == 1
        assert mine.pk not in related(first)

    def test_what_goes_makes_room_and_comes_back(self, follower: Follower) -> None:
        first, near = make_question(ALCOHOL), make_question(NEAR)
        other = make_question("Do antibiotics have side effects in small children?")
        editor = make_person(roles=("editor",))
        work(follower)
        assert set(related(first)) == {near.pk, other.pk}
        merge = questions.merge(person=editor, question=near, canonical=other, note="")
        assert f"/q/{near.pk}/" not in Client().get(first.get_absolute_url()).content.decode()
        work(follower)
        assert related(first) == [other.pk]
        questions.unmerge(person=editor, merge=merge)
        work(follower)
        assert set(related(first)) == {near.pk, other.pk}
        questions.withdraw_question(person=near.asked_by, question=near)
        work(follower)
        assert related(first) == [other.pk]

    def test_three_suggestions_at_most_and_none_twice(self, follower: Follower) -> None:
        made = [make_question(ALCOHOL) for _ in range(6)]
        work(follower)
        for question in made:
            assert Suggestion.objects.filter(question=question).count() <= 3
        before = pairs()
        editor = make_person(roles=("editor",))
        for one in Suggestion.objects.all():
            questions.decline(person=editor, suggestion=one)
        Vector.objects.update(related_at=None)
        work(follower)
        assert pairs() == before, "what was declined stays declined, and others do not take its place"

    def test_without_an_index_topics_say_whom_to_compare_with(self, follower: Follower, monkeypatch) -> None:
        topic = make_topic("Medicines")
        question, near = make_question(ALCOHOL, topics=(topic,)), make_question(NEAR, topics=(topic,))
        make_question(FAR, topics=(topic,))
        same = make_question(THE_SAME, topics=(topic,))
        work(follower)
        QuestionLink.objects.all().delete()
        Suggestion.objects.all().delete()
        Vector.objects.update(related_at=None)
        monkeypatch.setattr(opening, "opened", lambda: (None, None))
        monkeypatch.setattr(relating, "PIECE", 1)
        while relating.relate_some():
            pass
        assert related(question)[0] == near.pk
        assert pairs() == {(same.pk, question.pk)}

    def test_what_is_like_the_questions_that_somebody_dealt_with(self, follower: Follower) -> None:
        known, near = make_question(ALCOHOL), make_question(NEAR)
        make_question(FAR)
        work(follower)
        assert [hit.number for hit in recommending.like([known.pk], limit=5)] == [near.pk]
        assert recommending.like([], limit=5) == []
        for file in (follower.where).glob("g-*/vectors/*.usearch"):
            file.write_bytes(b"broken")
        opening.forget()
        assert recommending.like([known.pk], limit=5) == []
        assert relating.relate_some() == 0


def make_variant(canonical: Question, title: str) -> Question:
    return questions.ask(
        person=make_person(), title=title, body="", language="en", topics=[], variant_of=canonical, difference="Another person."
    )  # fmt: skip


@pytest.mark.django_db
class TestWithoutAModel:
    @pytest.mark.skipif(not semantic.INSTALLED, reason="the extra is not installed")
    def test_neighbours_wait_until_the_vectors_that_are_due_are_there(self, monkeypatch: pytest.MonkeyPatch) -> None:
        ready, due = (Vector.objects.create(question=make_question(), due=one) for one in (False, True))
        monkeypatch.setattr(actions, "model", object)
        assert not reactions.find_related()
        Vector.objects.filter(pk=due.pk).update(due=False)
        assert reactions.find_related()
        assert Vector.objects.get(pk=ready.pk).related_at is not None
        assert not reactions.find_related()

    def test_topics_alone_relate(self) -> None:
        topic = make_topic("Medicines")
        question, other, _far = make_question(topics=(topic,)), make_question(topics=(topic,)), make_question()
        while deliver_due() or make_rounds():
            pass
        assert (related(question), related(other)) == ([other.pk], [question.pk])
