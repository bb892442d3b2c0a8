"""PostHistory.xml: every wording that a post has had."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from consilium.transfer.records import Item, RevisionRecord, Where
from consilium.transfer.stackexchange.dump import Dump
from consilium.transfer.stackexchange.people import Named
from consilium.transfer.stackexchange.spool import Spool
from consilium.transfer.stackexchange.xmlrows import Row, rows

TITLES = {1, 4, 7}  # first, edited, rolled back
BODIES = {2, 5, 8}
COMMENT_LIMIT = 500
TITLE_LIMIT = 300


def keep_history(dump: Dump, side: Spool) -> None:
    kept = (
        _kept(row) for row in rows(dump.files["PostHistory"], "posthistory") if row.number("PostHistoryTypeId") in TITLES | BODIES
    )
    side.write("INSERT OR REPLACE INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", kept)
    side.run("CREATE INDEX history_of_post ON history (post, id)")


def _kept(row: Row) -> tuple[Any, ...]:
    at = row.time("CreationDate")
    return (
        row.number("Id"),
        row.number("PostId"),
        row.text("RevisionGUID")[:64] or f"row {row.number('Id')}",
        row.number("PostHistoryTypeId"),
        row.where.line,
        at.isoformat() if at else "",
        row.integer("UserId"),
        row.text("UserDisplayName"),
        row.text("Comment")[:COMMENT_LIMIT],
        row.text("Text"),
    )


def count_wordings(side: Spool) -> None:
    """How many wordings each post has: the number of the one that is shown."""
    side.run("INSERT INTO wordings SELECT post, count(DISTINCT guid) FROM history GROUP BY post")


class Wording(NamedTuple):
    """One revision: its rows (title, body) folded into one, the unchanged part taken from the wording before."""

    number: int
    guid: str
    line: int
    at: str
    user: int | None
    name: str
    comment: str
    title: str
    body: str


def revisions(dump: Dump, side: Spool, named: Named) -> Iterator[Item]:
    """The wordings of every question and answer of the dump; history of other posts is not content."""
    found = side.all(
        "SELECT question, post, guid, kind, line, at, user, name, comment, text,"
        " min(history.id) OVER (PARTITION BY post, guid) AS first"
        " FROM history JOIN post ON post.id = history.post ORDER BY post, first, history.id"
    )
    for (question, post), history in groupby(found, key=lambda row: (row[0], row[1])):
        for wording in _wordings(history):
            record = _record(dump, named, wording, question=bool(question), post=post)
            yield from named.fresh()
            yield record


def _wordings(history: Iterator[tuple[Any, ...]]) -> Iterator[Wording]:
    title = body = ""
    for number, (guid, rows_) in enumerate(groupby(history, key=lambda row: row[2]), 1):
        first = None
        for row in rows_:
            first = first or row
            if row[3] in TITLES:
                title = row[9][:TITLE_LIMIT]
            else:
                body = row[9]
        if first is not None:
            _, _, _, _, line, at, user, name, comment, _, _ = first
            yield Wording(number, guid, line, at, user, name, comment, title, body)


def _record(dump: Dump, named: Named, wording: Wording, *, question: bool, post: int) -> RevisionRecord:
    where = Where(dump.files["PostHistory"], wording.line)
    return RevisionRecord(
        where=where,
        key=dump.key("revision", f"{post}/{wording.number}"),
        number=wording.number,
        question_key=dump.key("question", post) if question else None,
        answer_key=None if question else dump.key("answer", post),
        title=wording.title if question else "",
        body=wording.body,
        body_format="markdown",
        author_key=named.person(where, wording.user, wording.name),
        comment=wording.comment,
        at=datetime.fromisoformat(wording.at) if wording.at else None,
    )
