"""The index is level with the journal, whatever happened."""

import random
import subprocess
import sys
from io import StringIO

import hypothesis
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from hypothesis import strategies as st

from consilium.doctors.actions import change
from consilium.journal.actions import record
from consilium.journal.models import Entry
from consilium.questions import actions
from consilium.questions.models import Answer, Question
from consilium.search import folder, following
from consilium.search.checking import compare
from consilium.search.documents import Kind
from consilium.search.following import BeingRebuilt, Follower, following_state, rebuild, start_state
from consilium.search.opening import opened
from consilium.search.reading import find
from consilium.search.text_index import State
from consilium.topics.actions import rename
from consilium.topics.models import TopicSynonym
from consilium.topics.vocabulary import load_topics
from tests.factories import make_answer, make_doctor, make_person, make_question, make_source, make_statement, make_topic
from tests.search.conftest import catch_up

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()
WORDS = ["laser", "peel", "filler", "statin", "cortisone", "sun", "skin", "knee", "heart", "safe"]


def numbers(text: str) -> list[int]:
    return list(find(text, viewer=NOBODY).numbers)


def drift() -> list[str]:
    node, _state = opened()
    assert node is not None
    found = compare(node)
    assert found.unread == 0
    return found.lines()


def test_a_question_and_its_answers_are_found_and_lost_again(follower: Follower) -> None:
    doctor = make_doctor(person=make_person())
    question = make_question("Is tamoxifen safe with grapefruit?")
    catch_up(follower)
    assert numbers("tamoxifen") == [question.pk]
    answer = make_answer(question, doctor=doctor, body="Ask for an electrocardiogram first.")
    catch_up(follower)
    assert numbers("electrocardiogram") == [question.pk]
    actions.withdraw_answer(person=answer.written_by, answer=answer)
    catch_up(follower)
    assert numbers("electrocardiogram") == []
    assert drift() == []


def test_a_question_that_its_asker_takes_back_is_gone(follower: Follower) -> None:
    question = make_question("Is tamoxifen safe?")
    catch_up(follower)
    actions.withdraw_question(person=question.asked_by, question=question)
    catch_up(follower)
    assert numbers("tamoxifen") == []
    assert drift() == []


def test_topics_doctors_and_statements_are_part_of_it(follower: Follower) -> None:
    topic = make_topic("Multiple sclerosis")
    TopicSynonym.objects.create(topic=topic, name="MS", folded="ms")
    question = make_question("May I have the treatment?", topics=(topic,))
    make_statement(question, "Laser epilation is acceptable.")
    doctor = make_doctor("Ottilie Brandauer")
    record("doctor.created", subject=f"doctor:{doctor.pk}")
    catch_up(follower)
    assert numbers("MS") == [question.pk]
    assert numbers("epilation") == [question.pk]
    node, _state = opened()
    assert node is not None
    assert [hit.number for hit in node.named("brandauer", Kind.DOCTOR, limit=5)] == [doctor.pk]
    assert [hit.number for hit in node.named("brand", Kind.DOCTOR, limit=5)] == [doctor.pk]
    assert [hit.number for hit in node.named("dermatologist", Kind.DOCTOR, limit=5)] == [doctor.pk]
    assert [hit.number for hit in node.named("ms", Kind.TOPIC, limit=5)] == [topic.pk]
    rename(topic=topic, name="Encephalomyelitis")
    catch_up(follower)
    assert numbers("encephalomyelitis") == [question.pk]
    assert drift() == []


def test_an_import_that_tells_no_numbers_is_found(follower: Follower) -> None:
    question = make_question("Is tamoxifen safe?")
    catch_up(follower)
    doctor, topic, source = make_doctor("Ottilie Brandauer"), make_topic("Chilblains"), make_source()
    new = Question.objects.create(title="Does verapamil help?", source=source)
    Question.objects.filter(pk=question.pk).update(title="Is letrozole safe?", changed_at=timezone.now())
    record("transfer.imported", subject="import", questions=[new.pk, new.pk], rows=4)
    catch_up(follower)
    assert (numbers("verapamil"), numbers("letrozole"), numbers("tamoxifen")) == ([new.pk], [question.pk], [])
    node, _state = opened()
    assert node is not None
    assert [hit.number for hit in node.named("brandauer", Kind.DOCTOR, limit=5)] == [doctor.pk]
    assert [hit.number for hit in node.named("chilblains", Kind.TOPIC, limit=5)] == [topic.pk]
    assert drift() == []


