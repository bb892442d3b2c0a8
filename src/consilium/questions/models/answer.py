"""The answer, what its source showed beside it, and who found it helpful."""

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from consilium.accounts.models import Person
from consilium.doctors.models import City, Doctor, Source
from consilium.doctors.standing import licence_marks
from consilium.lib.ids import new_key
from consilium.lib.markdown import MARKDOWN
from consilium.lib.text import direction
from consilium.questions.models.question import FORMATS, Question, SourceAuthor, Viewer
from consilium.topics.models import Specialty


class AnswerQuerySet(models.QuerySet["Answer"]):
    def visible_to(self, viewer: Viewer) -> "AnswerQuerySet":
        """The one rule for who can see an answer; its question must be visible too."""
        return self.filter(state=Answer.State.PUBLISHED, question__state__in=Question.PUBLIC)

    def readable_by(self, viewer: Viewer) -> "AnswerQuerySet":
        """With those that stayed with a question that was joined to another one: they stand on its page as it was asked."""
        return self.filter(
            state=Answer.State.PUBLISHED, question__state__in=(*Question.PUBLIC, Question.State.DUPLICATE)
        )  # fmt: skip

    def on_page(self, viewer: Viewer) -> "AnswerQuerySet":
        """With what the question page shows beside each answer, in one query; `voted` is this viewer's vote.

        `licensed` and `was_licensed` are about the doctor.
        """
        person = viewer.pk if viewer.is_authenticated else None
        votes = HelpfulVote.objects.filter(answer=OuterRef("pk"), person=person)
        return self.select_related(
            "doctor__specialty", "doctor__city", "doctor__source", "origin__specialty", "origin__city", "source", "source_author"
        ).annotate(voted=Exists(votes), **licence_marks("doctor"))

    def in_lists(self) -> "AnswerQuerySet":
        """With the question each answer belongs to, for a doctor's page or a feed."""
        return self.select_related("question", "doctor__specialty", "doctor__city", "source", "source_author")


class Answer(models.Model):
    """One doctor's answer.

    `helpful_count` is the number of helpful votes here, always equal to its rows; `source_helpful` is the number the
    source showed, None when unknown (which is not 0). `place` is the 1-based order in which answers came.
    """

    class State(models.TextChoices):
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"

    HEADLINE_LIMIT = 120
    BODY_LIMIT = 20_000
    NEWEST = ("-listed_at", "-id")

    key = models.CharField(max_length=200, unique=True, default=new_key)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    doctor = models.ForeignKey(Doctor, on_delete=models.PROTECT, null=True, related_name="answers")
    written_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="answers")
    source_author = models.ForeignKey(SourceAuthor, on_delete=models.PROTECT, null=True, related_name="answers")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="answers")
    headline = models.CharField(max_length=300, blank=True)
    body = models.TextField()
    body_format = models.CharField(max_length=8, choices=FORMATS, default=MARKDOWN)
    body_html = models.TextField()
    language = models.CharField(max_length=20, default="en")
    state = models.CharField(max_length=12, choices=State.choices, default=State.PUBLISHED)
    place = models.PositiveIntegerField()
    answered_at = models.DateTimeField(null=True)
    listed_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)
    helpful_count = models.PositiveIntegerField(default=0)
    source_helpful = models.IntegerField(null=True)
    revision = models.PositiveIntegerField(default=1)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question", "doctor"],
                condition=models.Q(state="published", source=None),
                name="one_live_answer_per_doctor",
            ),
            models.CheckConstraint(condition=models.Q(state__in=["published", "withdrawn"]), name="known_answer_state"),
            models.CheckConstraint(condition=models.Q(body_format__in=["markdown", "html"]), name="known_answer_format"),
            models.CheckConstraint(condition=models.Q(helpful_count__gte=0), name="helpful_not_negative"),
        ]
        indexes = [
            models.Index(fields=["question", "place", "id"], name="answer_on_page"),
            models.Index(fields=["doctor", "-listed_at", "-id"], name="answer_by_doctor"),
            models.Index(fields=["-listed_at", "-id"], name="answer_newest"),
        ]

    def __str__(self) -> str:
        return self.headline or f"answer {self.pk}"

    def get_absolute_url(self) -> str:
        return f"{self.question.get_absolute_url()}#a{self.pk}"

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def is_imported(self) -> bool:
        return self.source_id is not None

    @property
    def is_copy(self) -> bool:
        """Whether it was written elsewhere and had votes there; demo content was written for this site."""
        return self.source is not None and self.source.kind != Source.Kind.DEMO


class AnswerOrigin(models.Model):
    """What the source showed beside an answer when it was copied, in the source's own words; nobody checked it."""

    answer = models.OneToOneField(Answer, on_delete=models.CASCADE, related_name="origin")
    author_text = models.CharField(max_length=300, blank=True)
    credentials_text = models.CharField(max_length=120, blank=True)
    specialty = models.ForeignKey(Specialty, on_delete=models.PROTECT, null=True, related_name="+")
    specialty_text = models.CharField(max_length=120, blank=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, null=True, related_name="+")
    city_text = models.CharField(max_length=120, blank=True)
    badge = models.CharField(max_length=120, blank=True)
    rating = models.DecimalField(max_digits=2, decimal_places=1, null=True)
    review_count = models.PositiveIntegerField(null=True)
    url = models.URLField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"origin of answer {self.answer_id}"

    @property
    def title(self) -> str:
        return self.specialty.title if self.specialty else self.specialty_text

    @property
    def place(self) -> str:
        return self.city.label if self.city else self.city_text

    @property
    def title_line(self) -> str:
        return ", ".join(part for part in (self.title, self.place) if part)


class HelpfulVote(models.Model):
    """A person found an answer helpful; at most one row per person and answer."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="votes")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="helpful_votes")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "person"], name="one_vote_per_person_and_answer")]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.answer_id}"
