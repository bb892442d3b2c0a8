"""Comments.xml and PostLinks.xml: what hangs on posts that have been told already."""

from __future__ import annotations

from collections.abc import Iterator

from consilium.transfer.records import CommentRecord, Item, LinkRecord, Note, Skip, Where
from consilium.transfer.stackexchange.dump import Dump
from consilium.transfer.stackexchange.people import Named
from consilium.transfer.stackexchange.spool import Spool
from consilium.transfer.stackexchange.xmlrows import Row, rows

DUPLICATE = 3
_QUESTION = "SELECT question FROM post WHERE id = ?"


def comments(dump: Dump, side: Spool, named: Named) -> Iterator[Item]:
    for row in rows(dump.files["Comments"], "comments"):
        item = _comment(dump, side, named, row)
        yield from named.fresh()
        yield item


def _comment(dump: Dump, side: Spool, named: Named, row: Row) -> Item:
    post = row.number("PostId")
    question = side.one(_QUESTION, post)
    if question is None:
        return Skip(row.where, f"The comment belongs to post {post}, which is no question or answer of this dump.", "comments")
    if not row.text("Text").strip():
        return Skip(row.where, "The comment has no text.", "comments")
    return CommentRecord(
        where=row.where,
        key=dump.key("comment", row.number("Id")),
        body=row.text("Text"),
        question_key=dump.key("question", post) if question else None,
        answer_key=None if question else dump.key("answer", post),
        author_key=named.author(row, "UserId", "UserDisplayName"),
        at=row.time("CreationDate"),
        source_votes=row.integer("Score"),
    )


def links(dump: Dump, side: Spool) -> Iterator[Item]:
    """Duplicates; which questions are merely related is computed here, from this site's own content."""
    related = 0
    for row in rows(dump.files["PostLinks"], "postlinks"):
        if row.number("LinkTypeId") != DUPLICATE:
            related += 1
            continue
        yield _link(dump, side, row)
    if related:
        yield Note(Where(dump.files["PostLinks"]), f"{related:,} × related question: left out, computed here instead.")


def _link(dump: Dump, side: Spool, row: Row) -> Item:
    post, other = row.number("PostId"), row.number("RelatedPostId")
    for number in (post, other):
        if not side.one(_QUESTION, number):
            return Skip(row.where, f"The link names post {number}, which is no question of this dump.", "links")
    if post == other:
        return Skip(row.where, "The link names the same question twice.", "links")
    return LinkRecord(
        where=row.where, question_key=dump.key("question", post), other_key=dump.key("question", other), kind="duplicate"
    )
