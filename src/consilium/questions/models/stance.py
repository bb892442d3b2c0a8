"""Statements, and where doctors stand on them."""

from typing import Any, TypedDict

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consilium.accounts.models import Person
from consilium.doctors.models import Doctor
from consilium.lib.ids import new_key
from consilium.lib.text import direction
from consilium.questions import rules
from consilium.questions.models.answer import Answer
from consilium.questions.models.question import Question


class ConditionJSON(TypedDict):
    """One condition of a stance, kept with it: `specialty` is a slug, "" without one."""

    kind: str
    specialty: str
    text: str


class Value(models.TextChoices):
    """What a doctor says of a statement. Not addressing it is said, too: silence must not look like agreement."""

    YES = "yes", _("Yes")
    YES_IF = "yes_if", _("Yes, if a condition is met")
    NO_UNLESS = "no_unless", _("No, unless a condition is met")
    NO = "no", _("No")
    CANNOT_SAY = "cannot_say", _("It cannot be said without more information")
    NOT_ADDRESSED = "not_addressed", _("I do not address this")


CONDITIONAL = (Value.YES_IF, Value.NO_UNLESS)
_VALUES = Q(value__in=list(Value.values))


class ConditionKind(models.TextChoices):
    CLEARANCE = "clearance", _("Agreement of another specialist")
    EXAM = "exam", _("An examination first")
    TEST = "test", _("A test first")
    DISEASE_STATE = "disease_state", _("Only in a certain state of the illness")
    DOSE = "dose", _("Only a certain dose or product")
    EXCLUDED = "excluded", _("Not for a certain group")
    OTHER = "other", _("Another condition")


class StatementQuerySet(models.QuerySet["Statement"]):
    def active(self) -> "StatementQuerySet":
        return self.filter(state=Statement.State.ACTIVE)


class Statement(models.Model):
    """An explicit claim of a question on which doctors take a stance; "yes" always means "go ahead" or "true".

    `place` (1 to 4) orders the statements of a question. Once a stance exists the text is fixed: another wording is a new
    row with the next `version` that `replaces` this one, which is then retired.
    """

    class Kind(models.TextChoices):
        SAFE = "safe", _("Safety")
        EFFECTIVE = "effective", _("Effect")
        RECOMMENDED = "recommended", _("Recommendation")
        FACT = "fact", _("Fact")
        OTHER = "other", _("Other")

    class State(models.TextChoices):
        ACTIVE = "active"
        RETIRED = "retired"

    key = models.CharField(max_length=200, unique=True, default=new_key)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="statements")
    place = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=rules.STATEMENT_LIMIT)
    kind = models.CharField(max_length=11, choices=Kind.choices)
    language = models.CharField(max_length=20, default="en")
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=7, choices=State.choices, default=State.ACTIVE)
    replaces = models.OneToOneField("self", on_delete=models.SET_NULL, null=True, related_name="replaced_by")
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = StatementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "place"], condition=Q(state="active"), name="one_statement_per_place"),
            models.CheckConstraint(condition=Q(place__gte=1, place__lte=4), name="statement_place_of_four"),
            models.CheckConstraint(condition=~Q(text=""), name="statement_has_text"),
            models.CheckConstraint(condition=Q(state__in=["active", "retired"]), name="known_statement_state"),
            models.CheckConstraint(
                condition=Q(kind__in=["safe", "effective", "recommended", "fact", "other"]), name="known_statement_kind"
            ),
        ]
        indexes = [models.Index(fields=["question", "place", "version"], name="statement_on_page")]

    def __str__(self) -> str:
        return self.text

    @property
    def advises(self) -> bool:
        """Whether "yes" means that something may be done, rather than that something is so: it decides the words shown."""
        return self.kind in {self.Kind.SAFE, self.Kind.RECOMMENDED}

    @property
    def direction(self) -> str:
        return direction(self.language)


class StanceQuerySet(models.QuerySet["Stance"]):
    def current(self) -> "StanceQuerySet":
        """The latest of each doctor and statement."""
        return self.filter(superseded_at=None)


