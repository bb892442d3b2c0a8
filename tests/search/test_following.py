"""The index is level with the journal, whatever happened."""

import subprocess
import sys
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from consilium.journal.actions import record
from consilium.journal.models import Entry
from consilium.questions import actions
from consilium.questions.models import Question
from consilium.search import folder
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
