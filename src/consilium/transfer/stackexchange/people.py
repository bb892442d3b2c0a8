"""Authors, sources and topics of a dump: each is told once, just before the first record that names it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache

from consilium.transfer.records import Options, Record, SourceAuthorRecord, SourceRecord, TopicRecord, Where
from consilium.transfer.stackexchange.dump import Dump
from consilium.transfer.stackexchange.spool import Spool
from consilium.transfer.stackexchange.xmlrows import Row

AUTHORS_REMEMBERED = 20_000
NAME_LIMIT = 120
TAG_LIMIT = 60  # the network stops at 35
SLUG_LIMIT = 80
LICENCE_LIMIT = 60
# When the network changed its licence (UTC); a dump without ContentLicense means this.
VERSION_3 = datetime(2011, 4, 8, tzinfo=UTC)
VERSION_4 = datetime(2018, 5, 2, tzinfo=UTC)
_SIGNS = {"+": "-plus", "#": "-sharp", ".": "-dot-"}


class Named:
    """Keys for what posts refer to. `fresh()` gives the records that must come before those posts."""

    def __init__(self, dump: Dump, spool: Spool, options: Options) -> None:
        self._dump, self._spool, self._options = dump, spool, options
        self._waiting: list[Record] = []
        self._sources: set[str] = set()
        self._topics: set[str] = set()
        self._remembered = lru_cache(AUTHORS_REMEMBERED)(self._author)

    def fresh(self) -> Iterator[Record]:
        yield from self._waiting
        self._waiting.clear()

    def author(self, row: Row, user: str = "OwnerUserId", name: str = "OwnerDisplayName") -> str | None:
        """The key of a row's author; a deleted user is known by the name left behind; None: nobody is named."""
        return self.person(row.where, row.integer(user), row.text(name))

    def person(self, where: Where, user: int | None, name: str) -> str | None:
        if user is None and not name.strip():
            return None
        return self._remembered(user, name.strip()[:NAME_LIMIT], where.file)

    def _author(self, user: int | None, name: str, file: str) -> str:
        key = self._dump.key("name", name) if user is None else self._dump.key("user", user)
        if self._spool.first_time(key):
            shown, url = name, ""
            if user is not None:
                shown = self._spool.one("SELECT name FROM name WHERE user = ?", user) or name or f"user {user}"
                url = self._dump.url(f"users/{user}")
            self._waiting.append(SourceAuthorRecord(where=Where(file), key=key, name=shown, url=url))
        return key

    def source(self, row: Row, at: datetime | None) -> str:
        """The key of the site under the licence of this post."""
        licence = self._options.licence or row.text("ContentLicense")[:LICENCE_LIMIT] or _licence(at)
        key = self._dump.key("source", licence[:LICENCE_LIMIT].lower().replace(" ", "-"))
        if key not in self._sources:
            self._sources.add(key)
            self._waiting.append(self._source(key, licence, row.where))
        return key

    def _source(self, key: str, licence: str, where: Where) -> SourceRecord:
        day = self._options.captured_on
        captured = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
        url = self._options.url or self._dump.url()
        return SourceRecord(
            where=Where(where.file),
            key=key,
            kind="stackexchange",
            name=self._dump.host,
            url=url,
            licence=licence,
            captured_at=captured,
        )

    def topics(self, tags: str, where: Where) -> tuple[str, ...]:
        """Keys of the topics in "<a><b>" or "|a|b|"."""
        return tuple(dict.fromkeys(self.topic(tag, where) for tag in re.findall(r"[^<>|\s]+", tags)))

    def topic(self, tag: str, where: Where, description: str = "") -> str:
        tag = tag[:TAG_LIMIT]
        key = self._dump.key("tag", tag)
        if key not in self._topics:
            self._topics.add(key)
            self._waiting.append(
                TopicRecord(
                    where=Where(where.file),
                    key=key,
                    slug=_slug(tag),
                    name=tag.replace("-", " "),
                    description=description,
                    language=self._options.language,
                )
            )
        return key


def _licence(at: datetime | None) -> str:
    if at is None or at >= VERSION_4:
        return "CC BY-SA 4.0"
    return "CC BY-SA 3.0" if at >= VERSION_3 else "CC BY-SA 2.5"


def _slug(tag: str) -> str:
    """The tag as an address that keeps "c", "c#" and "c++" apart."""
    words = "".join(_SIGNS.get(sign, sign) for sign in tag.lower())
    return re.sub(r"-{2,}", "-", re.sub(r"[^-\w]+", "", words))[:SLUG_LIMIT].strip("-")
