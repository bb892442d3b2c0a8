"""The consensus of a question as one line of a list: a small bar and words that say the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consilium.consensus.agreement import Cap, Counts, Group, Label, Verdict
from consilium.questions.models import Statement
from consilium.web.stands import sentences, verdict, words

WIDEST: Final = 12  # parts of a bar that the style sheet knows


@dataclass(frozen=True)
class Bar:
    """`parts` are (short name of the stance, its share of the bar); `grey`: copied answers, which count nowhere."""

    parts: list[tuple[str, int]]
    grey: bool
    words: str
    statement: str
    language: str
    missing: str


def of(line: Mapping[str, Any]) -> Bar:
    """The bar of one state of a statement (consensus.panel.data)."""
    counts, advises = Counts(**line["counts"]), line["kind"] in {Statement.Kind.SAFE, Statement.Kind.RECOMMENDED}
    copied = Counts(**line["imported"]["counts"]) if line["imported"] else Counts()
    grey = not counts.n and copied.n > 0
    return Bar(
        parts=_parts(copied if grey else counts), grey=grey,
        words=_imported(line, copied, advises=advises) if grey else _words(line, counts, advises=advises),
        statement=line["statement"], language=line["language"], missing=_missing(line),
    )  # fmt: skip


def put(lines: Mapping[int, Mapping[str, Any]], questions: Iterable[Any]) -> None:
    """Give each question of a list its `bar`, None without a statement."""
    for question in questions:
        question.bar = of(lines[question.pk]) if question.pk in lines else None


def _parts(counts: Counts) -> list[tuple[str, int]]:
    scale = WIDEST / counts.n if counts.n > WIDEST else 1
    return [(code, max(1, round(counts.of(group) * scale))) for group, code in words.CODES.items() if counts.of(group)]


def _words(line: Mapping[str, Any], counts: Counts, *, advises: bool) -> str:
    label = Label(line["label"])
    said = _judged(line, counts, advises=advises).rstrip(".")
    if label is Label.NONE or (label is Label.FEW and len(_parts(counts)) == 1):
        return _("%(sentence)s.") % {"sentence": said}
    told = sentences.in_short(counts, advises=advises) if len(_parts(counts)) > 1 else sentences.of(counts.n, counts.n)
    return _("%(verdict)s: %(counts)s.") % {"verdict": said, "counts": told}


def _judged(line: Mapping[str, Any], counts: Counts, *, advises: bool) -> str:
    label, side = Label(line["label"]), Group(line["side"]) if line["side"] else None
    judged = Verdict(label, side, line["p"], tuple(Cap(cap) for cap in line["capped_by"]), label)
    return verdict.sentence(counts, judged, advises=advises) if label is Label.FEW else verdict.plain(judged, advises=advises)


def _imported(line: Mapping[str, Any], counts: Counts, *, advises: bool) -> str:
    of = line["imported"]["of"]
    said = ngettext(
        "No verified doctor has taken a stance yet. Of %(of)d imported answer, confirmed by nobody: %(counts)s.",
        "No verified doctor has taken a stance yet. Of %(of)d imported answers, confirmed by nobody: %(counts)s.",
        of,
    )
    return said % {"of": of, "counts": sentences.in_short(counts, advises=advises)}


def _missing(line: Mapping[str, Any]) -> str:
    missing = line["coverage"]["missing"]
    return _("Not answered by: %(specialties)s") % {"specialties": ", ".join(missing)} if missing else ""
