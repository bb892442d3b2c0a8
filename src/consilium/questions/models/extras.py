"""What hangs on a question or an answer: revisions, imported comments, links."""

from django.db import models
from django.utils import timezone

from consilium.accounts.models import Person
from consilium.lib.ids import new_key
from consilium.lib.markdown import MARKDOWN
from consilium.questions.models.answer import Answer
from consilium.questions.models.question import FORMATS, Question, SourceAuthor

_ONE_SUBJECT = models.Q(question__isnull=False, answer__isnull=True) | models.Q(question__isnull=True, answer__isnull=False)


class Revision(models.Model):
    """One wording of a question or an answer; `number` 1 is the first. Rows are only ever added."""

    key = models.CharField(max_length=200, unique=True, default=new_key)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, null=True, related_name="revisions")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, null=True, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    body_format = models.CharField(max_length=8, choices=FORMATS, default=MARKDOWN)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    source_author = models.ForeignKey(SourceAuthor, on_delete=models.PROTECT, null=True, related_name="+")
    comment = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_ONE_SUBJECT, name="revision_of_one_thing"),
            models.UniqueConstraint(fields=["question", "number"], name="question_revision_once"),
            models.UniqueConstraint(fields=["answer", "number"], name="answer_revision_once"),
        ]

    def __str__(self) -> str:
        return f"revision {self.number}"


class Comment(models.Model):
    """A remark under a question or an answer, as a source had it. Comments cannot be written here."""

    key = models.CharField(max_length=200, unique=True, default=new_key)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="comments")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, null=True, related_name="comments")
    source_author = models.ForeignKey(SourceAuthor, on_delete=models.PROTECT, null=True, related_name="comments")
    body = models.TextField()
    at = models.DateTimeField(null=True)
    source_votes = models.IntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["question", "id"], name="comment_on_page")]

    def __str__(self) -> str:
        return f"comment {self.pk}"


class QuestionLink(models.Model):
    """`other` is worth reading beside `question`: a duplicate named by a source, or related (best `rank` first)."""

    class Kind(models.TextChoices):
        RELATED = "related"
        DUPLICATE = "duplicate"

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "other", "kind"], name="link_once"),
            models.CheckConstraint(condition=models.Q(kind__in=["related", "duplicate"]), name="known_link_kind"),
            models.CheckConstraint(condition=~models.Q(question=models.F("other")), name="no_link_to_itself"),
        ]
        indexes = [models.Index(fields=["question", "kind", "rank", "id"], name="link_on_page")]

    def __str__(self) -> str:
        return f"{self.question_id} {self.kind} {self.other_id}"
