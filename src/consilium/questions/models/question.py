"""The question, what it is about and who follows it."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from consilium.accounts.models import Person
from consilium.doctors.models import Source
from consilium.lib.ids import new_key
from consilium.lib.markdown import HTML, MARKDOWN
from consilium.lib.text import direction, slug
from consilium.topics.models import Topic

Viewer = Person | AnonymousUser
FORMATS = [(MARKDOWN, "Markdown"), (HTML, "HTML")]


class SourceAuthor(models.Model):
    """An author as a source names them, who is neither a doctor nor a person here."""

    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.name


class QuestionQuerySet(models.QuerySet["Question"]):
    def visible_to(self, viewer: Viewer) -> "QuestionQuerySet":
        """The one rule for who can see a question: page, list, feed, sitemap, export and API ask here."""
        return self.filter(state__in=Question.PUBLIC)

    def readable_by(self, viewer: Viewer) -> "QuestionQuerySet":
        """With the questions that were joined to others: no list shows those, but each has a page as it was asked."""
        return self.filter(state__in=(*Question.PUBLIC, Question.State.DUPLICATE))

    def newest(self) -> "QuestionQuerySet":
        return self.order_by(*Question.NEWEST)

    def most_answered(self) -> "QuestionQuerySet":
        return self.order_by(*Question.MOST_ANSWERED)

    def unanswered(self) -> "QuestionQuerySet":
        return self.filter(answer_count=0).order_by(*Question.NEWEST)

    def with_topic(self, topic: Topic) -> "QuestionQuerySet":
        return self.filter(about__topic=topic)

    def listed(self) -> "QuestionQuerySet":
        """With what a line of a list shows, in two queries whatever the number of lines."""
        return self.select_related("source").prefetch_related("topics")

    def on_page(self, viewer: Viewer) -> "QuestionQuerySet":
        """With what the question page shows; `followed` and `mine` are this viewer's."""
        person = viewer.pk if viewer.is_authenticated else None
        follows = Follow.objects.filter(question=OuterRef("pk"), person=person)
        return self.select_related("source", "source_author").annotate(followed=Exists(follows))


