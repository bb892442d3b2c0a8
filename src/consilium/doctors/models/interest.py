"""What a doctor declares: whether they offer a treatment, where they practise."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consilium.doctors.models.profile import Doctor, Practice
from consilium.topics.models import Topic

__all__ = ["Interest", "Practice"]


class Interest(models.Model):
    """Whether a doctor offers a treatment. Without a row, and with "undisclosed", nobody knows; that is never a "no"."""

    class Offers(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")
        UNDISCLOSED = "undisclosed", _("I prefer not to say")

    doctor = models.ForeignKey(Doctor, on_delete=models.CASCADE, related_name="interests")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="interests")
    offers = models.CharField(max_length=11, choices=Offers.choices)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["doctor", "topic"], name="one_interest_per_doctor_and_topic"),
            models.CheckConstraint(condition=models.Q(offers__in=["yes", "no", "undisclosed"]), name="known_offer"),
        ]

    def __str__(self) -> str:
        return f"doctor {self.doctor_id} offers topic {self.topic_id}: {self.offers}"
