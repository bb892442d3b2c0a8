"""Questions that ask the same: pairs that may, merges with what they moved."""

from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from consilium.accounts.models import Person
from consilium.lib.ids import new_key
from consilium.questions.models.answer import Answer
from consilium.questions.models.question import Follow, Question
from consilium.questions.models.stance import Coding, Stance

REVERSIBLE: Final = timedelta(days=90)
"""How long a merge can be undone."""


class Merge(models.Model):
    """`question` was found to ask the same as `canonical`. At most one merge of a question is not undone.

    `was` is the state it had; `was_variant_of` and `was_difference` are what it was a variant of.
    """

    key = models.CharField(max_length=200, unique=True, default=new_key)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="merges")
    canonical = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="taken_over")
    was = models.CharField(max_length=12, choices=Question.State.choices)
    was_variant_of = models.ForeignKey(Question, on_delete=models.SET_NULL, null=True, related_name="+")
    was_difference = models.CharField(max_length=Question.DIFFERENCE_LIMIT, blank=True)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question"], condition=Q(undone_at=None), name="one_merge_at_a_time"),
            models.CheckConstraint(condition=Q(was__in=["open", "closed", "archived"]), name="merged_from_a_public_state"),
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="merge_newest")]

    def __str__(self) -> str:
        return f"{self.question_id} into {self.canonical_id}"

    @property
    def until(self) -> datetime:
        """When it can be undone no more."""
        return self.at + REVERSIBLE

    @property
    def reversible(self) -> bool:
        return self.undone_at is None and timezone.now() < self.until


class Moved(models.Model):
    """What a merge took along, to be brought back if it is undone: an answer, a stance or a coding (with the statement it
    was on), or a follow that it added."""

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="moved")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, null=True, related_name="moves")
    stance = models.ForeignKey(Stance, on_delete=models.CASCADE, null=True, related_name="+")
    coding = models.ForeignKey(Coding, on_delete=models.CASCADE, null=True, related_name="+")
    follow = models.ForeignKey(Follow, on_delete=models.CASCADE, null=True, related_name="+")
    place = models.PositiveIntegerField(default=0)
    """Of an answer: the one it had on the page that it came from."""
    statement = models.BigIntegerField(null=True)
    """Of a stance or coding: the number of the statement that it came from."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__isnull=False, stance=None, coding=None, follow=None)
                | Q(answer=None, stance__isnull=False, coding=None, follow=None, statement__isnull=False)
                | Q(answer=None, stance=None, coding__isnull=False, follow=None, statement__isnull=False)
                | Q(answer=None, stance=None, coding=None, follow__isnull=False),
                name="moved_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"moved by merge {self.merge_id}"


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def waiting(self) -> "SuggestionQuerySet":
        """Those that an editor has to decide on: both questions can still be seen."""
        public = Question.PUBLIC
        return self.filter(state=Suggestion.State.SUGGESTED, question__state__in=public, other__state__in=public)


class Suggestion(models.Model):
    """Two questions may ask the same; `question` is the later of the two.

    `suggested_by` None: the worker found it, by the cosine of the titles (0 for what a source named). `difference` is what
    whoever suggests a variant says of it.
    """

    class Kind(models.TextChoices):
        DUPLICATE = "duplicate"
        VARIANT = "variant"

    class State(models.TextChoices):
        SUGGESTED = "suggested"
        CONFIRMED = "confirmed"
        DECLINED = "declined"

    NEWEST = ("-at", "-id")

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="suggestions")
    other = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind.choices, default=Kind.DUPLICATE)
    state = models.CharField(max_length=9, choices=State.choices, default=State.SUGGESTED)
    cosine = models.FloatField(default=0.0)
    difference = models.CharField(max_length=Question.DIFFERENCE_LIMIT, blank=True)
    suggested_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "other"], name="pair_suggested_once"),
            models.CheckConstraint(condition=Q(question__gt=F("other")), name="later_one_first"),
            models.CheckConstraint(condition=Q(kind__in=["duplicate", "variant"]), name="known_suggestion_kind"),
            models.CheckConstraint(condition=Q(state__in=["suggested", "confirmed", "declined"]), name="known_suggestion_state"),
        ]
        indexes = [
            models.Index(fields=["state", "-at", "-id"], name="suggestion_queue"),
            models.Index(fields=["suggested_by", "-at"], name="suggestion_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} like {self.other_id}"
