"""What an editor can put right about a work and what it is cited for."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from consilium.accounts.models import Person
from consilium.evidence import facts, rules
from consilium.evidence.actions import works
from consilium.evidence.actions.errors import IDENTIFIER_PROBLEMS, BadSource
from consilium.evidence.actions.retractions import compare
from consilium.evidence.actions.sources import TEXT_FIELDS, Says, check_says, checked_text, checked_year
from consilium.evidence.models import Citation, Work
from consilium.journal.actions import record
from consilium.questions.actions import bump
from consilium.questions.actions.errors import require

EDITABLE: Final = ("kind", "title", "authors", "container", "year", "identifier")


@transaction.atomic
def edit_work(*, editor: Person, work: Work, **fields: str | int | None) -> Work:
    """Set any of EDITABLE; no registry and no doctor changes it afterwards. Raises BadSource with row 0.

    With the `identifier` of another work the two become one: the work given back is then the other.
    """
    require(editor, "citation.edit", "", why=_("Only an editor can change what is known of a source."))
    if unknown := fields.keys() - set(EDITABLE):
        raise TypeError(f"a work has no {', '.join(sorted(unknown))} to edit")
    held = Work.objects.select_for_update().get(pk=work.pk)
    wanted = {name: _checked(name, value) for name, value in fields.items() if name != "identifier"}
    changed = {name: value for name, value in wanted.items() if getattr(held, name) != value}
    for name, value in changed.items():
        setattr(held, name, value)
    held.edited_fields = sorted({*held.edited_fields, *changed})
    held.save(update_fields=[*changed, "edited_fields"])
    other = _renamed(held, str(fields["identifier"]), editor) if fields.get("identifier") is not None else held
    if other.pk == held.pk and (changed or other.key != work.key):
        works.renew(works=[other], actor=editor.pk)
    return other


@transaction.atomic
def edit_citation(*, editor: Person, citation: Citation, direction: str, applies: str) -> Citation:
    """Say otherwise what a source says of its statement, and whether it is about the same use. Raises BadSource with row 0."""
    require(editor, "citation.edit", "", why=_("Only an editor can change what a source says."))
    held = Citation.objects.select_for_update(of=("self",)).select_related("answer").get(pk=citation.pk)
    check_says(0, Says(None, direction, applies), set())
    if (held.direction, held.applies) == (direction, applies):
        return held
    held.direction, held.applies = direction, applies
    held.save(update_fields=["direction", "applies"])
    question = held.answer.question_id
    bump([question])
    record(
        facts.CITATION_CHANGED, subject=f"question:{question}", actor=editor.pk, answer=held.answer_id, citation=held.pk,
        direction=direction, applies=applies,
    )  # fmt: skip
    return held


def _checked(name: str, value: str | int | None) -> str | int | None:
    if name == "year":
        return checked_year(0, value if isinstance(value, int) else None)
    if name == "kind" and value not in Work.Kind.values:
        raise BadSource(0, "kind", _("Choose what kind of source this is."))
    return checked_text(0, name, str(value or "")) if name in TEXT_FIELDS else value


def _renamed(work: Work, text: str, editor: Person) -> Work:
    """The work under another identifier: itself, or the work that has it already."""
    identifier = rules.identify(text)
    if isinstance(identifier, rules.Problem):
        raise BadSource(0, "identifier", str(IDENTIFIER_PROBLEMS[identifier]))
    if identifier.key == work.key:
        return work
    other = works.known(identifier)
    if other is not None and other.pk != work.pk:
        works.merge(work, into=other, actor=editor)
        return other
    work.key, work.doi, work.pmid, work.url = identifier.key, identifier.doi, identifier.pmid, identifier.url
    # What a registry said was about the work that the old identifier named.
    work.resolved_at = None
    work.save(update_fields=["key", "doi", "pmid", "url", "resolved_at"])
    compare([work])
    return work
