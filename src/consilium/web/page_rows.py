"""The rows that decide what a public page shows, for its ETag (etag.py): asked for in at most two queries, or at hand.

A question's `version` stands for all that its own rows show. Other tables have no version, so their values are taken.
Where doctors stand can change with time alone (a check of a licence runs out); where that is not asked for, each day makes
new tags.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone

from consilium.consensus import ageing
from consilium.doctors.models import Credential, Doctor
from consilium.doctors.standing import licence_marks
from consilium.lib.paging import Page
from consilium.questions.models import Answer, Question, QuestionTopic, Statement
from consilium.topics.models import Specialty, Topic
from consilium.web import beside, etag, lists

_TOPIC = ("pk", "name", "slug", "kind", "description", "language", "question_count")
_LISTED = ("listed_at", "answer_count", "question__version")
_DOCTOR = tuple(field.attname for field in Doctor._meta.concrete_fields)
_ROSTER = Subquery(Specialty.objects.filter(roster_at__isnull=False).order_by("-roster_at").values("roster_at")[:1])
_LICENCE = ("licensed", "was_licensed")


def question(request: HttpRequest, number: int, slug: str = "") -> etag.Dated | None:
    """The question's version with the versions of those it links to, whose titles, counts and consensus it shows; so with
    those that ask the same in another situation.
    """
    stated = Statement.objects.filter(question=OuterRef("pk"))
    about = {"stands": Exists(stated), "needs": Exists(_needed()), "roster_at": _ROSTER, **_group()}
    found = (
        Question.objects.visible_to(request.user)
        .filter(pk=number)
        .annotate(linked=Count("links"), versions=Sum("links__other__version"), latest=Max("links__other__changed_at"))
        .annotate(**ageing.marks(), **about)
        .values_list("pk", "version", "linked", "versions", "ended", "faded", *about, "changed_at", "latest")
        .first()
    )
    if found is None:
        return None
    *key, ended, faded, stands, needs, roster_at, varied, varied_at, root, root_at, changed, latest = found
    # Linked questions may age, and doctors of a missing specialty may come or go.
    ages = latest or varied_at or root_at or stands or needs
    times = [ageing.changed(changed, ended, faded), latest or changed, _day() if ages else changed]
    times += [(roster_at if needs or stands else None) or changed, varied_at or changed, root_at or changed]
    return etag.Dated((*key, ended, faded, varied, root, times[1:]), max(times).timestamp())


def _group() -> dict[str, Any]:
    """Annotations: the versions of all variants of a question, or of the one it is a variant of, and that one's own."""
    root = Coalesce(OuterRef("variant_of"), OuterRef("pk"))
    rows = Question.objects.filter(variant_of=root).order_by().values("variant_of")
    return {
        "varied": Subquery(rows.annotate(n=Sum("version")).values("n")),
        "varied_at": Subquery(rows.annotate(latest=Max("changed_at")).values("latest")),
        "root_version": F("variant_of__version"),
        "root_at": F("variant_of__changed_at"),
    }


def _needed() -> QuerySet[QuestionTopic]:
    return QuestionTopic.objects.filter(question=OuterRef("pk"), topic__needs__isnull=False)


def stances(request: HttpRequest, number: int) -> object | None:
    """The question's version, what time alone changes in its panel, and the day that the sheet names."""
    rows: Any = Question.objects.visible_to(request.user).filter(pk=number).annotate(**ageing.marks())
    found = rows.values_list("pk", "version", "ended", "faded").first()
    return found and (*found, timezone.localdate())


def topic(request: HttpRequest, slug: str) -> object | None:
    """The topic with its synonyms and the specialties it needs, and the questions on this page of its list."""
    beside = ("synonyms__name", "needs__specialty__noun", "needs__role")
    found = list(Topic.objects.filter(slug=slug).order_by("synonyms__pk", "needs__pk").values_list(*_TOPIC, *beside))
    if not found:
        return None
    rows, order, _tab = lists.questions_about(request, found[0][0])
    page = lists.page_of(request, rows.select_related("question").only(*_LISTED), order)
    return found, [(row.question.pk, row.question.version) for row in page.items], page.next, _day()


def situations(request: HttpRequest, number: int) -> object | None:
    """The question that leads the group, and those on this page of it."""
    found = Question.objects.visible_to(request.user).filter(pk=number).first()
    if found is None:
        return None
    page = lists.page_of(request, beside.group_of(found, request.user), beside.ORDER)
    return (found.pk, found.version, of_questions(page))


def of_questions(page: Page[Question]) -> object:
    """A page of questions that is loaded already; so below."""
    return [(row.pk, row.version) for row in page.items], page.next, _day()


def of_topics(page: Page[Topic]) -> object:
    return [(*_values(row, _TOPIC), [other.name for other in row.synonyms.all()]) for row in page.items], page.next


def of_doctors(page: Page[Doctor], offered: Sequence[Specialty]) -> object:
    people = [(*_values(row, _DOCTOR), *_values(row, _LICENCE)) for row in page.items]
    return people, page.next, [row.pk for row in offered]


def doctor_marks() -> dict[str, Any]:
    """Annotations of a doctor's row that change with what is confirmed: `of_doctor` takes them."""
    held = Credential.objects.filter(doctor=OuterRef("pk"))
    given, valid = (rows.order_by().values("doctor").annotate(n=Count("pk")).values("n") for rows in (held, held.valid()))
    return licence_marks() | {"given": Subquery(given), "valid": Subquery(valid)}


def of_doctor(doctor: Any, page: Page[Answer]) -> object:
    source = doctor.source and (doctor.source.name, doctor.source.url)
    checked = (doctor.given, doctor.valid)
    return _values(doctor, _DOCTOR), source, checked, [(row.pk, row.question.version) for row in page.items], page.next, _day()


def _day() -> datetime:
    """The beginning of this day (UTC)."""
    return timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _values(row: Any, names: Sequence[str]) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in names)