class Question(models.Model):
    """What a patient asks.

    `version` grows in the transaction of every change that shows on the page; `revision` counts wordings.
    `listed_at` is the time that orders lists: when it was asked, or imported when that is unknown (`asked_at` None).
    `source_votes` and `source_answer_count` are the source's own figures; None: unknown, which is not 0.
    A variant asks what `variant_of` asks in another situation, which `difference` names; `variant_of` is never a variant
    itself. A duplicate was merged into another question (see Merge) and has no line in any list.
    """

    class State(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"
        ARCHIVED = "archived"
        WITHDRAWN = "withdrawn"
        DUPLICATE = "duplicate"

    PUBLIC = (State.OPEN, State.CLOSED, State.ARCHIVED)
    NEWEST = ("-listed_at", "-id")
    MOST_ANSWERED = ("-answer_count", "-id")
    # Pages of their own below a question's address: a question called "Edit" goes without words in its address.
    TAKEN_WORDS = frozenset(
        {
            "affirm", "answer", "consensus", "cosign", "edit", "follow", "history", "invite", "original", "others", "reconsider",
            "reopen", "same", "sheet", "situations", "stances", "statements", "withdraw",
        }
    )  # fmt: skip
    TITLE_LIMIT = 150
    DIFFERENCE_LIMIT = 300
    BODY_LIMIT = 20_000

    key = models.CharField(max_length=200, unique=True, default=new_key)
    title = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    body_format = models.CharField(max_length=8, choices=FORMATS, default=MARKDOWN)
    body_html = models.TextField(blank=True)
    language = models.CharField(max_length=20, default="en")
    alias = models.CharField(max_length=80, blank=True)
    asked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="questions")
    source_author = models.ForeignKey(SourceAuthor, on_delete=models.PROTECT, null=True, related_name="questions")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="questions")
    source_url = models.URLField(max_length=500, blank=True)
    source_votes = models.IntegerField(null=True)
    source_answer_count = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    asked_at = models.DateTimeField(null=True)
    listed_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)
    last_answer_at = models.DateTimeField(null=True)
    answer_count = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    version = models.PositiveBigIntegerField(default=1)
    changed_at = models.DateTimeField(default=timezone.now)
    variant_of = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="variants")
    difference = models.CharField(max_length=DIFFERENCE_LIMIT, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    topics: "models.ManyToManyField[Topic, QuestionTopic]" = models.ManyToManyField(
        Topic, through="QuestionTopic", related_name="questions"
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(title=""), name="question_has_title"),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "closed", "archived", "withdrawn", "duplicate"]),
                name="known_question_state",
            ),
            models.CheckConstraint(
                condition=models.Q(variant_of=None) | ~models.Q(difference=""), name="variant_says_how_it_differs"
            ),
            models.CheckConstraint(
                condition=models.Q(state="duplicate", merged_into__isnull=False)
                | (~models.Q(state="duplicate") & models.Q(merged_into=None)),
                name="duplicate_of_a_question",
            ),
            models.CheckConstraint(
                condition=~models.Q(variant_of=models.F("id")) & ~models.Q(merged_into=models.F("id")),
                name="not_its_own_duplicate",
            ),
            models.CheckConstraint(condition=models.Q(body_format__in=["markdown", "html"]), name="known_question_format"),
        ]
        indexes = [
            # The state last, not first: without statistics SQLite would take it for every query that names states.
            models.Index(fields=["-listed_at", "-id", "state"], name="question_newest"),
            models.Index(fields=["-answer_count", "-id"], name="question_most_answered"),
            # Not a partial index: SQLite cannot use one for a bound parameter.
            models.Index(fields=["answer_count", "-listed_at", "-id"], name="question_unanswered"),
            models.Index(fields=["-last_answer_at", "-id"], name="question_last_answered"),
            models.Index(fields=["asked_by", "-listed_at", "-id"], name="question_by_person"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Of a duplicate, the page as it was asked: its old address leads to the question it was joined to."""
        if self.is_duplicate:
            return reverse("web:question_original", args=[self.pk])
        return reverse("web:question", args=[self.pk, self.slug]) if self.slug else reverse("web:question_bare", args=[self.pk])

    @property
    def slug(self) -> str:
        words = slug(self.title)
        return "" if words in self.TAKEN_WORDS else words

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def is_imported(self) -> bool:
        return self.source_id is not None

    @property
    def is_duplicate(self) -> bool:
        return self.state == self.State.DUPLICATE

    @property
    def takes_answers(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def asker(self) -> str:
        """The pseudonym, or the author's name at the source; empty when nobody is named."""
        return self.alias or (self.source_author.name if self.source_author else "")


class QuestionTopicQuerySet(models.QuerySet["QuestionTopic"]):
    def visible_to(self, viewer: Viewer) -> "QuestionTopicQuerySet":
        """Question's rule, as a join: a subquery would be worked out for the whole site on every page."""
        return self.filter(question__state__in=Question.PUBLIC)


class QuestionTopic(models.Model):
    """A question's topic; `listed_at` and `answer_count` repeat the question's so that a topic's list needs one index."""

    NEWEST = ("-listed_at", "-question_id")
    MOST_ANSWERED = ("-answer_count", "-question_id")

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="about")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="about")
    listed_at = models.DateTimeField()
    answer_count = models.PositiveIntegerField(default=0)

    objects = QuestionTopicQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "topic"], name="topic_once_per_question")]
        indexes = [
            models.Index(fields=["topic", "-listed_at", "-question"], name="topic_newest"),
            models.Index(fields=["topic", "-answer_count", "-question"], name="topic_most_answered"),
            models.Index(
                fields=["topic", "-listed_at", "-question"], name="topic_unanswered", condition=models.Q(answer_count=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} is about {self.topic_id}"


class Follow(models.Model):
    """A person follows a question; `seen_answers` is how many answers it had when they last looked."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="follows")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="followers")
    seen_answers = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "question"], name="follow_once")]
        indexes = [models.Index(fields=["person", "-created_at", "-id"], name="follow_by_person")]

    def __str__(self) -> str:
        return f"{self.person_id} follows {self.question_id}"

    @property
    def new_answers(self) -> int:
        return max(0, self.question.answer_count - self.seen_answers)