def test_the_shipped_topics_are_found(follower: Follower) -> None:
    catch_up(follower)
    load_topics()
    catch_up(follower)
    assert drift() == []


def test_a_new_process_goes_on_where_the_last_one_stopped(settings) -> None:
    first, second = Follower(settings.DATA / "search"), Follower(settings.DATA / "search")
    make_question("Is tamoxifen safe?")
    catch_up(first)
    first.close()
    make_question("Is letrozole safe?")
    catch_up(second)
    second.close()
    assert drift() == []
    assert opened()[0].words.state.reached == Entry.objects.latest("pk").pk


def test_a_database_of_an_earlier_time_makes_the_index_anew(follower: Follower) -> None:
    make_question("Is tamoxifen safe?")
    last = make_question("Is letrozole safe?")
    catch_up(follower)
    Entry.objects.filter(subject=f"question:{last.pk}").delete()
    last.delete()
    catch_up(follower)
    assert numbers("letrozole") == []
    assert drift() == []


def test_reindex_is_the_same_as_having_followed(follower: Follower, settings) -> None:
    for title in ("Is tamoxifen safe?", "Is letrozole safe?"):
        make_answer(make_question(title))
        catch_up(follower)
    before = folder.current(settings.DATA / "search")
    out = StringIO()
    call_command("reindex", stdout=out)
    assert "documents are in the index" in out.getvalue()
    assert folder.current(settings.DATA / "search") != before
    assert not before.exists(), "the old files are gone"
    assert drift() == []
    question = make_question("Is anastrozole safe?")
    catch_up(follower)
    assert numbers("anastrozole") == [question.pk], "the follower has moved to the new generation"
    assert drift() == []


def test_what_happens_during_a_rebuild_is_not_lost(follower: Follower) -> None:
    make_question("Is tamoxifen safe?")
    late = []
    rebuild(announce=lambda total: late.append(make_question("Is letrozole safe?")))
    assert numbers("letrozole") == []
    catch_up(follower)
    assert numbers("letrozole") == [late[0].pk]
    assert drift() == []


def test_two_rebuilds_at_once_are_one(settings) -> None:
    with folder.lock(settings.DATA / "search", folder.REBUILDER), pytest.raises(BeingRebuilt):
        rebuild()


