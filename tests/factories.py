"""Plain functions that make one thing each, with everything a test does not care about filled in."""

from itertools import count
from typing import Any

from django.utils import timezone

from consilium.accounts.models import Person, Role
from consilium.doctors.models import Credential, Doctor, Source
from consilium.lib.markdown import plain, render
from consilium.lib.text import fold, slug
from consilium.questions import actions
from consilium.questions.models import Answer, Coding, Merge, Question, Stance, Statement
from consilium.topics.models import Specialty, Topic

PASSWORD = "a long enough passphrase"
_number = count(1)


def make_person(email: str | None = None, *, roles: tuple[str, ...] = (), **fields: Any) -> Person:
    """Somebody who can sign in with PASSWORD."""
    person = Person.objects.create_user(email or f"person{next(_number)}@example.org", PASSWORD, **fields)
    for role in roles:
        Role.objects.create(person=person, name=role)
    return person


def make_specialty(noun: str = "Dermatology", title: str = "Dermatologist") -> Specialty:
    return Specialty.objects.get_or_create(slug=slug(noun), defaults={"noun": noun, "title": title})[0]


def make_topic(name: str = "", **fields: Any) -> Topic:
    name = name or f"Topic {next(_number)}"
    return Topic.objects.create(name=name, folded=fold(name), slug=slug(name), **fields)


def make_source(**fields: Any) -> Source:
    number = next(_number)
    return Source.objects.create(**{"key": f"source/{number}", "kind": "pages", "name": f"page-{number}.txt"} | fields)


def make_doctor(name: str = "", *, person: Person | None = None, **fields: Any) -> Doctor:
    """A doctor; with `person` the profile is claimed."""
    number = next(_number)
    defaults: dict[str, Any] = {"credentials": "MD", "slug": f"doctor-{number}", "specialty": make_specialty()}
    claimed = {"person": person, "claimed_at": timezone.now()} if person else {}
    return Doctor.objects.create(name=name or f"Ada Examplewood {number}", **(defaults | claimed | fields))


def make_question(title: str = "", *, person: Person | None = None, topics: tuple[Topic, ...] = (), **fields: Any) -> Question:
    """An open question, asked through the action; `fields` are set afterwards."""
    question = actions.ask(
        person=person or make_person(), title=title or f"May I ask question {next(_number)}?", body="Some words.",
        language=fields.pop("language", "en"), topics=topics,
    )  # fmt: skip
    if fields:
        Question.objects.filter(pk=question.pk).update(**fields)
        question.refresh_from_db()
    return question


def make_answer(question: Question, *, doctor: Doctor | None = None, body: str = "Yes, with care.", **fields: Any) -> Answer:
    """A published answer through the action; the doctor's profile is claimed when it is not yet."""
    if doctor is None or doctor.person is None:
        doctor = doctor or make_doctor()
        doctor.person, doctor.claimed_at = make_person(), timezone.now()
        doctor.save()
    answer = actions.answer(
        doctor=doctor, person=doctor.person, question=question, headline=fields.pop("headline", "In short: yes"),
        body=body, language=fields.pop("language", "en"),
    )  # fmt: skip
    if fields:
        Answer.objects.filter(pk=answer.pk).update(**fields)
        answer.refresh_from_db()
    return answer


def make_imported_answer(question: Question, **fields: Any) -> Answer:
    """An answer as an importer leaves it: no account behind it, votes at the source unknown unless given."""
    place = question.answers.count() + 1
    body = fields.pop("body", "As the source had it.")
    defaults: dict[str, Any] = {"source": question.source or make_source(), "place": place, "headline": "From the source"}
    answer = Answer.objects.create(question=question, body=body, body_html=render(body, "markdown"), **(defaults | fields))
    actions.recount(question.pk)
    return answer


def make_verified(name: str = "", **fields: Any) -> Doctor:
    """A doctor with an account, whose licence an editor has confirmed: their stances count."""
    doctor = make_doctor(name, person=fields.pop("person", None) or make_person(), **fields)
    Credential.objects.create(doctor=doctor, level=Credential.Level.SEEN, jurisdiction="Examplia")
    return doctor


def make_statement(
    question: Question, text: str = "The treatment is acceptable.", kind: str = "safe", **fields: Any
) -> Statement:
    place = question.statements.active().count() + 1
    return Statement.objects.create(**{"question": question, "text": text, "kind": kind, "place": place} | fields)


def make_stance(statement: Statement, value: str = "yes", *, doctor: Doctor | None = None, **fields: Any) -> Stance:
    """A current stance of a verified doctor; a conditional value gets a condition unless `conditions` are given."""
    conditional = value in {"yes_if", "no_unless"}
    conditions = [{"kind": "other", "specialty": "", "text": "a small dose first"}] if conditional else []
    defaults = {"conditions": conditions, "source": "declared" if fields.get("answer") else "cosigned", "blind": True}
    return Stance.objects.create(statement=statement, doctor=doctor or make_verified(), value=value, **(defaults | fields))


def make_coding(answer: Answer, statement: Statement, value: str, coder: str, **fields: Any) -> Coding:
    """One coder's reading of a copied answer; the quote is the answer's beginning unless given."""
    conditional = value in {"yes_if", "no_unless"}
    conditions = [{"kind": "clearance", "specialty": "neurology", "text": "the neurologist agrees"}] if conditional else []
    defaults = {"conditions": conditions, "quote": plain(answer.body_html)[:20]}
    return Coding.objects.create(answer=answer, statement=statement, value=value, coder=coder, **(defaults | fields))


def make_merge(question: Question, canonical: Question) -> Merge:
    """An editor joins a question to another one; both objects are as they are afterwards."""
    merge = actions.merge(person=make_person(roles=("editor",)), question=question, canonical=canonical)
    question.refresh_from_db()
    canonical.refresh_from_db()
    return merge
