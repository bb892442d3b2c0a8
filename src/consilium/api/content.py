"""From rows to what the API gives: the question page's rules and words, in a constant number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from consilium.api import shapes
from consilium.consensus import panel as panels
from consilium.consensus import reading
from consilium.consensus.counting import Reason
from consilium.consensus.panel import Panel, Seat, StatementPanel
from consilium.doctors import models as doctors
from consilium.evidence.models import Citation, Work
from consilium.lib import addresses
from consilium.lib.markdown import plain
from consilium.questions.models import Answer, ConditionJSON, Question
from consilium.topics.models import Topic

# Who asks is nobody: a session changes nothing here.
NOBODY = AnonymousUser()


def visible() -> QuerySet[Question]:
    """The questions that the API may give: those that a visitor may see."""
    return Question.objects.visible_to(NOBODY)


def consensus(question: Question) -> list[dict[str, Any]]:
    """The state of each statement, without the time: at most seven queries."""
    panel = reading.panel_of(question)
    return [panels.data(panel, one) for one in panel.statements]


def listed(request: HttpRequest, rows: Iterable[Question]) -> list[shapes.Listed]:
    """Lines of a list; `rows` come with their topics."""
    site = _Site(addresses.base(request))
    return [
        shapes.Listed(
            id=row.pk, url=site.url(row), api_url=site.path("v1:api_question", row.pk), title=row.title, language=row.language,
            state=_state(row), asked_at=row.asked_at, changed_at=row.changed_at, answer_count=row.answer_count,
            topics=[site.topic(topic) for topic in row.topics.all()],
        )
        for row in rows
    ]  # fmt: skip


def question(request: HttpRequest, found: Question) -> shapes.Question:
    """Everything that the question's page shows: at most nine queries, however many answers there are."""
    site = _Site(addresses.base(request))
    answers = list(found.answers.visible_to(NOBODY).on_page(NOBODY).order_by("place", "id"))
    panel = reading.panel_of(found, answers)
    keys = {one.statement.pk: one.statement.key for one in panel.statements}
    return shapes.Question(
        id=found.pk, url=site.url(found), consensus_url=site.path("v1:api_consensus", found.pk), title=found.title,
        text=plain(found.body_html), html=found.body_html, language=found.language, direction=_direction(found),
        state=_state(found), asker=found.asker or None, asked_at=found.asked_at, edited_at=found.edited_at,
        changed_at=found.changed_at, topics=[site.topic(topic) for topic in found.topics.order_by("folded")],
        source=_source(found.source, found.source_url), coverage=_coverage(panel), **_variant(found),
        statements=[_statement(site, panel, one) for one in panel.statements],
        answers=[_answer(site, found, one) for one in answers],
        citations=[_citation(row, keys) for row in Citation.objects.on_page(found.pk)],
    )  # fmt: skip


@dataclass(frozen=True)
class _Site:
    """Whole addresses of this site's pages."""

    base: str

    def url(self, thing: Question | Topic | doctors.Doctor) -> str:
        return self.base + thing.get_absolute_url()

    def path(self, name: str, *arguments: object) -> str:
        return self.base + reverse(name, args=arguments)

    def topic(self, topic: Topic) -> shapes.Topic:
        return shapes.Topic.model_validate({"name": topic.name, "kind": topic.kind, "url": self.url(topic)})


def _state(question: Question) -> Any:
    return question.state


def _variant(found: Question) -> dict[str, Any]:
    """`found` comes with its `variant_of`. One that can be read no more is not named; the situation stays."""
    root = found.variant_of if found.variant_of and found.variant_of.state in Question.PUBLIC else None
    return {"variant_of": root and root.pk, "difference": found.difference or None}


def _direction(thing: Question | Answer) -> Any:
    return thing.direction


def _source(row: doctors.Source | None, url: str) -> shapes.Source | None:
    """Where something was copied from, `url` being its own address there; what was made for this site has no source."""
    if row is None or row.kind == doctors.Source.Kind.DEMO:
        return None
    url = url or row.url
    # The name of a saved file says nothing to a reader, and may say too much.
    name = row.name if url or row.kind != doctors.Source.Kind.PAGES else ""
    known = {"kind": row.kind, "name": name or None, "url": url or None, "licence": row.licence or None}
    return shapes.Source.model_validate({**known, "captured_at": row.captured_at})


