"""Who asks to be recognised as a doctor, and what somebody has checked."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consilium.accounts.models import Person
from consilium.doctors.models.profile import Doctor
from consilium.lib.ids import new_key
from consilium.topics.models import Specialty


class CredentialQuerySet(models.QuerySet["Credential"]):
    def valid(self, at: datetime | None = None) -> "CredentialQuerySet":
        """Those that let a doctor's stance count at that time (default: now)."""
        at = at or timezone.now()
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=at), level__gte=Credential.COUNTED, revoked_at=None, checked_at__lte=at
        )


class Credential(models.Model):
    """A check of one doctor's right to practise: who looked at what, when, and whether it still holds.

    `level` says how far the check went: 0 claimed, 1 the form is right, 2 found in a registry, 3 a person of this site
    has seen proof, 4 confirmed by the issuer. From COUNTED on, the doctor's stances count.
    """

    COUNTED = 3

    class Kind(models.TextChoices):
        LICENCE = "licence", _("Licence to practise")
        BOARD = "board", _("Board certificate")
        DEMONSTRATION = "demonstration", _("Invented for a demonstration")

    class Level(models.IntegerChoices):
        CLAIMED = 0, _("claimed")
        FORMAT = 1, _("number has the right form")
        REGISTRY = 2, _("found in a registry")
        SEEN = 3, _("proof seen by an editor")
        SOURCE = 4, _("confirmed by the issuer")

    key = models.CharField(max_length=200, unique=True, default=new_key)
    doctor = models.ForeignKey(Doctor, on_delete=models.CASCADE, related_name="credentials_held")
    kind = models.CharField(max_length=14, choices=Kind.choices, default=Kind.LICENCE)
    specialty = models.ForeignKey(Specialty, on_delete=models.PROTECT, null=True, related_name="+")
    jurisdiction = models.CharField(max_length=80, blank=True)
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.CLAIMED)
    checked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    checked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=0, level__lte=4), name="credential_level_known"),
            models.CheckConstraint(condition=Q(kind__in=["licence", "board", "demonstration"]), name="credential_kind_known"),
            models.CheckConstraint(condition=Q(revoked_at=None) | ~Q(reason=""), name="credential_revoked_with_a_reason"),
        ]
        indexes = [models.Index(fields=["doctor", "level", "revoked_at"], name="credential_of_doctor")]

    def __str__(self) -> str:
        return f"{self.kind} of doctor {self.doctor_id}"

    def holds(self, at: datetime | None = None) -> bool:
        """Whether it lets stances count at that time (default: now); `valid` asks the database the same."""
        at = at or timezone.now()
        return (
            self.level >= self.COUNTED
            and self.revoked_at is None
            and self.checked_at <= at
            and (self.expires_at is None or self.expires_at > at)
        )


class Claim(models.Model):
    """A person says that a profile is theirs. `proof` is what they wrote for the editor, shown to editors alone."""

    PROOF_LIMIT = 2_000

    class State(models.TextChoices):
        REQUESTED = "requested", _("Waiting for an editor")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    key = models.CharField(max_length=200, unique=True, default=new_key)
    doctor = models.ForeignKey(Doctor, on_delete=models.CASCADE, related_name="claims")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="claims")
    proof = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    asked_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)  # the editor's words to the person

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(state="requested"), name="one_waiting_claim_per_person"),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "approved", "declined", "withdrawn"]), name="known_claim_state"
            ),
            models.CheckConstraint(
                condition=Q(state="requested", decided_at=None) | (~Q(state="requested") & Q(decided_at__isnull=False)),
                name="claim_decided_once",
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at", "id"], name="claim_queue")]

    def __str__(self) -> str:
        return f"claim {self.pk}"
