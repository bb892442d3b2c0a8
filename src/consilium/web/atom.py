"""An Atom feed as text: whole addresses, one language per entry, nothing that XML cannot hold."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.xmlutils import SimplerXMLGenerator

from consilium.questions.models import Answer, Question
from consilium.web import addresses, cards
from consilium.web.cards import Copied
from consilium.web.shown import Byline

CONTENT_TYPE: Final = Atom1Feed.content_type
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# XML 1.0 has no way to write these, not even escaped.
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Entry:
    """One question or answer. `identity` and `path` are paths of this site; the first never changes. `rights`: whose it is.

    `published` is None where nobody knows when it was written: the time of an import is no such time.
    """

    identity: str
    path: str
    title: str
    html: str
    language: str
    published: datetime | None
    updated: datetime
    author: str = ""
    author_path: str = ""
    rights: str = ""


@dataclass(frozen=True)
class Feed:
    """`path` is the page that the feed follows; `since` is the time of a feed that has no entry yet."""

    title: str
    path: str
    entries: Sequence[Entry]
    since: datetime = _EPOCH
    language: str = settings.LANGUAGE_CODE

    @property
    def updated(self) -> datetime:
        return max((entry.updated for entry in self.entries), default=self.since)


def of_question(question: Question) -> Entry:
    """A question without its asker; one in another situation begins with that."""
    situation = format_html("<p><strong>{}</strong></p>\n", question.difference) if question.difference else ""
    return Entry(
        identity=reverse("web:question_bare", args=[question.pk]), path=question.get_absolute_url(), title=question.title,
        html=situation + question.body_html, language=question.language, published=question.asked_at,
        updated=question.edited_at or question.listed_at,
    )  # fmt: skip


def of_answer(answer: Answer, by: Byline) -> Entry:
    """An answer to the question it is loaded with."""
    return Entry(
        identity=f"{reverse('web:question_bare', args=[answer.question_id])}#a{answer.pk}", path=answer.get_absolute_url(),
        title=answer.headline or answer.question.title, html=answer.body_html, language=answer.language,
        published=answer.answered_at, updated=answer.edited_at or answer.listed_at,
        author=by.name or by.signed, author_path=by.url, rights=_rights(cards.copied(answer)),
    )  # fmt: skip


def _rights(copied: Copied | None) -> str:
    """Where a copied answer comes from and its licence: a feed is read where no page says so."""
    if copied is None:
        return ""
    said = [] if copied.nameless else [gettext("Copied from %(source)s.") % {"source": copied.name}]
    said += [copied.url] if copied.url else []
    return " ".join([*said, gettext("Licence: %(licence)s.") % {"licence": copied.licence}] if copied.licence else said)


def write(feed: Feed, request: HttpRequest) -> str:
    """The feed as XML."""
    base = addresses.base(request)
    made = _Writer(
        title=_clean(feed.title), link=base + feed.path, description=None, language=feed.language,
        author_name=_clean(settings.CONFIG.site_name), feed_url=base + request.path, feed_guid=base + request.path,
    )  # fmt: skip
    made.base, made.updated = f"{base}/", feed.updated
    for entry in feed.entries:
        made.add_item(
            title=_clean(entry.title), link=base + entry.path, description="", unique_id=base + entry.identity,
            pubdate=entry.published, updateddate=entry.updated, author_name=_clean(entry.author) or None,
            author_link=base + entry.author_path if entry.author_path else None, html=_clean(entry.html), language=entry.language,
            item_copyright=_clean(entry.rights) or None,
        )  # fmt: skip
    text: str = made.writeString("utf-8")
    return text


class _Writer(Atom1Feed):
    """Django's feed with whole texts, their language, and links in them that lead to this site."""

    base: str
    updated: datetime

    def root_attributes(self) -> dict[str, Any]:
        return {**super().root_attributes(), "xml:base": self.base}

    def item_attributes(self, item: dict[str, Any]) -> dict[str, Any]:
        return {"xml:lang": item["language"]}

    def latest_post_date(self) -> datetime:
        return self.updated

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, {**item, "description": None})
        handler.addQuickElement("content", item["html"], {"type": "html"})


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("", text)
