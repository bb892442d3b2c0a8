"""The addresses of the API, version 1."""

from typing import Annotated, Any, Final

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from ninja import NinjaAPI, Path, Query
from ninja.errors import ValidationError

from consilium.api import content, shapes
from consilium.api.door import problem, unchanged
from consilium.consensus import ageing
from consilium.lib import addresses
from consilium.lib.paging import BadCursor, Page, paginate
from consilium.questions import joined
from consilium.questions.models import Question

_log = structlog.get_logger(__name__)
_JOINED: Final = "This question was joined with another one, which the address in “Location” is about."
_GONE: Final = "There is no question with this number, or it has been taken back."
_NO_PLACE: Final = "This place in the list does not exist. Start again from its first page."
_NOT_MODIFIED: Final[dict[Any, Any]] = {304: None}

api = NinjaAPI(
    title="Consilium",
    version="1",
    description="Questions, doctors' answers and where the doctors stand. What it gives is what a visitor sees on the pages; "
    "nobody needs an account or a key.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="v1",
)

Number = Annotated[int, Path(..., ge=1, le=2**63 - 1, description="The number in the address of the question's page.")]
After = Annotated[str, Query(description="The place in the list, as the address in “next” names it.")]


@api.get(
    "/questions",
    response={200: shapes.Page, **_NOT_MODIFIED, 422: shapes.Problem},
    url_name="api_questions",
    operation_id="list_questions",
    summary="Questions, newest first",
)
def questions(request: HttpRequest, response: HttpResponse, after: After = "") -> Any:
    """One page of all questions that a visitor can see. Follow “next” until it is null; a page costs the same however
    far down the list it is."""
    page = _page(after)
    rows = ([(row.pk, row.version) for row in page.items], page.next)
    return unchanged(request, response, rows) or shapes.Page(
        questions=content.listed(request, page.items), next=_next(request, page.next)
    )


@api.get(
    "/questions/{int:number}",
    response={200: shapes.Question, 301: shapes.Problem, **_NOT_MODIFIED, 404: shapes.Problem},
    url_name="api_question",
    operation_id="get_question",
    summary="A question with its answers, statements, stances and sources",
)
def question(request: HttpRequest, response: HttpResponse, number: Number) -> Any:
    """Everything that the question's page shows. A question that its asker took back is gone here, too; the number of one
    that was joined with another leads to that."""
    found = _found(number, "v1:api_question")
    return unchanged(request, response, _rows(found)) or content.question(request, found)


@api.get(
    "/questions/{int:number}/consensus",
    response={200: list[shapes.Consensus], 301: shapes.Problem, **_NOT_MODIFIED, 404: shapes.Problem},
    url_name="api_consensus",
    operation_id="get_consensus",
    summary="Where the doctors stand on each statement of a question",
)
def consensus(request: HttpRequest, response: HttpResponse, number: Number) -> Any:
    """One object for each statement, in the order of the page, worked out from the stances when asked. Empty for a question
    without statements."""
    found = _found(number, "v1:api_consensus")
    same = unchanged(request, response, _rows(found))
    if same is not None:
        return same
    now = timezone.now()
    return [shapes.Consensus.model_validate({**state, "computed_at": now}) for state in content.consensus(found)]


class _Joined(Exception):
    """The question was joined with another one; the message is the path of the same operation about that."""


def _found(number: int, operation: str) -> Any:
    rows = content.visible().select_related("source", "source_author", "variant_of").annotate(**ageing.marks())
    found = rows.filter(pk=number).first()
    if found is not None:
        return found
    other = joined.end(number, content.NOBODY)
    if other is None:
        raise Http404
    raise _Joined(reverse(operation, args=[other.pk]))


def _rows(found: Any) -> object:
    return found.pk, found.version, found.ended, found.faded


def _page(after: str) -> Page[Question]:
    rows = content.visible().prefetch_related("topics")
    return paginate(rows, after, order=Question.NEWEST, size=settings.CONFIG.page_size)


def _next(request: HttpRequest, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    return f"{addresses.base(request)}{reverse('v1:api_questions')}?{urlencode({'after': cursor})}"


@api.exception_handler(_Joined)
def _elsewhere(request: HttpRequest, error: Exception) -> HttpResponse:
    """A merge can be undone, so nobody keeps this without asking again: the door says so (Cache-Control)."""
    response = problem(301, _JOINED)
    response["Location"] = addresses.base(request) + str(error)
    return response


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(404, _GONE)


@api.exception_handler(BadCursor)
def _no_place(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(422, _NO_PLACE)


@api.exception_handler(ValidationError)
def _wrong(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A number that no question can have names no question; anything else is said by its name."""
    if any(one["loc"][0] == "path" for one in error.errors):
        return problem(404, _GONE)
    first = error.errors[0]
    return problem(422, f"{first['loc'][-1]}: {first['msg']}.")


@api.exception_handler(Exception)
def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    _log.error("api_failed", exc_info=error)
    response = problem(500, "Something went wrong on our side. Try again in a minute.")
    response["Cache-Control"] = "no-store"
    return response
