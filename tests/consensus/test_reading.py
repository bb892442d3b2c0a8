"""From stances, codings and credentials to what a page says."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consilium.consensus import actions, lines, reading
from consilium.consensus.agreement import Label
from consilium.consensus.counting import Reason
from consilium.consensus.models import Snapshot
from consilium.consensus.panel import data
from consilium.doctors import actions as doctors
from consilium.journal.delivery import deliver_due
from consilium.questions import actions as questions
from consilium.topics.actions import set_need
from tests.factories import (
    make_answer,
    make_coding,
    make_imported_answer,
    make_person,
    make_question,
    make_source,
    make_specialty,
    make_stance,
    make_statement,
    make_topic,
    make_verified,
)

pytestmark = pytest.mark.django_db


def test_nine_blind_doctors_who_agree_are_a_strong_agreement_until_their_specialty_is_missing() -> None:
    topic = make_topic()
    question = make_question(topics=(topic,))
    statement = make_statement(question)
    for number in range(9):
        specialty = make_specialty() if number % 2 else make_specialty("Plastic surgery", "Plastic surgeon")
        make_stance(statement, doctor=make_verified(specialty=specialty))
    (one,) = reading.panel_of(question).statements
    assert (one.verdict.label, one.n, one.overturn) == (Label.STRONG, 9, 4)
    set_need(topic=topic, specialty=make_specialty("Neurology", "Neurologist"), role="primary")
    panel = reading.panel_of(question)
    assert panel.statements[0].verdict.label is Label.AGREE
    assert [one.specialty.noun for one in panel.missing] == ["Neurology"]


def test_a_revoked_credential_takes_the_stance_out_and_says_so() -> None:
    question = make_question()
    statement = make_statement(question)
    doctor = make_verified()
    make_stance(statement, doctor=doctor)
    assert reading.panel_of(question).statements[0].n == 1
    version = question.version
    doctors.revoke_credential(
        editor=make_person(roles=("editor",)), credential=doctor.credentials_held.get(), reason="moved away"
    )
    (one,) = reading.panel_of(question).statements
    assert one.n == 0
    assert one.not_counted() == [(Reason.REVOKED, 1)]
    question.refresh_from_db()
    assert question.version > version


def test_copied_answers_are_counted_apart_until_their_doctor_affirms() -> None:
    neurology = make_specialty("Neurology", "Neurologist")
    question = make_question(source=make_source(), state="archived", asked_by=None)
    statement = make_statement(question)
    answers = [make_imported_answer(question, source=question.source) for _ in range(3)]
    for answer in answers:
        for coder in ("one", "two"):
            make_coding(answer, statement, "yes_if" if answer is not answers[2] else "no", coder)
    make_coding(answers[2], statement, "yes", "three")
    panel = reading.panel_of(question)
    (one,) = panel.statements
    assert one.imported is not None
    assert (one.n, one.imported.counts.conditional, one.imported.unclear, one.imported.of) == (0, 2, 1, 3)
    assert [(line.n, line.specialty) for line in one.imported.conditions] == [(2, "neurology")]
    assert [missing.specialty for missing in panel.missing] == [neurology]
    doctor = make_verified()
    answers[0].doctor = doctor
    answers[0].save()
    said = questions.Said(statement, "yes_if", [{"kind": "clearance", "specialty": "neurology", "text": "Neurologist agrees"}])
    assert doctor.person is not None
    interests = questions.Interests(paid="")
    questions.declare(doctor=doctor, person=doctor.person, question=question, said=[said], answer=answers[0], interests=interests)
    (one,) = reading.panel_of(question).statements
    assert one.imported is not None
    assert (one.n, one.imported.counts.conditional, one.imported.of) == (1, 1, 2)


def test_lists_are_right_with_the_worker_stopped_and_after_it_ran() -> None:
    question = make_question()
    statement = make_statement(question)
    doctor = make_verified()
    assert doctor.person is not None
    assert lines.lines([question])[question.pk]["label"] == "none"
    deliver_due()
    actions.keep(question)
    questions.declare(
        doctor=doctor, person=doctor.person, question=question, said=[questions.Said(statement, "no")],
        interests=questions.Interests(paid=""),
    )  # fmt: skip
    assert lines.lines([question])[question.pk]["counts"]["no"] == 1
    while deliver_due():
        pass
    kept = Snapshot.objects.get(statement=statement, superseded_at=None)
    assert not kept.stale
    assert kept.data["counts"]["no"] == 1
    assert Snapshot.objects.filter(statement=statement).count() == 2


def test_a_panel_costs_the_same_queries_however_many_stand_on_it() -> None:
    costs = []
    for answers, statements in ((1, 1), (9, 1), (30, 4)):
        question = make_question()
        rows = [make_statement(question, f"The treatment is acceptable {number}.") for number in range(statements)]
        for _ in range(answers):
            doctor = make_verified()
            answer = make_answer(question, doctor=doctor)
            for row in rows:
                make_stance(row, doctor=doctor, answer=answer)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            panel = reading.panel_of(question)
            [data(panel, one) for one in panel.statements]
        costs.append(len(seen))
    assert len(set(costs)) == 1
    assert costs[0] <= 6


def test_a_doctor_who_asked_is_refused_and_an_old_stance_of_theirs_is_not_even_listed() -> None:
    doctor = make_verified()
    assert doctor.person is not None
    question = make_question(person=doctor.person)
    statement = make_statement(question)
    with pytest.raises(questions.NotAllowed, match="You asked this question"):
        questions.declare(
            doctor=doctor, person=doctor.person, question=question, said=[questions.Said(statement, "yes")],
            interests=questions.Interests(paid=""),
        )  # fmt: skip
    make_stance(statement, doctor=doctor)
    (one,) = reading.panel_of(question).statements
    assert (one.n, one.others, one.not_counted()) == (0, (), [])
    questions.withdraw_question(person=doctor.person, question=question)
    make_answer(question_two := make_question(person=doctor.person))
    make_stance(make_statement(question_two), doctor=doctor)
    questions.withdraw_question(person=doctor.person, question=question_two)
    question_two.refresh_from_db()
    assert reading.panel_of(question_two).statements[0].n == 0


def test_who_holds_a_profile_later_has_not_said_what_was_said_under_it() -> None:
    question = make_question()
    statement = make_statement(question)
    doctor = make_verified()
    make_stance(statement, doctor=doctor)
    doctors.release(doctor=doctor)
    doctor.refresh_from_db()
    with pytest.raises(doctors.Refused, match="Nobody holds this profile"):
        doctors.grant_credential(editor=make_person(roles=("editor",)), doctor=doctor, jurisdiction="Examplia")
    other = make_person()
    doctors.claim(doctor=doctor, person=other)
    doctor.refresh_from_db()
    doctors.grant_credential(editor=make_person(roles=("editor",)), doctor=doctor, jurisdiction="Examplia")
    assert reading.panel_of(question).statements[0].n == 0


def test_a_statement_reworded_under_an_open_form_is_another_statement() -> None:
    asker = make_person()
    question = make_question(person=asker)
    shown = make_statement(question, "Rest is acceptable.")
    questions.edit_statement(person=asker, statement=shown, text="Surgery is acceptable.", kind="safe")
    doctor = make_verified()
    assert doctor.person is not None
    with pytest.raises(questions.NotAllowed, match="have changed"):
        questions.declare(
            doctor=doctor, person=doctor.person, question=question, said=[questions.Said(shown, "yes")],
            interests=questions.Interests(paid=""),
        )  # fmt: skip


def test_a_doctor_stands_in_one_row_alone() -> None:
    doctor = make_verified()
    question = make_question(source=make_source())
    statement = make_statement(question)
    copy = make_imported_answer(question, source=question.source, doctor=doctor)
    for coder in ("one", "two"):
        make_coding(copy, statement, "no", coder)
    make_stance(statement, "yes", doctor=doctor)
    (one,) = reading.panel_of(question).statements
    assert (one.n, one.imported) == (1, None)


def test_stances_go_with_a_withdrawn_answer() -> None:
    question = make_question()
    statement = make_statement(question)
    doctor = make_verified()
    assert doctor.person is not None
    answer = make_answer(question, doctor=doctor)
    make_stance(statement, doctor=doctor, answer=answer)
    questions.withdraw_answer(person=doctor.person, answer=answer)
    assert reading.panel_of(question).statements[0].not_counted() == [(Reason.WITHDRAWN, 1)]
    assert questions.affirm(doctor=doctor, person=doctor.person, question=question) == 0
