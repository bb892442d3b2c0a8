"""What the address of a search asks for. What it does not understand it leaves out: an old link must not break."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consilium.consensus.agreement import Label
from consilium.search.text_index import Filters
from consilium.search.words import typed
from consilium.topics.models import Specialty, Topic

SORTS: Final[Mapping[str, Promise]] = {"": _("Best match"), "newest": _("Newest")}
ANSWERS: Final[Mapping[str, tuple[int, int | None]]] = {"0": (0, 0), "1": (1, None), "3": (3, None), "10": (10, None)}
"""Numbers of answers to choose from: from, to."""
PERIODS: Final[Mapping[str, int]] = {"month": 30, "year": 365, "five": 5 * 365}
"""Times of asking to choose from, in days before today."""
LONGEST_ASKED: Final = 300
"""Characters of a search that go along to the form for a question: as many as a title may have anywhere."""
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,2}")
_SLUG: Final = re.compile(r"[\w-]{1,80}")
_PLACE: Final = re.compile(r"([0-9]{1,6})-([0-9]{1,18})")


@dataclass(frozen=True)
class Asked:
    """`text` as typed; `kept`: the parts of the address that were understood, `after` aside; `after`: how many questions the
    pages before have shown, and the number of the last.
    """

    text: str
    sort: str = ""
    topic: Topic | None = None
    specialty: Specialty | None = None
    filters: Filters = field(default_factory=Filters)
    kept: Mapping[str, str] = field(default_factory=dict)
    after: tuple[int, int] | None = None

    @property
    def empty(self) -> bool:
        """Nothing to look for."""
        return not self.text and not self.filters.any

    @property
    def title(self) -> str:
        """The words, for the form for a new question."""
        return self.text[:LONGEST_ASKED]

    def address(self, **changes: str) -> str:
        """The query string of this search with other values; an empty one leaves its part out."""
        return "?" + urlencode({name: value for name, value in {**self.kept, **changes}.items() if value})


def read(request: HttpRequest) -> Asked:
    """The search that the address names; one query for a topic and one for a specialty, where it names them."""
    given = request.GET
    text = typed(given.get("q", "")).strip()
    topic = Topic.objects.filter(slug=slug).first() if (slug := _matching(given, "topic", _SLUG)) else None
    specialty = Specialty.objects.filter(slug=slug).first() if (slug := _matching(given, "specialty", _SLUG)) else None
    kept = {
        "q": text, "sort": _known(given, "sort", SORTS), "label": _known(given, "label", set(Label)),
        "specialty": specialty.slug if specialty else "", "topic": topic.slug if topic else "",
        "cites": _known(given, "cites", {"1"}), "answers": _known(given, "answers", ANSWERS),
        "language": _matching(given, "language", _LANGUAGE), "since": _known(given, "since", PERIODS),
    }  # fmt: skip
    filters = Filters(
        topic=topic.pk if topic else None, specialty=specialty.pk if specialty else None, language=kept["language"],
        label=kept["label"], cites=True if kept["cites"] else None, answers=ANSWERS.get(kept["answers"]),
        since=since(kept["since"]) if kept["since"] else None,
    )  # fmt: skip
    return Asked(text, kept["sort"], topic, specialty, filters, kept, _place(given.get("after", "")))


def since(period: str) -> int:
    """The start of a period in seconds since 1970: of a whole day, so that the pages of a search agree."""
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return int((today - timedelta(days=PERIODS[period])).timestamp())


def _known(given: QueryDict, name: str, values: Container[str]) -> str:
    value = given.get(name, "")
    return value if value in values else ""


def _matching(given: QueryDict, name: str, pattern: re.Pattern[str]) -> str:
    value = given.get(name, "")
    return value if pattern.fullmatch(value) else ""


def _place(text: str) -> tuple[int, int] | None:
    found = _PLACE.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else None
