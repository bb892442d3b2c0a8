"""Counts beside the filters are counts of the tables, as they are now and as this reader may know."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from consilium.consensus import actions as consensus
from consilium.evidence.models import Citation, Work
from consilium.questions import actions
from consilium.questions.models import Question
from consilium.search import facets, opening
from consilium.search.following import Follower
from consilium.search.snippets import Marker, Part
from consilium.search.text_index import Filters
from tests.factories import (
    make_answer,
    make_person,
    make_question,
    make_specialty,
    make_stance,
    make_statement,
    make_topic,
    make_verified,
)
from tests.search.conftest import catch_up

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


def read(*questions: Question, closed: tuple[int, ...] = (), **wanted: Any) -> facets.Found:
    there = facets.marked(Question.objects.visible_to(NOBODY)).in_bulk([one.pk for one in questions])
    rows = [there[one.pk] for one in questions if one.pk in there]
    return facets.read(rows, viewer=NOBODY, closed=closed, filters=Filters(**wanted))


def numbers(rows: object) -> list[int]:
    return [row.question.pk for row in rows]  # type: ignore[attr-defined]


class TestEachFilter:
    def test_says_what_the_tables_say(self) -> None:
        lupus, doctor = make_topic("Lupus"), make_verified(specialty=make_specialty("Rheumatology", "Rheumatologist"))
        one, other = make_question(topics=(lupus,), language="de"), make_question()
        answer = make_answer(one, doctor=doctor, language="fr")
        make_stance(make_statement(one), "yes")
        Citation.objects.create(work=Work.objects.create(key="url:1", url="https://example.org/", kind="rct"), answer=answer)
        Question.objects.filter(pk=other.pk).update(asked_at=None)
        for wanted in (
            {"topic": lupus.pk}, {"specialty": doctor.specialty_id}, {"language": "de"}, {"language": "fr"}, {"label": "few"},
            {"cites": True}, {"answers": (1, None)}, {"since": int(one.asked_at.timestamp())},
        ):  # fmt: skip
            assert numbers(read(one, other, **wanted).rows) == [one.pk], wanted
        assert numbers(read(other, one).rows) == [other.pk, one.pk], "in the order given"

    def test_does_not_know_what_was_taken_back(self) -> None:
        question = make_question()
        answer = make_answer(question)
        work = Work.objects.create(key="url:1", url="https://example.org/", kind="rct")
        Citation.objects.create(work=work, answer=answer)
        assert read(question, cites=True).rows
        actions.withdraw_answer(person=answer.written_by, answer=answer)
        found = read(question)
        assert not found.rows[0].cites
        assert not found.rows[0].specialties
        assert not read(question, answers=(1, None)).rows

    def test_leaves_out_a_question_that_is_hidden(self) -> None:
        question = make_question()
        Question.objects.filter(pk=question.pk).update(state="withdrawn")
        assert read(question).beside["topic"] == []


def test_a_filter_does_not_change_its_own_figures() -> None:
    lupus, asthma = make_topic("Lupus"), make_topic("Asthma")
    one, two, three = make_question(topics=(lupus,)), make_question(topics=(asthma,)), make_question(topics=(asthma,))
    make_answer(three)
    found = read(one, two, three, topic=asthma.pk, answers=(1, None))
    assert numbers(found.rows) == [three.pk]
    assert numbers(found.beside["topic"]) == [three.pk], "those that pass the other filter"
    assert numbers(found.beside["answers"]) == [two.pk, three.pk]
    assert numbers(found.beside["language"]) == [three.pk]


class TestLabel:
    def test_is_right_with_the_worker_stopped(self) -> None:
        question = make_question()
        statement = make_statement(question)
        consensus.keep(question)
        assert read(question, label="none").rows
        doctor = make_verified()
        said = [actions.Said(statement, "no")]
        actions.declare(doctor=doctor, person=doctor.person, question=question, said=said, interests=actions.Interests(paid=""))
        found = read(question, label="few")
        assert numbers(found.rows) == [question.pk]
        assert set(found.lines) == {question.pk}, "worked out once"

    def test_is_that_of_the_first_statement(self) -> None:
        question = make_question()
        first, second = make_statement(question), make_statement(question, "Another one.")
        make_stance(second, "yes")
        consensus.keep(question)
        assert [row.label for row in read(question).rows] == ["none"]
        actions.retire_statement(person=make_person(roles=("editor",)), statement=first)
        assert [row.label for row in read(question).rows] == ["few"]

    def test_is_not_told_where_the_answers_are_closed(self) -> None:
        question = make_question()
        make_stance(make_statement(question), "yes")
        for keep in (False, True):
            if keep:
                consensus.keep(question)
            assert read(question, label="few").rows
            assert not read(question, closed=(question.pk,), label="few").rows

    def test_work_is_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(facets, "WORKED_OUT", 1)
        questions = [make_question() for _ in range(2)]
        for question in questions:
            make_statement(question)
        assert [row.label for row in read(*questions).rows] == ["none", ""]


@pytest.mark.parametrize("many", [1, 9])
def test_three_queries_however_many(many: int, django_assert_num_queries) -> None:
    questions = [make_question(topics=(make_topic(),)) for _ in range(many)]
    for question in questions:
        make_answer(question)
        make_statement(question)
        consensus.keep(question)
    with django_assert_num_queries(3):
        read(*questions)


class TestMarks:
    def test_other_names_are_marked_as_a_whole(self, follower: Follower) -> None:
        make_question("Is multiple sclerosis a reason to wait?")
        catch_up(follower)
        marker = Marker(opening.opened()[0], "ms", {"ms": ["multiple sclerosis"]})
        text = "Multiple doses, then. " * 20 + "With multiple sclerosis nothing changes. " + "And so on. " * 30
        parts = marker.piece(text, "en")
        assert [part.text for part in parts if part.found] == ["multiple sclerosis"]
        assert "".join(part.text for part in parts).strip("…") in text
        assert parts[0].text == parts[-1].text == "…"

    def test_a_title_stays_whole(self, follower: Follower) -> None:
        make_question("Hilft Öl (das gute) gegen Entzündungen – oder schadet es?", language="de")
        catch_up(follower)
        marker = Marker(opening.opened()[0], "entzündung öl")
        title = "Hilft Öl (das gute) gegen Entzündungen – oder schadet es?"
        parts = marker.whole(title, "de", title=True)
        assert "".join(part.text for part in parts) == title
        assert [part.text for part in parts if part.found] == ["Öl", "Entzündungen"]

    def test_without_an_index_nothing_is_marked(self) -> None:
        assert Marker(None, "word").piece("A word.", "en") == [Part("A word.")]
