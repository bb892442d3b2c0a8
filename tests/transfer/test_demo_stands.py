"""Where the demo's doctors stand: every state that a panel can have is on some page, and nothing contradicts itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from consilium.accounts.models import Person
from consilium.consensus import reading
from consilium.consensus.agreement import Cap, Group, Label
from consilium.consensus.counting import HOLDS_FOR, Reason
from consilium.consensus.models import Invitation, Round, RoundReply, Snapshot
from consilium.consensus.panel import Missing, Panel, StatementPanel
from consilium.doctors.cities import load_cities
from consilium.doctors.models import Claim, Credential, Doctor, Interest, Source
from consilium.evidence.models import Citation, Work
from consilium.questions import rules
from consilium.questions.actions import Interests, Said, declare
from consilium.questions.actions.codings import texts_of
from consilium.questions.models import (
    CONDITIONAL,
    Answer,
    Coding,
    Disclosure,
    Merge,
    Moved,
    Question,
    SeenAnswers,
    Stance,
    Statement,
)
from consilium.topics.actions import load_specialties
from consilium.topics.models import Specialty
from consilium.topics.vocabulary import load_topics
from consilium.transfer.demo_content import FOLDER, load_demo
from consilium.transfer.demo_notation import stands, word
from consilium.transfer.demo_people import Accounts
from consilium.transfer.records import BadInput

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("demo content")]
EVERYTHING = (
    Answer, Citation, Claim, Coding, Credential, Disclosure, Doctor, Interest, Invitation, Merge, Moved, Person, Question, Round,
    RoundReply, SeenAnswers, Stance, Statement, Work,
)  # fmt: skip


@dataclass(frozen=True)
class Demo:
    """The loaded demo; `panels` by the question's name in the files."""

    accounts: Accounts
    panels: Mapping[str, Panel]


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo on a site as `consilium migrate` leaves it, loaded once: each test works in a savepoint."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_specialties()
        load_topics()
        load_cities()
        accounts = load_demo(tmp_path_factory.mktemp("data"))
        yield Demo(accounts, read_all())
        transaction.set_rollback(True)


def read_all() -> dict[str, Panel]:
    return {question.key.removeprefix("demo/question/"): reading.panel_of(question) for question in Question.objects.all()}


@pytest.fixture
def accounts(demo: Demo) -> Accounts:
    return demo.accounts


@pytest.fixture
def panels(demo: Demo) -> Mapping[str, Panel]:
    return demo.panels


@pytest.fixture
def each(panels: Mapping[str, Panel]) -> list[StatementPanel]:
    return [one for panel in panels.values() for one in panel.statements]


# ---- every state is on some page -------------------------------------------------------------------------------------


def test_every_label_occurs_and_every_side(each: list[StatementPanel]) -> None:
    assert {one.verdict.label for one in each} == set(Label)
    leaning = {one.verdict.side for one in each if one.verdict.label is Label.LEANING}
    assert leaning == set(Group)
    assert {one.verdict.side for one in each if one.verdict.label in {Label.AGREE, Label.STRONG}} >= {Group.YES, Group.NO}


def test_every_cap_occurs_alone_and_agreement_without_one(each: list[StatementPanel]) -> None:
    alone = {one.verdict.capped_by[0] for one in each if len(one.verdict.capped_by) == 1}
    assert alone == set(Cap)
    assert {Label.AGREE, Label.STRONG} <= {one.verdict.label for one in each if not one.verdict.capped_by}


def test_every_reason_not_to_count_occurs(each: list[StatementPanel]) -> None:
    """But for a doctor's own question: none of the demo's doctors asks one."""
    assert {seat.reason for one in each for seat in one.others} == set(Reason) - {Reason.OWN_QUESTION}


def test_the_panels_show_confidence_changes_payments_and_all_kinds_of_offers(each: list[StatementPanel]) -> None:
    seats = [seat for one in each for seat in one.seats]
    assert {"", "low", "medium", "high"} == {seat.confidence for seat in seats}
    assert {"", "yes", "no"} == {seat.offers for seat in seats}
    assert any(seat.changed for seat in seats)
    assert any(seat.paid for seat in seats)
    assert any(seat.answer is None for seat in seats), "a co-signature"
    assert any(one.across for one in each)


MISSING: Mapping[str, Callable[[Missing], bool]] = {
    "primary, with doctors who can be invited": lambda one: one.need.primary and one.willing > 0 and not one.invited,
    "no such doctor is a member": lambda one: one.need.primary and one.members == 0,
    "answered by somebody who does not count": lambda one: one.need.primary and one.answered > 0 and one.members > 0,
    "invited, one declined": lambda one: one.invited > one.declined > 0,
    "only named by answers": lambda one: not one.need.by_topic and one.need.named_by >= 2,
    "consulted only": lambda one: not one.need.primary,
}


