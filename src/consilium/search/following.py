"""Keeping a node's index level with the journal: changes as they come, and everything anew.

The number that is reached is committed together with the documents, so a crash leaves an index that knows where to go on.
On PostgreSQL numbers are given out before they are committed: a number that is missing is waited for until every
transaction that ran when it was first missed is over.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.db.models import Max, Q, QuerySet

from consilium.journal.models import Entry
from consilium.questions.models import Question
from consilium.search import folder, gathering, semantic
from consilium.search.changes import Touched, touched
from consilium.search.documents import Document, Kind, QuestionText
from consilium.search.models import Vector
from consilium.search.node import VECTORS, WORDS, Node
from consilium.search.text_index import MUCH_MEMORY, BrokenIndex, State, TextIndex, Writer

if TYPE_CHECKING:
    from consilium.search.vector_index import Pair, VectorIndex

log = structlog.get_logger(__name__)

POLL_SECONDS: Final = 0.25
STANDBY_SECONDS: Final = 2.0
MEND_SECONDS: Final = 600.0
"""How long after an index that could not be read was built anew the next such one is."""
AT_ONCE: Final = 5_000
"""Entries that are read in one step."""
WATCHED: Final = 5_000
"""Numbers before the last one among which a new index looks for missing ones."""
BEFORE_ITS_ENTRY: Final = timedelta(minutes=5)
"""How long before an import's entry, at most, its changes were written; they are of one transaction."""
STILL_STARTING: Final = 100
"""Transactions that may have taken a number of the journal before they got their own."""

Advance = Callable[[int], None]


class BeingRebuilt(Exception):
    """Another process rebuilds the index of this node."""


def root() -> Path:
    """The folder of this node's indexes."""
    return Path(settings.DATA) / "search"


class Follower:
    """One process's hold on the current generation, to write to it."""

    def __init__(self, where: Path) -> None:
        self.where = where
        self._generation: Path | None = None
        self._node: Node | None = None
        self._writer: Writer | None = None
        self._mend_again = float("-inf")

    def step(self) -> bool:
        """Bring in what happened since; whether there was anything. Makes the index when there is none."""
        if folder.current(self.where) is None:
            rebuild(self.where)
        node, writer = self._open()
        node.words.refresh()  # tells when the files are gone
        state = node.words.state
        entries = list(unread(state).order_by("pk")[:AT_ONCE])
        after = following_state(state, [entry.pk for entry in entries])
        if not entries and after == state:
            if state.reached and not Entry.objects.filter(pk=state.reached).exists():
                rebuild(self.where)  # the database was put back to an earlier time
                return True
            return False
        _apply(node, writer, touched(entries))
        writer.commit(after)
        node.words.refresh()
        return True

    def close(self) -> None:
        if self._writer is not None:
            with suppress(BaseException):  # tantivy panics when its folder is gone
                self._writer.__exit__()
        self._generation = self._node = self._writer = None

    def _open(self) -> tuple[Node, Writer]:
        generation = folder.current(self.where)
        if self._node is None or self._writer is None or generation != self._generation:
            self.close()
            if generation is None:
                raise BrokenIndex("it is gone")
            node = self._mended(generation)
            self._node, self._writer, self._generation = node, node.words.writer(), Path(node.words.path).parent
        return self._node, self._writer

    def _mended(self, generation: Path) -> Node:
        """The indexes of a generation; when they cannot be read, those of a new one: now and then, lest a bad disk be worn."""
        try:
            return _opened(generation)
        except BrokenIndex as error:
            if time.monotonic() < self._mend_again:
                raise
            self._mend_again = time.monotonic() + MEND_SECONDS
            log.warning("search.built_anew", reason=str(error)[:200])
            rebuild(self.where)
            return _opened(folder.current(self.where) or generation)


def follow(stop: threading.Event, where: Path | None = None) -> None:
    """Follow the journal until `stop` is set. Of several processes of a node one does; when it dies another takes over."""
    place = where or root()
    while not stop.is_set():
        try:
            with folder.lock(place, folder.WRITER) as mine:
                if mine:
                    _follow(Follower(place), stop)
        except OSError as error:
            log.warning("search.folder_not_writable", error=error.strerror)
        close_old_connections()
        stop.wait(STANDBY_SECONDS)
    connection.close()


def _follow(follower: Follower, stop: threading.Event) -> None:
    """Step by step while the folder can be written; what fails is tried again."""
    try:
        while not stop.is_set():
            try:
                busy = follower.step()
            except (DatabaseError, BrokenIndex, BeingRebuilt, OSError) as error:
                log.warning("search.not_followed", error=type(error).__name__, reason=str(error)[:200])
                follower.close()
                stop.wait(STANDBY_SECONDS)
                busy = False
            close_old_connections()
            if not busy:
                stop.wait(POLL_SECONDS)
    finally:
        follower.close()


def rebuild(where: Path | None = None, advance: Advance | None = None, announce: Callable[[int], None] | None = None) -> int:
    """Build everything anew beside what is there, then let readers have it; how many documents. The site goes on serving.

    Raises BeingRebuilt when another process is at it.
    """
    place = where or root()
    with folder.lock(place, folder.REBUILDER) as mine:
        if not mine:
            raise BeingRebuilt("Another process is rebuilding the index of this node.")
        generation = folder.fresh(place)
        try:
            count = _build(generation, advance, announce)
        except BaseException:
            folder.discard(generation)
            raise
        folder.publish(place, generation)
        return count


