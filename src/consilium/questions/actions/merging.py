"""Making one question of two that ask the same, and two of them again."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from consilium.accounts.models import Person
from consilium.doctors.models import Doctor
from consilium.journal.actions import record
from consilium.questions import facts
from consilium.questions.actions.errors import NotAllowed, require
from consilium.questions.actions.keeping import bump, recount
from consilium.questions.actions.likeness import decide_pair
from consilium.questions.models import (
    Answer,
    Coding,
    Comment,
    Disclosure,
    Follow,
    Merge,
    Moved,
    Question,
    Stance,
    Statement,
)
from consilium.topics.models import Topic


@transaction.atomic
def merge(*, person: Person, question: Question, canonical: Question, note: str = "") -> Merge:
    """Join a question to another one that asks the same; its address leads there from now on (for `unmerge`: 90 days).

    Its answers move along, but for those of doctors who have answered there already or asked there. A stance moves with
    its answer if the same statement stands there; else it stays where it was, counts no more, and its doctor is asked.
    Followers follow the other one, too. Both keep their addresses.
    """
    held, kept = _hold_both(question, canonical)
    require(
        person, "question.merge", held.state, why=_("Only an editor can join two questions, and only while both can be read.")
    )
    _check_target(kept)
    merged = Merge.objects.create(
        question=held, canonical=kept, was=held.state, was_variant_of=held.variant_of, was_difference=held.difference,
        note=note, by=person,
    )  # fmt: skip
    group = _leave_group(held, kept)
    held.state, held.merged_into = Question.State.DUPLICATE, kept
    held.save(update_fields=["state", "merged_into", "variant_of", "difference"])
    Topic.objects.filter(about__question=held).update(question_count=F("question_count") - 1)
    answers, statements = _take_along(merged)
    _add_followers(merged, len(answers))
    decide_pair(person=person, pair=(held.pk, kept.pk), joined=True)
    for pk in (held.pk, kept.pk):
        recount(pk)
    bump({held.pk, kept.pk, *group, *_naming(held)})
    record(facts.MERGED, subject=f"question:{held.pk}", actor=person.pk, merge=merged.pk, canonical=kept.pk)
    _tell_moved(held.pk, kept.pk, answers, statements)
    return merged


@transaction.atomic
def unmerge(*, person: Person, merge: Merge) -> Question:
    """Make two questions again of what was joined less than 90 days ago: what moved goes back, if it is still there."""
    held, kept = _hold_both(merge.question, merge.canonical)
    current = Merge.objects.select_for_update().get(pk=merge.pk)
    require(person, "question.unmerge", held.state, why=_("These questions are not joined, or you are not an editor."))
    if current.undone_at is not None or held.merged_into_id != kept.pk:
        raise NotAllowed(_("These questions are two again already."))
    if not current.reversible:
        raise NotAllowed(_("They were joined more than 90 days ago, so this can be undone no more."))
    current.undone_by, current.undone_at = person, timezone.now()
    current.save(update_fields=["undone_by", "undone_at"])
    held.state, held.merged_into = Question.State(current.was), None
    group = _rejoin_group(held, current)
    held.save(update_fields=["state", "merged_into", "variant_of", "difference"])
    Topic.objects.filter(about__question=held).update(question_count=F("question_count") + 1)
    answers, statements = _bring_back(current)
    Follow.objects.filter(pk__in=current.moved.exclude(follow=None).values("follow")).delete()
    for pk in (held.pk, kept.pk):
        recount(pk)
    bump({held.pk, kept.pk, *group, *_naming(held)})
    record(facts.UNMERGED, subject=f"question:{held.pk}", actor=person.pk, merge=current.pk, canonical=kept.pk)
    _tell_moved(kept.pk, held.pk, answers, statements)
    return held


def _hold_both(first: Question, second: Question) -> tuple[Question, Question]:
    """Both as they are now, locked in the order of their numbers, so that two merges cannot wait for each other."""
    if first.pk == second.pk:
        raise NotAllowed(_("This is the same question. Name another one."))
    rows = {row.pk: row for row in Question.objects.select_for_update().filter(pk__in=[first.pk, second.pk]).order_by("pk")}
    if len(rows) != 2:
        raise NotAllowed(_("One of these questions is gone: the person who asked has taken it back."))
    return rows[first.pk], rows[second.pk]


def _check_target(kept: Question) -> None:
    if kept.state not in Question.PUBLIC:
        raise NotAllowed(_("The other question cannot be read any more, so nothing can be joined to it."))


def _leave_group(held: Question, kept: Question) -> list[int]:
    """Nothing is a variant of a duplicate: its variants follow the question it is joined to. Numbers of all concerned."""
    variants = list(held.variants.values_list("pk", flat=True))
    if kept.variant_of_id == held.pk:  # joined to one of its own variants: that one stands for the group now
        kept.variant_of, kept.difference = None, ""
        kept.save(update_fields=["variant_of", "difference"])
    root = kept.variant_of or kept
    Question.objects.filter(pk__in=variants).exclude(pk=root.pk).update(variant_of=root)
    beside = list(Question.objects.filter(Q(variant_of=root.pk) | Q(variant_of=held.variant_of_id)).values_list("pk", flat=True))
    held.variant_of, held.difference = None, ""
    return [root.pk, *variants, *beside]


def _rejoin_group(held: Question, current: Merge) -> list[int]:
    """It is a variant again of what it was one of, where that still leads a group. Numbers of all concerned."""
    root = current.was_variant_of
    if root is None or root.variant_of_id is not None or root.state not in Question.PUBLIC:
        return []
    held.variant_of, held.difference = root, current.was_difference
    return [root.pk, *root.variants.values_list("pk", flat=True)]


def _take_along(merged: Merge) -> tuple[list[int], list[tuple[int, int]]]:
    """Move answers with their stances, codings and comments; the numbers of the answers, and pairs of the same statements."""
    held, kept = merged.question, merged.canonical
    there = set(Answer.objects.filter(question=kept, state=Answer.State.PUBLISHED).values_list("doctor", flat=True)) - {None}
    answers = [
        row
        for row in held.answers.filter(state=Answer.State.PUBLISHED).select_related("doctor").order_by("place", "pk")
        if row.doctor is None or (row.doctor_id not in there and not _asked(kept, row.doctor))
    ]
    Moved.objects.bulk_create([Moved(merge=merged, answer=row, place=row.place) for row in answers])
    last = Answer.objects.filter(question=kept).aggregate(last=Max("place"))["last"] or 0
    for place, row in enumerate(answers, last + 1):
        row.question, row.place = kept, place
    Answer.objects.bulk_update(answers, ["question", "place"], batch_size=500)
    numbers = [row.pk for row in answers]
    Comment.objects.filter(answer__in=numbers).update(question=kept)
    doctors = {row.doctor_id for row in answers if row.doctor_id}
    _copy_disclosures(held, kept, doctors)
    same = _same_statements(held, kept)
    _move_stances(merged, same, set(numbers), doctors)
    _move_codings(merged, same, numbers)
    return numbers, sorted(same.items())


def _asked(question: Question, doctor: Doctor) -> bool:
    """Nobody answers their own question, by a merge neither."""
    return question.asked_by_id is not None and doctor.person_id == question.asked_by_id


def _same_statements(held: Question, kept: Question) -> dict[int, int]:
    """Pairs of active statements with the same words, in the same language and of the same kind."""
    there = {_words(row): row.pk for row in kept.statements.active()}
    return {row.pk: there[_words(row)] for row in held.statements.active() if _words(row) in there}


def _words(row: Statement) -> tuple[str, str, str]:
    return " ".join(row.text.casefold().split()), row.kind, row.language


def _move_stances(merged: Merge, same: dict[int, int], answers: Collection[int], doctors: Iterable[int]) -> None:
    """Stances of the answers that moved, and co-signatures without an answer; not where the doctor has one there already."""
    current = Stance.objects.current().filter(statement__in=same)
    taken = set(Stance.objects.current().filter(statement__in=same.values()).values_list("doctor", "statement"))
    moving = [
        row
        for row in current.select_related("doctor").order_by("pk")
        if (row.answer_id in answers or row.answer_id is None)
        and (row.doctor_id, same[row.statement_id]) not in taken
        and not _asked(merged.canonical, row.doctor)
    ]
    Moved.objects.bulk_create([Moved(merge=merged, stance=row, statement=row.statement_id) for row in moving])
    for row in moving:
        row.statement_id = same[row.statement_id]
    Stance.objects.bulk_update(moving, ["statement"], batch_size=500)
    _copy_disclosures(merged.question, merged.canonical, {row.doctor_id for row in moving}.difference(doctors))


def _move_codings(merged: Merge, same: dict[int, int], answers: list[int]) -> None:
    moving = list(Coding.objects.filter(answer__in=answers, statement__in=same).order_by("pk"))
    Moved.objects.bulk_create([Moved(merge=merged, coding=row, statement=row.statement_id) for row in moving])
    for row in moving:
        row.statement_id = same[row.statement_id]
    Coding.objects.bulk_update(moving, ["statement"], batch_size=500)


def _copy_disclosures(held: Question, kept: Question, doctors: Iterable[int]) -> None:
    rows = Disclosure.objects.filter(question=held, doctor__in=list(doctors))
    Disclosure.objects.bulk_create(
        [Disclosure(doctor_id=row.doctor_id, question=kept, paid=row.paid, at=row.at) for row in rows], ignore_conflicts=True
    )


def _add_followers(merged: Merge, seen: int) -> None:
    """Who followed the one follows the other; the answers that came along are known to them."""
    follows = Follow.objects.filter(question=merged.question).exclude(person__follows__question=merged.canonical)
    people = list(follows.order_by("pk").values_list("person", flat=True))
    added = Follow.objects.bulk_create(
        [Follow(person_id=person, question=merged.canonical, seen_answers=seen) for person in people], batch_size=500
    )
    Moved.objects.bulk_create([Moved(merge=merged, follow=row) for row in added], batch_size=500)


def _bring_back(merged: Merge) -> tuple[list[int], list[tuple[int, int]]]:
    held, kept = merged.question, merged.canonical
    rows = list(merged.moved.select_related("answer", "stance", "coding").order_by("pk"))
    places = {row.answer_id: row.place for row in rows if row.answer_id}
    answers = [row.answer for row in rows if row.answer and row.answer.question_id == kept.pk]
    for answer in answers:
        answer.question, answer.place = held, places[answer.pk]
    Answer.objects.bulk_update(answers, ["question", "place"], batch_size=500)
    numbers = [answer.pk for answer in answers]
    Comment.objects.filter(answer__in=numbers).update(question=held)
    back = {(row.stance.statement_id, row.statement) for row in rows if row.stance}
    back |= {(row.coding.statement_id, row.statement) for row in rows if row.coding}
    _send_back(rows)
    return numbers, sorted((now, before) for now, before in back if before is not None)


def _send_back(rows: list[Moved]) -> None:
    """Stances and codings return to their statements, unless those are gone."""
    known = set(Statement.objects.filter(pk__in=[row.statement for row in rows if row.statement]).values_list("pk", flat=True))
    stances, codings = [], []
    for row in rows:
        if row.statement not in known:
            continue
        if row.stance:
            row.stance.statement_id = row.statement
            stances.append(row.stance)
        if row.coding:
            row.coding.statement_id = row.statement
            codings.append(row.coding)
    Stance.objects.bulk_update(stances, ["statement"], batch_size=500)
    Coding.objects.bulk_update(codings, ["statement"], batch_size=500)


def _tell_moved(origin: int, target: int, answers: list[int], statements: list[tuple[int, int]]) -> None:
    """`statements`: pairs of numbers, from and to. Both pages have changed, so both are subjects."""
    record(facts.ANSWERS_MOVED, subject=f"question:{target}", answers=answers, statements=statements)
    record(facts.ANSWERS_MOVED, subject=f"question:{origin}", answers=[], statements=[])


def _naming(held: Question) -> list[int]:
    """Questions whose pages name this one as related."""
    return list(held.linked_from.values_list("question", flat=True))
