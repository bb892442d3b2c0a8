"""A panel as its templates print it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from consilium.consensus.agreement import Label
from consilium.consensus.panel import Panel, StatementPanel
from consilium.questions.models import Question
from consilium.topics.models import Topic
from consilium.web.stands import coverage, overturn, sentences, verdict
from consilium.web.stands.coverage import Chair
from consilium.web.stands.imported import ShownImported
from consilium.web.stands.imported import shown as shown_imported
from consilium.web.stands.seats import MANY, Condition, Row, Tile, Wording, conditions, hollow, rows_of, wording


@dataclass(frozen=True)
class ShownStatement:
    """One statement. `n` 0: `verdict` says that nobody has taken a stance, and there is nothing else to judge by."""

    statement: Wording
    n: int
    label: str
    verdict: str
    rows: tuple[Row, ...]
    many: bool
    cosigned: tuple[Tile, ...]
    said: tuple[SafeString, ...]
    caveat: str
    overturn: str
    hollow: tuple[Row, ...]
    conditions: tuple[Condition, ...]
    notes: tuple[str, ...]
    specialties: tuple[str, ...]
    across: bool
    imported: ShownImported | None
    interval: str
    chance: str
    algorithm: str
    snapshot: int | None


@dataclass(frozen=True)
class ShownPanel:
    """The panel of a question: `people` have answered, `covered` by specialty; `chairs` are empty. `copied`: some answers are."""

    people: int
    copied: bool
    statements: list[ShownStatement]
    covered: list[tuple[str, int]]
    chairs: list[Chair]

    @property
    def any(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.statements or self.chairs)


def shown(panel: Panel, question: Question, answers: Iterable[int], topics: Iterable[Topic]) -> ShownPanel:
    """The panel of a question whose page shows these answers (numbers) and topics."""
    places = {pk: f"#a{pk}" for pk in answers}
    people = sum(panel.coverage.answered.values())
    treatment = any(topic.kind == Topic.Kind.TREATMENT for topic in topics)
    return ShownPanel(
        people=people,
        copied=any(one.imported for one in panel.statements),
        statements=[_statement(panel, one, places, people, treatment=treatment) for one in panel.statements],
        covered=coverage.answered(panel),
        chairs=coverage.chairs(panel, takes_answers=question.takes_answers),
    )


def _statement(panel: Panel, one: StatementPanel, places: Mapping[int, str], people: int, *, treatment: bool) -> ShownStatement:
    advises = one.statement.advises
    titles = {slug: found.title for slug, found in panel.specialties.items()}
    nouns = {slug: found.noun for slug, found in panel.specialties.items()}
    rows = rows_of(one.seats, one.counts, places, advises=advises)
    return ShownStatement(
        statement=wording(one.statement), n=one.n, label=one.verdict.label.value, verdict=_verdict(panel, one),
        rows=rows, many=one.n >= MANY, cosigned=tuple(tile for row in rows for tile in row.tiles if tile.cosigned),
        said=tuple(sentences.shares(one.counts, advises=advises)), caveat=sentences.caveat(one.n),
        overturn=overturn.sentence(one.counts, one.overturn, one.levels, advises=advises),
        hollow=hollow(one.others, one.n, places), conditions=conditions(one.conditions, one.n, titles),
        notes=tuple(sentences.notes(one, treatment=treatment, answered=people)),
        specialties=tuple(sentences.by_specialty(one, nouns)) if len(one.by_specialty) > 1 else (), across=one.across,
        imported=shown_imported(one.imported, places, advises=advises, titles=titles) if one.imported else None,
        interval=sentences.interval(one) if one.n else "",
        chance=sentences.chance(one.verdict.p) if one.verdict.p is not None else "",
        algorithm=one.algorithm, snapshot=one.snapshot,
    )  # fmt: skip


def _verdict(panel: Panel, one: StatementPanel) -> str:
    if one.verdict.label is Label.NONE:
        return _("No verified doctor has taken a stance yet.")
    missing = [panel.specialties[need.specialty].title for need in one.coverage.missing if need.primary]
    only = next((found.title for slug in one.coverage.answered if (found := panel.specialties.get(slug))), "")
    return verdict.sentence(one.counts, one.verdict, advises=one.statement.advises, missing=missing, only=only)
