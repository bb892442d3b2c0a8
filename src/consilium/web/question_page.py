"""What the question page shows, read in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest

from consilium.accounts.models import Person, Role
from consilium.accounts.policy import EDITORS, NOBODY, can, standing
from consilium.consensus import lines, reading
from consilium.consensus.panel import Panel
from consilium.evidence.reading import Ledger, Line, ledger
from consilium.questions.models import Answer, Comment, Follow, Question, Stance, Statement, Viewer
from consilium.web import beside, gate, grouping, lists, shown, stands
from consilium.web.shown import ShownAnswer
from consilium.web.stands import badges, bar


def questions_for(viewer: Viewer) -> QuerySet[Question]:
    """The questions this reader may see, each with `seen` (answers at the reader's last visit, if followed) and `withdrawn`;
    `edits`: the reader is an editor; `remarked`: the source had comments.
    """
    seen = Follow.objects.filter(question=OuterRef("pk"), person=viewer.pk).values("seen_answers")
    withdrawn = Count("answers", filter=Q(answers__state=Answer.State.WITHDRAWN))
    edits = Exists(Role.objects.filter(person=viewer.pk, name__in=EDITORS))
    rows = Question.objects.visible_to(viewer).on_page(viewer)
    rows = rows.annotate(seen=Subquery(seen), withdrawn=withdrawn, edits=edits, remarked=Exists(_comments()))
    return gate.annotated(rows, viewer)


def _comments() -> QuerySet[Comment]:
    return Comment.objects.filter(question=OuterRef("pk"))


def parts(request: HttpRequest, question: Any) -> dict[str, Any]:
    """Answers with authors, comments and stances, the panel, topics, links: nine queries, eleven on a copied page.

    `question` comes from `questions_for`.
    """
    viewer = request.user
    comments = list(question.comments.select_related("source_author").order_by("id")) if question.remarked else []
    shown_rows = question.answers.visible_to(viewer).on_page(viewer).annotate(restood_at=_restood())
    rows = list(shown_rows.order_by("place", "id"))
    others = beside.of(question, viewer)
    panel, sources = _panel(question, viewer, rows, others.rows)
    answers = _with_stances(shown.answers(rows, comments, viewer.pk), panel, sources, others.joined)
    return {
        "answers": answers,
        "copy": next((row for row in rows if row.is_copy), None),
        "own_answer": next((one.answer for one in answers if one.mine), None),
        "own_copy": next((row for row in rows if row.is_copy and gate.is_of(viewer, row)), None),
        "comments": [comment for comment in comments if comment.answer_id is None],
        "topics": panel.topics,
        "beside": others,
        "panel": stands.shown(panel, question, rows, panel.topics),
        "sources": _by_statement(panel, sources),
        **_arranged(request, answers, panel),
    }


def _restood() -> Subquery:
    """When another stance last took the place of one that was given with the answer."""
    before = Stance.objects.filter(answer=OuterRef("pk"), superseded_at__isnull=False).order_by("-superseded_at")
    return Subquery(before.values("superseded_at")[:1])


def _panel(question: Question, viewer: Viewer, rows: Sequence[Answer], linked: Sequence[Any]) -> tuple[Panel, Ledger]:
    """The panel and the sources; the linked questions get their bars on the way."""
    known, unknown = lines.kept(linked) if linked else ({}, [])
    panel, beside = reading.panel_beside(question, rows, unknown)
    shut = {other.pk for other in linked if gate.is_closed(other, viewer)}
    bar.put({pk: line for pk, line in (known | lines.of(beside)).items() if pk not in shut}, linked)
    answers = {row.pk: row for row in rows}
    citations = [citation for citation in panel.citations if citation.answer_id in answers]
    for citation in citations:
        citation.answer = answers[citation.answer_id]  # with its doctor
    return panel, ledger(citations, [one.statement.pk for one in panel.statements])


def _with_stances(
    answers: Sequence[ShownAnswer], panel: Panel, sources: Ledger, joined: Sequence[Question]
) -> list[ShownAnswer]:  # fmt: skip
    own = {one.answer.doctor_id: one.answer.pk for one in answers if one.answer.doctor_id and not one.answer.is_copy}
    found = badges.by_answer(panel, own)
    asked_at = {row.source_id: row.source_url for row in joined if row.source_id}
    return [
        replace(
            one, badges=found.get(one.answer.pk, ()), sources=sources.by_answer.get(one.answer.pk, ()),
            asked_at=asked_at.get(one.answer.source_id or 0, ""),
        )
        for one in answers
    ]  # fmt: skip


def _by_statement(panel: Panel, sources: Ledger) -> list[tuple[Statement | None, Sequence[Line]]]:
    statements: list[Statement | None] = [*(one.statement for one in panel.statements), None]
    return [(one, found) for one in statements if (found := sources.by_statement.get(one.pk if one else None))]


def _arranged(request: HttpRequest, answers: Sequence[ShownAnswer], panel: Panel) -> dict[str, Any]:
    """The answers as ?sort= and ?stance= ask for them."""
    statement = panel.statements[0].statement if panel.statements else None
    sorts = grouping.BY_STANCE if statement else grouping.BY_PLACE
    sort = lists.chosen(request, "sort", sorts)
    choices = grouping.choices(answers, statement, request.GET) if statement else []
    kept = grouping.kept(grouping.ordered(answers, sort, {need.specialty for need in panel.coverage.required}), choices)
    chosen = next((choice.value for choice in choices if choice.on), "")
    return {
        "bunches": grouping.bunches(kept, statement, grouped=sort == "stance"),
        "choices": choices, "chosen": chosen, "sort": sort, "shown_answers": kept,
        "names": tuple((one.answer.pk, one.by.name or one.by.signed, one.by.title) for one in kept),
        "tabs": lists.tabs("sort", sorts, sort, anchor="#answers", keep={"stance": chosen}),
    }  # fmt: skip


def rights(question: Any, person: Person | None) -> dict[str, bool]:
    """Which buttons this reader gets; `question` comes from `questions_for`."""
    if person is None:
        return {}
    doctor = question.takes_answers and question.is_doctor and question.asked_by_id != person.pk
    who = standing(signed_in=True, doctor=doctor, roles=EDITORS if question.edits else NOBODY)
    owner = question.asked_by_id == person.pk
    verbs = ("answer", "edit", "withdraw", "follow", "reopen", "invite", "reconsider", "merge", "suggest")
    found = {f"may_{verb}": can(who, f"question.{verb}", question.state, owner=owner) for verb in verbs}
    may_state = can(who, "statement.add", question.state, owner=owner)
    return found | {"may_code": can(who, "answer.code", Answer.State.PUBLISHED), "may_state": may_state}
