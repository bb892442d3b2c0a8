"""Whatever doctors, editors, the worker and time do in whatever order: page, lists, API and kept states say the same.

The machine is a small site with two questions asked here and one that was copied. After every step
- a list says what the panel says, and so does the API;
- a visitor whose copy of a page is confirmed (304) has the bytes that a fresh page has;
- a page that changed by what somebody did to its question has a higher version; one that tells how many specialists are members
  here changes with them, and has their time in its tag instead;
and when the worker has done its work, the kept states are the present ones, and there is one for each statement.
"""

import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import Max
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from consilium.consensus import actions as consensus
from consilium.consensus import lines, reading
from consilium.consensus.models import Snapshot
from consilium.consensus.panel import data
from consilium.doctors import actions as doctors
from consilium.doctors.models import Credential, Doctor
from consilium.evidence import actions as evidence
from consilium.evidence.models import Citation
from consilium.evidence.retraction_list import Notice
from consilium.journal import days
from consilium.journal.delivery import deliver_due
from consilium.questions import actions
from consilium.questions.actions import NotAllowed
from consilium.questions.models import Answer, Coding, Question, Stance, Statement
from consilium.topics import actions as topics
from consilium.topics.models import Specialty
from tests.factories import (
    make_imported_answer,
    make_person,
    make_question,
    make_source,
    make_specialty,
    make_statement,
    make_topic,
    make_verified,
)

DOCTORS, QUESTIONS, PLACES = st.integers(0, 3), st.integers(0, 2), st.integers(0, 1)
YES = st.booleans()
VALUES = st.sampled_from(["yes", "yes", "yes_if", "no_unless", "no", "cannot_say", "not_addressed"])
TEXTS = st.sampled_from(["The treatment is acceptable.", "A small dose is acceptable.", "It helps."])
OFFERS = st.sampled_from(["yes", "no", "undisclosed"])
CONDITIONS = [
    [{"kind": "clearance", "specialty": "neurology", "text": "the neurologist agrees"}],
    [{"kind": "dose", "specialty": "", "text": "a small dose first"}],
]


class Seen(NamedTuple):
    """A page as it was: its bytes, its question's version, and what else a page may follow: time, and who is a member."""

    body: bytes
    version: int
    moved: int
    roster: datetime | None


def conditions(value: str, number: int) -> Any:
    return CONDITIONS[number] if value in {"yes_if", "no_unless"} else []


