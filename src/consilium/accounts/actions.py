"""Changes to accounts."""

from django.db import transaction

from consilium.accounts import facts
from consilium.accounts.models import Person, Role
from consilium.journal.actions import record


@transaction.atomic
def grant(*, person: Person, role: str) -> bool:
    """Give a role; return False when the person has it already."""
    _, created = Role.objects.get_or_create(person=person, name=role)
    if created:
        record(facts.ROLE_GRANTED, subject=f"person:{person.pk}", role=role)
    return created


@transaction.atomic
def take(*, person: Person, role: str) -> bool:
    """Take a role away; return False when the person does not have it."""
    removed, _ = Role.objects.filter(person=person, name=role).delete()
    if removed:
        record(facts.ROLE_TAKEN, subject=f"person:{person.pk}", role=role)
    return bool(removed)


@transaction.atomic
def set_preferences(*, person: Person, theme: str, country: str, time_zone: str) -> None:
    """Keep how this person wants to read the site. Nobody else is told."""
    Person.objects.filter(pk=person.pk).update(theme=theme, country=country, time_zone=time_zone)
