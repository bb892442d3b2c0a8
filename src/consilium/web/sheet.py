"""What stands on the sheet that a patient takes to a doctor: the panel in words, and questions for each specialist."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import segno
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consilium.consensus.panel import ConditionLine, Panel, StatementPanel
from consilium.lib.text import direction
from consilium.questions.models import Answer, ConditionKind
from consilium.topics.models import Specialty
from consilium.web import cards, shown
from consilium.web.cards import Copied
from consilium.web.stands import words

# Headlines that fit on the sheet of a question without statements.
HEADLINES = 12


@dataclass(frozen=True)
class Asked:
    """One question for a specialist: `lead` asks, `quote` is what it is about, `why` says who wants to know."""

    lead: str
    quote: str
    language: str
    why: str

    @property
    def direction(self) -> str:
        return direction(self.language)


@dataclass(frozen=True)
class Visit:
    """The questions for one specialist. `heading` names the specialist."""

    heading: str
    questions: list[Asked]


def visits(panel: Panel) -> list[Visit]:
    """Questions for each specialist who is missing or to whom the conditions send the reader, the missing ones first."""
    missing = [one.specialty for one in panel.missing]
    named = {line.specialty for one in panel.statements for line, _n in _lines(one) if line.specialty}
    others = [panel.specialties[slug] for slug in sorted(named - {one.slug for one in missing}) if slug in panel.specialties]
    found = [_visit(panel, one, is_missing=one in missing) for one in (*missing, *others)]
    return [visit for visit in found if visit.questions]


def _visit(panel: Panel, specialty: Specialty, *, is_missing: bool) -> Visit:
    doctor = words.one_doctor(specialty.title)
    asked = [
        _about(one, line, n) for one in panel.statements for line, n in _lines(one) if line.specialty == specialty.slug
    ]  # fmt: skip
    if not asked and is_missing:
        why = _("No %(doctor)s has answered here.") % {"doctor": doctor}
        asked = [
            Asked(_("What do you say of this?"), one.statement.text, one.statement.language, why) for one in panel.statements
        ]
    return Visit(_("Questions for your %(doctor)s") % {"doctor": doctor}, asked)


def _lines(one: StatementPanel) -> Iterator[tuple[ConditionLine, int]]:
    """The conditions of a statement, each with how many doctors' stances they are drawn from; of copied answers where no
    doctor of this site has taken a stance."""
    if one.n:
        yield from ((line, one.n) for line in one.conditions)
    elif one.imported:
        yield from ((line, one.imported.counts.n) for line in one.imported.conditions)


def _about(one: StatementPanel, line: ConditionLine, n: int) -> Asked:
    language = one.statement.language
    if line.kind == ConditionKind.CLEARANCE:
        return Asked(_("Do you agree to this in my case?"), one.statement.text, language, _wanted(line.n, n, copied=not one.n))
    return Asked(_("Is this so in my case?"), line.text, language, _set(line.n, n, copied=not one.n))


def _wanted(k: int, n: int, *, copied: bool) -> str:
    if copied:
        said = ngettext("%(k)d of %(n)d copied answers wants it.", "%(k)d of %(n)d copied answers want it.", k)
    else:
        said = ngettext("%(k)d of %(n)d doctors wants it.", "%(k)d of %(n)d doctors want it.", k)
    return said % {"k": k, "n": n}


def _set(k: int, n: int, *, copied: bool) -> str:
    said = _("A condition of %(k)d of %(n)d copied answers.") if copied else _("A condition of %(k)d of %(n)d doctors.")
    return said % {"k": k, "n": n}


@dataclass(frozen=True)
class Headline:
    """What one doctor answered, in the doctor's own few words."""

    by: shown.Byline
    answer: Answer
    copied: Copied | None


def headlines(answers: Sequence[Answer]) -> Iterable[Headline]:
    """For a question without statements: the first answers that have a headline."""
    return [Headline(shown.byline(answer), answer, cards.copied(answer)) for answer in answers if answer.headline][:HEADLINES]


def qr(address: str) -> str:
    """The address as a picture that a telephone reads, in a data: address; black on white on any background."""
    return segno.make_qr(address, error="m").svg_data_uri(border=4, dark="#000", light="#fff", omitsize=True)
