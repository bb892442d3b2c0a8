"""Why a source is refused, with a sentence for the person who typed it."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consilium.evidence import rules
from consilium.evidence.rules import Problem
from consilium.questions.actions import NotAllowed

IDENTIFIER_PROBLEMS: Final[dict[Problem, Promise]] = {
    Problem.EMPTY: gettext_lazy("Enter a DOI, a PubMed number or a web address for this source."),
    Problem.LONG: gettext_lazy("This is too long for a DOI or a web address. Paste only the DOI or the address."),
    Problem.UNKNOWN: gettext_lazy(
        "This is no DOI, PubMed number or web address. Enter one such as 10.1000/182, PMID: 123456 or https://example.org/page."
    ),
    Problem.SEVERAL: gettext_lazy("This names more than one source. Give each source its own entry."),
    Problem.SCHEME: gettext_lazy("Only web addresses that start with https:// or http:// can be sources."),
    Problem.CREDENTIALS: gettext_lazy("This address holds a user name or password. Remove the part before the @."),
    Problem.HOST: gettext_lazy("This web address names no site that others can open. Check the part after https://."),
}


class BadSource(NotAllowed):
    """A source cannot be kept. `row`: which one of those given, from 0; `field`: which attribute of Source."""

    def __init__(self, row: int, field: str, message: str) -> None:
        super().__init__(message)
        self.row = row
        self.field = field


def too_long(limit: int) -> str:
    return ngettext("Use at most %(limit)d character.", "Use at most %(limit)d characters.", limit) % {"limit": limit}


def too_many() -> str:
    return _("An answer can cite at most %(limit)d sources.") % {"limit": rules.SOURCES_OF_AN_ANSWER}
