"""The index of words: tantivy files in one folder, written by one process, read by many.

A question has a title and a text per language, so that each is brought to its stems by its own rules; a query is read in
every language that the index holds. Nothing of a text is stored, so nothing hidden can be read out of the files.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import tantivy
from tantivy import Filter, Query, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from consilium.search.documents import Document, Kind, NamedText, QuestionText, key
from consilium.search.words import CHATTER, OTHER, STEMMERS, prepare, stemmed_as

FORMAT: Final = 1
"""Raised when the files mean something else: an index of another format is built anew."""
LANGUAGES: Final = (*sorted({stemmed_as(code) for code in STEMMERS}), OTHER)
_WITH_LISTS: Final = ("da", "de", "es", "fi", "fr", "hu", "it", "nl", "no", "pt", "ru", "sv")
LONGEST_WORD: Final = 40
FEW_MEMORY: Final = 30_000_000  # bytes; for changes as they come
MUCH_MEMORY: Final = 200_000_000  # bytes; to build everything
_STATE: Final = "state"
_SAFE_NUMBER: Final = 2**63 - 1


class BrokenIndex(Exception):
    """The files cannot be read or written; the message says what was found."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that matches; scores compare within one search only."""

    number: int
    score: float


@dataclass(frozen=True, slots=True)
class Filters:
    """What questions must have to be found. `since` is in seconds since 1970; numbers of answers are from–to, None: no end."""

    topic: int | None = None
    specialty: int | None = None
    language: str = ""
    label: str = ""
    cites: bool | None = None
    answers: tuple[int, int | None] | None = None
    since: int | None = None

    @property
    def any(self) -> bool:
        return self != Filters()


NO_FILTERS: Final = Filters()


@dataclass(frozen=True, slots=True)
class State:
    """How far the index has followed the journal: all entries up to `reached` but those in `gaps` (see following.py)."""

    reached: int = 0
    gaps: dict[int, int] = field(default_factory=dict)
    format: int = FORMAT

    def to_json(self) -> str:
        return json.dumps({"reached": self.reached, "gaps": list(self.gaps.items()), "format": self.format})

    @classmethod
    def from_json(cls, text: str) -> State:
        content = json.loads(text)
        return cls(content["reached"], dict(content["gaps"]), content["format"])


def analyzers() -> dict[str, TextAnalyzer]:
    """How a text becomes words, by the code of its language. Accents go before stems, so that typing without them finds."""
    return {code: _analyzer(code, ()) for code in LANGUAGES}


def listeners() -> dict[str, TextAnalyzer]:
    """How a query becomes words: as a text does, but for what people say around what they mean."""
    found = {code: _analyzer(code, ()) for code in LANGUAGES}
    for code in _WITH_LISTS:
        found[code] = _analyzer(code, (Filter.stopword(STEMMERS[code]),))
    chatter = Filter.custom_stopword(sorted(CHATTER))
    return found | {code: _analyzer(code, (chatter,)) for code in ("en", OTHER)}


