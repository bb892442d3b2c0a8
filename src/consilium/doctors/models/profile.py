"""Doctors' profiles, the cities and practices they work in, and the sources that imported ones were copied from."""

from datetime import datetime

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from consilium.accounts.models import Person
from consilium.doctors import countries
from consilium.lib.ids import new_key
from consilium.lib.text import direction
from consilium.topics.models import Specialty


class City(models.Model):
    """A city of GeoNames (CC BY 4.0); `id` is its number there, `folded` its name as compared."""

    id = models.PositiveIntegerField(primary_key=True)
    name = models.CharField(max_length=120)
    folded = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    admin1 = models.CharField(max_length=20, blank=True)
    population = models.PositiveIntegerField(default=0)
    time_zone = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name_plural = "cities"
        indexes = [models.Index(fields=["folded", "-population"], name="city_by_name")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """ "San Diego, CA" in the United States, "Vienna, Austria" elsewhere; a numbered region says nothing to a reader."""
        region = self.admin1 if self.country == "US" and self.admin1.isalpha() else countries.name_of(self.country)
        return f"{self.name}, {region}"


class Source(models.Model):
    """Where imported content was copied from; `captured_at` is when the copy was taken, None: unknown."""

    class Kind(models.TextChoices):
        PAGES = "pages"
        QAPAGE = "qapage"
        STACKEXCHANGE = "stackexchange"
        JSONL = "jsonl"
        DEMO = "demo"

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=15, choices=Kind.choices)
    name = models.CharField(max_length=200)
    url = models.URLField(max_length=500, blank=True)
    licence = models.CharField(max_length=120, blank=True)
    captured_at = models.DateTimeField(null=True)
    imported_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Practice(models.Model):
    """Where doctors work together: the same stance of several of them counts once."""

    key = models.CharField(max_length=200, unique=True, default=new_key)
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class DoctorQuerySet(models.QuerySet["Doctor"]):
    def listed(self) -> "DoctorQuerySet":
        return self.select_related("specialty", "city", "source")


class Doctor(models.Model):
    """A doctor's profile. `person` is the account that claimed it; None: nobody has confirmed the profile.

    `badge`, `source_rating` (1.0 to 5.0 stars) and `source_reviews` are shown as the source showed them and never
    order or weigh anything. `takes_invitations`: the doctor agrees to be asked for answers.
    `specialty_text` and `city_text` keep what the source wrote when we know no such row.
    """

    class Kind(models.TextChoices):
        PERSON = "person"
        GROUP = "group"

    key = models.CharField(max_length=200, unique=True, default=new_key)
    slug = models.SlugField(max_length=120, unique=True, allow_unicode=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PERSON)
    name = models.CharField(max_length=200)
    credentials = models.CharField(max_length=120, blank=True)
    specialty = models.ForeignKey(Specialty, on_delete=models.PROTECT, null=True, related_name="doctors")
    specialty_text = models.CharField(max_length=120, blank=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, null=True, related_name="doctors")
    city_text = models.CharField(max_length=120, blank=True)
    badge = models.CharField(max_length=120, blank=True)
    source_rating = models.DecimalField(max_digits=2, decimal_places=1, null=True)
    source_reviews = models.PositiveIntegerField(null=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="doctors")
    practice = models.ForeignKey(Practice, on_delete=models.SET_NULL, null=True, related_name="doctors")
    takes_invitations = models.BooleanField(default=False)
    about = models.TextField(blank=True)
    language = models.CharField(max_length=20, default="en")
    invented = models.BooleanField(default=False)
    person = models.OneToOneField(Person, on_delete=models.SET_NULL, null=True, related_name="doctor")
    claimed_at = models.DateTimeField(null=True)
    answer_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    objects = DoctorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="doctor_has_name"),
            models.CheckConstraint(condition=models.Q(kind__in=["person", "group"]), name="known_doctor_kind"),
            models.CheckConstraint(
                condition=models.Q(source_rating=None) | models.Q(source_rating__gte=0, source_rating__lte=5),
                name="rating_of_five",
            ),
            models.CheckConstraint(
                condition=models.Q(person=None, claimed_at=None) | models.Q(claimed_at__isnull=False), name="claim_has_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["-answer_count", "-id"], name="doctor_by_answers"),
            models.Index(fields=["specialty", "-answer_count", "-id"], name="doctor_by_specialty"),
            models.Index(Lower("name"), name="doctor_by_name"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("web:doctor", args=[self.slug])

    @property
    def full_name(self) -> str:
        return f"{self.name}, {self.credentials}" if self.credentials else self.name

    @property
    def is_claimed(self) -> bool:
        return self.person_id is not None

    @property
    def is_group(self) -> bool:
        return self.kind == self.Kind.GROUP

    @property
    def place(self) -> str:
        """City as a reader knows it: ours when known, else the source's own word, else empty."""
        return self.city.label if self.city else self.city_text

    @property
    def title(self) -> str:
        """ "Dermatologist"; the source's own word when the specialty is not on our list; else empty."""
        return self.specialty.title if self.specialty else self.specialty_text

    @property
    def title_line(self) -> str:
        return ", ".join(part for part in (self.title, self.place) if part)

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def captured_at(self) -> datetime | None:
        return self.source.captured_at if self.source else None
