"""Questions with a panel that is the same each time, for the browser to read."""

from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from consilium.consensus.actions import keep
from consilium.doctors.models import Interest
from consilium.evidence.models import Citation, Work
from consilium.questions.models import Question
from consilium.topics.actions import set_need

NEPHROLOGIST = {"kind": "clearance", "specialty": "nephrology", "text": "your nephrologist agrees first"}
NAMES = ("Ann One", "Bea Two", "Cid Three", "Dan Four", "Eva Five", "Fay Six", "Gus Seven", "Hal Eight", "Ida Nine")


def nine(make: Any) -> Question:
    """Two against, four with a condition, three for; one of them signs without writing; a chair that can be filled."""
    nephrology = make.make_specialty("Nephrology", "Nephrologist")
    illness, treatment = make.make_topic("An illness of the browser"), make.make_topic("A browser cure", kind="treatment")
    set_need(topic=illness, specialty=nephrology, role="primary")
    make.make_verified("Zoe Willing", specialty=nephrology, takes_invitations=True)
    question = make.make_question("Is the browser’s treatment safe for me?", topics=(illness, treatment))
    statement = make.make_statement(question, "The treatment is acceptable for someone with this illness.")
    fact = make.make_statement(question, "It works within a week.", "fact")
    for number, value in enumerate(("no", "yes_if", "yes", "yes_if", "no", "yes", "yes_if", "no_unless", "yes")):
        doctor = make.make_verified(NAMES[number])
        Interest.objects.create(doctor=doctor, topic=treatment, offers="yes" if number else "no", at=timezone.now())
        answer = make.make_answer(question, doctor=doctor, headline=f"Answer {number + 1}") if number < 8 else None
        fields = {"conditions": [NEPHROLOGIST]} if value in {"yes_if", "no_unless"} else {}
        make.make_stance(statement, value, doctor=doctor, answer=answer, **fields)
        if number < 2:
            make.make_stance(fact, "yes", doctor=doctor, answer=answer)
            work = Work.objects.create(key=f"doi:10.1/panel.{number}", doi=f"10.1/panel.{number}", kind="rct", title="A trial")
            Citation.objects.create(work=work, answer=answer, statement=statement, direction="supports")
    keep(question)
    return question


def many(make: Any) -> Question:
    """Sixty answers on four statements, in every position."""
    question = make.make_question("What do sixty of them say?")
    rows = [make.make_statement(question, f"It is acceptable in the case {number}.") for number in range(4)]
    for number in range(60):
        doctor = make.make_verified(f"Doctor of Many {number}")
        answer = make.make_answer(question, doctor=doctor)
        for place, row in enumerate(rows):
            value = ("yes", "yes_if", "no", "yes", "cannot_say", "not_addressed")[(number + place) % 6]
            make.make_stance(row, value, doctor=doctor, answer=answer)
    return question


def copied(make: Any) -> Question:
    """Four copied answers, three of them read alike by two editors."""
    source = make.make_source(name="panel", captured_at=datetime(2015, 3, 12, tzinfo=UTC))
    question = make.make_question("Was this asked elsewhere?", source=source, state="archived", asked_by=None, alias="")
    statement = make.make_statement(question, "The treatment is acceptable for everybody.")
    for number, value in enumerate(("yes_if", "no", "yes_if", "")):
        doctor = make.make_doctor(f"Copied {NAMES[number]}")
        answer = make.make_imported_answer(question, source=source, doctor=doctor)
        for coder in ("one", "two") if value else ():
            make.make_coding(answer, statement, value, coder)
    return question