def _build(generation: Path, advance: Advance | None, announce: Callable[[int], None] | None) -> int:
    state = start_state()
    numbers = {kind: gathering.all_numbers(kind) for kind in Kind}
    if announce:
        announce(sum(map(len, numbers.values())))
    node = Node.create(generation, vectors=semantic.INSTALLED)
    meant: dict[int, str] = {}
    with node.words.writer(memory=MUCH_MEMORY) as writer:
        for kind in Kind:
            for document in gathering.documents(kind, numbers[kind]):
                writer.put(document, new=True)
                meant |= _meant(document)
                if advance:
                    advance(1)
        if node.vectors is not None:
            for rows in _vectors(meant):
                node.vectors.add_many(rows)
            node.vectors.save(whole=True)
        writer.commit(state)
    return sum(map(len, numbers.values()))


def unread(state: State) -> QuerySet[Entry]:
    """Entries that an index in this state has not seen."""
    return Entry.objects.filter(Q(pk__gt=state.reached) | Q(pk__in=list(state.gaps)))


def start_state() -> State:
    """The state of an index that is built from what can be read now."""
    last = Entry.objects.aggregate(last=Max("pk"))["last"] or 0
    first = max(0, last - WATCHED)
    seen = Entry.objects.filter(pk__gt=first, pk__lte=last).order_by("pk").values_list("pk", flat=True)
    return following_state(State(reached=first), list(seen))


def following_state(state: State, seen: Iterable[int]) -> State:
    """The state after these entries. Numbers that were passed over are kept as gaps while somebody may still commit them."""
    new = set(seen)
    reached = max([state.reached, *new])
    if connection.vendor != "postgresql":
        return State(reached)  # one writer at a time: numbers come in order
    oldest, next_one = _transactions()
    gaps = {number: until for number, until in state.gaps.items() if number not in new and until > oldest}
    missed = set(range(max(state.reached + 1, reached - WATCHED), reached)) - new
    return State(reached, gaps | dict.fromkeys(missed, next_one + STILL_STARTING))


def _transactions() -> tuple[int, int]:
    """Of PostgreSQL: the oldest transaction that still runs, and the number the next one will have."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(s)::text, pg_snapshot_xmax(s)::text FROM pg_current_snapshot() AS s")
        oldest, following = cursor.fetchone()
    return int(oldest), int(following)


def _apply(node: Node, writer: Writer, what: Touched) -> None:
    if what.imported_at:
        _find_differences(node, what)
    meant: dict[int, str] = {}
    for kind in Kind:
        there = set()
        for document in gathering.documents(kind, what.numbers[kind]):
            writer.put(document)
            there.add(document.number)
            meant |= _meant(document)
        for number in what.numbers[kind] - there:
            writer.remove(kind, number)
    if node.vectors is not None:
        for document in gathering.documents(Kind.QUESTION, what.vectors - what.questions):
            meant |= _meant(document)
        _apply_vectors(node.vectors, what, meant)


def _apply_vectors(index: VectorIndex, what: Touched, meant: Mapping[int, str]) -> None:
    """A question that comes back finds its vectors in the database; nothing is computed for it. One whose words changed is
    found by its meaning again when the vectors of the new words are there: the old ones hold what may have been hidden."""
    good: set[int] = set()
    for rows in _vectors(meant):
        good |= rows.keys()
        for number, pair in rows.items():
            if number in what.vectors or not index.has(number):
                index.put(number, pair)
    for number in (what.vectors | what.questions) - good:
        index.remove(number)
    index.save()


def _meant(document: Document) -> dict[int, str]:
    return {document.number: document.meant} if isinstance(document, QuestionText) else {}


def _find_differences(node: Node, what: Touched) -> None:
    """An import says when it was, not all that it touched: look for what changed then, and which documents differ."""
    assert what.imported_at is not None
    what.questions.update(
        Question.objects.filter(changed_at__gte=what.imported_at - BEFORE_ITS_ENTRY).values_list("pk", flat=True)
    )
    for kind in (Kind.DOCTOR, Kind.TOPIC):
        held, there = node.words.digests(kind), gathering.all_numbers(kind)
        what.numbers[kind] |= held.keys() - set(there)
        differing = (one.number for one in gathering.documents(kind, there) if held.get(one.number) != one.digest)
        what.numbers[kind].update(differing)


def _vectors(meant: Mapping[int, str]) -> Iterator[dict[int, Pair]]:
    """What the database holds of these questions and was made of what they say now (`meant`, by number), piece by piece."""
    ordered = sorted(meant)
    for start in range(0, len(ordered), gathering.CHUNK):
        rows = Vector.objects.good(semantic.MODEL).filter(question__in=ordered[start : start + gathering.CHUNK])
        pairs = rows.values_list("question", "digest", "title", "whole")
        yield {pk: semantic.pair(title, whole) for pk, digest, title, whole in pairs if title and whole and digest == meant[pk]}


def _opened(generation: Path) -> Node:
    path = generation / VECTORS
    words = TextIndex.open(generation / WORDS)
    return Node(words, semantic.open_vectors(path) if semantic.INSTALLED and path.exists() else None)
