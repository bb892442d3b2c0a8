"""What is kept of the consensus: its states over time, invitations to missing specialties, reconsider rounds."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consilium.accounts.models import Person
from consilium.doctors.models import Doctor
from consilium.lib.ids import new_key
from consilium.questions.models import Question, Statement
from consilium.topics.models import Specialty


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def holding(self) -> "SnapshotQuerySet":
        """Those that still say what the stances say."""
        still = Q(good_until=None) | Q(good_until__gt=timezone.now())
        return self.filter(still, superseded_at=None, stale=False)


class Snapshot(models.Model):
    """The consensus on one statement as it was from `at` until `superseded_at`; rows are only ever added and closed.

    `data` is the object that the API gives. `good_until`: after this time, or when it is None and something has
    happened since (`stale`), readers work the state out anew from the stances; the snapshot is never the truth.
    """

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="snapshots")
    algorithm = models.CharField(max_length=60)
    inputs_hash = models.CharField(max_length=64)
    data: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    label = models.CharField(max_length=8)
    side = models.CharField(max_length=11, blank=True)
    stale = models.BooleanField(default=False)
    good_until = models.DateTimeField(null=True)
    at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["statement"], condition=Q(superseded_at=None), name="one_current_snapshot_per_statement"
            )
        ]
        indexes = [models.Index(fields=["statement", "-at", "-id"], name="snapshot_history")]

    def __str__(self) -> str:
        return f"{self.label} on statement {self.statement_id}"

    @property
    def holds(self) -> bool:
        """Whether it still says what the stances say; `holding` asks the database the same."""
        still = self.good_until is None or self.good_until > timezone.now()
        return still and self.superseded_at is None and not self.stale


class Invitation(models.Model):
    """A verified doctor of a missing specialty was asked to answer a question."""

    class State(models.TextChoices):
        INVITED = "invited", _("Invited")
        ANSWERED = "answered", _("Answered")
        DECLINED = "declined", _("Declined")

    class Decline(models.TextChoices):
        EXPERTISE = "expertise", _("Outside my expertise")
        TIME = "time", _("No time at the moment")
        INFORMATION = "information", _("The question says too little")

    key = models.CharField(max_length=200, unique=True, default=new_key)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="invitations")
    doctor = models.ForeignKey(Doctor, on_delete=models.CASCADE, related_name="invitations")
    specialty = models.ForeignKey(Specialty, on_delete=models.PROTECT, related_name="+")
    invited_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.INVITED)
    reason = models.CharField(max_length=11, choices=Decline.choices, blank=True)
    at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "doctor"], name="invited_once"),
            models.CheckConstraint(condition=Q(state__in=["invited", "answered", "declined"]), name="known_invitation_state"),
            models.CheckConstraint(condition=Q(reason__in=["", "expertise", "time", "information"]), name="known_decline_reason"),
        ]
        indexes = [models.Index(fields=["doctor", "state", "-at", "-id"], name="invitation_of_doctor")]

    def __str__(self) -> str:
        return f"doctor {self.doctor_id} invited to question {self.question_id}"


class Round(models.Model):
    """Doctors who disagree are asked once to read each other and keep or change their stances (a second Delphi round)."""

    class Reason(models.TextChoices):
        SPLIT = "split", _("The doctors disagree")
        GUIDELINE = "guideline", _("A new guideline is cited")
        EDITOR = "editor", _("An editor asks for it")

    key = models.CharField(max_length=200, unique=True, default=new_key)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="rounds")
    reason = models.CharField(max_length=9, choices=Reason.choices)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question"], condition=Q(closed_at=None), name="one_open_round_per_question"),
            models.CheckConstraint(condition=Q(reason__in=["split", "guideline", "editor"]), name="known_round_reason"),
        ]

    def __str__(self) -> str:
        return f"round {self.pk} of question {self.question_id}"


class RoundReply(models.Model):
    """What one doctor did in a round."""

    class State(models.TextChoices):
        WAITING = "waiting"
        KEPT = "kept"
        CHANGED = "changed"

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="replies")
    doctor = models.ForeignKey(Doctor, on_delete=models.CASCADE, related_name="round_replies")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "doctor"], name="one_reply_per_round"),
            models.CheckConstraint(condition=Q(state__in=["waiting", "kept", "changed"]), name="known_reply_state"),
        ]
        indexes = [models.Index(fields=["doctor", "state"], name="round_reply_of_doctor")]

    def __str__(self) -> str:
        return f"doctor {self.doctor_id} in round {self.round_id}: {self.state}"
