"""Posts.xml: questions and answers."""

from __future__ import annotations

from collections.abc import Iterator

from consilium.transfer.records import AnswerRecord, Item, Note, Options, Origin, QuestionRecord, Skip, Where
from consilium.transfer.stackexchange.dump import Dump
from consilium.transfer.stackexchange.people import Named
from consilium.transfer.stackexchange.spool import Spool
from consilium.transfer.stackexchange.xmlrows import Row, rows

QUESTION, ANSWER = 1, 2
OTHER_KINDS = {3: "orphaned tag wiki", 4: "tag wiki excerpt", 5: "tag wiki", 6: "moderator nomination", 7: "wiki placeholder"}
TITLE_LIMIT = 300
BODY_LIMIT = 500_000  # characters; the network itself stops at 30,000
BATCH = 1_000
TOLD = "SELECT (SELECT net FROM votes WHERE post = ?1), (SELECT number FROM wordings WHERE post = ?1)"


class Posts:
    """The stream of one file of posts. `spool` learns which number is a question and which an answer."""

    def __init__(self, dump: Dump, spool: Spool, named: Named, options: Options) -> None:
        self._dump, self._spool, self._named, self._options = dump, spool, named, options
        self._sums = "Votes" in dump.files
        self._history = "PostHistory" in dump.files
        self._kinds: list[tuple[int, int]] = []
        self._others: dict[int, int] = {}

    def read(self) -> Iterator[Item]:
        for row in rows(self._dump.posts, "posts"):
            item = self._item(row)
            yield from self._named.fresh()
            if item is not None:
                yield item
        self._remember()
        for kind, count in sorted(self._others.items()):
            name = OTHER_KINDS.get(kind, f"post type {kind}")
            yield Note(Where(self._dump.posts), f"{count:,} × {name}: neither question nor answer, left out.")

    def _item(self, row: Row) -> Item | None:
        kind = row.number("PostTypeId")
        if kind not in (QUESTION, ANSWER):
            self._others[kind] = self._others.get(kind, 0) + 1
            return None
        problem = _problem(row, kind)
        if problem:
            return Skip(row.where, problem, "questions" if kind == QUESTION else "answers")
        self._kinds.append((row.number("Id"), int(kind == QUESTION)))
        if len(self._kinds) >= BATCH:
            self._remember()
        return self._question(row) if kind == QUESTION else self._answer(row)

    def _remember(self) -> None:
        self._spool.write("INSERT OR REPLACE INTO post VALUES (?, ?)", self._kinds)
        self._kinds.clear()

    def _question(self, row: Row) -> QuestionRecord:
        number, at = row.number("Id"), row.time("CreationDate")
        votes, revision = self._told(row)
        return QuestionRecord(
            where=row.where,
            key=self._dump.key("question", number),
            title=row.text("Title").strip(),
            body=row.text("Body"),
            body_format="html",
            language=self._options.language,
            state="closed" if "ClosedDate" in row.values else None,
            topic_keys=self._named.topics(row.text("Tags"), row.where),
            author_key=self._named.author(row),
            source_key=self._named.source(row, at),
            source_url=self._dump.url(f"q/{number}"),
            source_votes=votes,
            source_answer_count=row.integer("AnswerCount"),
            asked_at=at,
            edited_at=row.time("LastEditDate"),
            revision=revision,
        )

    def _answer(self, row: Row) -> AnswerRecord:
        number, at = row.number("Id"), row.time("CreationDate")
        votes, revision = self._told(row)
        return AnswerRecord(
            where=row.where,
            key=self._dump.key("answer", number),
            question_key=self._dump.key("question", row.number("ParentId")),
            author_key=self._named.author(row),
            source_key=self._named.source(row, at),
            body=row.text("Body"),
            body_format="html",
            language=self._options.language,
            answered_at=at,
            edited_at=row.time("LastEditDate"),
            source_helpful=votes,
            revision=revision,
            origin=Origin(url=self._dump.url(f"a/{number}")),
        )

    def _told(self, row: Row) -> tuple[int | None, int]:
        """Votes, up minus down, counted where the dump has them, else as the post says; and the number of its wording."""
        net, wording = self._spool.row(TOLD, row.number("Id")) if self._sums or self._history else (None, None)
        return (net or 0) if self._sums else row.integer("Score"), wording or 1


def _problem(row: Row, kind: int) -> str:
    """Why a question or an answer cannot be taken in; empty when it can."""
    if len(row.text("Body")) > BODY_LIMIT:
        return f"The text is longer than {BODY_LIMIT:,} characters."
    if kind == ANSWER:
        if "ParentId" not in row.values:
            return "The answer does not say which question it belongs to."
        return "" if row.text("Body").strip() else "The answer has no text."
    if len(row.text("Title").strip()) > TITLE_LIMIT:
        return f"The title is longer than {TITLE_LIMIT} characters."
    return "" if row.text("Title").strip() else "The question has no title."
