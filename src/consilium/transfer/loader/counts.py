"""Keeping the repeated columns true after a batch, from the rows themselves."""

from __future__ import annotations

from django.db import connection
from django.db.models import Count, Max, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from consilium.doctors.models import Doctor
from consilium.questions.actions import bump
from consilium.questions.actions.keeping import recount_doctors
from consilium.questions.models import Answer, HelpfulVote, Question, QuestionTopic, Stance, Statement
from consilium.transfer.loader.batch import Batch
from consilium.transfer.loader.bulk import among

PUBLISHED = Answer.State.PUBLISHED


def settle(batch: Batch) -> None:
    """Counts of answers and votes, times of last answers, and the versions of all pages that show something else now."""
    _recount_questions(batch.recount)
    _recount_doctors(batch.doctors)
    _recount_votes(batch.voted)
    if batch.changed_doctors:
        batch.stands.update(Stance.objects.filter(doctor__in=batch.changed_doctors).values_list("statement__question", flat=True))
    shown = batch.shown_changes | batch.recount | batch.stands
    # What an answer's change, or a doctor's, does to the consensus of its question.
    batch.stands.update(Statement.objects.filter(question__in=among(shown)).values_list("question", flat=True))
    if batch.voted:
        shown.update(Answer.objects.filter(pk__in=batch.voted).values_list("question", flat=True))
    if batch.changed_doctors:
        shown.update(Answer.objects.filter(doctor__in=batch.changed_doctors).values_list("question", flat=True))
    if old := shown - batch.new_questions:
        bump(old)


def _recount_questions(questions: set[int]) -> None:
    if not questions:
        return
    _lock(Question, questions)
    answers = Answer.objects.filter(question=OuterRef("pk"), state=PUBLISHED).order_by().values("question")
    Question.objects.filter(pk__in=among(questions)).update(
        answer_count=Coalesce(Subquery(answers.annotate(n=Count("pk")).values("n")), 0),
        last_answer_at=Subquery(answers.annotate(last=Max("listed_at")).values("last")),
    )
    same: QuerySet[Question] = Question.objects.filter(pk=OuterRef("question"))
    lines = QuestionTopic.objects.filter(question__in=among(questions))
    lines.update(answer_count=Subquery(same.values("answer_count")), listed_at=Subquery(same.values("listed_at")))


def _recount_doctors(doctors: set[int]) -> None:
    if not doctors:
        return
    _lock(Doctor, doctors)
    recount_doctors(doctors)


def _recount_votes(answers: set[int]) -> None:
    if not answers:
        return
    _lock(Answer, answers)
    votes = HelpfulVote.objects.filter(answer=OuterRef("pk")).order_by().values("answer")
    Answer.objects.filter(pk__in=answers).update(helpful_count=Coalesce(Subquery(votes.annotate(n=Count("pk")).values("n")), 0))


def _lock(model: type[Model], numbers: set[int]) -> None:
    """Hold the rows, so that what is counted next includes what others were just writing."""
    if connection.features.has_select_for_update:
        list(model._default_manager.select_for_update().filter(pk__in=numbers).order_by("pk").values_list("pk"))