@pytest.mark.parametrize("state", MISSING)
def test_every_state_of_coverage_occurs(panels: Mapping[str, Panel], state: str) -> None:
    assert any(MISSING[state](one) for panel in panels.values() for one in panel.missing)


def test_coverage_is_complete_somewhere(panels: Mapping[str, Panel]) -> None:
    complete = [panel for panel in panels.values() if panel.has_stances and not panel.missing]
    assert any(len(panel.coverage.required) >= 3 for panel in complete)


def test_an_unverified_lung_doctor_is_not_enough(panels: Mapping[str, Panel]) -> None:
    missing = {one.need.specialty: one for one in panels["as-laser-after-prednisone"].missing}
    assert missing["pulmonology"].answered == 1
    assert panels["as-laser-after-prednisone"].statements[0].not_counted() == [(Reason.UNVERIFIED, 1)]


def test_sources_are_cited_and_not_and_one_is_retracted(panels: Mapping[str, Panel]) -> None:
    assert any(panel.cited.works > 1 and panel.cited.retracted for panel in panels.values())
    assert any(panel.has_stances and not panel.cited.works for panel in panels.values())
    assert set(Work.Retraction.values) == set(Work.objects.values_list("retraction", flat=True))
    assert set(Citation.Direction.values) == set(Citation.objects.values_list("direction", flat=True))
    assert set(Citation.Applies.values) == set(Citation.objects.values_list("applies", flat=True))


def test_the_copied_page_has_answers_in_every_state_of_coding(panels: Mapping[str, Panel]) -> None:
    light, medium = panels["copied-peel-with-rosacea"].statements
    assert light.imported is not None
    row = light.imported
    assert (row.of, row.counts.n, row.not_addressed, row.unclear, row.waiting, row.uncoded) == (6, 3, 1, 1, 1, 0)
    assert (row.counts.conditional, row.counts.no, row.coders) == (2, 1, 2)
    assert medium.imported is not None
    assert medium.imported.uncoded > 0
    assert light.n == 1, "the answer of the doctor who claimed her profile stands in the declared row"
    assert any(seat.doctor is None and not seat.name for seat in row.seats)


def test_most_questions_look_alive(panels: Mapping[str, Panel]) -> None:
    assert all(1 <= len(panel.statements) <= 4 for panel in panels.values())
    assert sum(panel.has_stances for panel in panels.values()) >= 40
    assert sum(any(one.n >= 8 for one in panel.statements) for panel in panels.values()) >= 10


def test_a_page_has_a_past(accounts: Accounts) -> None:
    first = Statement.objects.get(key="demo/question/ms-frown-lines/statement/1")
    kept = list(first.snapshots.order_by("at"))
    assert len(kept) == 4
    assert [one.data["n"] for one in kept] == sorted(one.data["n"] for one in kept)
    assert [one.superseded_at for one in kept[:-1]] == [one.at for one in kept[1:]]
    assert {"few", "mixed"} <= {one.label for one in kept}


def test_states_are_kept_for_every_statement(each: list[StatementPanel]) -> None:
    kept = dict(Snapshot.objects.filter(superseded_at=None, stale=False).values_list("statement", "label"))
    assert kept == {one.statement.pk: one.verdict.label for one in each}


def test_a_round_is_open_and_one_is_closed(accounts: Accounts) -> None:
    open_one, closed = Round.objects.get(closed_at=None), Round.objects.exclude(closed_at=None).get()
    assert set(open_one.replies.values_list("state", flat=True)) == {"waiting", "kept", "changed"}
    assert set(closed.replies.values_list("state", flat=True)) == {"kept", "changed"}
    assert Stance.objects.filter(after_discussion=True, superseded_at=None).count() == 2


def test_an_editor_has_a_claim_to_decide(accounts: Accounts) -> None:
    waiting = Claim.objects.get()
    assert (waiting.state, waiting.person.key, waiting.doctor.person) == ("requested", "demo/unverified", None)


# ---- nothing contradicts itself --------------------------------------------------------------------------------------


