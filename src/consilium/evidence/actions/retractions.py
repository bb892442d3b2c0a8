"""The list of retractions, and what it means for the works that are cited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from consilium.evidence import facts
from consilium.evidence.actions.works import renew
from consilium.evidence.models import RetractionNotice, Work
from consilium.evidence.retraction_list import Notice, standing

_CHUNK: Final = 500


class EmptyList(ValueError):
    """A list without a single notice: a mistake rather than a world without retractions; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a new list: its notices, the cited works compared, those whose standing changed, those retracted now."""

    notices: int
    works: int
    changed: int
    retracted: int


def load_retractions(rows: Iterable[Notice]) -> Loaded:
    """Put this list in the place of the one before, whole or not at all, and compare every cited work with it.

    Takes constant memory for any number of rows. Raises EmptyList, and whatever `rows` raises.
    """
    notices = _replace(iter(rows))
    works, changed = recheck()
    return Loaded(notices, works, changed, Work.objects.filter(retraction=Work.Retraction.RETRACTED).count())


@transaction.atomic
def _replace(rows: Iterator[Notice]) -> int:
    RetractionNotice.objects.all().delete()
    total = 0
    while chunk := list(islice(rows, _CHUNK)):
        RetractionNotice.objects.bulk_create(
            RetractionNotice(doi=row.doi, pmid=row.pmid, nature=row.nature, reason=row.reason, noticed_on=row.noticed_on)
            for row in chunk
        )
        total += len(chunk)
    if not total:
        raise EmptyList
    return total


def recheck(works: Iterable[Work] | None = None) -> tuple[int, int]:
    """Compare works, or all, with the list: how many, and how many stand differently now. Without a list: none."""
    if not RetractionNotice.objects.exists():
        return 0, 0
    numbers = iter(Work.objects.order_by("pk").values_list("pk", flat=True) if works is None else [work.pk for work in works])
    total = changed = 0
    while chunk := list(islice(numbers, _CHUNK)):
        with transaction.atomic():
            held = list(Work.objects.select_for_update().filter(pk__in=chunk).order_by("pk"))
            changed += len(compare(held))
            total += len(held)
    return total, changed


def compare(works: Sequence[Work]) -> list[Work]:
    """Set how these works stand by the list; those that stand otherwise now are made known and given back.

    A work known by an address alone is left as it is: the list goes by DOI and PubMed number.
    """
    works = [work for work in works if work.doi or work.pmid]
    if not RetractionNotice.objects.exists():
        return []
    notices, now = _notices(works), timezone.now()
    before = {work.pk: _as_it_stands(work) for work in works}
    for work in works:
        found = standing(notices[work.pk])
        work.retraction = Work.Retraction(found.nature) if found else Work.Retraction.NONE
        work.retraction_reason = found.reason if found else ""
        work.retracted_on = found.noticed_on if found else None
        work.checked_at = now
    Work.objects.bulk_update(works, ["retraction", "retraction_reason", "retracted_on", "checked_at"])
    return _tell(works, before)


def _as_it_stands(work: Work) -> tuple[object, ...]:
    return (work.retraction, work.retraction_reason, work.retracted_on)


def _notices(works: Sequence[Work]) -> defaultdict[int, list[Notice]]:
    """The notices about each work, by DOI or PubMed number, in one query."""
    by_doi = {work.doi: work.pk for work in works if work.doi}
    by_pmid = {work.pmid: work.pk for work in works if work.pmid}
    found: defaultdict[int, list[Notice]] = defaultdict(list)
    for row in RetractionNotice.objects.filter(Q(doi__in=by_doi) | Q(pmid__in=by_pmid)):
        notice = Notice(row.doi, row.pmid, row.nature, row.reason, row.noticed_on)
        for pk in {numbers[name] for numbers, name in ((by_doi, row.doi), (by_pmid, row.pmid)) if name in numbers}:
            found[pk].append(notice)
    return found


def _tell(works: Sequence[Work], before: Mapping[int, tuple[object, ...]]) -> list[Work]:
    """Renew the pages that show another standing now. That a work was compared and is not on the list is no news."""
    shown = [work for work in works if before[work.pk] != _as_it_stands(work)]
    first = {work.pk for work in shown if (before[work.pk][0], work.retraction) == ("unchecked", "none")}
    renew(works=[work for work in shown if work.pk in first], fact=None)
    renew(works=[work for work in shown if work.pk not in first and work.counts])
    renew(works=[work for work in shown if not work.counts], fact=facts.RETRACTED)
    return [work for work in shown if work.pk not in first]
