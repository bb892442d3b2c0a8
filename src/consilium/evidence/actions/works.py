"""Works: one row for each, however it was named; what describes it; and the pages that show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from consilium.accounts.models import Person
from consilium.evidence import facts
from consilium.evidence.models import Citation, Work
from consilium.evidence.rules import Identifier
from consilium.journal.actions import record
from consilium.questions.actions import bump

DETAILS = ("title", "authors", "container", "year")


def known(identifier: Identifier) -> Work | None:
    """The work that this names, also by the other identifier that a registry gave for it; locked until the end."""
    named = Q(key=identifier.key)
    if identifier.doi:
        named |= Q(doi=identifier.doi)
    if identifier.pmid:
        named |= Q(pmid=identifier.pmid)
    found = list(Work.objects.select_for_update().filter(named).order_by("pk"))
    return next((work for work in found if work.key == identifier.key), found[0] if found else None)


def named(identifier: Identifier, kind: str) -> tuple[Work, bool]:
    """The work, made when it is new, and whether it was."""
    there = known(identifier)
    if there is not None:
        return there, False
    parts = {"doi": identifier.doi, "pmid": identifier.pmid, "url": identifier.url}
    return Work.objects.get_or_create(key=identifier.key, defaults={"kind": kind, **parts})


def describe(work: Work, details: Mapping[str, str | int | None], *, over: bool) -> bool:
    """Fill in what is unknown; with `over` also change what is known. What an editor set stays. Whether anything changed."""
    wanted = {name: value for name, value in details.items() if value and name not in work.edited_fields}
    new = {name: value for name, value in wanted.items() if getattr(work, name) != value and (over or not getattr(work, name))}
    for name, value in new.items():
        setattr(work, name, value)
    if new:
        work.save(update_fields=list(new))
    return bool(new)


@transaction.atomic
def renew(*, works: Iterable[Work], fact: str | None = facts.WORK_CHANGED, actor: int | None = None) -> None:
    """These works show something else now: every page that cites one is renewed, and `fact` is recorded of each."""
    changed = list(works)
    citing = Citation.objects.filter(work__in=[work.pk for work in changed]).order_by("answer__question")
    bump(citing.values_list("answer__question", flat=True).distinct())
    if fact is None:
        return
    for work in changed:
        record(fact, subject=f"work:{work.pk}", actor=actor, retraction=work.retraction)


# Of two rows of one work the graver word holds, by whichever identifier the list knew it.
_SEVERITY = ["unchecked", "none", "corrected", "concern", "retracted"]
_STANDING = ["retraction", "retraction_reason", "retracted_on", "checked_at"]


@transaction.atomic
def merge(work: Work, into: Work, actor: Person | None = None) -> None:
    """Two rows turn out to be one work: `into` takes the citations of `work`, which goes."""
    describe(into, {name: getattr(work, name) for name in (*DETAILS, "doi", "pmid", "url")}, over=False)
    taken = set(into.citations.values_list("answer", "statement"))
    for citation in work.citations.order_by("pk"):
        if (citation.answer_id, citation.statement_id) in taken:
            citation.delete()
        else:
            citation.work = into
            citation.save(update_fields=["work"])
    if _SEVERITY.index(work.retraction) > _SEVERITY.index(into.retraction):
        for name in _STANDING:
            setattr(into, name, getattr(work, name))
        into.save(update_fields=_STANDING)
    work.delete()
    renew(works=[into], actor=actor.pk if actor else None)


def resolved_now(work: Work) -> None:
    work.resolved_at = timezone.now()
    work.save(update_fields=["resolved_at"])
