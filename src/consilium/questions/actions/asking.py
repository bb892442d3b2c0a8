"""Asking, and changing or taking back what one asked."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from consilium.accounts.models import Person
from consilium.journal.actions import record
from consilium.lib.ids import new_key
from consilium.lib.markdown import MARKDOWN, render
from consilium.questions import facts, rules
from consilium.questions.actions.errors import EditConflict, NotAllowed, require
from consilium.questions.actions.keeping import bump, hold, set_topics
from consilium.questions.actions.likeness import as_variant, inherited
from consilium.questions.actions.statements import add_statement
from consilium.questions.models import Question, Revision, Stance, Suggestion
from consilium.topics.models import Topic


@transaction.atomic
def ask(
    *,
    person: Person,
    title: str,
    body: str,
    language: str,
    topics: Iterable[Topic],
    statements: Iterable[tuple[str, str]] = (),
    key: str = "",
    variant_of: Question | None = None,
    difference: str = "",
) -> Question:
    """Publish a question under a new pseudonym, with `statements` (text and kind) for doctors to stand on; its asker follows it.

    `key` names the sending of one form: the same words sent twice under one key (a double click, a retry after a lost
    reply) are one question. A variant of another question starts with the statements of that one.
    """
    require(person, "question.ask", "", why=_("Sign in to ask a question."))
    now = timezone.now()
    question = Question(
        key=key or new_key(), title=title, body=body, body_html=render(body, MARKDOWN), language=language,
        alias=rules.new_alias(), asked_by=person, asked_at=now, listed_at=now,
    )  # fmt: skip
    if variant_of is not None:
        as_variant(question, variant_of, difference)
    earlier = _publish_once(question)
    if earlier is not None:
        return earlier
    set_topics(question=question, topics=topics)
    question.followers.create(person=person)
    _keep_wording(question, person)
    _state(person, question, [*inherited(question), *((text, kind, language) for text, kind in statements)])
    record(facts.ASKED, subject=f"question:{question.pk}", actor=person.pk)
    return question


@transaction.atomic
def edit_question(
    *, person: Person, question: Question, title: str, body: str, based_on: int, difference: str = ""
) -> Question:  # fmt: skip
    """Save another wording. `based_on` is the revision the form showed; a newer one raises EditConflict.

    Once a doctor has answered or taken a stance, only update_question is left: they refer to the old text. `difference`
    ("": as it is) says anew in which situation a variant asks; that has no history of its own.
    """
    held = _held(person, question, "question.edit")
    if is_answered(held):
        raise NotAllowed(_("Doctors have answered this text, so it cannot be changed any more. Add an update instead."))
    if difference and held.variant_of_id:
        _say_difference(held, person, difference)
    return _save_wording(held, person, title, body, based_on)


def is_answered(question: Question) -> bool:
    """Whether doctors have spoken to these words: answered them, or taken a stance on a statement below them."""
    return question.answer_count > 0 or Stance.objects.filter(statement__question=question).exists()


@transaction.atomic
def update_question(*, person: Person, question: Question, text: str, based_on: int) -> Question:
    """Add a dated update below the question."""
    held = _held(person, question, "question.edit")
    heading = _("Update, %(date)s:") % {"date": date_format(timezone.now(), "j F Y")}
    return _save_wording(held, person, held.title, rules.with_update(held.body, text, heading), based_on)


@transaction.atomic
def withdraw_question(*, person: Person, question: Question, keep_text: bool = False) -> None:
    """Take a question back: deleted while unanswered, else freed of its asker so that the answers can stay.

    One that was joined to another, or that another was joined to, stays too: its address leads somewhere.
    """
    held = _held(person, question, "question.withdraw")
    joined = held.state == Question.State.DUPLICATE or held.merged.exists()
    if not held.answers.exists() and not joined:
        Topic.objects.filter(about__question=held).update(question_count=F("question_count") - 1)
        # The pages that name it as related lose a line.
        bump({*held.linked_from.values_list("question", flat=True), *_beside(held)})
        held.delete()
    else:
        _anonymise(held, keep_text=keep_text)
    record(facts.WITHDRAWN, subject=f"question:{question.pk}")


def _state(person: Person, question: Question, statements: Iterable[tuple[str, str, str]]) -> None:
    """Add statements (text, kind, language) while there is a place for one."""
    for text, kind, language in statements:
        if question.statements.count() < rules.STATEMENTS_OF_A_QUESTION:
            add_statement(person=person, question=question, text=text, kind=kind, language=language)


def _beside(held: Question) -> list[int]:
    """Questions that name this one as one in another situation."""
    return list(Question.objects.filter(Q(variant_of=held.pk) | Q(pk=held.variant_of_id)).values_list("pk", flat=True))


def _publish_once(question: Question) -> Question | None:
    """Insert the question, or return the one that was sent before; other words under a used key are a new question."""
    try:
        with transaction.atomic():
            question.save(force_insert=True)
    except IntegrityError:
        words = {"title": question.title, "body": question.body, "asked_by": question.asked_by}
        earlier = Question.objects.filter(key=question.key, **words).first()
        if earlier is not None:
            return earlier
        question.key = new_key()
        question.save(force_insert=True)
    return None


def _held(person: Person, question: Question, action: str) -> Question:
    held = hold(question)
    why = _("Only the person who asked can do this, and only while the question is open.")
    require(person, action, held.state, owner=held.asked_by_id == person.pk, why=why)
    return held


def _save_wording(held: Question, person: Person, title: str, body: str, based_on: int) -> Question:
    if held.revision != based_on:
        raise EditConflict(held)
    if (held.title, held.body) == (title, body):
        return held
    if not held.revisions.exists():
        _keep_wording(held, held.asked_by)  # it came without one
    held.title, held.body, held.body_html = title, body, render(body, held.body_format)
    held.revision, held.edited_at = held.revision + 1, timezone.now()
    held.save(update_fields=["title", "body", "body_html", "revision", "edited_at"])
    _keep_wording(held, person)
    bump([held.pk])
    record(facts.EDITED, subject=f"question:{held.pk}", actor=person.pk, revision=held.revision)
    return held


def _say_difference(held: Question, person: Person, difference: str) -> None:
    if held.difference == difference:
        return
    held.difference = difference
    held.save(update_fields=["difference"])
    bump([held.pk])
    record(facts.EDITED, subject=f"question:{held.pk}", actor=person.pk, revision=held.revision)


def _keep_wording(question: Question, person: Person | None) -> None:
    Revision.objects.create(
        question=question, number=question.revision, title=question.title, body=question.body,
        body_format=question.body_format, person=person, at=question.edited_at or question.listed_at,
    )  # fmt: skip


def _anonymise(held: Question, *, keep_text: bool) -> None:
    held.statements.update(created_by=None)
    # With the asker gone nothing would say any more that such a stance must not count.
    own = Stance.objects.filter(statement__question__in=_joined(held), doctor__person=held.asked_by, withdrawn_at=None)
    elsewhere = set(own.values_list("statement__question", flat=True)) - {held.pk}
    own.update(withdrawn_at=timezone.now())
    for number in sorted(elsewhere):
        record(facts.STANCES_WITHDRAWN, subject=f"question:{number}")  # whose they were would say who asked
    # It was made with the question, so its time would say who asked.
    held.followers.filter(person=held.asked_by).delete()
    held.asked_by = None
    held.alias = ""
    # Earlier wordings had been taken back already; with the asker gone nobody could take them back again.
    held.revisions.exclude(number=held.revision).delete()
    beside = _beside(held)
    if not keep_text:
        _empty(held)
    held.save(update_fields=["asked_by", "alias", "body", "body_html", "variant_of", "difference"])
    held.revisions.update(person=None)
    bump({*_joined(held), *beside})


def _joined(held: Question) -> list[int]:
    """The question and those it was joined to, one after the other: what holds for its asker holds there, too."""
    found, target = [held.pk], held.merged_into
    while target is not None:
        found.append(target.pk)
        target = target.merged_into
    return found


def _empty(held: Question) -> None:
    """Take out what the asker told of themselves: the details, and the situation with the link that it explains."""
    held.body = held.body_html = held.difference = ""
    held.variant_of = None
    held.revisions.update(body="", comment="")
    held.merges.update(was_variant_of=None, was_difference="")
    Suggestion.objects.filter(Q(question=held) | Q(other=held)).update(difference="")
