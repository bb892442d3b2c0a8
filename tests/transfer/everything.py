"""A site with one row of each kind at least, with every optional field filled once and left empty once."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from consilium.consensus import actions as consensus
from consilium.consensus.models import Invitation
from consilium.doctors import actions as doctors
from consilium.doctors.models import Claim, Credential, Doctor, Practice
from consilium.evidence.models import Citation, Work
from consilium.lib.text import fold
from consilium.questions import actions
from consilium.questions.models import AnswerOrigin, Comment, Question, QuestionLink, Revision, SourceAuthor, Stance
from consilium.topics.actions import load_specialties, set_need
from consilium.topics.models import Specialty, SpecialtySynonym, TopicSynonym
from tests import factories as make

AT = datetime(2020, 2, 29, 23, 59, 59, 123456, tzinfo=UTC)


def some_of_everything() -> None:
    """One row of each kind at least, with every optional field filled once and left empty once."""
    load_specialties()
    extra = Specialty.objects.create(slug="balneology", noun="Balneology", title="Balneologist")
    SpecialtySynonym.objects.create(specialty=extra, name="Spa medicine", folded="spa medicine")
    sleep = make.make_topic("Sleep", kind="condition", description="Being awake at night.")
    TopicSynonym.objects.create(topic=sleep, name="Insomnia", folded=fold("Insomnia"))
    make.make_topic("Insomnia")  # kept apart here, though the name is a synonym of another topic
    source = make.make_source(kind="pages", url="https://pages.example.org/", licence="CC BY 4.0", captured_at=AT)
    author = SourceAuthor.objects.create(key="elsewhere/user/1", name="N. N.", url="https://pages.example.org/u/1")
    claimed = make.make_doctor("Ines Marlowe-Quist", specialty=extra, badge="B", about="Sees people.", invented=True)
    make.make_doctor("A group", kind="group", source=source, source_rating=Decimal("4.0"), source_reviews=7, city_text="Marin")
    mine = make.make_question("How long is a nap?", topics=(sleep,), asked_at=AT)
    answer = make.make_answer(mine, doctor=claimed)
    reader = make.make_person("reader@example.org")
    actions.vote(person=reader, answer=answer)
    actions.follow(person=reader, question=mine)
    assert claimed.person is not None
    actions.edit_answer(person=claimed.person, answer=answer, headline="Changed", body="Changed *words*.", based_on=1)
    gone = make.make_question("Was this asked?", topics=(sleep,))
    actions.withdraw_question(person=gone.asked_by, question=gone)
    copied = make.make_question(
        "Copied?", source=source, source_author=author, source_votes=-2, source_answer_count=3, state="archived"
    )
    shown = make.make_imported_answer(copied, source_author=author, source_helpful=0, answered_at=AT, listed_at=AT)
    AnswerOrigin.objects.create(
        answer=shown, author_text="Dr N.", specialty=extra, badge="B", rating=Decimal("5.0"), review_count=1
    )
    make.make_imported_answer(copied)
    Comment.objects.create(question=copied, answer=shown, source_author=author, body="Indeed.", at=AT, source_votes=1)
    Comment.objects.create(question=copied, body="No date.")
    Revision.objects.create(
        question=copied, number=7, title="Older?", body="<p>x</p>", body_format="html", source_author=author, at=AT
    )
    QuestionLink.objects.create(question=copied, other=mine, kind="duplicate")
    QuestionLink.objects.create(question=mine, other=copied, kind="related")
    actions.suggest_named(first=mine.pk, last=copied.pk)
    some_stands(extra)
    some_joins()


def some_stands(extra: Specialty) -> None:
    """Statements, stances, conditions, codings, sources, invitations and rounds, made as people make them where that is short."""
    editor = make.make_person(roles=("editor",))
    laser = make.make_topic("Laser", kind="treatment")
    set_need(topic=laser, specialty=extra, role="primary", source="A guideline", actor=make.make_person().pk)
    set_need(topic=laser, specialty=make.make_specialty(), role="consulted")
    question = make.make_question("Is a laser safe at night?", topics=(laser,))
    safe = actions.add_statement(person=editor, question=question, text="A laser is acceptable at night", kind="safe")
    fact = actions.add_statement(
        person=editor, question=question, text="A laser is quiet at night", kind="fact", language="en-GB"
    )
    doctor = _verified(editor, extra)
    _answer(question, doctor)
    Stance.objects.update(affirmed_at=AT, created_at=AT)
    consensus.keep(question)
    said = [actions.Said(safe, "no_unless", [{"kind": "clearance", "specialty": "balneology", "text": "a look first"}], "high")]
    assert doctor.person is not None
    actions.declare(doctor=doctor, person=doctor.person, question=question, said=said, after_discussion=True)
    other = _cosigner(editor, question)
    consensus.open_round(question=question, reason="editor")
    consensus.reply(doctor=doctor, person=doctor.person, question=question, changed=True)
    actions.edit_statement(person=editor, statement=fact, text="A laser is silent at night", kind="fact")
    actions.withdraw_stances(doctor=other, person=other.person, question=question)
    consensus.keep(question)
    Invitation.objects.create(question=question, doctor=other, specialty=extra, invited_by=editor)
    Invitation.objects.create(
        question=question, doctor=make.make_doctor(), specialty=extra, state="declined", reason="time", decided_at=AT
    )
    _copied(editor, extra)


def _verified(editor: make.Person, extra: Specialty) -> Doctor:
    """A doctor whose profile an editor handed over, with colleagues, interests and credentials that ran out."""
    person = make.make_person()
    doctor = make.make_doctor("Ulla Claimed", specialty=extra)
    claim = doctors.request_claim(person=person, doctor=doctor, proof="My licence number is 12345.")
    doctors.approve_claim(editor=editor, claim=claim, jurisdiction="Examplia", expires_at=AT + timedelta(days=9999), note="Seen.")
    Doctor.objects.filter(pk=doctor.pk).update(
        practice=Practice.objects.create(key="practice/1", name="Side by side"), takes_invitations=True
    )
    Credential.objects.create(
        doctor=doctor,
        kind="board",
        specialty=None,
        level=2,
        checked_at=AT,
        revoked_at=AT,
        reason="Left the board.",
        checked_by=None,
    )
    Claim.objects.create(doctor=make.make_doctor(), person=person, proof="My licence number is 6.")  # waits: it stays here
    doctor.refresh_from_db()
    return doctor


def _answer(question: Question, doctor: Doctor) -> None:
    assert doctor.person is not None
    safe, fact = question.statements.order_by("place")
    laser = question.topics.get()
    said = [
        actions.Said(safe, "yes_if", [{"kind": "dose", "specialty": "", "text": "half of it"}]),
        actions.Said(fact, "not_addressed"),
    ]  # fmt: skip
    answer = actions.answer(
        doctor=doctor, person=doctor.person, question=question, headline="Half", body="Half of it.", language="en", said=said,
        interests=actions.Interests(offers={laser.pk: "yes"}, paid="A maker paid for a talk"),
    )  # fmt: skip
    work = Work.objects.create(
        key="doi:10.5555/night", doi="10.5555/night", kind="rct", title="Night", authors="N. N.", container="Invented Letters",
        year=2019, retraction="retracted", retraction_reason="Made up", retracted_on=date(2024, 2, 29), checked_at=AT,
        resolved_at=AT, edited_fields=["title"],
    )  # fmt: skip
    page = Work.objects.create(key="url:https://example.org/n", url="https://example.org/n", kind="guideline")
    Citation.objects.create(
        work=work, answer=answer, statement=safe, direction="supports", applies="same_use", quote="Half.", added_by=doctor.person
    )
    Citation.objects.create(work=page, answer=answer)


def _cosigner(editor: make.Person, question: Question) -> Doctor:
    other = make.make_verified()
    assert other.person is not None
    actions.see_answers(doctor=other, question=question)
    (statement, *_) = question.statements.order_by("place")
    actions.declare(
        doctor=other, person=other.person, question=question, said=[actions.Said(statement, "yes")],
        interests=actions.Interests(offers=dict.fromkeys(question.topics.values_list("pk", flat=True), "undisclosed"), paid=""),
    )  # fmt: skip
    return other


def _copied(editor: make.Person, extra: Specialty) -> None:
    """A page as an importer leaves it, read by an editor here and by somebody known by name alone."""
    source = make.make_source()
    question = make.make_question("Copied at night?", source=source, state="archived", asked_by=None)
    answer = make.make_imported_answer(question, source=source)
    statement = actions.add_statement(person=editor, question=question, text="It is acceptable", kind="recommended")
    actions.code(
        editor=editor, answer=answer, statement=statement, value="yes_if", quote="As the source had it.",
        conditions=[{"kind": "exam", "specialty": "balneology", "text": "a bath"}],
    )  # fmt: skip
    make.make_coding(answer, statement, "not_addressed", "Bea", quote="")
    consensus.keep(question)


def some_joins() -> None:
    """Variants, questions joined one to the next and to an earlier one, one merge that was undone, suggestions of all states."""
    editor, reader = make.make_person(roles=("editor",)), make.make_person()
    sun = make.make_topic("Sun")
    early, late, later, last = (make.make_question(f"May I sit in the sun, {n}?", topics=(sun,)) for n in range(4))
    for question in (early, late, later):
        actions.add_statement(person=editor, question=question, text="Sitting in the sun is acceptable", kind="safe")
    actions.add_statement(person=editor, question=early, text="Glasses help", kind="effective")
    for question in (early, late, later):
        _stand(question, make.make_verified())
        actions.follow(person=reader if question == early else make.make_person(), question=question)
    copied = make.make_imported_answer(early, source=make.make_source())
    make.make_coding(copied, early.statements.get(place=1), "yes", "Bea", quote="As the source had it.")
    actions.make_variant(person=editor, question=last, canonical=early, difference="with a burn")
    actions.make_variant(person=editor, question=early, canonical=late, difference="in winter")
    undone = actions.merge(person=editor, question=later, canonical=late, note="The same.")
    actions.unmerge(person=editor, merge=undone)
    actions.merge(person=editor, question=early, canonical=late)  # names a later question
    actions.merge(person=editor, question=late, canonical=later)
    actions.suggest(question=last, other=later, person=reader, kind="variant", difference="with a burn")
    declined = actions.suggest(question=make.make_question("Rain?"), other=later, person=reader)
    actions.decline(person=editor, suggestion=declined)
    actions.suggest_found(question=later.pk, others={Question.objects.latest("pk").pk: 0.5, last.pk: 0.875})


def _stand(question: Question, doctor: Doctor) -> None:
    """An answer with a stance on every statement."""
    assert doctor.person is not None
    said = [actions.Said(statement, "yes") for statement in question.statements.order_by("place")]
    actions.answer(
        doctor=doctor, person=doctor.person, question=question, headline="Yes", body="Yes.", language="en", said=said,
        interests=actions.Interests(offers={}, paid=""),
    )  # fmt: skip
