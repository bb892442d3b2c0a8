"""The list of retractions and the works that are cited: what is struck through, what counts again, who is told."""

import tracemalloc
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from consilium.consensus import lines, reading
from consilium.consensus.models import Snapshot
from consilium.evidence import facts
from consilium.evidence.actions import EmptyList, Says, Source, cite, load_retractions, recheck
from consilium.evidence.models import RetractionNotice, Work
from consilium.evidence.reading import retracted_of
from consilium.evidence.retraction_list import Notice
from consilium.journal.days import Days
from consilium.journal.delivery import deliver_due
from consilium.journal.models import Delivery, Entry
from consilium.questions.models import Answer, Question
from tests.evidence.test_citing import DOI, version, writer
from tests.factories import make_answer, make_question, make_statement, make_verified

pytestmark = pytest.mark.django_db

RETRACTED = Notice(DOI, "", "retracted", "Error in Analyses", date(2020, 11, 3))
OTHER = Notice("10.1000/never-cited", "", "retracted")


@pytest.fixture
def question() -> Question:
    return make_question()


@pytest.fixture
def answer(question: Question) -> Answer:
    answer = make_answer(question, doctor=make_verified())
    says = [Says(make_statement(question), "supports", "same_use")]
    cite(person=writer(answer), answer=answer, sources=[Source(DOI, "rct", says=says), Source("7", "case")])
    return answer


def standing(key: str = f"doi:{DOI}") -> str:
    return Work.objects.values_list("retraction", flat=True).get(key=key)


def test_a_retracted_source_counts_no_longer_anywhere(question: Question, answer: Answer) -> None:
    while deliver_due():
        pass
    assert lines.lines([question])[question.pk]["evidence"] == {"cited": 2, "doctors": 1, "retracted": 0}
    before = version(question)
    loaded = load_retractions([RETRACTED, OTHER])
    assert (loaded.notices, loaded.works, loaded.changed, loaded.retracted) == (2, 2, 1, 1)
    work = Work.objects.get(key=f"doi:{DOI}")
    assert (work.retraction, work.retraction_reason, work.retracted_on) == ("retracted", "Error in Analyses", date(2020, 11, 3))
    assert standing("pmid:7") == "none"
    assert version(question) > before
    (one,) = reading.panel_of(question).statements
    assert (one.cited.works, one.cited.retracted) == (1, 1)
    assert lines.lines([question])[question.pk]["evidence"] == {"cited": 1, "doctors": 1, "retracted": 1}
    while deliver_due():
        pass
    kept = Snapshot.objects.get(superseded_at=None)
    assert (kept.stale, kept.data["evidence"]["retracted"]) == (False, 1)
    assert not Delivery.objects.exclude(last_error="").exists()


def test_the_doctors_who_cite_it_can_be_told(question: Question, answer: Answer, django_assert_num_queries: Any) -> None:
    load_retractions([RETRACTED])
    bystander = make_answer(question, doctor=make_verified())
    assert answer.doctor is not None
    assert bystander.doctor is not None
    with django_assert_num_queries(1):
        (found,) = retracted_of(answer.doctor)
        assert found.work.key == f"doi:{DOI}"
        assert [one.question.title for one in found.answers] == [question.title]
    assert retracted_of(bystander.doctor) == []
    assert Entry.objects.filter(fact=facts.RETRACTED).count() == 1
    Answer.objects.filter(pk=answer.pk).update(state="withdrawn")
    assert retracted_of(answer.doctor) == []


def test_a_new_list_takes_the_place_of_the_old_one(answer: Answer) -> None:
    load_retractions([RETRACTED])
    load_retractions([RETRACTED, Notice(DOI, "", "none", noticed_on=date(2021, 1, 1))])
    assert standing() == "none"
    load_retractions([Notice("", "7", "concern")])
    assert (standing(), standing("pmid:7")) == ("none", "concern")
    assert RetractionNotice.objects.count() == 1
    assert [entry.data["retraction"] for entry in Entry.objects.filter(fact=facts.WORK_CHANGED)] == ["none", "concern"]


def test_the_same_list_again_changes_nothing(question: Question, answer: Answer) -> None:
    load_retractions([RETRACTED])
    before = version(question)
    assert load_retractions([RETRACTED]).changed == 0
    assert version(question) == before
    assert Entry.objects.filter(fact=facts.RETRACTED).count() == 1


def test_a_list_that_breaks_off_or_is_empty_leaves_the_old_one(answer: Answer) -> None:
    load_retractions([RETRACTED])

    def broken() -> Iterator[Notice]:
        yield OTHER
        raise LookupError("the file ends in the middle of a row")

    with pytest.raises(LookupError):
        load_retractions(broken())
    with pytest.raises(EmptyList):
        load_retractions([])
    assert RetractionNotice.objects.get().doi == DOI
    assert standing() == "retracted"


def test_without_a_list_nothing_is_said_to_be_checked(answer: Answer) -> None:
    assert recheck() == (0, 0)
    assert standing() == "unchecked"
    assert not Work.objects.exclude(checked_at=None).exists()


def test_a_source_cited_after_the_list_came_is_compared_at_once(answer: Answer) -> None:
    load_retractions([OTHER])
    cite(person=writer(answer), answer=answer, sources=[Source(OTHER.doi, "rct"), Source("8", "rct")])
    assert (standing(f"doi:{OTHER.doi}"), standing("pmid:8")) == ("retracted", "none")


def test_every_night_all_works_are_compared_again(question: Question, answer: Answer) -> None:
    load_retractions([OTHER])
    with time_machine.travel(timezone.now().replace(hour=23) + timedelta(days=1), tick=False):
        RetractionNotice.objects.create(doi=DOI, nature="retracted")
        before = version(question)
        assert Days().look()
        while deliver_due():
            pass
        assert standing() == "retracted"
        assert set(Work.objects.values_list("checked_at", flat=True)) == {timezone.now()}
        assert version(question) > before


def test_both_identifiers_of_a_work_are_looked_for() -> None:
    Work.objects.create(key="doi:10.1000/both", doi="10.1000/both", pmid="9", kind="rct")
    load_retractions([Notice("", "9", "concern"), Notice("10.1000/both", "9", "corrected")])
    assert standing("doi:10.1000/both") == "concern"


@pytest.mark.slow
def test_a_long_list_takes_no_more_memory_than_a_short_one(answer: Answer) -> None:
    def many(rows: int) -> Iterator[Notice]:
        yield RETRACTED
        for number in range(rows):
            yield Notice(f"10.1000/{number:06}", str(number + 10), "retracted", "Error in Analyses", date(2020, 1, 1))

    def peak(rows: int) -> int:
        tracemalloc.start()
        load_retractions(many(rows))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(2_000)
    short, long = peak(2_000), peak(20_000)
    assert long < short * 1.5
    assert RetractionNotice.objects.count() == 20_001
    assert standing() == "retracted"