def test_a_rebuild_that_breaks_off_leaves_the_old_index(follower: Follower, settings) -> None:
    question = make_question("Is tamoxifen safe?")
    catch_up(follower)

    def fail(number: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(advance=fail)
    assert numbers("tamoxifen") == [question.pk]
    rebuild()
    assert len(list((settings.DATA / "search").glob("g-*"))) == 1


def test_search_check_names_what_differs(follower: Follower) -> None:
    question = make_question("Is tamoxifen safe?")
    catch_up(follower)
    out = StringIO()
    call_command("search_check", stdout=out)
    assert "drift 0" in out.getvalue()
    Question.objects.filter(pk=question.pk).update(title="Is letrozole safe?")
    unseen = Question.objects.create(title="Nobody wrote this down")
    with pytest.raises(CommandError, match="consilium reindex"):
        call_command("search_check", stdout=out)
    assert f"question, different: 1 ({question.pk})" in out.getvalue()
    assert f"question, missing: 1 ({unseen.pk})" in out.getvalue()
    call_command("reindex", verbosity=0)
    assert drift() == []


def test_a_crashed_writer_leaves_no_lock(settings) -> None:
    place = settings.DATA / "search"
    code = f"""
import os
from pathlib import Path
from consilium.search import folder
from consilium.search.node import Node
place = Path({str(place)!r})
with folder.lock(place, folder.WRITER) as mine:
    assert mine
    generation = folder.fresh(place)
    writer = Node.create(generation, vectors=False).words.writer()
    folder.publish(place, generation)
    os._exit(9)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    with folder.lock(place, folder.WRITER) as mine:
        assert mine
        question = make_question("Is tamoxifen safe?")
        follower = Follower(place)
        catch_up(follower)
        follower.close()
    assert numbers("tamoxifen") == [question.pk]


def test_numbers_that_are_not_there_yet_are_waited_for() -> None:
    if connection.vendor != "postgresql":
        assert following_state(State(4), [5, 7]) == State(7), "SQLite writes one after the other"
        return
    after = following_state(State(4), [5, 7])
    assert (after.reached, set(after.gaps)) == (7, {6})
    assert following_state(after, [6]).gaps == {}
    old = State(7, {6: 1})
    assert following_state(old, []).gaps == {}, "every transaction of that time is over: nobody will write 6"


def test_the_first_state_knows_what_is_there() -> None:
    make_question()
    assert start_state().reached == Entry.objects.latest("pk").pk


@pytest.mark.slow
@hypothesis.settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(hypothesis.HealthCheck))
@hypothesis.given(seeds=st.lists(st.integers(0, 10_000), min_size=250, max_size=250))
def test_random_days_leave_no_drift(follower: Follower, seeds: list[int]) -> None:
    """2,000 steps of asking, answering, rewording, taking back, renaming, importing; drift 0 after each 250."""
    day = Day()
    following.rebuild(follower.where)  # people and profiles made for the day have no entries
    for seed in seeds:
        day.step(random.Random(seed))
        if seed % 20 == 0:
            follower.step()
    catch_up(follower)
    assert drift() == []


class Day:
    """What people do, one step after the other."""

    def __init__(self) -> None:
        self.chance = random.Random(0)
        self.patient = make_person()
        self.topics = [make_topic() for _ in range(3)]
        self.doctors = [make_doctor(person=make_person()) for _ in range(4)]
        self.steps = (self.ask, self.ask, self.answer, self.answer, self.reword, self.reword_answer, self.take_back,
                      self.take_back_answer, self.rename, self.change_doctor, self.bring_in, self.vote)  # fmt: skip

    def step(self, chance: random.Random) -> None:
        self.chance = chance
        chance.choice(self.steps)()

    def one(self, rows):
        numbers = list(rows.order_by("pk").values_list("pk", flat=True))
        return rows.get(pk=self.chance.choice(numbers)) if numbers else None

    def words(self) -> str:
        return " ".join(self.chance.choices(WORDS, k=5))

    def question(self) -> Question | None:
        return self.one(Question.objects.filter(state="open").exclude(asked_by=None))

    def ask(self) -> None:
        make_question(self.words(), person=self.patient, topics=tuple(self.chance.sample(self.topics, k=1)))

    def answer(self) -> None:
        doctor, question = self.chance.choice(self.doctors), self.question()
        if question and not question.answers.filter(doctor=doctor, state="published").exists():
            make_answer(question, doctor=doctor, body=self.words())

    def reword(self) -> None:
        question = self.question()
        if question and not question.answer_count:
            actions.edit_question(
                person=question.asked_by, question=question, title=self.words(), body=self.words(), based_on=question.revision
            )

    def some_answer(self) -> Answer | None:
        return self.one(Answer.objects.filter(state="published", source=None))

    def reword_answer(self) -> None:
        if answer := self.some_answer():
            actions.edit_answer(
                person=answer.written_by, answer=answer, headline=self.words(), body=self.words(), based_on=answer.revision
            )

    def take_back(self) -> None:
        question = self.question()
        if question:
            actions.withdraw_question(person=question.asked_by, question=question)

    def take_back_answer(self) -> None:
        if answer := self.some_answer():
            actions.withdraw_answer(person=answer.written_by, answer=answer)

    def rename(self) -> None:
        rename(topic=self.chance.choice(self.topics), name=self.words())

    def change_doctor(self) -> None:
        change(doctor=self.chance.choice(self.doctors), name=self.words().title())

    def bring_in(self) -> None:
        new = Question.objects.create(title=self.words(), state="archived")
        record("transfer.imported", subject="import", questions=[new.pk, new.pk], rows=1)

    def vote(self) -> None:
        if answer := self.some_answer():
            actions.vote(person=self.patient, answer=answer)
