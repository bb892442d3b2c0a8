"""What a doctor declares about themselves."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from consilium.doctors import facts
from consilium.doctors.actions.credentials import renew_roster
from consilium.doctors.models import Doctor, Interest
from consilium.journal.actions import record


@transaction.atomic
def declare_interests(*, doctor: Doctor, offers: Mapping[int, str], actor: int | None = None) -> None:
    """Say of each topic (by number) whether the doctor offers it; what stays the same is left as it is."""
    there = dict(Interest.objects.filter(doctor=doctor, topic__in=offers).values_list("topic", "offers"))
    changed = {topic: value for topic, value in offers.items() if there.get(topic) != value}
    for topic, value in changed.items():
        Interest.objects.update_or_create(doctor=doctor, topic_id=topic, defaults={"offers": value, "at": timezone.now()})
    if changed:
        record(facts.INTEREST_DECLARED, subject=f"doctor:{doctor.pk}", actor=actor, topics=sorted(changed))


@transaction.atomic
def take_invitations(*, doctor: Doctor, willing: bool, actor: int | None = None) -> None:
    """Agree, or no longer agree, to be asked for answers."""
    if Doctor.objects.filter(pk=doctor.pk).exclude(takes_invitations=willing).update(takes_invitations=willing):
        renew_roster(doctor)
        record(facts.CHANGED, subject=f"doctor:{doctor.pk}", actor=actor, fields=["takes_invitations"])
