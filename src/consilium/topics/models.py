"""What questions are about, and the branches of medicine that answer them."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consilium.lib.ids import new_key
from consilium.lib.text import direction, fold


class Specialty(models.Model):
    """A branch of medicine: `noun` names it (Dermatology), `title` its doctor (Dermatologist). From MeSH H02.403.

    `roster_at` is when its verified members, or those of them who may be invited, last changed: pages that say whether
    there are any are renewed by it.
    """

    slug = models.SlugField(max_length=80, unique=True)
    noun = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=80)
    mesh_id = models.CharField(max_length=12, blank=True)
    roster_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "specialties"

    def __str__(self) -> str:
        return self.noun


class SpecialtySynonym(models.Model):
    """Another name or title of a specialty, as pages write it ("Dermatologic Surgeon")."""

    specialty = models.ForeignKey(Specialty, on_delete=models.CASCADE, related_name="synonyms")
    name = models.CharField(max_length=80)
    folded = models.CharField(max_length=80, unique=True)

    def __str__(self) -> str:
        return self.name


class TopicQuerySet(models.QuerySet["Topic"]):
    def named(self, name: str) -> "TopicQuerySet":
        """Topics with this name or synonym, however it is written."""
        return self.filter(models.Q(folded=fold(name)) | models.Q(synonyms__folded=fold(name))).distinct()


class Topic(models.Model):
    """A treatment, a condition or another subject; `question_count` counts the questions a visitor can see."""

    class Kind(models.TextChoices):
        TREATMENT = "treatment", _("Treatment")
        CONDITION = "condition", _("Condition")
        OTHER = "other", _("Other topic")

    key = models.CharField(max_length=160, unique=True, default=new_key)
    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OTHER)
    name = models.CharField(max_length=80)
    folded = models.CharField(max_length=80, db_index=True)
    description = models.TextField(blank=True)
    language = models.CharField(max_length=20, default="en")
    question_count = models.PositiveIntegerField(default=0)

    objects = TopicQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "folded", "id"], name="topic_by_kind")]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=["treatment", "condition", "other"]), name="known_topic_kind"),
            models.CheckConstraint(condition=~models.Q(name=""), name="topic_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("web:topic", args=[self.slug])

    @property
    def direction(self) -> str:
        return direction(self.language)


class TopicSynonym(models.Model):
    """Another name of a topic ("Botox"); one synonym names one topic."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="synonyms")
    name = models.CharField(max_length=80)
    folded = models.CharField(max_length=80, unique=True)

    def __str__(self) -> str:
        return self.name


class TopicSpecialty(models.Model):
    """Questions about the topic need this specialty: without a primary one the doctors' agreement is never called strong.

    `source` says on what the choice rests; `reviewed_by` is the editor who made or confirmed it, None: shipped with the site.
    """

    class Role(models.TextChoices):
        PRIMARY = "primary", _("Treats it")
        CONSULTED = "consulted", _("Is asked for advice")

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="needs")
    specialty = models.ForeignKey(Specialty, on_delete=models.CASCADE, related_name="needed_for")
    role = models.CharField(max_length=10, choices=Role.choices)
    source = models.CharField(max_length=200, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "specialty"], name="specialty_once_per_topic"),
            models.CheckConstraint(condition=models.Q(role__in=["primary", "consulted"]), name="known_need"),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} needs {self.specialty_id}"