class Stance(models.Model):
    """Where one doctor stands on one statement, with the conditions. Rows are never changed but for their ends.

    `answer` is None for a co-signature, which needs no prose. `blind`: recorded before the doctor opened the other
    answers here. `affirmed_at` is when the doctor last said that it still holds. `after_discussion`: changed in a
    reconsider round.
    """

    class Source(models.TextChoices):
        DECLARED = "declared"
        COSIGNED = "cosigned"

    class Confidence(models.TextChoices):
        LOW = "low", _("Low")
        MEDIUM = "medium", _("Medium")
        HIGH = "high", _("High")

    key = models.CharField(max_length=200, unique=True, default=new_key)
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="stances")
    doctor = models.ForeignKey(Doctor, on_delete=models.PROTECT, related_name="stances")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, null=True, related_name="stances")
    value = models.CharField(max_length=13, choices=Value.choices)
    conditions: "models.JSONField[list[ConditionJSON], list[ConditionJSON]]" = models.JSONField(default=list)
    confidence = models.CharField(max_length=6, choices=Confidence.choices, blank=True)
    source = models.CharField(max_length=8, choices=Source.choices)
    blind = models.BooleanField(default=False)
    after_discussion = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    affirmed_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = StanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["doctor", "statement"], condition=Q(superseded_at=None), name="one_current_stance_per_doctor"
            ),
            models.CheckConstraint(condition=_VALUES, name="known_stance_value"),
            models.CheckConstraint(condition=Q(source__in=["declared", "cosigned"]), name="known_stance_source"),
            models.CheckConstraint(condition=Q(confidence__in=["", "low", "medium", "high"]), name="known_confidence"),
            models.CheckConstraint(
                condition=~Q(value__in=["yes_if", "no_unless"]) | ~Q(conditions=[]), name="conditional_stance_has_condition"
            ),
        ]
        indexes = [
            models.Index(fields=["statement", "superseded_at"], name="stance_on_statement"),
            models.Index(fields=["doctor", "-created_at", "-id"], name="stance_by_doctor"),
        ]

    def __str__(self) -> str:
        return f"doctor {self.doctor_id} on statement {self.statement_id}: {self.value}"


class Coding(models.Model):
    """How one editor reads an answer that its doctor has not confirmed: a value, and the words of the answer that show it.

    `coder` names the editor (a person's key here, or the name in a file of codings made elsewhere). Two who agree make
    a coded stance; it never enters the verified count.
    """

    key = models.CharField(max_length=200, unique=True, default=new_key)
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="codings")
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="codings")
    coder = models.CharField(max_length=120)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    value = models.CharField(max_length=13, choices=Value.choices)
    conditions: "models.JSONField[list[ConditionJSON], list[ConditionJSON]]" = models.JSONField(default=list)
    quote = models.CharField(max_length=rules.QUOTE_LIMIT, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "answer", "coder"], name="one_coding_per_coder"),
            models.CheckConstraint(condition=_VALUES, name="known_coding_value"),
            models.CheckConstraint(condition=Q(value="not_addressed") | ~Q(quote=""), name="coding_has_a_quote"),
        ]
        indexes = [models.Index(fields=["answer", "statement"], name="coding_of_answer")]

    def __str__(self) -> str:
        return f"{self.coder} on answer {self.answer_id}: {self.value}"


class Disclosure(models.Model):
    """What a doctor says of payments when taking a stance on a question; `paid` "" is "none"."""

    doctor = models.ForeignKey(Doctor, on_delete=models.CASCADE, related_name="disclosures")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="disclosures")
    paid = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["doctor", "question"], name="one_disclosure_per_doctor_and_question")]

    def __str__(self) -> str:
        return f"doctor {self.doctor_id} on question {self.question_id}"


class SeenAnswers(models.Model):
    """A doctor has opened the other answers of a question here: what they say from then on is not blind."""

    doctor = models.ForeignKey(Doctor, on_delete=models.CASCADE, related_name="seen")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="seen_by")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["doctor", "question"], name="seen_once")]

    def __str__(self) -> str:
        return f"doctor {self.doctor_id} has seen question {self.question_id}"


def conditions_of(rows: Any) -> list[ConditionJSON]:
    """Conditions as they are stored: stripped, empty ones left out."""
    return [
        {"kind": row["kind"], "specialty": row.get("specialty", ""), "text": row["text"].strip()}
        for row in rows
        if row["text"].strip()
    ]
