"""Saying of two questions that they may ask the same, or the same in another situation; deciding on it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from consilium.accounts.models import Person
from consilium.journal.actions import record
from consilium.questions import facts
from consilium.questions.actions.errors import NotAllowed, require
from consilium.questions.actions.keeping import bump, hold, hold_all
from consilium.questions.models import Question, QuestionLink, Suggestion

A_DAY: Final = 10
"""Suggestions that one person can make in 24 hours."""
GROUP: Final = 100
"""Variants that one question can have: their pages name each other, and each page looks after all of them."""
FOUND_MOST: Final = 3
"""Pairs that the worker puts before the editors for one question."""


@transaction.atomic
def suggest(
    *, question: Question, other: Question, person: Person, kind: str = Suggestion.Kind.DUPLICATE, difference: str = ""
) -> Suggestion:
    """Tell the editors that two questions may ask the same. A pair that was suggested before stays as it is."""
    hold_all([question.pk, other.pk])
    why = _("Sign in to tell the editors; only questions that can be read are compared.")
    require(person, "question.suggest", hold(question).state, why=why)
    if hold(other).state not in Question.PUBLIC:
        raise NotAllowed(_("The other question cannot be read any more."))
    if question.pk == other.pk:
        raise NotAllowed(_("This is the same question. Name another one."))
    since = timezone.now() - timedelta(days=1)
    if Suggestion.objects.filter(suggested_by=person, at__gt=since).count() >= A_DAY:
        raise NotAllowed(_("You have made ten suggestions today. Thank you; go on tomorrow."))
    kept, new = _keep(question.pk, other.pk, kind=kind, difference=difference, suggested_by=person)
    if new:
        record(facts.SUGGESTED, subject=f"question:{kept.question_id}", actor=person.pk, other=kept.other_id)
    return kept


@transaction.atomic
def suggest_found(*, question: int, others: Mapping[int, float]) -> int:
    """Store what the worker found: other questions with the cosine of the titles. How many pairs are new.

    The nearest, until it has found FOUND_MOST for this question, whatever was decided on them.
    """
    rows = Suggestion.objects.filter(Q(question=question) | Q(other=question), suggested_by=None, cosine__gt=0)
    before = {number for pair in rows.values_list("question", "other") for number in pair} - {question}
    new = sorted(others.keys() - before, key=lambda one: (-others[one], one))
    return sum(_found(question, one, others[one]) for one in new[: max(0, FOUND_MOST - len(before))])


@transaction.atomic
def suggest_named(*, first: int, last: int) -> int:
    """Store what sources name as duplicates of the questions with these numbers. How many pairs are new."""
    named = QuestionLink.objects.filter(kind=QuestionLink.Kind.DUPLICATE, question__gte=first, question__lte=last)
    seen = named.filter(question__state__in=Question.PUBLIC, other__state__in=Question.PUBLIC)
    return sum(_found(one, other, 0.0) for one, other in list(seen.order_by("pk").values_list("question", "other")))


@transaction.atomic
def decline(*, person: Person, suggestion: Suggestion) -> None:
    """An editor says that two questions differ; nothing suggests the pair again."""
    held = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    require(person, "editor.open", "", why=_("Only an editor can decide on this."))
    if held.state != Suggestion.State.SUGGESTED:
        raise NotAllowed(_("This has been decided already."))
    _decide(held, person, Suggestion.State.DECLINED)
    record(facts.DECLINED, subject=f"question:{held.question_id}", actor=person.pk, other=held.other_id)


@transaction.atomic
def make_variant(*, person: Person, question: Question, canonical: Question, difference: str) -> Question:
    """Say that a question asks what another one asks, in the situation that `difference` names; its variants follow it."""
    if question.pk == canonical.pk:
        raise NotAllowed(_("This is the same question. Name another one."))
    hold_all([question.pk, canonical.pk])
    held = hold(question)
    require(person, "question.vary", held.state, why=_("Only an editor can do this, and only while the question can be read."))
    root = _root(canonical)
    if root.pk == held.pk:
        raise NotAllowed(_("The other question is a variant of this one already."))
    before = [*_group(held), *_group(root)]
    _check_room(root, len(before))
    held.variants.update(variant_of=root)
    Question.objects.filter(pk=held.pk).update(variant_of=root, difference=difference)
    decide_pair(person=person, pair=(held.pk, canonical.pk), joined=True)
    bump({*before, held.pk, root.pk})
    record(facts.VARIED, subject=f"question:{held.pk}", actor=person.pk, canonical=root.pk)
    held.refresh_from_db()
    return held


@transaction.atomic
def end_variant(*, person: Person, question: Question) -> Question:
    """Say that a question is a variant no more."""
    hold_all([question.pk])
    held = hold(question)
    require(person, "question.vary", held.state, why=_("Only an editor can do this, and only while the question can be read."))
    if held.variant_of is None:
        raise NotAllowed(_("This question is not a variant of another one."))
    before = _group(held.variant_of)
    Question.objects.filter(pk=held.pk).update(variant_of=None, difference="")
    bump({*before, held.pk})
    record(facts.VARIED, subject=f"question:{held.pk}", actor=person.pk, canonical=None)
    held.refresh_from_db()
    return held


def as_variant(question: Question, canonical: Question, difference: str) -> None:
    """Make a question that is being asked a variant of one that can be read; for the action that stores it.

    Raises NotAllowed when the other one can be read no more.
    """
    root = _root(canonical)
    question.variant_of, question.difference = root, difference
    beside = _group(root)
    _check_room(root, len(beside))
    bump(beside)


def inherited(question: Question) -> list[tuple[str, str, str]]:
    """Text, kind and language of the statements that a new variant takes over."""
    if question.variant_of is None:
        return []
    return list(question.variant_of.statements.active().order_by("place").values_list("text", "kind", "language"))


def decide_pair(*, person: Person, pair: tuple[int, int], joined: bool) -> None:
    """Close what was suggested of two questions, now that they are (not) one."""
    later, earlier = max(pair), min(pair)
    state = Suggestion.State.CONFIRMED if joined else Suggestion.State.DECLINED
    for held in Suggestion.objects.filter(question=later, other=earlier, state=Suggestion.State.SUGGESTED):
        _decide(held, person, state)


def _decide(held: Suggestion, person: Person, state: Suggestion.State) -> None:
    held.state, held.decided_by, held.decided_at = state, person, timezone.now()
    held.save(update_fields=["state", "decided_by", "decided_at"])


def _found(one: int, other: int, cosine: float) -> bool:
    """Keep what no person suggested; whether it is new."""
    kept, new = _keep(one, other, cosine=cosine)
    if new:
        record(facts.SUGGESTED, subject=f"question:{kept.question_id}", other=kept.other_id)
    return new


def _keep(one: int, other: int, **said: object) -> tuple[Suggestion, bool]:
    return Suggestion.objects.get_or_create(question_id=max(one, other), other_id=min(one, other), defaults=said)


def _root(canonical: Question) -> Question:
    hold_all([canonical.pk])
    held = hold(canonical)
    root = held.variant_of or held
    if held.state not in Question.PUBLIC or root.state not in Question.PUBLIC:
        raise NotAllowed(_("The other question cannot be read any more."))
    return root


def _check_room(root: Question, members: int) -> None:
    if members > GROUP:
        raise NotAllowed(
            _("“%(title)s” is asked in 100 other situations already. Ask this as a question of its own.") % {"title": root}
        )


def _group(root: Question) -> list[int]:
    """A question and its variants: their pages name each other."""
    return list(Question.objects.filter(Q(pk=root.pk) | Q(variant_of=root.pk)).values_list("pk", flat=True))
