"""Questions of every shape that a page can have."""

from datetime import timedelta

from django.utils import timezone

from consilium.doctors import actions as doctors
from consilium.doctors.models import Practice
from consilium.evidence.models import Citation, Work
from consilium.questions.models import AnswerOrigin, Question, SourceAuthor
from consilium.topics.actions import set_need
from tests.factories import (
    make_answer,
    make_coding,
    make_doctor,
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

CLEARED = [{"kind": "clearance", "specialty": "neurology", "text": "the neurologist agrees"}]


def full() -> Question:
    """Asked here: each position, each reason not to count, a gap, a source, two statements."""
    treatment = make_topic("Frownlessin", kind="treatment")
    set_need(topic=treatment, specialty=make_specialty("Neurology", "Neurologist"), role="primary")
    question = make_question("Is Frownlessin safe with MS?", topics=(treatment, make_topic("MS", kind="condition")))
    first, second = make_statement(question), make_statement(question, "The effect lasts a year.", "fact")
    for value in ("yes", "yes", "yes_if", "no_unless", "no", "cannot_say"):
        doctor = make_verified()
        answer = make_answer(question, doctor=doctor)
        more = {"conditions": CLEARED} if value in {"yes_if", "no_unless"} else {}
        make_stance(first, value, doctor=doctor, answer=answer, confidence="high", **more)
        make_stance(second, "not_addressed", doctor=doctor, answer=answer, blind=False, after_discussion=True)
    make_stance(first, "yes")
    _uncounted(question)
    work = Work.objects.create(key="doi:10.5555/1", doi="10.5555/1", kind="guideline", title="A guideline", year=2020)
    cited = question.answers.order_by("place")[0]
    Citation.objects.create(work=work, answer=cited, statement=first, direction="supports", applies="same_use", quote="It is.")
    Citation.objects.create(work=work, answer=cited)
    return question


def _uncounted(question: Question) -> None:
    """One stance for each reason not to count."""
    first = question.statements.get(place=1)
    make_stance(first, "no", doctor=make_doctor(person=make_person()))
    make_stance(first, "no", affirmed_at=timezone.now() - timedelta(days=6 * 365))
    make_stance(first, "no", doctor=make_verified("Wilma Withdrawn"), withdrawn_at=timezone.now())
    make_stance(first, "no", doctor=make_verified(person=question.asked_by))
    revoked = make_verified()
    make_stance(first, "no", doctor=revoked)
    doctors.revoke_credential(editor=make_person(roles=("editor",)), credential=revoked.credentials_held.get(), reason="moved")
    for doctor in (make_verified(), make_verified()):
        doctor.practice = together()
        doctor.save()
        make_stance(first, "cannot_say", doctor=doctor)
    make_answer(question, doctor=make_verified())


def together() -> Practice:
    return Practice.objects.get_or_create(key="practice", name="Together")[0]


def copied() -> Question:
    """Copied from a saved page: no dates, a nameless author, and every way in which editors can have read an answer."""
    source = make_source(name="page-17.txt", captured_at=timezone.now())
    question = make_question(source=source, state="archived", asked_by=None, alias="", asked_at=None)
    statement = make_statement(question)
    said = SourceAuthor.objects.create(key="author/1", name="Someone at the source")
    answers = [make_imported_answer(question, source=source, doctor=make_doctor()) for _ in range(4)]
    answers.append(make_imported_answer(question, source=source, source_author=said, headline=""))
    AnswerOrigin.objects.create(answer=answers[0], author_text="A. Doctor", city_text="Springfield", specialty_text="Healer")
    for answer, values in zip(
        answers, (("yes_if", "no_unless"), ("yes", "no"), ("no",), (), ("not_addressed",) * 2), strict=True
    ):
        for coder, value in zip(("one", "two"), values, strict=False):
            make_coding(answer, statement, value, coder)
    return question


def bare() -> Question:
    """Asked here in a language that runs from the right, without statements or answers."""
    return make_question("هل هذا آمن؟", language="ar", body_html="", body="")
