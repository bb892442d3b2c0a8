"""How well and how fast search finds: `python bench/search.py --corpus C.jsonl --queries Q.jsonl --qrels R.txt [--json]`.

C.jsonl(.gz) has `question`, `answer` and perhaps `id` per line; Q.jsonl has `id` and `text`; R.txt is TREC qrels (query, 0,
document, grade). Index, ranking and language model are the product's own. Without queries only size and times are measured,
on queries made from the corpus. `--documents N` repeats or cuts the corpus to N documents for the times; `--no-vectors`
measures words alone. `--model FOLDER` is what `consilium model build` made (default: it is built for this run).
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

from consilium.search import semantic
from consilium.search.building import borrowed
from consilium.search.documents import Passage, QuestionText
from consilium.search.node import Mode, Node
from consilium.search.text_index import MUCH_MEMORY, BrokenIndex, Hit, State

CHUNK: Final = 512
TIMED: Final = 200
DEEP: Final = 10
BESIDE: Final = 0.02  # how far, in each of 384 directions, a repeated document's vector lies from the first one's
TITLE: Final = 150  # characters of an answer that stand for a question that is empty


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the corpus."""

    id: str
    question: str
    answer: str


class BadInput(Exception):
    """A file is not what it should be; the message names the line."""


def rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSONL file with the numbers of their lines."""
    for number, line in enumerate(text_of(path).split("\n"), 1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError as error:
                raise BadInput(f"{path}, line {number}: this is not JSON ({error}).") from None
            if not isinstance(row, dict):
                raise BadInput(f"{path}, line {number}: this is not an object in braces.")
            yield number, row


def text_of(path: Path) -> str:
    """A UTF-8 file, packed by gzip or not."""
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            return file.read().decode("utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror or error}).") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not UTF-8 ({error.reason} at byte {error.start}).") from None


def lines(path: Path) -> list[Line]:
    """The corpus. A line without `id` is named by its place, counted from 0."""
    found = []
    for place, (number, row) in enumerate(rows(path)):
        if "question" not in row:
            raise BadInput(f"{path}, line {number}: there is no “question”.")
        found.append(Line(str(row.get("id", place)), plain(row["question"]), plain(row.get("answer"))))
    if not found:
        raise BadInput(f"{path} is empty.")
    return found


def plain(value: object) -> str:
    """Text of a field: nothing where it is null, one text where it is a list."""
    if isinstance(value, list):
        return "\n".join(map(plain, value))
    return "" if value is None else str(value).encode("utf-8", "replace").decode()


def asked(path: Path) -> dict[str, str]:
    """The queries, by their ids."""
    found = {}
    for number, row in rows(path):
        if "id" not in row or "text" not in row:
            raise BadInput(f"{path}, line {number}: a query has “id” and “text”.")
        found[str(row["id"])] = plain(row["text"])
    return found


def documents(corpus: Sequence[Line]) -> list[QuestionText]:
    return [
        QuestionText(number, Passage(line.question or line.answer[:TITLE]), (Passage(line.answer),) if line.answer else ())
        for number, line in enumerate(corpus)
    ]


def build(folder: Path, texts: Sequence[QuestionText], model: Any, distinct: int = 0) -> tuple[Node, dict[str, Any]]:
    """The index of words, then of meanings, each timed. `distinct`: see `embed`; 0: all."""
    node = Node.create(folder, vectors=model is not None)
    began, worked = time.perf_counter(), time.process_time()
    with node.words.writer(memory=MUCH_MEMORY) as writer:
        for text in texts:
            writer.put(text, new=True)
        writer.commit(State(reached=1))
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    figures: dict[str, Any] = {
        "documents": len(texts),
        "words_seconds": round(seconds, 2),
        "words_per_second": round(len(texts) / seconds),
        "words_per_cpu_second": round(len(texts) / worked),
    }
    if model is not None:
        figures |= embed(node, texts, model, distinct or len(texts))
        node.model = model
    node.words.refresh()
    figures["bytes"] = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return node, figures


def embed(node: Node, texts: Sequence[QuestionText], model: Any, distinct: int) -> dict[str, Any]:
    """The vectors of the first `distinct` documents, computed on every processor there is; those of the others lie beside
    them, since only the size of the graph matters for times. Then the graph."""
    import numpy as np

    from consilium.search.vector_index import Pair

    assert node.vectors is not None
    began, worked = time.perf_counter(), time.process_time()
    parts = [texts[start : start + CHUNK] for start in range(0, distinct, CHUNK)]
    computed = []
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for found in pool.map(lambda part: meanings(part, model), parts):
            computed.append(found)
            told(f"vectors of {len(computed) * CHUNK:,} of {distinct:,} documents")
    titles, wholes = (np.vstack(one) for one in zip(*computed, strict=True))
    computing, graph = time.perf_counter() - began, time.perf_counter()
    chance = np.random.default_rng(4)
    for start in range(0, len(texts), CHUNK):
        part = texts[start : start + CHUNK]
        rows = np.arange(start, start + len(part)) % distinct
        beside = chance.normal(scale=BESIDE, size=(len(part), titles.shape[1])) if start >= distinct else 0.0
        both = zip(*((one[rows] + beside).astype(np.float16) for one in (titles, wholes)), strict=True)
        node.vectors.add_many({text.number: Pair(*pair) for text, pair in zip(part, both, strict=True)})
        told(f"graph of {start + len(part):,} of {len(texts):,} documents")
    node.vectors.save(whole=True)
    return {
        "vectors_seconds": round(computing, 1),
        "graph_seconds": round(time.perf_counter() - graph, 1),
        "meaning_cpu_seconds": round(time.process_time() - worked, 1),
    }


def meanings(part: Sequence[QuestionText], model: Any) -> tuple[Any, Any]:
    """The vectors of the questions, and of the questions with their answers."""
    titles = model.vectors([text.title.text for text in part])
    wholes = titles.copy()
    answered = [row for row, text in enumerate(part) if text.texts]
    if answered:
        wholes[answered] = model.vectors([part[row].whole for row in answered])
    return titles, wholes


def told(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{text}", end="", file=sys.stderr, flush=True)


def judged(path: Path) -> dict[str, dict[str, int]]:
    """Query → document → grade of a TREC qrels file."""
    found: dict[str, dict[str, int]] = {}
    for number, line in enumerate(text_of(path).splitlines(), 1):
        if line.strip():
            try:
                query, _, document, grade = line.split()
                found.setdefault(query, {})[document] = round(float(grade))
            except ValueError:
                raise BadInput(f"{path}, line {number}: expected “query 0 document grade”, found “{line[:60]}”.") from None
    return found


def ndcg(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """nDCG at 10 with gains 2^grade − 1, as trec_eval's exponential form."""
    gain = sum((2 ** max(0, grades.get(one, 0)) - 1) / math.log2(place + 1) for place, one in enumerate(ranked[:DEEP], 1))
    best = sorted((max(0, grade) for grade in grades.values()), reverse=True)[:DEEP]
    ideal = sum((2**grade - 1) / math.log2(place + 1) for place, grade in enumerate(best, 1))
    return gain / ideal if ideal else 0.0


