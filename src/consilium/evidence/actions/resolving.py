"""Keeping what a registry says of a work."""

from django.db import transaction
from django.utils import timezone

from consilium.evidence.actions import works
from consilium.evidence.actions.retractions import compare
from consilium.evidence.backends import Found
from consilium.evidence.models import Work
from consilium.evidence.rules import Identifier


@transaction.atomic
def resolve(*, work: Work, found: Found) -> Work | None:
    """Describe a work as its registry does, all but what an editor has set; None when it is gone or has another name by now.

    Two works turn out to be one when the registry gives one the DOI of the other; the work given back is then the other.
    """
    held = Work.objects.select_for_update().filter(pk=work.pk, key=work.key).first()
    if held is None:
        return None
    details = {name: getattr(found, name) for name in works.DETAILS}
    changed = works.describe(held, details, over=True)
    held.resolved_at = timezone.now()
    held.save(update_fields=["resolved_at"])
    other = works.known(Identifier(doi=found.doi)) if found.doi and not held.doi else None
    if other is not None and other.pk != held.pk:
        works.merge(held, into=other)
        return other
    if works.describe(held, {"doi": found.doi, "pmid": found.pmid}, over=False):
        compare([held])
    if changed:
        works.renew(works=[held])
    return held
