"""Questions that a doctor could answer: nobody has, or nobody of the doctor's specialty, where the question needs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from consilium.consensus.models import Invitation
from consilium.doctors.models import Doctor
from consilium.lib.paging import Page
from consilium.questions.models import Answer, Question, QuestionTopic, Stance
from consilium.search import recommending
from consilium.topics.models import TopicSpecialty
from consilium.web import access
from consilium.web.stands import words

MOST: Final = 100
"""Questions in the list: nobody reads further, and it is made anew for every page."""
KNOWN: Final = 50
"""Questions that the doctor dealt with last, by which the others are put in order."""
NEAR: Final = 200
NEWEST: Final = 500
"""Open questions that are looked at: those nearest by meaning, and the newest."""


@dataclass(frozen=True)
class Suggested:
    """A question and why it stands in the list, a sentence each."""

    question: Question
    reasons: Sequence[str]


@dataclass(frozen=True)
class _Row:
    unanswered: bool
    gap: bool
    shared: int
    listed_at: datetime


def page_of(request: HttpRequest, doctor: Doctor, size: int) -> Page[Any]:
    """The page that starts after so many questions (?after=), without their bars; seven queries at most."""
    start = _start(request)
    known = _known(doctor)
    near = {hit.number: hit.score for hit in recommending.like(known, limit=NEAR)}
    found = _candidates(doctor, known, near)
    order = sorted(found, key=lambda pk: (-near.get(pk, 0.0), -found[pk].shared, -found[pk].listed_at.timestamp(), -pk))[:MOST]
    wanted = order[start : start + size]
    rows = Question.objects.visible_to(access.signed_in(request)).select_related("source").in_bulk(wanted)
    shown = [
        Suggested(rows[pk], _reasons(doctor, found[pk], near=near.get(pk, 0.0) >= recommending.LIKE))
        for pk in wanted
        if pk in rows
    ]
    return Page(shown, str(start + size) if start + size < len(order) else None, not start)


def _start(request: HttpRequest) -> int:
    after = request.GET.get("after", "0")
    if not after.isascii() or not after.isdecimal() or len(after) > len(str(MOST)):
        raise Http404(_("This place in the list does not exist. Start again from its first page."))
    return int(after)


def _known(doctor: Doctor) -> list[int]:
    """What the doctor answered or took a stance on last."""
    answered = Answer.objects.filter(doctor=doctor, state=Answer.State.PUBLISHED).order_by(*Answer.NEWEST)[:KNOWN]
    stood = _stances().filter(doctor=doctor).order_by("-created_at")[:KNOWN]
    both = [*answered.values_list("question", flat=True), *stood.values_list("statement__question", flat=True)]
    return list(dict.fromkeys(both))[:KNOWN]


def _candidates(doctor: Doctor, known: Sequence[int], near: Mapping[int, float]) -> dict[int, _Row]:
    """Those of the nearest and of the newest open questions to which the doctor can add something."""
    newest = Question.objects.filter(state=Question.State.OPEN).newest().values_list("pk", flat=True)[:NEWEST]
    rows: QuerySet[Any] = _open_to(doctor, {*near, *newest}).annotate(**_gap(doctor))
    rows = rows.filter(Q(answer_count=0) | Q(needed=True, there=False))
    found = {pk: held for pk, *held in rows.values_list("pk", "answer_count", "needed", "there", "listed_at")}
    about = QuestionTopic.objects.filter(question__in=found, topic__in=_topics(known)).values_list("question")
    shared = dict(about.annotate(n=Count("topic"))) if found and known else {}
    return {
        pk: _Row(unanswered=not answers, gap=needed and not there, shared=shared.get(pk, 0), listed_at=listed_at)
        for pk, (answers, needed, there, listed_at) in found.items()
    }


def _open_to(doctor: Doctor, numbers: set[int]) -> QuerySet[Question]:
    """Open questions that are not the doctor's own, to which they were not invited, and of which they have said nothing."""
    mine = Answer.objects.filter(question=OuterRef("pk"), doctor=doctor, state=Answer.State.PUBLISHED)
    stood = _stances().filter(statement__question=OuterRef("pk"), doctor=doctor)
    rows = Question.objects.filter(pk__in=numbers, state=Question.State.OPEN)
    # An invitation stands on the account page by itself; who declined it need not see the question again.
    invited = Invitation.objects.filter(question=OuterRef("pk"), doctor=doctor)
    return rows.filter(~Exists(mine), ~Exists(stood), ~Exists(invited)).exclude(asked_by=doctor.person_id)


def _gap(doctor: Doctor) -> dict[str, Any]:
    """Annotations: whether the doctor's specialty is `needed` by a topic, and whether somebody of it is `there`."""
    specialty = doctor.specialty_id
    needs = TopicSpecialty.objects.filter(topic__about__question=OuterRef("pk"), specialty=specialty)
    seen = Answer.objects.filter(question=OuterRef("pk"), state=Answer.State.PUBLISHED)
    answers = seen.filter(Q(origin__specialty=specialty) | Q(origin__specialty=None, doctor__specialty=specialty))
    stances = _stances().filter(statement__question=OuterRef("pk"), doctor__specialty=specialty)
    return {"needed": Exists(needs), "there": Exists(answers) | Exists(stances)}


def _stances() -> QuerySet[Stance]:
    return Stance.objects.current().filter(withdrawn_at=None)


def _topics(known: Sequence[int]) -> QuerySet[Any]:
    return QuestionTopic.objects.filter(question__in=known).values("topic")


def _reasons(doctor: Doctor, row: _Row, *, near: bool) -> list[str]:
    found = [_("Nobody has answered yet.")] if row.unanswered else []
    if row.gap and not row.unanswered and doctor.specialty:
        found.append(_("No %(doctor)s has answered.") % {"doctor": words.one_doctor(doctor.specialty.title)})
    if near:
        found.append(_("Like questions you have answered."))
    elif row.shared:
        found.append(_("About what you have answered on."))
    return found
