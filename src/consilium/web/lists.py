"""Lists of questions in three orders, paged by key."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import Http404, HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consilium.consensus.lines import lines
from consilium.doctors.models import Doctor
from consilium.doctors.standing import licence_marks
from consilium.lib.paging import BadCursor, Page, paginate
from consilium.questions.models import Question, QuestionTopic
from consilium.questions.models.question import QuestionQuerySet
from consilium.topics.models import Specialty, Topic
from consilium.web.stands import bar

M = TypeVar("M", bound=Model)
_TOPICS_ON_A_PAGE = 300
_DOCTORS = ("-answer_count", "-id")

KINDS: dict[str, Promise] = {"": _("All"), "treatment": _("Treatments"), "condition": _("Conditions"), "other": _("Other topics")}
TABS: dict[str, Promise] = {"": _("Newest"), "answered": _("Most answered"), "unanswered": _("Unanswered")}


@dataclass(frozen=True)
class Tab:
    """A link to one order of a list."""

    href: str
    label: str
    current: bool


def chosen(request: HttpRequest, parameter: str, known: Mapping[str, Promise]) -> str:
    """The value of a query parameter if it is a known one, else the first: an old link must not break."""
    value = request.GET.get(parameter, "")
    return value if value in known else next(iter(known))


def tabs(
    parameter: str, known: Mapping[str, Promise], current: str, *, anchor: str = "", keep: Mapping[str, str] | None = None
) -> list[Tab]:  # fmt: skip
    """Links to all orders; the first is the page itself, with nothing but what is to `keep` of the query."""
    first, kept = next(iter(known)), {name: value for name, value in (keep or {}).items() if value}
    return [
        Tab(f"?{urlencode({parameter: value} | kept if value != first else kept)}{anchor}", str(label), value == current)
        for value, label in known.items()
    ]


def page_of(request: HttpRequest, rows: QuerySet[M], order: Sequence[str], size: int | None = None) -> Page[M]:
    """The page that ?after= names; a place that does not exist is a missing page."""
    try:
        return paginate(rows, request.GET.get("after", ""), order=order, size=size or settings.CONFIG.page_size)
    except BadCursor:
        raise Http404(gettext("This place in the list does not exist. Start again from its first page.")) from None


def questions(request: HttpRequest) -> tuple[QuestionQuerySet, Sequence[str], str]:
    """All questions as ?tab= wants them: the rows, their order, the tab."""
    tab = chosen(request, "tab", TABS)
    rows = Question.objects.visible_to(request.user)
    return (
        rows.filter(answer_count=0) if tab == "unanswered" else rows,
        Question.MOST_ANSWERED if tab == "answered" else Question.NEWEST,
        tab,
    )


def questions_about(request: HttpRequest, topic: int) -> tuple[QuerySet[QuestionTopic], Sequence[str], str]:
    """The same for the questions about one topic."""
    tab = chosen(request, "tab", TABS)
    rows = QuestionTopic.objects.visible_to(request.user).filter(topic=topic)
    return (
        rows.filter(answer_count=0) if tab == "unanswered" else rows,
        QuestionTopic.MOST_ANSWERED if tab == "answered" else QuestionTopic.NEWEST,
        tab,
    )


def with_bars(rows: Iterable[Question]) -> None:
    """Give each question of a list its `bar` (where the doctors stand, in one line): one query while kept states hold."""
    found = list(rows)
    bar.put(lines(found) if found else {}, found)


def topics(request: HttpRequest) -> Page[Topic]:
    """One page of the topics that have questions, by kind and name, with their other names; ?kind= keeps one kind."""
    kind = chosen(request, "kind", KINDS)
    rows = Topic.objects.filter(question_count__gt=0).prefetch_related("synonyms")
    return page_of(request, rows.filter(kind=kind) if kind else rows, ("kind", "folded", "id"), _TOPICS_ON_A_PAGE)


def doctors(request: HttpRequest) -> tuple[Page[Doctor], list[Specialty], Specialty | None]:
    """One page of all doctors, those with most answers first; the specialties there are; the one that ?specialty= keeps."""
    offered = list(Specialty.objects.filter(Exists(Doctor.objects.filter(specialty=OuterRef("pk")))).order_by("noun"))
    wanted = next((item for item in offered if item.slug == request.GET.get("specialty")), None)
    rows = Doctor.objects.listed().annotate(**licence_marks())
    return page_of(request, rows.filter(specialty=wanted) if wanted else rows, _DOCTORS), offered, wanted
