"""What a reader does: find an answer helpful, follow a question."""

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from consilium.accounts.models import Person
from consilium.doctors.standing import profile_of
from consilium.journal.actions import record
from consilium.questions import facts
from consilium.questions.actions.errors import NotAllowed, require
from consilium.questions.actions.keeping import bump, hold, hold_answer
from consilium.questions.models import Answer, Follow, HelpfulVote, Question


@transaction.atomic
def vote(*, person: Person, answer: Answer) -> bool:
    """Find an answer helpful. Doing it twice is doing it once: returns whether this call made the vote."""
    require(person, "answer.vote", answer.state, why=_("This answer has been taken back, so it cannot be voted on."))
    profile = profile_of(person)
    if answer.written_by_id == person.pk or (profile and answer.doctor_id == profile.pk):
        raise NotAllowed(_("You wrote this answer, so you cannot vote on it."))
    if not _insert_vote(person, answer):
        return False
    _count(answer, 1)
    record(facts.VOTED, subject=f"answer:{answer.pk}", actor=person.pk)
    return True


@transaction.atomic
def unvote(*, person: Person, answer: Answer) -> bool:
    """Take the vote back; returns whether there was one."""
    removed, _rows = HelpfulVote.objects.filter(answer=answer, person=person).delete()
    if not removed:
        return False
    _count(answer, -1)
    record(facts.UNVOTED, subject=f"answer:{answer.pk}", actor=person.pk)
    return True


@transaction.atomic
def follow(*, person: Person, question: Question) -> None:
    """Keep a question on one's list; what it has now counts as seen."""
    held = hold(question)
    require(person, "question.follow", held.state, why=_("This question cannot be followed."))
    _row, created = Follow.objects.get_or_create(person=person, question=held, defaults={"seen_answers": held.answer_count})
    if created:
        record(facts.FOLLOWED, subject=f"question:{question.pk}", actor=person.pk)


@transaction.atomic
def unfollow(*, person: Person, question: Question) -> None:
    """Take a question off one's list."""
    removed, _rows = Follow.objects.filter(person=person, question=question).delete()
    if removed:
        record(facts.UNFOLLOWED, subject=f"question:{question.pk}", actor=person.pk)


def mark_seen(*, person: Person, question: Question) -> None:
    """Remember that a follower has seen the answers there are. Nobody is told."""
    Follow.objects.filter(person=person, question=question).exclude(seen_answers=question.answer_count).update(
        seen_answers=question.answer_count
    )


def _insert_vote(person: Person, answer: Answer) -> bool:
    # The ORM's ignore_conflicts does not tell whether a row was made; the row count does, without a lock or a retry.
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {HelpfulVote._meta.db_table} (answer_id, person_id, created_at) VALUES (%s, %s, %s)"  # noqa: S608  # our own table name
            " ON CONFLICT (answer_id, person_id) DO NOTHING",
            [answer.pk, person.pk, timezone.now()],
        )
        return bool(cursor.rowcount)


def _count(answer: Answer, change: int) -> None:
    # The question before the answer, as a merge locks them; whoever waited for one finds the answer elsewhere.
    counted = {"helpful_count": F("helpful_count") + change}
    bump([answer.question_id])
    if not Answer.objects.filter(pk=answer.pk, question=answer.question_id).update(**counted):
        held = hold_answer(answer)
        Answer.objects.filter(pk=held.pk).update(**counted)
        bump([held.question_id])