def test_everything_the_files_say_is_in_the_database(accounts: Accounts) -> None:
    """Rows that break a rule of the database would be left out silently."""
    told = list(stands(FOLDER / "stands"))
    parts = [part for stand in told for part in (stand.said, stand.cosigned, stand.before)]
    words = sum(one is not None for part in parts for said in part.values() for one in said)
    changed = sum(len(stand.entry.get("changed", ())) for stand in told)
    assert Stance.objects.count() == words + changed
    texts = sum(1 + ("before" in entry) for stand in told for entry in stand.statements)
    assert Statement.objects.count() == texts
    for model, name in ((Citation, "cites"), (Coding, "coded"), (Invitation, "invited")):
        assert model._default_manager.count() == sum(len(stand.entry.get(name, ())) for stand in told), name
    assert {stand.key for stand in told} == set(Question.objects.values_list("key", flat=True))


def test_statements_are_worded_as_the_site_asks(accounts: Accounts) -> None:
    assert [one.text for one in Statement.objects.all() if rules.wording_problem(one.text)] == []


def test_conditional_stances_have_conditions_of_our_kinds(accounts: Accounts) -> None:
    slugs = {"", *Specialty.objects.values_list("slug", flat=True)}
    for stance in Stance.objects.all():
        texts = [row["text"] for row in stance.conditions]
        assert not rules.conditions_problem(stance.value, texts, conditional=CONDITIONAL), stance.key
        assert len(texts) <= rules.CONDITIONS_OF_A_STANCE, stance.key
        assert all(len(text) <= rules.CONDITION_LIMIT for text in texts), stance.key
        assert {row["specialty"] for row in stance.conditions} <= slugs, stance.key


def test_whoever_cosigns_has_not_answered_and_nobody_speaks_for_another(accounts: Accounts) -> None:
    answered = set(Answer.objects.values_list("doctor", "question"))
    cosigned = set(Stance.objects.filter(source="cosigned").values_list("doctor", "statement__question"))
    assert not cosigned & answered
    declared = Stance.objects.filter(source="declared")
    assert not declared.exclude(answer__doctor=F("doctor"), answer__question=F("statement__question")).exists()
    assert not Stance.objects.filter(doctor__person=F("statement__question__asked_by")).exists()


def test_blind_is_who_had_not_looked(accounts: Accounts) -> None:
    looked = set(SeenAnswers.objects.values_list("doctor", "question"))
    for stance in Stance.objects.select_related("statement").filter(after_discussion=False):
        assert stance.blind == ((stance.doctor_id, stance.statement.question_id) not in looked), stance.key


def test_times_follow_each_other(accounts: Accounts) -> None:
    now = timezone.now()
    assert not Stance.objects.filter(Q(affirmed_at__lt=F("created_at")) | Q(created_at__gt=now) | Q(affirmed_at__gt=now)).exists()
    early = Stance.objects.filter(created_at__lt=F("statement__created_at"))
    assert list(early.values_list("key", flat=True)) == []
    assert Stance.objects.filter(superseded_at=None, affirmed_at__lt=now - HOLDS_FOR).count() == 1


def test_whoever_takes_a_stance_has_disclosed_interests(accounts: Accounts) -> None:
    told = set(Disclosure.objects.values_list("doctor", "question"))
    asked = set(Stance.objects.values_list("doctor", "statement__question"))
    joined = set(Question.objects.filter(state=Question.State.DUPLICATE).values_list("pk", flat=True))
    assert {pair for pair in told if pair[1] not in joined} == asked
    offers = set(Interest.objects.values_list("doctor", "topic"))
    treatments = Stance.objects.filter(statement__question__topics__kind="treatment")
    assert set(treatments.values_list("doctor", "statement__question__topics")) >= offers
    needed = treatments.filter(statement__question__about__topic__kind="treatment")
    assert {(doctor, topic) for doctor, topic in needed.values_list("doctor", "statement__question__about__topic")} <= offers


def test_invented_works_cannot_be_taken_for_real_ones(accounts: Accounts) -> None:
    works = list(Work.objects.all())
    assert works
    assert all(work.url.startswith("https://example.org/") and not work.doi and not work.pmid for work in works)
    assert all("invented for this demonstration" in work.title for work in works)
    assert not Work.objects.annotate(n=Count("citations")).filter(n=0).exists()


def test_quotes_of_the_copied_answers_stand_in_them(accounts: Accounts) -> None:
    codings = list(Coding.objects.select_related("answer"))
    assert all(coding.answer.is_copy for coding in codings)
    quotes = [(coding.quote, texts_of(coding.answer)) for coding in codings if coding.quote]
    assert [quote for quote, texts in quotes if not any(rules.quote_found(quote, text) for text in texts)] == []


def test_credentials_are_marked_as_made_for_a_demonstration(accounts: Accounts) -> None:
    assert set(Credential.objects.values_list("kind", flat=True)) == {"demonstration"}
    unverified = Doctor.objects.filter(stances__isnull=False, credentials_held=None).distinct()
    assert [doctor.slug for doctor in unverified] == ["ewa-brzozanska"]
    assert Credential.objects.exclude(revoked_at=None).count() == 1
    assert not Stance.objects.filter(doctor__person=None).exists(), "only a member takes a stance"


