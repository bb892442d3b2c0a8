"""Finding where answers of a plain-text page begin and end. The grammar is told in `pages`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from consilium.transfer.bylines import (
    BARE_NUMBER,
    CLOSINGS,
    GROUP_WORDS,
    TITLE,
    Author,
    Rating,
    badge,
    due_author,
    finished,
    named_author,
    possible_author,
    rating,
)
from consilium.transfer.places import Byline, Certainty, Directory
from consilium.transfer.records import Where

HEADLINE: Final = 160  # characters that a headline inside a run of text may have
LOOSE_BADGE: Final = 5  # words
NEAR: Final = 6  # lines, each of at most CONTACT characters, between a doctor's signature and the byline of the same answer
CONTACT: Final = 80


@dataclass(slots=True)
class Line:
    """A line of text. `gap`: an empty line stands before it. `headline`: a vote counter follows it, worth `votes`."""

    where: Where
    text: str
    gap: bool = False
    headline: bool = False
    votes: int | None = None
    cut: bool = False  # page furniture stood before it


@dataclass(slots=True)
class Block:
    """The byline of an answer: lines from `start` up to `end` (exclusive)."""

    start: int
    end: int
    author: Author | None = None
    place: Byline | None = None
    rating: Rating | None = None

    @property
    def strength(self) -> int:
        """How sure it is that this is a byline and no quoted text: a part counts one, a rating two."""
        return (self.author is not None) + (self.place is not None) + 2 * (self.rating is not None)


@dataclass(slots=True)
class Draft:
    """One answer as found: the lines of headline and body, and the byline."""

    headline: Line
    body: list[Line]
    block: Block | None = None
    badge: str = ""
    votes: int | None = field(default=None)


class Grammar:
    """The lines after "Doctor Answers N" of one page."""

    def __init__(self, lines: Sequence[Line], directory: Directory) -> None:
        self.lines = lines
        self.directory = directory
        self.gaps = any(line.gap for line in lines)  # otherwise empty lines tell nothing: the page has none …
        self.runs = not all(line.gap for line in lines[1:])  # … or one before every line
        self.counters = any(line.headline for line in lines)
        self.blocks: list[Block | None] = [None] * len(lines)
        for at in reversed(range(len(lines))):  # from the end, because a signature is known by the byline after it
            self.blocks[at] = self._block(at)
            if (block := self.blocks[at]) and self._signs_above(block):
                self.blocks[at] = None

    def answers(self, announced: int | None) -> list[Draft]:
        """All answers; where the announced number asks for it, two that run into each other are parted, or bylines that
        are but quoted in a text are left to it."""
        if announced and announced == sum(line.headline for line in self.lines):
            self._trust_counters()
        drafts = list(self._drafts())
        if announced and announced < len(drafts):
            return self._without_quoted(drafts, announced)
        return self._parted(drafts, announced - len(drafts)) if announced and announced > len(drafts) else drafts

    def _trust_counters(self) -> None:
        """As many headlines as answers: then a byline can only stand at the end of an answer."""
        ends = {at for at, line in enumerate(self.lines) if line.headline} | {len(self.lines)}
        for at, block in enumerate(self.blocks):
            if block and block.end not in ends and not self._badge_after(block):
                self.blocks[at] = None

    def _without_quoted(self, drafts: list[Draft], announced: int) -> list[Draft]:
        """The answers without the weakest bylines, if that gives just the number announced; else the drafts as they are."""
        before = list(self.blocks)
        for strength in sorted({draft.block.strength for draft in drafts if draft.block})[:-1]:
            self.blocks = [block if block and block.strength > strength else None for block in before]
            fewer = list(self._drafts())
            if len(fewer) == announced:
                return fewer
        self.blocks = before
        return drafts

    def _drafts(self) -> Iterator[Draft]:
        at = 0
        while at < len(self.lines):
            block, body_end = self._end_of(at)
            yield self._draft(at, body_end, block)
            at = block.end if block else body_end

    def _end_of(self, start: int) -> tuple[Block | None, int]:
        """The byline that ends the answer beginning at `start`, if any, and the end of its body."""
        for at in range(start + 1, len(self.lines)):
            if self.lines[at].headline:
                return None, at
            if block := self.blocks[at]:
                return block, at
            if self.lines[at].cut and not self.counters and at > start + 1:
                return None, at
        return None, len(self.lines)

    def _draft(self, start: int, end: int, block: Block | None) -> Draft:
        headline, body, votes = self.lines[start], list(self.lines[start + 1 : end]), self.lines[start].votes
        if body and not headline.headline and BARE_NUMBER.fullmatch(body[0].text):
            votes = int(body.pop(0).text)
        draft = Draft(headline, body, block or self._late_block(body), votes=votes)
        if block:
            self._take_badge(draft, block)
        return draft

    def _late_block(self, body: list[Line]) -> Block | None:
        """The last line of an answer that ended without byline, if it is a specialty in some place that we do not know."""
        place = self.directory.byline(body[-1].text) if len(body) > 1 and body[-1].gap else None
        if place is None or place.certainty < Certainty.KNOWN:
            return None
        body.pop()
        return Block(0, 0, None, place)

    def _take_badge(self, draft: Draft, block: Block) -> None:
        if self._badge_after(block):
            draft.badge, block.end = self.lines[block.end].text, block.end + 1
            return
        if draft.body and self._is_badge([draft.headline, *draft.body], block):
            draft.badge = draft.body.pop().text

    def _badge_after(self, block: Block) -> bool:
        if block.end >= len(self.lines) or not (self.runs and self.gaps):
            return False
        after = self.lines[block.end]
        return not after.gap and not after.headline and badge(after.text, block.author)

    def _is_badge(self, body: list[Line], block: Block) -> bool:
        last, before = body[-1], body[-2]
        if badge(last.text, block.author):
            place = self.directory.byline(last.text)  # "Verified Provider" ends like a title
            return place is None or (place.certainty == Certainty.LIKELY and not place.city_text)
        words = last.text.split()
        apart = last.gap or bool(TITLE.match(before.text)) or before.text.casefold().strip(" ,.!") in CLOSINGS
        if not (self.gaps and self.runs and apart and block.author and 1 < len(words) <= LOOSE_BADGE):
            return False
        return all(word[0].isupper() and word.isalnum() for word in words) and not self._personal(last.text, block.author)

    def _personal(self, text: str, author: Author) -> bool:
        """Whether a line is a closing, a signature, a practice or a place rather than a badge."""
        shared = set(author.name.casefold().split()) & set(text.casefold().split())
        closing = text.casefold().strip(" ,.!") in CLOSINGS
        return bool(shared) or closing or bool(TITLE.match(text) or GROUP_WORDS.search(text) or self.directory.byline(text))

    # Bylines

    def _block(self, at: int) -> Block | None:
        """The byline that starts with line `at`, if one does; the longest form first."""
        return (
            self._author_place_rating(at)
            or self._author_place(at)
            or self._author_rating(at)
            or self._place_rating(at)
            or self._rating(at)
            or self._place(at)
            or self._author(at)
        )

    def _author_place_rating(self, at: int) -> Block | None:
        author, stars = self._author_at(at) or self._due_author(at), self._rating_at(at + 2)
        if author is None or stars is None or self._rating_at(at + 1):
            return None
        if not (self._apart(at) or self._joined(at + 1)):
            return None  # the last line of a paragraph: a signature above a byline without a name
        place = self._place_at(at + 1)
        if place is None and not self._joined(at + 1):
            return None
        if place is None and named_author(self.lines[at + 1].text):
            return None
        return Block(at, at + 3, author, place or _as_text(self.lines[at + 1].text), stars)

    def _author_place(self, at: int) -> Block | None:
        author, place = self._author_at(at), self._place_at(at + 1)
        if author is None or at + 1 >= len(self.lines) or self.lines[at + 1].headline or self._signature(at + 2):
            return None
        strict = named_author(self.lines[at].text) is not None
        if place is not None and self._ends(at + 2) and self._accepted(place, at + 1, strict=strict):
            return Block(at, at + 2, author, place)
        text = self.lines[at + 1].text
        short = len(text.split()) <= 6 and not finished(text) and not named_author(text)
        if place is None and strict and short and self._joined(at + 1) and self._apart(at + 2) and self._apart(at):
            return Block(at, at + 2, author, _as_text(text))
        return None

    def _accepted(self, place: Byline, at: int, *, strict: bool) -> bool:
        if self._joined(at):
            return strict or place.certainty >= Certainty.KNOWN
        return strict and place.certainty >= (Certainty.KNOWN if not (self.gaps and self.runs) else Certainty.PLACED)

    def _author_rating(self, at: int) -> Block | None:
        author, stars = self._author_at(at), self._rating_at(at + 1)
        if author is None or stars is None:
            return None
        place = None if named_author(self.lines[at].text) else self.directory.byline(self.lines[at].text)
        if place is not None and not (place.certainty == Certainty.LIKELY and author.group and not place.city_text):
            return Block(at, at + 2, None, place, stars)
        return Block(at, at + 2, author, None, stars)

    def _place_rating(self, at: int) -> Block | None:
        place, stars = self._place_at(at), self._rating_at(at + 1)
        return Block(at, at + 2, None, place, stars) if place and stars else None

    def _rating(self, at: int) -> Block | None:
        stars = self._rating_at(at) if self._ends(at + 1) else None
        return Block(at, at + 1, None, None, stars) if stars else None

    def _place(self, at: int) -> Block | None:
        """City and specialty alone: both must be known, and nothing else may stand in their paragraph."""
        place = self._place_at(at)
        if place is None or place.certainty < Certainty.PLACED or not (self._apart(at) and self._apart(at + 1)):
            return None
        return None if self._signature(at + 1) else Block(at, at + 1, None, place)

    def _author(self, at: int) -> Block | None:
        """A name with degrees alone in its paragraph."""
        author = named_author(self.lines[at].text)
        if author is None or not (self._apart(at) and self._apart(at + 1)):
            return None
        return None if self._signature(at + 1) else Block(at, at + 1, author)

    def _signature(self, end: int) -> bool:
        """Whether a byline without rating that stops before line `end` is but the doctor's signature above the real one."""
        return any(self.blocks[at] is not None for at in (end, end + 1) if at < len(self.lines) and not self._counted(at))

    def _signs_above(self, block: Block) -> bool:
        """Whether the real byline of the same doctor follows: then this one is a signature, contact lines below it."""
        if block.author is None or block.rating:
            return False
        near = range(block.end, min(block.end + NEAR, len(self.lines)))
        below = next((found for at in near if (found := self.blocks[at])), None)
        if below is None or below.author is None or below.author.name != block.author.name:
            return False
        between = self.lines[block.end : below.start]
        return not any(line.headline or len(line.text) > CONTACT for line in between)

    def _counted(self, at: int) -> bool:
        return self.lines[at].headline or self.lines[at - 1].headline

    # Single lines

    def _author_at(self, at: int) -> Author | None:
        if at >= len(self.lines) or self.lines[at].headline:
            return None
        if author := named_author(self.lines[at].text):
            return author
        possible = possible_author(self.lines[at].text)
        if possible is None or not self._apart(at):
            return None
        return possible if self._joined(at + 1) or possible.group else None

    def _due_author(self, at: int) -> Author | None:
        """A name like no other, known by its place alone: it starts the paragraph of a whole byline."""
        together = self.gaps and self.runs and self._apart(at) and self._joined(at + 1) and self._joined(at + 2)
        place = self._place_at(at + 1) if together else None
        known = place is not None and place.certainty >= Certainty.KNOWN and not self.lines[at].headline
        return due_author(self.lines[at].text) if known and not self._place_at(at) else None

    def _place_at(self, at: int) -> Byline | None:
        if at >= len(self.lines) or self.lines[at].headline:
            return None
        return self.directory.byline(self.lines[at].text)

    def _rating_at(self, at: int) -> Rating | None:
        return rating(self.lines[at].text) if at < len(self.lines) else None

    def _apart(self, at: int) -> bool:
        """Whether an empty line stands before line `at` (or the page gives no such sign)."""
        return at >= len(self.lines) or self.lines[at].gap or not self.gaps

    def _joined(self, at: int) -> bool:
        """Whether line `at` follows its predecessor directly (or the page gives no such sign)."""
        return at < len(self.lines) and (not self.lines[at].gap or not self.runs)

    def _ends(self, at: int) -> bool:
        return at >= len(self.lines) or self.lines[at].gap or not (self.gaps and self.runs)

    # Answers that run into each other

    def _parted(self, drafts: list[Draft], lacking: int) -> list[Draft]:
        """Split drafts at inner headlines if there are exactly as many of these as answers are lacking."""
        starts = {id(draft): [at for at in range(1, len(draft.body)) if self._inner_headline(draft.body, at)] for draft in drafts}
        if self.counters or sum(map(len, starts.values())) != lacking:
            return drafts
        return [part for draft in drafts for part in self._split(draft, starts[id(draft)])]

    def _split(self, draft: Draft, starts: list[int]) -> list[Draft]:
        if not starts:
            return [draft]
        edges = [*starts, len(draft.body)]
        parts = [Draft(draft.headline, draft.body[: starts[0]], votes=draft.votes)]
        parts += [Draft(draft.body[one], draft.body[one + 1 : other]) for one, other in pairwise(edges)]
        for part in parts[:-1]:
            part.block = self._late_block(part.body)
        parts[-1].block, parts[-1].badge = draft.block, draft.badge
        return parts

    def _inner_headline(self, body: list[Line], at: int) -> bool:
        """A short line without a full stop, between a finished paragraph and a longer one."""
        line, before = body[at], body[at - 1]
        if at + 1 >= len(body) or not line.gap or not body[at + 1].gap or len(line.text) > HEADLINE:
            return False
        following = body[at + 1].text
        place = self.directory.byline(before.text)
        signed = bool(TITLE.match(before.text) or named_author(before.text) or (place and place.certainty >= Certainty.KNOWN))
        ended = signed or finished(before.text)
        plain = line.text[0].isupper() and not line.text.endswith((".", ":", ",", ";")) and not TITLE.match(line.text)
        prose = len(following) > len(line.text) and finished(following)
        return ended and plain and prose and line.text.casefold().strip(" ,.!") not in CLOSINGS


def _as_text(text: str) -> Byline:
    """A line that must be a byline by its place and says nothing that we know: kept as the specialty's text."""
    return Byline(Certainty.LIKELY, "", text, None, "")