def linear_ndcg(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """nDCG at 10 with the grades themselves as gains, as trec_eval's ndcg_cut."""
    gain = sum(max(0, grades.get(one, 0)) / math.log2(place + 1) for place, one in enumerate(ranked[:DEEP], 1))
    best = sorted((max(0, grade) for grade in grades.values()), reverse=True)[:DEEP]
    ideal = sum(grade / math.log2(place + 1) for place, grade in enumerate(best, 1))
    return gain / ideal if ideal else 0.0


def reciprocal(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    return next((1 / place for place, one in enumerate(ranked, 1) if grades.get(one, 0) > 0), 0.0)


def recall(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    right = {one for one, grade in grades.items() if grade > 0}
    return len(right.intersection(ranked[:5])) / min(5, len(right)) if right else 0.0


MEASURES: Final[Mapping[str, Callable[[Sequence[str], Mapping[str, int]], float]]] = {
    "ndcg@10": linear_ndcg, "ndcg_exp@10": ndcg, "mrr": reciprocal, "recall@5": recall,
}  # fmt: skip


def quality(
    node: Node, corpus: Sequence[Line], queries: Mapping[str, str], grades: Mapping[str, Mapping[str, int]]
) -> dict[str, Any]:
    """Means over all queries that have a relevant document, whether the corpus holds it or not, as trec_eval has it."""
    known = {line.id for line in corpus}
    counted = [one for one in queries if any(grade > 0 for grade in grades.get(one, {}).values())]
    if not counted:
        raise BadInput("No query has a relevant document: do the ids of the queries stand in the first column of the qrels?")
    found: dict[str, Any] = {
        "queries": len(counted),
        "relevant": sum(grade > 0 for one in counted for grade in grades[one].values()),
        "relevant_not_in_corpus": sum(grade > 0 and key not in known for one in counted for key, grade in grades[one].items()),
    }
    for mode in modes(node):
        rankings = {one: ids(corpus, node.rank(queries[one], mode=mode)) for one in counted}
        found[mode.value] = {
            name: round(statistics.fmean(measure(rankings[one], grades[one]) for one in counted), 4)
            for name, measure in MEASURES.items()
        }
    return found


def modes(node: Node) -> list[Mode]:
    return list(Mode) if node.model is not None else [Mode.WORDS]


def ids(corpus: Sequence[Line], hits: Iterable[Hit]) -> list[str]:
    return list(dict.fromkeys(corpus[hit.number].id for hit in hits))


def sample(corpus: Sequence[Line]) -> list[str]:
    """Queries of 1 to 8 terms, one after the other in some text, and whole sentences; always the same of one corpus."""
    chance = random.Random(4)
    texts = [line.answer or line.question for line in corpus]
    found = []
    for number in range(TIMED * 4 // 5):
        words = chance.choice(texts).split() or ["treatment"]
        start = chance.randrange(max(1, len(words) - 8))
        found.append(" ".join(words[start : start + 1 + number % 8]))
    found += [chance.choice(corpus).question for _ in range(TIMED - len(found))]
    return found


def times(node: Node, queries: Sequence[str]) -> dict[str, Any]:
    found = {mode.value: spread(partial(node.rank, mode=mode), queries) for mode in modes(node)}
    if (model := node.model) is not None:
        found["embedding"] = spread(lambda text: model.vectors([text]), queries)
    return found


def spread(act: Callable[[str], object], queries: Sequence[str]) -> dict[str, float]:
    """The median of three for each query, then how these are spread; by the clock, and by the processor alone."""
    both = [[milliseconds(act, text) for _ in range(3)] for text in queries]
    took, worked = (sorted(statistics.median(one[kind] for one in three) for three in both) for kind in (0, 1))
    late = int(len(took) * 0.95)
    figures = {"p50_ms": took[len(took) // 2], "p95_ms": took[late], "max_ms": took[-1], "p95_cpu_ms": worked[late]}
    return {name: round(figure, 2) for name, figure in figures.items()}


def milliseconds(act: Callable[[str], object], text: str) -> tuple[float, float]:
    began, worked = time.perf_counter(), time.thread_time()
    act(text)
    return (time.perf_counter() - began) * 1000, (time.thread_time() - worked) * 1000


def repeated(corpus: Sequence[Line], count: int) -> list[Line]:
    """The corpus again and again, each line with the answer of another, so that no two documents are the same."""
    answers = [line.answer for line in corpus if line.answer] or [""]
    return [
        Line(f"{line.id}/{n}", line.question, answers[(n * 7 + n // len(corpus)) % len(answers)])
        for n, line in enumerate(islice(cycle(corpus), count))
    ]


@contextmanager
def language_model(given: str, *, wanted: bool) -> Iterator[Any]:
    if not wanted:
        yield None
        return
    try:
        with borrowed(given) as model:
            yield model
    except semantic.NoModel as error:
        raise BadInput(f"{error} Or add --no-vectors to measure words alone.") from None


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", required=True, type=Path)
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--qrels", type=Path)
    parser.add_argument("--documents", type=int, default=0, metavar="N")
    parser.add_argument("--no-vectors", action="store_true")
    parser.add_argument("--model", default="", metavar="FOLDER")
    parser.add_argument("--json", action="store_true", help="print figures as JSON alone")
    given = parser.parse_args()
    if bool(given.queries) != bool(given.qrels):
        parser.error("--queries and --qrels belong together")
    if given.queries and given.documents:
        parser.error("--documents is for times alone: repeated documents have no judgements")
    return given


def run(given: argparse.Namespace) -> dict[str, Any]:
    corpus = lines(given.corpus)
    queries, grades = (asked(given.queries), judged(given.qrels)) if given.queries else ({}, {})
    distinct = min(len(corpus), given.documents or len(corpus))
    if given.documents:
        corpus = repeated(corpus, given.documents)
    with tempfile.TemporaryDirectory() as folder, language_model(given.model, wanted=not given.no_vectors) as model:
        node, index = build(Path(folder), documents(corpus), model, distinct)
        report: dict[str, Any] = {"load": round(os.getloadavg()[0], 2), "index": index}
        if given.queries:
            report["quality"] = quality(node, corpus, queries, grades)
        report["times"] = times(node, sample(corpus))
    return report


def show(report: Mapping[str, Any]) -> None:
    for heading, content in report.items():
        print(heading)
        for name, value in content.items() if isinstance(content, dict) else [("", content)]:
            print(f"  {name:<18} {value if not isinstance(value, dict) else '  '.join(f'{k} {v}' for k, v in value.items())}")


def main() -> None:
    given = arguments()
    try:
        report = run(given)
    except (BadInput, BrokenIndex, OSError) as error:
        print(f"bench/search.py: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    if given.json:
        print(json.dumps(report, indent=2))
    else:
        show(report)


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    main()
