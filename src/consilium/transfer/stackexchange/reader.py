"""From a dump to records: side tables first into the spool, then the posts, then what hangs on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from consilium.transfer.records import Item, Options, Stream
from consilium.transfer.stackexchange import remarks, spool
from consilium.transfer.stackexchange.dump import Dump, find
from consilium.transfer.stackexchange.history import count_wordings, keep_history, revisions
from consilium.transfer.stackexchange.people import Named
from consilium.transfer.stackexchange.posts import Posts
from consilium.transfer.stackexchange.spool import Spool
from consilium.transfer.stackexchange.xmlrows import rows

EXCERPT = 4
EXCERPT_LIMIT = 2_000
WORTH = {2: 1, 3: -1}  # of a vote, by its type: up, down
POSTS_COUNTED = 20_000  # posts whose votes are summed before they are written; each takes some 100 bytes


def read(path: str, options: Options) -> Stream:
    """The content of a dump, named by its folder or its file of posts."""
    dump = find(path, options.site)
    with spool.opened() as side:
        named = Named(dump, side, options)
        for table, keep in KEPT.items():
            if table in dump.files:
                keep(dump, side)
        yield from _tags(dump, side, named)
        yield from Posts(dump, side, named, options).read()
        if "PostHistory" in dump.files:
            yield from revisions(dump, side, named)
        if "Comments" in dump.files:
            yield from remarks.comments(dump, side, named)
        if "PostLinks" in dump.files:
            yield from remarks.links(dump, side)


def _keep_names(dump: Dump, side: Spool) -> None:
    found = ((row.number("Id"), row.text("DisplayName")[:200]) for row in rows(dump.files["Users"], "users"))
    side.write("INSERT OR REPLACE INTO name VALUES (?, ?)", found)


def _keep_votes(dump: Dump, side: Spool) -> None:
    net: dict[int, int] = {}
    for row in rows(dump.files["Votes"], "votes"):
        post, worth = row.number("PostId"), WORTH.get(row.number("VoteTypeId"))
        if worth:
            net[post] = net.get(post, 0) + worth
        if len(net) >= POSTS_COUNTED:
            _add_votes(side, net)
    _add_votes(side, net)


def _add_votes(side: Spool, net: dict[int, int]) -> None:
    side.write("INSERT INTO votes VALUES (?, ?) ON CONFLICT DO UPDATE SET net = net + excluded.net", sorted(net.items()))
    net.clear()


def _keep_history(dump: Dump, side: Spool) -> None:
    keep_history(dump, side)
    count_wordings(side)


KEPT: dict[str, Callable[[Dump, Spool], None]] = {"Users": _keep_names, "Votes": _keep_votes, "PostHistory": _keep_history}


def _tags(dump: Dump, side: Spool, named: Named) -> Iterator[Item]:
    """Every tag of Tags.xml as a topic, described by the plain text of its wiki excerpt."""
    if "Tags" not in dump.files:
        return
    side.write("INSERT OR REPLACE INTO excerpt VALUES (?, ?)", _excerpts(dump))
    for row in rows(dump.files["Tags"], "tags"):
        body = side.one("SELECT body FROM excerpt WHERE post = ?", row.integer("ExcerptPostId"))
        named.topic(row.text("TagName"), row.where, body or "")
        yield from named.fresh()


def _excerpts(dump: Dump) -> Iterator[tuple[int, str]]:
    """The excerpts that tags name. The posts are read for them once more, and only where and until there are some to find."""
    wanted = {row.integer("ExcerptPostId") for row in rows(dump.files["Tags"], "tags")} - {None}
    for row in rows(dump.posts, "posts") if wanted else ():
        if row.number("PostTypeId") == EXCERPT and (number := row.number("Id")) in wanted:
            yield number, row.text("Body")[:EXCERPT_LIMIT]
            wanted.discard(number)
            if not wanted:
                return