# ---- loading again ---------------------------------------------------------------------------------------------------


def counts() -> Counter[str]:
    return Counter({model.__name__: model._default_manager.count() for model in EVERYTHING})


def forget() -> None:
    """As if the shipped content were another than the one that was loaded."""
    Source.objects.filter(kind="demo").update(key="demo/another")


def test_the_same_content_again_adds_nothing(accounts: Accounts) -> None:
    forget()
    before, kept = counts(), Snapshot.objects.count()
    load_demo(accounts.file.parent)
    assert (counts(), Snapshot.objects.count()) == (before, kept)


def test_a_demo_from_before_statements_gains_all_of_it(accounts: Accounts, panels: Mapping[str, Panel]) -> None:
    before = counts()
    for model in (Snapshot, Citation, Work, Coding, Claim, Invitation, RoundReply, Round, Stance, Statement, SeenAnswers,
                  Disclosure, Interest, Credential):  # fmt: skip
        model._default_manager.all().delete()
    Doctor.objects.update(practice=None, takes_invitations=False)
    Doctor.objects.exclude(person__email__isnull=False).update(person=None, claimed_at=None)
    Person.objects.filter(key__startswith="demo/person/").delete()
    Question.objects.exclude(source=None).delete()
    Merge.objects.all().delete()
    Answer.objects.filter(key__startswith="demo/question/ms-botox-brows/").delete()  # which stands below the other question
    new = [
        "isotretinoin-waxing",
        *(name for name in panels if name.startswith(("ms-botox", "ms-frown-lines-b", "cs-apixaban-a"))),
    ]
    Question.objects.filter(key__in=[f"demo/question/{name}" for name in new]).delete()
    forget()
    load_demo(accounts.file.parent)
    assert counts() == before
    said = {key: [(one.verdict, one.counts) for one in panel.statements] for key, panel in panels.items()}
    assert {key: [(one.verdict, one.counts) for one in panel.statements] for key, panel in read_all().items()} == said


def test_what_a_doctor_changed_stays_changed(accounts: Accounts) -> None:
    statement = Statement.objects.get(key="demo/question/ms-frown-lines/statement/1")
    doctor = Doctor.objects.get(slug="ingrid-solvang-pell")
    assert doctor.person is not None
    Doctor.objects.filter(pk=doctor.pk).update(takes_invitations=False)
    said = [Said(statement, "no", (), "high")]
    declare(doctor=doctor, person=doctor.person, question=statement.question, said=said, interests=Interests(paid="Something"))
    forget()
    load_demo(accounts.file.parent)
    current = Stance.objects.current().get(doctor=doctor, statement=statement)
    assert current.value == "no"
    assert Disclosure.objects.get(doctor=doctor, question=statement.question).paid == "Something"
    doctor.refresh_from_db()
    assert not doctor.takes_invitations


def test_pages_are_renewed_with_new_content(accounts: Accounts) -> None:
    before = dict(Question.objects.values_list("pk", "version"))
    forget()
    load_demo(accounts.file.parent)
    assert all(version > before[pk] for pk, version in Question.objects.values_list("pk", "version"))


# ---- the notation ----------------------------------------------------------------------------------------------------


def test_a_word_has_value_confidence_and_conditions() -> None:
    said = word("yes_if, high | clearance@neurology: two lines from the neurologist | dose: a small: first dose")
    assert (said.value, said.confidence) == ("yes_if", "high")
    assert list(said.conditions) == [
        {"kind": "clearance", "specialty": "neurology", "text": "two lines from the neurologist"},
        {"kind": "dose", "specialty": "", "text": "a small: first dose"},
    ]


@pytest.mark.parametrize(
    "text", ["maybe", "yes, sure", "yes_if", "no | exam: look", "yes_if | look", "yes_if | exam:", "yes_if | luck: x"]
)
def test_a_word_that_says_nothing_clear_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"stance|condition|value"):
        word(text)


@pytest.mark.parametrize(
    "content",
    [
        "question = 1",
        "[[question]]\nstatements = []",
        '[[question]]\nid = "a"\nstatements = []\n[question.said]\nsomebody = ["yes"]',
        '[[question]]\nid = "a"\nstatements = [{ text = "x", kind = "safe" }]\n[question.said]\nsomebody = ["perhaps"]',
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "broken.toml").write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=r"broken\.toml"):
        list(stands(tmp_path))
