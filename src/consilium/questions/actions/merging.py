"""Making one question of two that ask the same, and two of them again."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from consilium.accounts.models import Person
from consilium.journal.actions import record
from consilium.questions import facts
from consilium.questions.actions.errors import NotAllowed, require
from consilium.questions.actions.keeping import bump, doctors_of, hold_all, hold_doctors, recount, recount_doctors, settled
from consilium.questions.actions.likeness import decide_pair
from consilium.questions.actions.planning import Plan, plan, same_statements
from consilium.questions.models import (
    Answer,
    Coding,
    Comment,
    Disclosure,
    Follow,
    Merge,
    Moved,
    Question,
    SeenAnswers,
    Stance,
    Statement,
)
from consilium.topics.models import Topic

_Said = TypeVar("_Said", Stance, Coding)


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
    planned = plan(held, kept)  # while both say in which situation they ask
    merged = Merge.objects.create(
        question=held, canonical=kept, was=held.state, was_variant_of=held.variant_of, was_difference=held.difference,
        note=note, by=person,
    )  # fmt: skip
    group = _leave_group(held, kept)
    held.state, held.merged_into = Question.State.DUPLICATE, kept
    held.save(update_fields=["state", "merged_into", "variant_of", "difference"])
    Topic.objects.filter(about__question=held).update(question_count=F("question_count") - 1)
    answers, statements = _take_along(merged, planned)
    decide_pair(person=person, pair=(held.pk, kept.pk), joined=True)
    _recount_both(held, kept)
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
    if kept.is_duplicate:
        raise NotAllowed(_("The question it was joined to has been joined to another one since. Undo that first."))
    if not current.reversible:
        raise NotAllowed(_("They were joined more than 90 days ago, so this can be undone no more."))
    current.undone_by, current.undone_at = person, timezone.now()
    current.save(update_fields=["undone_by", "undone_at"])
    held.state, held.merged_into = Question.State(current.was), None
    group = _rejoin_group(held, current)
    held.save(update_fields=["state", "merged_into", "variant_of", "difference"])
    Topic.objects.filter(about__question=held).update(question_count=F("question_count") + 1)
    answers, statements = _bring_back(current)
    _copy_seen(kept, held)
    _drop_followers(current)
    _recount_both(held, kept)
    bump({held.pk, kept.pk, *group, *_naming(held)})
    record(facts.UNMERGED, subject=f"question:{held.pk}", actor=person.pk, merge=current.pk, canonical=kept.pk)
    _tell_moved(kept.pk, held.pk, answers, statements)
    return held


def _hold_both(first: Question, second: Question) -> tuple[Question, Question]:
    """Both as they are now, locked, and before them the doctors who have a part in them."""
    if first.pk == second.pk:
        raise NotAllowed(_("This is the same question. Name another one."))
    numbers = (first.pk, second.pk)

    def take() -> dict[int, Question] | None:
        doctors = doctors_of(numbers)
        hold_doctors(doctors)
        rows = hold_all(numbers)
        return rows if doctors_of(numbers) <= doctors else None

    rows = settled(take)
    if not rows.keys() >= set(numbers):
        raise NotAllowed(_("One of these questions is gone: the person who asked has taken it back."))
    return rows[first.pk], rows[second.pk]


def _check_target(kept: Question) -> None:
    if kept.state not in Question.PUBLIC:
        raise NotAllowed(_("The other question cannot be read any more, so nothing can be joined to it."))


def _recount_both(held: Question, kept: Question) -> None:
    """Their figures, those of the doctors who have answered them, and how many answers followers can have seen."""
    for pk in (held.pk, kept.pk):
        recount(pk)
        number = Answer.objects.filter(question=pk, state=Answer.State.PUBLISHED).count()
        Follow.objects.filter(question=pk, seen_answers__gt=number).update(seen_answers=number)
    answered = Answer.objects.filter(question__in=(held, kept), doctor__isnull=False)
    recount_doctors(answered.values_list("doctor", flat=True))


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


def _take_along(merged: Merge, planned: Plan) -> tuple[list[int], list[tuple[int, int]]]:
    """Move answers with their stances, codings and comments; the numbers of the answers, and pairs of the same statements."""
    held, kept = merged.question, merged.canonical
    answers = planned.answers
    Moved.objects.bulk_create([Moved(merge=merged, answer=row, place=row.place) for row in answers], batch_size=500)
    last = Answer.objects.filter(question=kept).aggregate(last=Max("place"))["last"] or 0
    for place, row in enumerate(answers, last + 1):
        row.question, row.place = kept, place
    Answer.objects.bulk_update(answers, ["question", "place"], batch_size=500)
    numbers = [row.pk for row in answers]
    Comment.objects.filter(answer__in=numbers).update(question=kept)
    _move_said(merged, "stance", planned.stances, planned.same)
    _move_said(merged, "coding", planned.codings, planned.same)
    spoken = {row.doctor_id for row in answers if row.doctor_id} | {row.doctor_id for row in planned.stances}
    _copy_disclosures(held, kept, spoken)
    _copy_seen(held, kept)
    _add_followers(merged, planned.people, len(answers))
    return numbers, sorted(planned.same.items())


def _move_said(merged: Merge, kind: str, moving: Sequence[_Said], same: dict[int, int]) -> None:
    """Put what was said on a statement ("stance" or "coding") on the same statement of the other question."""
    if not moving:
        return
    rows = [Moved(merge=merged, statement=row.statement_id, **{kind: row}) for row in moving]
    Moved.objects.bulk_create(rows, batch_size=500)
    for row in moving:
        row.statement_id = same[row.statement_id]
    type(moving[0])._default_manager.bulk_update(moving, ["statement"], batch_size=500)


def _copy_disclosures(held: Question, kept: Question, doctors: Iterable[int]) -> None:
    rows = Disclosure.objects.filter(question=held, doctor__in=list(doctors))
    Disclosure.objects.bulk_create(
        [Disclosure(doctor_id=row.doctor_id, question=kept, paid=row.paid, at=row.at) for row in rows], ignore_conflicts=True
    )


def _copy_seen(here: Question, there: Question) -> None:
    """Who has opened the answers that stand there now says nothing blind there."""
    SeenAnswers.objects.bulk_create(
        [SeenAnswers(doctor_id=row.doctor_id, question=there, at=row.at) for row in here.seen_by.all()], ignore_conflicts=True
    )


def _add_followers(merged: Merge, people: Iterable[int], seen: int) -> None:
    """Who followed the one follows the other; the answers that came along are known to them."""
    rows = [Follow(person_id=person, question=merged.canonical, seen_answers=seen) for person in people]
    added = Follow.objects.bulk_create(rows, batch_size=500)
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
    pairs = _pairs_back(rows, held, kept)
    later = list(Stance.objects.filter(answer__in=numbers, statement__in=pairs))
    _copy_disclosures(kept, held, {row.doctor_id for row in later})
    _return_stances({row.pk: (row, pairs[row.statement_id]) for row in later} | _moved_back(rows))
    _return_codings(rows)
    return numbers, sorted(pairs.items())


def _pairs_back(rows: list[Moved], held: Question, kept: Question) -> dict[int, int]:
    """From statements of the question that stays to those of the other which say the same, or did when they were joined."""
    pairs = {there: here for here, there in same_statements(held, kept).items()}
    for row in rows:
        moved = row.stance or row.coding
        if moved is not None and row.statement is not None:
            pairs[moved.statement_id] = row.statement
    known = set(Statement.objects.filter(pk__in=pairs.values()).values_list("pk", flat=True))
    return {now: before for now, before in pairs.items() if before in known}


def _moved_back(rows: list[Moved]) -> dict[int, tuple[Stance, int]]:
    """The stances that came along, each with the statement it came from, unless that is gone."""
    known = set(Statement.objects.filter(pk__in=[row.statement for row in rows if row.statement]).values_list("pk", flat=True))
    return {row.stance.pk: (row.stance, row.statement) for row in rows if row.stance and row.statement in known}


def _return_stances(returning: dict[int, tuple[Stance, int]]) -> None:
    """Those that came along, and what was said since with an answer that goes back: all an answer's stances are in one place.

    Of two by one doctor that would be current on a statement, the later one takes the place of the other.
    """
    for row, target in returning.values():
        row.statement_id = target
    stances = [row for row, _target in returning.values()]
    there = Stance.objects.current().filter(statement__in={row.statement_id for row in stances}).exclude(pk__in=returning)
    last: dict[tuple[int, int], Stance] = {}
    ended = []
    current = [*(row for row in stances if row.superseded_at is None), *there]
    for row in sorted(current, key=lambda one: (one.created_at, one.pk)):
        place = (row.doctor_id, row.statement_id)
        if place in last:
            last[place].superseded_at = row.created_at
            ended.append(last[place])
        last[place] = row
    Stance.objects.bulk_update(ended, ["superseded_at"], batch_size=500)
    Stance.objects.bulk_update(stances, ["statement"], batch_size=500)


def _return_codings(rows: list[Moved]) -> None:
    known = set(Statement.objects.filter(pk__in=[row.statement for row in rows if row.coding]).values_list("pk", flat=True))
    codings = []
    for row in rows:
        if row.coding and row.statement in known:
            row.coding.statement_id = row.statement
            codings.append(row.coding)
    Coding.objects.bulk_update(codings, ["statement"], batch_size=500)


def _drop_followers(current: Merge) -> None:
    """Who follows the other question because of this merge no longer does, unless another merge gives the same reason."""
    kept = current.canonical
    others = {row.question_id: row for row in Merge.objects.filter(canonical=kept, undone_at=None).exclude(pk=current.pk)}
    still = dict(Follow.objects.filter(question__in=others).values_list("person", "question"))
    gone: list[Follow] = []
    heirs: list[Moved] = []
    for row in current.moved.exclude(follow=None).select_related("follow"):
        assert row.follow is not None
        if row.follow.person_id in still:
            row.merge = others[still[row.follow.person_id]]
            heirs.append(row)
        else:
            gone.append(row.follow)
    Moved.objects.bulk_update(heirs, ["merge"], batch_size=500)
    Follow.objects.filter(pk__in=[row.pk for row in gone]).delete()


def _tell_moved(origin: int, target: int, answers: list[int], statements: list[tuple[int, int]]) -> None:
    """`statements`: pairs of numbers, from and to. Both pages have changed, so both are subjects."""
    record(facts.ANSWERS_MOVED, subject=f"question:{target}", answers=answers, statements=statements)
    record(facts.ANSWERS_MOVED, subject=f"question:{origin}", answers=[], statements=[])


def _naming(held: Question) -> list[int]:
    """Questions whose pages name this one as related."""
    return list(held.linked_from.values_list("question", flat=True))