class Stances(RuleBasedStateMachine):
    """Everybody does what the actions let them; what is refused changes nothing."""

    @initialize()
    def begin(self) -> None:
        self.clock = time_machine.travel(datetime(2026, 3, 4, 12, tzinfo=UTC), tick=False)
        self.clock.start()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        specialties = [make_specialty(), make_specialty("Neurology", "Neurologist")]
        self.doctors = [make_verified(specialty=specialties[number % 2]) for number in range(4)]
        self.editors = [make_person(roles=("editor",)) for _ in range(2)]
        self.topic, self.neurology = make_topic(kind="treatment"), specialties[1]
        asked = [make_question(topics=(self.topic,)) for _ in range(2)]
        copied = make_question(topics=(self.topic,), source=make_source(), state="archived", asked_by=None)
        self.copies = [make_imported_answer(copied, source=copied.source, doctor=one) for one in (self.doctors[0], None)]
        self.questions = [question.pk for question in (*asked, copied)]
        for question in (*asked, copied):
            make_statement(question)
            consensus.keep(question)
        self.copied: dict[str, tuple[str, bytes]] = {}
        self.seen: dict[int, Seen] = {}
        self.moved, self.steps, self.visitor = 0, 0, Client()
        self.work()

    def teardown(self) -> None:
        if hasattr(self, "clock"):
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)
            self.clock.stop()

    # ---- who does what -----------------------------------------------------------------------------------------------

    def doctor(self, number: int) -> Doctor:
        return Doctor.objects.get(pk=self.doctors[number].pk)

    def question(self, number: int) -> Question:
        return Question.objects.get(pk=self.questions[number])

    def statement(self, question: int, place: int) -> Statement | None:
        return Statement.objects.active().filter(question=self.questions[question], place=place + 1).first()

    @rule(
        doctor=DOCTORS, question=QUESTIONS, value=VALUES, more=PLACES, offers=OFFERS, again=st.booleans(), answered=st.booleans()
    )
    def declare(self, doctor: int, question: int, value: str, more: int, offers: str, again: bool, answered: bool) -> None:
        """A stance on the question's statements, with the answer there is, or without prose."""
        held, about = self.doctor(doctor), self.question(question)
        said = [actions.Said(one, value, conditions(value, more)) for one in about.statements.active()]
        answer = about.answers.filter(doctor=held, state="published").first() if answered else None
        interests = actions.Interests(offers={self.topic.pk: offers}, paid="a maker" if more else "")
        self.try_to(
            actions.declare, doctor=held, person=held.person, question=about, said=said, answer=answer, interests=interests,
            after_discussion=again,
        )  # fmt: skip

    @rule(doctor=DOCTORS, back=YES)
    def affirm_or_withdraw(self, doctor: int, back: bool) -> None:
        """What the doctor said last still holds, or does not."""
        held = self.doctor(doctor)
        mine = Stance.objects.current().filter(doctor=held, withdrawn_at=None).order_by("-pk").first()
        if mine is not None:
            act = actions.withdraw_stances if back else actions.affirm
            act(doctor=held, person=held.person, question=mine.statement.question)

    @rule(doctor=DOCTORS, question=QUESTIONS)
    def look(self, doctor: int, question: int) -> None:
        actions.see_answers(doctor=self.doctor(doctor), question=self.question(question))

    @rule(doctor=DOCTORS, question=QUESTIONS, value=VALUES, more=PLACES)
    def answer(self, doctor: int, question: int, value: str, more: int) -> None:
        held, about = self.doctor(doctor), self.question(question)
        said = [actions.Said(one, value, conditions(value, more)) for one in about.statements.active()]
        self.try_to(
            actions.answer, doctor=held, person=held.person, question=about, headline="In short", body="Words.",
            language="en", said=said, interests=actions.Interests(offers={self.topic.pk: "yes"}, paid=""),
        )  # fmt: skip

    @rule(doctor=DOCTORS)
    def withdraw_answer(self, doctor: int) -> None:
        mine = Answer.objects.filter(doctor=self.doctors[doctor], state="published", source=None).first()
        if mine is not None:
            actions.withdraw_answer(person=mine.written_by, answer=mine)

    @rule(doctor=DOCTORS, brief=YES)
    def confirm(self, doctor: int, brief: bool) -> None:
        ends = datetime.now(UTC) + timedelta(days=30) if brief else None
        doctors.grant_credential(editor=self.editors[0], doctor=self.doctor(doctor), jurisdiction="Examplia", expires_at=ends)

    @rule(doctor=DOCTORS)
    def revoke(self, doctor: int) -> None:
        held = Credential.objects.filter(doctor=self.doctors[doctor], revoked_at=None).first()
        if held is not None:
            doctors.revoke_credential(editor=self.editors[0], credential=held, reason="moved away")

    @rule(doctor=DOCTORS, offers=OFFERS)
    def disclose(self, doctor: int, offers: str) -> None:
        doctors.declare_interests(doctor=self.doctor(doctor), offers={self.topic.pk: offers})

    @rule(doctor=DOCTORS, together=st.booleans())
    def move_in(self, doctor: int, together: bool) -> None:
        doctors.set_practice(editor=self.editors[0], doctor=self.doctor(doctor), name="Together" if together else "")

    @rule(doctor=DOCTORS, name=st.sampled_from(["Ada Examplewood", "Eve Sampleton"]))
    def rename(self, doctor: int, name: str) -> None:
        doctors.change(doctor=self.doctor(doctor), name=name)

    @rule(editor=PLACES, answer=PLACES, value=VALUES, more=PLACES)
    def code(self, editor: int, answer: int, value: str, more: int) -> None:
        statement, copy = self.statement(2, 0), self.copies[answer]
        if statement is not None:
            self.try_to(
                actions.code, editor=self.editors[editor], answer=copy, statement=statement, value=value,
                quote="the source had it", conditions=conditions(value, more),
            )  # fmt: skip

    @rule(editor=PLACES)
    def uncode(self, editor: int) -> None:
        mine = Coding.objects.filter(coder=self.editors[editor].key).first()
        if mine is not None:
            actions.uncode(editor=self.editors[editor], coding=mine)

    @rule(question=QUESTIONS, text=TEXTS, kind=st.sampled_from(["safe", "fact"]))
    def add_statement(self, question: int, text: str, kind: str) -> None:
        self.try_to(actions.add_statement, person=self.editors[0], question=self.question(question), text=text, kind=kind)

    @rule(question=QUESTIONS, place=PLACES, text=TEXTS)
    def reword(self, question: int, place: int, text: str) -> None:
        statement = self.statement(question, place)
        if statement is not None:
            self.try_to(actions.edit_statement, person=self.editors[0], statement=statement, text=text, kind=statement.kind)

    @rule(question=QUESTIONS, place=PLACES)
    def retire(self, question: int, place: int) -> None:
        statement = self.statement(question, place)
        if statement is not None:
            actions.retire_statement(person=self.editors[0], statement=statement)

    @rule(doctor=DOCTORS, number=PLACES, place=PLACES)
    def cite(self, doctor: int, number: int, place: int) -> None:
        mine = Answer.objects.filter(doctor=self.doctors[doctor], state="published", source=None).first()
        statement = mine and Statement.objects.active().filter(question=mine.question_id, place=place + 1).first()
        if mine is None:
            return
        source = evidence.Source(f"10.5555/{number}", "case", says=[evidence.Says(statement)])
        self.try_to(evidence.cite, person=mine.written_by, answer=mine, sources=[source])

    @rule(number=PLACES)
    def uncite(self, number: int) -> None:
        citation = Citation.objects.filter(work__doi=f"10.5555/{number}").first()
        if citation is not None:
            self.try_to(evidence.uncite, person=citation.answer.written_by, citation=citation)

    @rule(listed=st.booleans())
    def retract(self, listed: bool) -> None:
        evidence.load_retractions(rows=[Notice("10.5555/0" if listed else "10.5555/9", "", "retracted", "error")])
        evidence.recheck()

    @rule(needed=st.booleans())
    def need(self, needed: bool) -> None:
        if needed:
            topics.set_need(topic=self.topic, specialty=self.neurology, role="primary")
        else:
            topics.drop_need(topic=self.topic, specialty=self.neurology)

    @rule(question=QUESTIONS)
    def look_again(self, question: int) -> None:
        self.try_to(consensus.open_round, question=self.question(question), reason="editor", actor=self.editors[0])

    @rule(time=st.sampled_from([0, 40, 2_000]))
    def wait(self, time: int) -> None:
        """Time passes: a minute, or until licences run out, or until stances fade."""
        later = datetime.now(UTC) + timedelta(days=time, minutes=1)  # once the clock is stopped, it is the machine's again
        self.clock.stop()
        self.clock = time_machine.travel(later, tick=False)
        self.clock.start()
        self.moved += 1

    @rule()
    def work(self) -> None:
        """The worker, until nothing is left."""
        days.begin(datetime.now(UTC).date())
        while deliver_due():
            pass
        for question in Question.objects.filter(pk__in=self.questions):
            self.check_kept(question)

    def try_to(self, action: Any, **arguments: Any) -> None:
        with suppress(NotAllowed), transaction.atomic():
            action(**arguments)

    # ---- what must hold ----------------------------------------------------------------------------------------------

    def panel(self, question: Question) -> list[dict[str, Any]]:
        panel = reading.panel_of(question)
        return [data(panel, one) for one in panel.statements]

    def check_kept(self, question: Question) -> None:
        kept = Snapshot.objects.filter(statement__question=question, superseded_at=None).select_related("statement")
        panel = {one["statement_key"]: one for one in self.panel(question)}
        assert {row.statement.key for row in kept} == panel.keys(), "there is one for each statement, and no other"
        assert [row for row in kept if row.stale] == [], "the worker was there, and a state is still stale"
        holding = {row.statement.key: row.data for row in kept if row.holds}
        assert holding.items() <= panel.items(), "a state that holds is not the present one"

    @invariant()
    def a_list_and_the_api_say_what_the_panel_says(self) -> None:
        rows = list(Question.objects.filter(pk__in=self.questions))
        said = lines.lines(rows)
        for question in rows:
            panel = self.panel(question)
            assert said.get(question.pk) == (panel[0] if panel else None)
            if question.pk == self.turn():
                given = self.visitor.get(f"/api/v1/questions/{question.pk}/consensus").json()
                assert [{name: one[name] for name in one if name != "computed_at"} for one in given] == panel

    @invariant()
    def a_copy_that_is_confirmed_is_the_page(self) -> None:
        """Of one question in each step, and of one of its other pages in every second."""
        question = Question.objects.get(pk=self.turn())
        path = question.get_absolute_url()
        body = self.visit(path).partition(b"<aside")[0]  # beside the page stand other questions, with their own versions
        now = Seen(body, question.version, self.moved, Specialty.objects.aggregate(latest=Max("roster_at"))["latest"])
        before = self.seen.get(question.pk, now)
        assert now.version >= before.version
        if (before.moved, before.roster) == (now.moved, now.roster) and before.version == now.version:
            assert now.body == before.body, "the page changed and kept its version"
        self.seen[question.pk] = now
        if self.steps % 2:
            self.visit(f"/q/{question.pk}/{'sheet' if self.steps % 4 == 1 else 'stances'}/")
        self.steps += 1

    def turn(self) -> int:
        return self.questions[self.steps % 3]

    def visit(self, path: str) -> bytes:
        """The page, which is either what the visitor has, or not confirmed."""
        fresh = self.visitor.get(path)
        assert fresh.status_code == 200
        tag, body = self.copied.get(path, ("", b""))
        if body != fresh.content:
            again = self.visitor.get(path, headers={"if-none-match": tag})
            assert again.status_code == 200, f"an old copy of {path} was confirmed"
        self.copied[path] = (fresh["ETag"], fresh.content)
        return fresh.content

    @invariant()
    def a_doctor_has_one_current_stance_on_a_statement(self) -> None:
        rows = list(Stance.objects.current().values_list("doctor", "statement"))
        assert len(rows) == len(set(rows))


@pytest.mark.slow
@pytest.mark.django_db
def test_everything_says_the_same_whatever_happens() -> None:
    steps = int(os.environ.get("MODEL_STEPS") or (150 if connection.vendor == "sqlite" else 75))  # a release runs 10,000
    run_state_machine_as_test(
        Stances,
        settings=settings(
            max_examples=max(1, steps // 20),
            stateful_step_count=20,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
            report_multiple_bugs=False,
        ),
    )