def _coverage(panel: Panel) -> shapes.QuestionCoverage:
    return shapes.QuestionCoverage(
        required=[panel.noun(need.specialty) for need in panel.coverage.required],
        answered={panel.noun(slug) if slug else "": n for slug, n in panel.coverage.answered.items()},
        missing=[one.specialty.noun for one in panel.missing],
    )


def _statement(site: _Site, panel: Panel, one: StatementPanel) -> shapes.Statement:
    row, verdict = one.statement, one.verdict
    shown = [*one.seats, *(seat for seat in one.others if seat.reason is not Reason.WITHDRAWN)]
    coded = one.imported.seats if one.imported else ()
    return shapes.Statement.model_validate(
        {
            "key": row.key, "place": row.place, "text": row.text, "kind": row.kind, "version": row.version,
            "language": row.language, "direction": row.direction, "label": verdict.label, "side": verdict.side,
            "counts": panels.data(panel, one)["counts"], "n": one.n,
            "stances": [_stance(site, panel, seat) for seat in shown],
            "coded": [_coded(panel, seat) for seat in coded],
        }
    )  # fmt: skip


def _stance(site: _Site, panel: Panel, seat: Seat) -> shapes.Stance:
    return shapes.Stance.model_validate(
        {
            "answer": seat.answer, "doctor": seat.name, "doctor_url": site.path("web:doctor", seat.slug),
            "title": seat.title or None, "specialty": panel.noun(seat.specialty) if seat.specialty else None,
            "value": seat.value or None, "group": seat.group, "conditions": _conditions(panel, seat.conditions),
            "confidence": seat.confidence or None, "blind": seat.blind, "after_discussion": seat.changed,
            "affirmed_at": seat.affirmed_at, "reason": seat.reason,
        }
    )  # fmt: skip


def _coded(panel: Panel, seat: Seat) -> shapes.CodedAnswer:
    conditions = _conditions(panel, seat.conditions)
    return shapes.CodedAnswer.model_validate(
        {"answer": seat.answer, "value": seat.value or None, "group": seat.group, "conditions": conditions}
    )


def _conditions(panel: Panel, rows: Sequence[ConditionJSON]) -> list[shapes.Condition]:
    return [
        shapes.Condition.model_validate({**row, "specialty": panel.noun(row["specialty"]) if row["specialty"] else None})
        for row in rows
    ]


def _answer(site: _Site, question: Question, row: Answer) -> shapes.Answer:
    origin = getattr(row, "origin", None)
    address = origin.url if origin else ""
    return shapes.Answer(
        id=row.pk, url=f"{site.url(question)}#a{row.pk}", headline=row.headline or None, text=plain(row.body_html),
        html=row.body_html, language=row.language, direction=_direction(row), author=_author(site, row),
        answered_at=row.answered_at, edited_at=row.edited_at, helpful=row.helpful_count, source=_source(row.source, address),
        source_helpful=row.source_helpful,
    )  # fmt: skip


def _author(site: _Site, row: Answer) -> shapes.Author:
    """What the source showed beside a copied answer comes before what the profile says now."""
    doctor, origin = row.doctor, getattr(row, "origin", None)
    signed = (origin.author_text if origin else "") or (row.source_author.name if row.source_author else "")
    title = (origin.title if origin else "") or (doctor.title if doctor else "")
    place = (origin.place if origin else "") or (doctor.place if doctor else "")
    return shapes.Author(
        name=doctor.full_name if doctor else None, url=site.url(doctor) if doctor else None,
        signed=None if doctor else signed or None, title=title or None, place=place or None,
        group=doctor is not None and doctor.is_group,
    )  # fmt: skip


def _citation(row: Citation, keys: dict[int, str]) -> shapes.Citation:
    return shapes.Citation.model_validate(
        {
            "work": _work(row.work), "answer": row.answer_id, "statement": keys.get(row.statement_id or 0),
            "direction": row.direction, "applies": row.applies, "quote": row.quote or None,
        }
    )  # fmt: skip


def _work(row: Work) -> shapes.Work:
    texts = {name: getattr(row, name) or None for name in ("title", "doi", "pmid", "url", "authors", "container")}
    return shapes.Work.model_validate({**texts, "kind": row.kind, "year": row.year, "retraction": row.retraction})
