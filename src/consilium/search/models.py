"""Vectors of questions as the language model gave them; every node's index is made from these rows."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from consilium.questions.models import Question


class VectorQuerySet(models.QuerySet["Vector"]):
    def good(self, model: str) -> "VectorQuerySet":
        """Those that `model` made."""
        return self.filter(model=model).exclude(title=None)

    def unrelated(self) -> "VectorQuerySet":
        """Those whose neighbours have not been looked for since they were made."""
        return self.filter(related_at=None, due=False)


class Vector(models.Model):
    """The meaning of one question: float16 bytes of its title, and of the question with its answers (`whole`).

    `model` and `digest` say of what and by what they were made: another text or model makes them `due`. `looked_at` is
    when that was last compared, `related_at` when the neighbours were found, None: not since the vectors were stored.
    """

    question = models.OneToOneField(Question, on_delete=models.CASCADE, primary_key=True, related_name="vector")
    model = models.CharField(max_length=60, blank=True)
    digest = models.CharField(max_length=32, blank=True)
    title = models.BinaryField(null=True)
    whole = models.BinaryField(null=True)
    due = models.BooleanField(default=True)
    looked_at = models.DateTimeField(default=timezone.now)
    related_at = models.DateTimeField(null=True)

    objects = VectorQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["question"], name="vector_due", condition=Q(due=True)),
            models.Index(fields=["question"], name="vector_unrelated", condition=Q(related_at=None, due=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(title=None, whole=None) | Q(title__isnull=False, whole__isnull=False), name="both_vectors_or_none"
            ),
        ]

    def __str__(self) -> str:
        return f"vectors of question {self.question_id}"


def overdue(model: str) -> "models.QuerySet[Question]":
    """Public questions whose vectors nobody marked as due, and yet: none are there, another model made them, or the page has
    changed since (an import tells no numbers)."""
    behind = Q(vector=None) | (Q(vector__due=False) & (~Q(vector__model=model) | Q(changed_at__gt=F("vector__looked_at"))))
    return Question.objects.filter(behind, state__in=Question.PUBLIC)
