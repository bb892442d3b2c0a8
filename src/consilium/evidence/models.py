"""Works that answers cite, what each citation says about a statement, and the list of retractions."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consilium.accounts.models import Person
from consilium.lib.ids import new_key
from consilium.questions.models import Answer, Statement


class Work(models.Model):
    """Something that can be cited, once however many answers cite it.

    `key` is its best identifier: "doi:10.…" (lower case), else "pmid:…", else "url:…". `resolved_at`: when its title and
    the rest came from a registry; None: entered by hand. `edited_fields`: what an editor has set, which nothing but an
    editor changes. `checked_at`: when it was last compared with the list of retractions; None: never. It moves every
    night without a new version of the pages that cite the work, so no such page shows it.
    """

    class Kind(models.TextChoices):
        GUIDELINE = "guideline", _("Guideline")
        SYSTEMATIC_REVIEW = "systematic_review", _("Systematic review")
        RCT = "rct", _("Randomised trial")
        OBSERVATIONAL = "observational", _("Observational study")
        CASE = "case", _("Case report")
        LABEL = "label_or_regulator", _("Product label or regulator")
        OPINION = "expert_opinion", _("Expert opinion")

    class Retraction(models.TextChoices):
        UNCHECKED = "unchecked", _("Not compared with the list of retractions yet")
        NONE = "none", _("Not on the list of retractions")
        CORRECTED = "corrected", _("Corrected")
        CONCERN = "concern", _("Expression of concern")
        RETRACTED = "retracted", _("Retracted")

    key = models.CharField(max_length=600, unique=True)
    doi = models.CharField(max_length=300, blank=True)
    pmid = models.CharField(max_length=12, blank=True)
    url = models.URLField(max_length=500, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=500, blank=True)
    authors = models.CharField(max_length=500, blank=True)
    container = models.CharField(max_length=300, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    retraction = models.CharField(max_length=9, choices=Retraction.choices, default=Retraction.UNCHECKED)
    retraction_reason = models.CharField(max_length=300, blank=True)
    retracted_on = models.DateField(null=True)
    checked_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    edited_fields: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(retraction__in=["unchecked", "none", "corrected", "concern", "retracted"]), name="known_retraction"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "guideline", "systematic_review", "rct", "observational", "case", "label_or_regulator", "expert_opinion",
                    ]
                ),
                name="known_work_kind",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["doi"], name="work_by_doi"), models.Index(fields=["pmid"], name="work_by_pmid")]

    def __str__(self) -> str:
        return self.title or self.key

    @property
    def counts(self) -> bool:
        """Whether it counts as a source: a retracted work does not."""
        return self.retraction != self.Retraction.RETRACTED


class CitationQuerySet(models.QuerySet["Citation"]):
    def on_page(self, question: int) -> "CitationQuerySet":
        """Those that a question's page shows, with their works, statements, answers and doctors, in one query."""
        live = self.filter(answer__question=question, answer__state=Answer.State.PUBLISHED)
        unread = ("answer__body", "answer__body_html", "answer__doctor__about")
        related = live.select_related("work", "statement", "answer__doctor__specialty")
        return related.defer(*unread).order_by("answer__place", "pk")


class Citation(models.Model):
    """An answer cites a work: what it says of one statement of the question, in which words; `statement` None: of none."""

    class Direction(models.TextChoices):
        SUPPORTS = "supports", _("supports it")
        CONTRADICTS = "contradicts", _("contradicts it")
        MENTIONS = "mentions", _("mentions it")

    class Applies(models.TextChoices):
        SAME_USE = "same_use", _("the same use")
        OTHER_DOSE = "different_dose_or_indication", _("another dose or indication")
        OTHER_PEOPLE = "different_population", _("other patients")
        UNCLEAR = "unclear", _("unclear")

    key = models.CharField(max_length=200, unique=True, default=new_key)
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="citations")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="citations")
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, null=True, related_name="citations")
    direction = models.CharField(max_length=11, choices=Direction.choices, default=Direction.MENTIONS)
    applies = models.CharField(max_length=28, choices=Applies.choices, default=Applies.UNCLEAR)
    quote = models.CharField(max_length=1_000, blank=True)
    added_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = CitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "work", "statement"], name="cited_once_per_statement"),
            models.UniqueConstraint(fields=["answer", "work"], condition=Q(statement=None), name="cited_once_in_general"),
            models.CheckConstraint(condition=Q(direction__in=["supports", "contradicts", "mentions"]), name="known_direction"),
            models.CheckConstraint(
                condition=Q(applies__in=["same_use", "different_dose_or_indication", "different_population", "unclear"]),
                name="known_applicability",
            ),
        ]

    def __str__(self) -> str:
        return f"citation {self.key}"


class RetractionNotice(models.Model):
    """One line of the list of retractions that the operator loaded; identifiers in the form of Work's."""

    doi = models.CharField(max_length=300, blank=True)
    pmid = models.CharField(max_length=12, blank=True)
    nature = models.CharField(max_length=9, choices=Work.Retraction.choices)
    reason = models.CharField(max_length=300, blank=True)
    noticed_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["doi"], name="notice_by_doi"), models.Index(fields=["pmid"], name="notice_by_pmid")]

    def __str__(self) -> str:
        return f"{self.nature} {self.doi or self.pmid}"
