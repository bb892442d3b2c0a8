"""The append-only journal: what happened, and who has still to react to it."""

from django.db import models
from django.utils import timezone

from consilium.journal.facts import DAY_BEGAN


class Entry(models.Model):
    """One fact: `fact` happened to `subject` ("question:12") by `actor` (a person's number, None: the site itself)."""

    fact = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    actor = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            # Whatever the number of workers, what is to happen every night happens once.
            models.UniqueConstraint(fields=["subject"], condition=models.Q(fact=DAY_BEGAN), name="a_day_begins_once")
        ]
        indexes = [models.Index(fields=["subject", "id"], name="entry_by_subject")]

    def __str__(self) -> str:
        return f"{self.fact} {self.subject}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self) -> "DeliveryQuerySet":
        return self.filter(done_at=None, due_at__lte=timezone.now()).order_by("due_at", "id")


class Delivery(models.Model):
    """One reaction's copy of an entry; done once, tried again later after a failure."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="deliveries")
    reaction = models.CharField(max_length=120)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    due_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "reaction"], name="one_delivery_per_reaction")]
        indexes = [models.Index(fields=["due_at", "id"], name="delivery_due", condition=models.Q(done_at=None))]

    def __str__(self) -> str:
        return f"{self.reaction} of entry {self.entry_id}"


class Heartbeat(models.Model):
    """When something that should always run was last seen; a row a name, whatever the number of processes."""

    name = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at}"
