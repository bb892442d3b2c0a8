"""From records to rows: nothing twice, nothing lost, nothing of the site's own overwritten, all counts true."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count

from consilium.doctors.models import Doctor, Source
from consilium.journal.delivery import deliver_due
from consilium.journal.models import Entry
from consilium.questions import actions
from consilium.questions.models import Answer, Comment, HelpfulVote, Question, QuestionTopic, Suggestion
from consilium.topics.models import Topic, TopicSynonym
from consilium.transfer import facts
from consilium.transfer.loader import batch, load
from consilium.transfer.loader import run as run_module
from consilium.transfer.loader.state import Run
from consilium.transfer.records import (
    AnswerRecord,
    BadInput,
    CommentRecord,
    DoctorRecord,
    Item,
    LinkRecord,
    Options,
    Origin,
    PersonRecord,
    QuestionRecord,
    SourceRecord,
    TopicRecord,
    VoteRecord,
    Where,
)
from consilium.transfer.report import Report
from tests.factories import make_person, make_specialty, make_topic

pytestmark = pytest.mark.django_db
HERE = Where("input", 1)
ASKED = datetime(2020, 5, 1, 12, 0, tzinfo=UTC)


def source() -> SourceRecord:
    return SourceRecord(where=HERE, key="source", kind="pages", name="a page")


def doctor(key: str = "d1", **fields: Any) -> DoctorRecord:
    given: dict[str, Any] = {"name": f"Doctor {key}", "source_key": "source", "mention": True}
    return DoctorRecord(where=HERE, key=key, **(given | fields))


def question(key: str = "q1", **fields: Any) -> QuestionRecord:
    given: dict[str, Any] = {"title": f"Question {key}?", "source_key": "source", "asked_at": ASKED}
    return QuestionRecord(where=HERE, key=key, **(given | fields))


def answer(key: str = "a1", **fields: Any) -> AnswerRecord:
    given: dict[str, Any] = {
        "question_key": "q1",
        "body": f"Answer {key}.",
        "source_key": "source",
        "origin": Origin(author_text=key),
    }
    return AnswerRecord(where=HERE, key=key, **(given | fields))


def bring(*items: Item, dry_run: bool = False, options: Options | None = None) -> Report:
    return load(lambda path, said: iter(items), ["input"], options or Options(), dry_run=dry_run)


def outcomes(report: Report, kind: str) -> tuple[int, ...]:
    return tuple(report.counts[kind, outcome] for outcome in ("created", "updated", "unchanged", "skipped"))


def test_everything_is_created_once() -> None:
    items = (source(), doctor(), question(), answer(doctor_key="d1"), answer("a2"))
    first, second = bring(*items), bring(*items)
    assert (outcomes(first, "questions"), outcomes(first, "answers"), outcomes(first, "doctors")) == (
        (1, 0, 0, 0), (2, 0, 0, 0), (1, 0, 0, 0),
    )  # fmt: skip
    assert (second.total("created"), second.total("updated"), second.total("unchanged")) == (0, 0, 5)
    found = Question.objects.get()
    assert (found.answer_count, found.last_answer_at, found.listed_at, found.state) == (2, ASKED, ASKED, "archived")
    assert [(one.place, one.body_html.strip()) for one in found.answers.order_by("place")] == [
        (1, "<p>Answer a1.</p>"), (2, "<p>Answer a2.</p>"),
    ]  # fmt: skip
    assert Doctor.objects.get().answer_count == 1


def test_equal_rows_are_not_touched_and_nobody_is_told() -> None:
    items = (source(), doctor(), question(), answer(doctor_key="d1"))
    bring(*items)
    before = (
        list(Question.objects.values()),
        list(Answer.objects.values()),
        list(Doctor.objects.values()),
        Entry.objects.count(),
    )
    bring(*items)
    after = (list(Question.objects.values()), list(Answer.objects.values()), list(Doctor.objects.values()), Entry.objects.count())
    assert after == before


def test_a_batch_records_one_fact_that_names_its_questions() -> None:
    bring(source(), question("q1"), question("q2"))
    entry = Entry.objects.get(fact=facts.IMPORTED)
    assert entry.data["questions"] == sorted(Question.objects.values_list("pk", flat=True))


def test_a_changed_text_is_updated_and_renews_the_page() -> None:
    bring(source(), question(), answer(), question("q2"), answer("b1", question_key="q2"))
    versions = dict(Question.objects.values_list("key", "version"))
    report = bring(source(), question(), answer(body="Better *so*."), question("q2"), answer("b1", question_key="q2"))
    assert outcomes(report, "answers") == (0, 1, 1, 0)
    assert Answer.objects.get(key="a1").body_html.strip() == "<p>Better <em>so</em>.</p>"
    now = dict(Question.objects.values_list("key", "version"))
    assert (now["q1"] > versions["q1"], now["q2"] == versions["q2"]) == (True, True)


def test_a_changed_byline_is_updated_and_renews_the_page() -> None:
    bring(source(), question(), answer())
    version = Question.objects.get().version
    report = bring(source(), question(), answer(origin=Origin(author_text="a1", badge="Top", rating=Decimal("4.8"))))
    assert (outcomes(report, "answers"), report.ratings, report.badges) == ((0, 1, 0, 0), 1, 1)
    assert Answer.objects.get().origin.badge == "Top"
    assert Question.objects.get().version > version


@pytest.mark.parametrize("opened", [True, False])
def test_the_state_is_the_operators_word_at_first_and_the_editors_afterwards(opened: bool) -> None:
    bring(source(), question(), options=Options(open=opened))
    assert Question.objects.get().state == ("open" if opened else "archived")
    Question.objects.update(state="closed")
    report = bring(source(), question(), options=Options(open=opened))
    assert (outcomes(report, "questions"), Question.objects.get().state) == ((0, 0, 1, 0), "closed")


def test_what_was_edited_here_is_kept_and_reported() -> None:
    bring(source(), question(), answer())
    Question.objects.update(title="Edited?", revision=2)
    Answer.objects.update(body="Edited.", revision=2)
    report = bring(source(), question(), answer())
    assert [reason for _, reason in report.skips] == ["it was edited on this site, whose version is kept."] * 2
    assert (Question.objects.get().title, Answer.objects.get().body) == ("Edited?", "Edited.")


def test_an_edit_here_wins_also_over_as_many_edits_there() -> None:
    bring(source(), question(), answer())
    Answer.objects.update(body="Edited here.", revision=2)
    Answer.objects.get().revisions.create(number=2, body="Edited here.", person=make_person())
    report = bring(source(), question(), answer(body="Edited there.", revision=2))
    assert (outcomes(report, "answers"), Answer.objects.get().body) == ((0, 0, 0, 1), "Edited here.")


def test_what_was_written_here_is_replaced_by_a_newer_wording_only() -> None:
    bring(question(source_key=None, revision=2), answer(source_key=None, revision=2))
    older = bring(question(source_key=None, title="Other?"), answer(source_key=None, body="Other."))
    assert (outcomes(older, "questions"), outcomes(older, "answers")) == ((0, 0, 0, 1), (0, 0, 0, 1))
    newer = bring(question(source_key=None, title="Newer?", revision=3))
    assert (outcomes(newer, "questions"), Question.objects.get().title) == ((0, 1, 0, 0), "Newer?")


def test_a_claimed_profile_is_never_changed() -> None:
    bring(source(), doctor())
    Doctor.objects.update(person=make_person(), claimed_at=ASKED)
    report = bring(source(), doctor(badge="Top"))
    assert [reason for _, reason in report.skips] == ["the doctor has claimed this profile, so it stays as it is."]
    assert Doctor.objects.get().badge == ""
    assert outcomes(bring(source(), doctor()), "doctors") == (0, 0, 1, 0)


def test_a_mention_fills_gaps_and_the_rating_of_more_reviews_wins_in_any_order() -> None:
    few = doctor(credentials="MD", source_rating=Decimal("3.0"), source_reviews=4)
    many = doctor(credentials="", badge="Top", source_rating=Decimal("4.8"), source_reviews=48)
    for first, second in ((few, many), (many, few)):
        bring(source(), first)
        bring(source(), second)
        assert bring(source(), first, second).total("updated") == 0
        found = Doctor.objects.get()
        assert (found.credentials, found.badge, found.source_rating, found.source_reviews) == ("MD", "Top", Decimal("4.8"), 48)
        found.delete()


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("swapped", [False, True])
def test_specialty_and_words_for_it_come_from_the_same_page(together: bool, swapped: bool) -> None:
    make_specialty("Dermatology", "Dermatologist")
    make_specialty("Neurology", "Neurologist")
    known = doctor(specialty="dermatology", specialty_text="Dermatologist")
    mentions = [doctor(specialty_text="Skin Whisperer"), known, doctor(specialty="neurology", specialty_text="Neurologist")]
    first, second, third = [*mentions[1::-1], mentions[2]] if swapped else mentions
    if together:
        bring(source(), first, second, third)
    else:
        for mention in (first, second, third):
            bring(source(), mention)
    found = Doctor.objects.get()
    assert (found.specialty and found.specialty.slug, found.specialty_text) == ("dermatology", "Dermatologist")


def test_mentions_on_several_pages_of_one_batch_are_put_together() -> None:
    pages = tuple(SourceRecord(where=HERE, key=f"s{n}", kind="pages", name=f"page {n}") for n in range(3))
    few = doctor(source_key="s0", badge="Top", source_rating=Decimal("3.0"), source_reviews=4)
    many = doctor(source_key="s1", badge="Else", source_rating=Decimal("4.8"), source_reviews=48)
    none = doctor(source_key="s2", credentials="MD")
    report = bring(*pages, few, many, none)
    assert outcomes(report, "doctors") == (1, 0, 2, 0)
    found = Doctor.objects.get()
    assert (found.badge, found.credentials, found.source_reviews, found.source and found.source.key) == ("Top", "MD", 48, "s1")
    assert bring(*pages, none, many, few).total("updated") == 0


def test_a_changed_profile_renews_the_pages_of_its_answers() -> None:
    bring(source(), doctor(), question(), answer(doctor_key="d1"))
    version = Question.objects.get().version
    bring(source(), doctor(badge="Top"))
    assert Question.objects.get().version > version


def test_doctors_of_the_same_name_get_different_addresses() -> None:
    bring(source(), doctor("d1", name="Ada Roe"), doctor("d2", name="Ada Roe"), doctor("d3", name="Ada Roe"))
    bring(source(), doctor("d4", name="Ada Roe"))
    assert len(set(Doctor.objects.values_list("slug", flat=True))) == 4


def test_a_dry_run_writes_nothing_and_reports_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "SIZE", 3)
    topics = tuple(TopicRecord(where=HERE, key=f"t{n}", name=f"Topic {n}") for n in range(3))
    items = (
        source(), *topics, answer("early", question_key="q2"), doctor(), question(topic_keys=("t1",)), answer(doctor_key="d1"),
        question("q2"), CommentRecord(where=HERE, key="c", body="So.", answer_key="a1"), answer("lost", question_key="gone"),
        LinkRecord(where=HERE, question_key="q1", other_key="q2"), question("bad", title="x" * 301),
    )  # fmt: skip
    dry = bring(*items, dry_run=True)
    for model in (Source, Question, Answer, Doctor, Topic, Comment, Entry):
        assert not model.objects.exists()
    wet = bring(*items)
    assert dry.as_data() | {"dry_run": False, "written": True} == wet.as_data()
    assert wet.total("skipped") == 2


def test_a_record_may_come_before_what_it_names() -> None:
    report = bring(LinkRecord(where=HERE, question_key="q1", other_key="q2"), answer(), question(), question("q2"), source())
    assert (report.total("skipped"), Question.objects.get(key="q1").answer_count) == (0, 1)
    assert Question.objects.get(key="q1").links.get().other.key == "q2"


def test_a_duplicate_that_a_source_names_is_put_before_the_editors() -> None:
    bring(source(), question(), question("q2"))
    bring(LinkRecord(where=HERE, question_key="q1", other_key="q2"))
    while deliver_due():
        pass
    assert Suggestion.objects.get().other.key == "q1"


def test_what_names_something_unknown_is_skipped_with_the_reason() -> None:
    report = bring(source(), answer(question_key="nowhere"))
    assert report.skips == [(HERE, "it names the question nowhere, which is neither in the input nor here.")]
    assert not Answer.objects.exists()


def test_topics_are_counted_and_known_ones_are_used() -> None:
    known = make_topic("Botulinum toxin")
    TopicSynonym.objects.create(topic=known, name="Botox", folded="botox")
    records = (TopicRecord(where=HERE, key="t1", name="Botox"), TopicRecord(where=HERE, key="t2", name="Lupus"))
    report = bring(source(), *records, question(topic_keys=("t1", "t2")), answer(), question("q2", topic_keys=("t1",)))
    assert outcomes(report, "topics") == (1, 0, 1, 0)
    assert dict(Topic.objects.values_list("name", "question_count")) == {"Botulinum toxin": 2, "Lupus": 1}
    assert set(QuestionTopic.objects.values_list("question__key", "answer_count", "listed_at")) == {
        ("q1", 1, ASKED),
        ("q2", 0, ASKED),
    }


def test_topics_that_differ_by_a_sign_only_stay_apart() -> None:
    bring(*(TopicRecord(where=HERE, key=name, name=name) for name in ("c", "c#", "c++", "日本")))
    assert len(set(Topic.objects.values_list("slug", flat=True))) == 4


def test_what_editors_did_with_topics_stays_unless_the_question_changed() -> None:
    topics = (TopicRecord(where=HERE, key="t1", name="One"), TopicRecord(where=HERE, key="t2", name="Two"))
    bring(source(), *topics, question(topic_keys=("t1",)))
    actions.set_topics(question=Question.objects.get(), topics=[Topic.objects.get(name="Two")])
    bring(source(), *topics, question(topic_keys=("t1",)))
    assert [topic.name for topic in Question.objects.get().topics.all()] == ["Two"]
    bring(source(), *topics, question(title="Changed?", topic_keys=("t1",)))
    assert dict(Topic.objects.values_list("name", "question_count")) == {"One": 1, "Two": 0}


def test_votes_are_counted_from_their_rows() -> None:
    people = tuple(PersonRecord(where=HERE, key=f"p{n}") for n in range(3))
    votes = tuple(VoteRecord(where=HERE, answer_key="a1", person_key=f"p{n}", at=ASKED) for n in range(3))
    for _ in range(2):
        bring(source(), question(), answer(), *people, *votes)
        assert (Answer.objects.get().helpful_count, HelpfulVote.objects.count()) == (3, 3)


def test_people_come_without_address_and_cannot_sign_in() -> None:
    bring(source(), PersonRecord(where=HERE, key="p", display_name="Kind Heron"), question(asked_by_key="p"))
    asker = Question.objects.get().asked_by
    assert asker is not None
    assert (asker.email, asker.has_usable_password()) == (None, False)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (question(title="x" * 301), "the title has 301 characters; at most 300 fit."),
        (question(title="  "), "the title is empty."),
        (question(state="lost"), "the state is 'lost', which is none of archived, closed, duplicate, open, withdrawn."),
        (
            question(source_url="javascript:alert(1)"),
            "the source url is no address that starts with https:// or http://.",
        ),
        (question(source_votes=2**40), "the source votes is 1099511627776, which is too large."),
        (question(source_answer_count=-1), "the source answer count is -1, which is no count."),
        (doctor(source_rating=Decimal(7)), "the rating is 7; it must lie between 0 and 5."),
        (question(body="x" * 500_001), "the body has 500,001 characters; at most 500,000 fit."),
    ],
)
def test_what_does_not_fit_is_skipped_with_the_reason(record: QuestionRecord | DoctorRecord, reason: str) -> None:
    report = bring(source(), record)
    assert report.skips == [(HERE, reason)]
    assert not Question.objects.exists()
    assert not Doctor.objects.exists()


@pytest.mark.parametrize("text", ["with \x00 in it", "with \ud800 in it"])
def test_text_that_no_database_keeps_stops_the_import_before_it_starts(text: str) -> None:
    with pytest.raises(BadInput, match="input:1"):
        bring(source(), question(), answer(body=text))
    assert not Source.objects.exists()


class Broken(Exception):
    pass


def test_an_interrupted_import_is_completed_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "SIZE", 7)
    items: list[Item] = [source(), doctor()]
    for n in range(20):
        asked = ASKED + timedelta(days=n)
        items.append(question(f"q{n}", asked_at=asked))
        items += [answer(f"a{n}-{m}", question_key=f"q{n}", doctor_key="d1", answered_at=asked) for m in range(n % 4)]
    batches: list[int] = []

    def broken(run: Run, batch: batch.Batch) -> None:
        batches.append(1)
        if len(batches) == 5:
            raise Broken

    with monkeypatch.context() as patch:
        patch.setattr(run_module, "STEPS", (*run_module.STEPS, broken))
        with pytest.raises(Broken):
            bring(*items)
    there = Question.objects.count()
    assert 0 < there < 20
    report = bring(*items)
    assert outcomes(report, "questions") == (20 - there, 0, there, 0)
    assert Answer.objects.count() == 30
    assert Doctor.objects.get().answer_count == 30
    counted = Question.objects.annotate(found=Count("answers")).values_list("answer_count", "found")
    assert all(stored == found for stored, found in counted)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite is asked to work otherwise")
def test_how_the_database_works_is_as_before_after_an_import() -> None:
    def settings() -> list[Any]:
        with connection.cursor() as cursor:
            return [cursor.execute(f"PRAGMA {name}").fetchone() for name in run_module.LARGE]

    usual, during = settings(), []

    def broken(path: str, options: Options) -> Iterator[Item]:
        during.append(settings())
        yield source()
        raise BadInput(HERE, "it is broken.", "Mend it.")

    with pytest.raises(BadInput):
        load(broken, ["input"], Options())
    assert during == [[(value,) for value in run_module.LARGE.values()]] != [usual]
    assert settings() == usual