def _analyzer(code: str, without: Iterable[Filter]) -> TextAnalyzer:
    steps = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(LONGEST_WORD)).filter(Filter.lowercase())
    for one in without:
        steps = steps.filter(one)
    steps = steps.filter(Filter.ascii_fold())
    return (steps if code == OTHER else steps.filter(Filter.stemmer(STEMMERS[code]))).build()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("number", indexed=True, fast=True)
    builder.add_unsigned_field("digest", fast=True)
    builder.add_integer_field("listed", indexed=True, fast=True)
    builder.add_unsigned_field("answers", indexed=True, fast=True)
    for name in ("kind", "label", "language", "cites"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("topic", "specialty"):
        builder.add_unsigned_field(name, indexed=True)
    for code in LANGUAGES:
        builder.add_text_field(f"title_{code}", tokenizer_name=code)
        builder.add_text_field(f"text_{code}", tokenizer_name=code)
    for kind in (Kind.DOCTOR, Kind.TOPIC):
        builder.add_text_field(f"names_{kind.value}", tokenizer_name=OTHER, index_option="freq")
        builder.add_text_field(f"about_{kind.value}", tokenizer_name="en", index_option="freq")
    builder.add_text_field(_STATE, stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


class TextIndex:
    """An open index. Raises BrokenIndex, and nothing else, when the files are not what they should be."""

    def __init__(self, index: tantivy.Index, path: Path) -> None:
        self.analyzers, self.listeners = analyzers(), listeners()
        for code, analyzer in self.analyzers.items():
            index.register_tokenizer(code, analyzer)
        self.path = path
        self.schema = index.schema
        self._index = index
        self._stamp = self._stamped()
        self._lock = threading.Lock()
        index.config_reader("manual")
        self._index.reload()
        self.searcher = index.searcher()
        self.state = self._read_state()
        self.languages = self._found_languages()

    @classmethod
    def create(cls, path: Path) -> TextIndex:
        """A new, empty index in a folder, which is made."""
        path.mkdir(parents=True, exist_ok=True)
        try:
            index = cls(tantivy.Index(_schema(), path=str(path), reuse=False), path)
        except (ValueError, OSError) as error:
            raise BrokenIndex(str(error)) from error
        with index.writer() as writer:
            writer.commit(State())
        index.refresh()
        return index

    @classmethod
    def open(cls, path: Path) -> TextIndex:
        try:
            index = cls(tantivy.Index.open(str(path)), path)
        except BaseException as error:
            if path.is_dir() and not os.access(path, os.W_OK, effective_ids=True):  # readers, too, make a lock file
                raise BrokenIndex(f"nothing can be written in {path}, so let the user of the site write there") from error
            if isinstance(error, BrokenIndex):
                raise
            # tantivy panics on some damaged files, and a panic is no Exception.
            raise _broken(error) from error
        if index.state.format != FORMAT:
            raise BrokenIndex(f"it is of format {index.state.format}, this release writes {FORMAT}")
        return index

    def refresh(self) -> None:
        """See what was committed since; cheap when nothing was."""
        try:
            stamp = self._stamped()
            if stamp == self._stamp:
                return
            with self._lock:
                self._index.reload()
                self.searcher = self._index.searcher()
                self.state, self.languages = self._read_state(), self._found_languages()
                self._stamp = stamp
        except BaseException as error:
            raise _broken(error) from error

    def writer(self, *, memory: int = FEW_MEMORY, threads: int = 1) -> Writer:
        try:
            return Writer(self._index.writer(heap_size=memory, num_threads=threads))
        except BaseException as error:
            raise _broken(error) from error

    def find(self, query: Query, limit: int, *, newest: bool = False) -> list[Hit]:
        """The best or the newest documents of a query."""
        if limit <= 0:
            return []
        try:
            searcher = self.searcher
            found = searcher.search(query, limit=limit, count=False, order_by_field="listed" if newest else None).hits
            numbers = searcher.fast_field_values("number", [address for _, address in found])
        except BaseException as error:
            raise _broken(error) from error
        return [
            Hit(int(number), float(score or 0)) for (score, _), number in zip(found, numbers, strict=True) if number is not None
        ]

    def among(self, numbers: Iterable[int]) -> Query:
        """The questions of these numbers."""
        keys = [key(Kind.QUESTION, number) for number in numbers]
        return Query.term_set_query(self.schema, "key", keys)

    def frequency(self, fields: Iterable[str], word: str) -> int:
        """In how many documents a word stands, at most."""
        return max((self.searcher.doc_freq(name, word) for name in fields), default=0)

    def digests(self, kind: Kind) -> dict[int, int]:
        """What the index holds of a kind: number → digest."""
        query = Query.term_query(self.schema, "kind", kind.value, "basic")
        searcher = self.searcher
        addresses = [address for _, address in searcher.search(query, limit=max(1, searcher.num_docs), count=False).hits]
        numbers = searcher.fast_field_values("number", addresses)
        values = searcher.fast_field_values("digest", addresses)
        return {
            int(number): int(value)
            for number, value in zip(numbers, values, strict=True)
            if number is not None and value is not None
        }

    def _stamped(self) -> tuple[int, int, int]:
        found = (self.path / "meta.json").stat()
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _read_state(self) -> State:
        hits = self.searcher.search(Query.term_query(self.schema, "key", _STATE, "basic"), limit=1, count=False).hits
        if not hits:
            return State()
        return State.from_json(str(self.searcher.doc(hits[0][1]).get_first(_STATE)))

    def _found_languages(self) -> tuple[str, ...]:
        return tuple(code for code in LANGUAGES if self.searcher.doc_freq("language", f"={code}"))


class Writer:
    """Changes that become visible together with the number of the journal that they reach."""

    def __init__(self, writer: tantivy.IndexWriter) -> None:
        self._writer = writer

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        with guarded():
            self._writer.wait_merging_threads()

    def put(self, document: Document, *, new: bool = False) -> None:
        """Add a document, in the place of its former self unless there is none (`new`)."""
        if not new:
            self.remove(document.kind, document.number)
        with guarded():
            self._writer.add_document(_question(document) if isinstance(document, QuestionText) else _named(document))

    def remove(self, kind: Kind, number: int) -> None:
        with guarded():
            self._writer.delete_documents_by_term("key", key(kind, number))

    def commit(self, state: State) -> None:
        document = tantivy.Document()
        document.add_text("key", _STATE)
        document.add_text(_STATE, state.to_json())
        with guarded():
            self._writer.delete_documents_by_term("key", _STATE)
            self._writer.add_document(document)
            self._writer.commit()


def _start(document: Document) -> tantivy.Document:
    found = tantivy.Document()
    found.add_text("key", key(document.kind, document.number))
    found.add_text("kind", document.kind.value)
    found.add_unsigned("number", document.number)
    found.add_unsigned("digest", document.digest)
    return found


def _question(document: QuestionText) -> tantivy.Document:
    found = _start(document)
    found.add_text(f"title_{stemmed_as(document.title.language)}", prepare(document.title.text))
    for passage in document.texts:
        found.add_text(f"text_{stemmed_as(passage.language)}", prepare(passage.text))
    languages = {passage.language.lower() for passage in (document.title, *document.texts)}
    for code in languages | {f"={stemmed_as(language)}" for language in languages}:
        found.add_text("language", code)
    for topic in document.topics:
        found.add_unsigned("topic", topic)
    for specialty in document.specialties:
        found.add_unsigned("specialty", specialty)
    found.add_unsigned("answers", document.answers)
    found.add_integer("listed", document.listed)
    found.add_text("cites", "yes" if document.cites else "no")
    if document.label:
        found.add_text("label", document.label)
    return found


def _named(document: NamedText) -> tantivy.Document:
    found = _start(document)
    for name in document.names:
        found.add_text(f"names_{document.kind.value}", prepare(name))
    for text in document.about:
        found.add_text(f"about_{document.kind.value}", prepare(text))
    return found


@contextmanager
def guarded() -> Iterator[None]:
    """What tantivy says of files that are not what they should be, as BrokenIndex; a panic of it is no Exception."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise _broken(error) from error
    except Exception:
        raise
    except BaseException as error:
        raise _broken(error) from error


def _broken(error: BaseException) -> BrokenIndex:
    if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
        raise error
    return BrokenIndex(str(error).splitlines()[0] if str(error) else type(error).__name__)
