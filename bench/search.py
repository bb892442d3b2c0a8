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
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

from consilium.search import semantic
from consilium.search.building import borrowed
from consilium.search.documents import Passage, QuestionText
from consilium.search.node import Mode, Node
from consilium.search.text_index import MUCH_MEMORY, Hit, State

CHUNK: Final = 512
TIMED: Final = 200
DEEP: Final = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the corpus."""

    id: str
    question: str
    answer: str


def lines(path: Path) -> list[Line]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    return [Line(str(row.get("id", number)), row["question"], row.get("answer") or "") for number, row in enumerate(rows)]


def documents(corpus: Sequence[Line]) -> list[QuestionText]:
    return [
        QuestionText(number, Passage(line.question), (Passage(line.answer),) if line.answer else ())
        for number, line in enumerate(corpus)
    ]


def build(folder: Path, texts: Sequence[QuestionText], model: Any) -> tuple[Node, dict[str, Any]]:
    """The index of words, then of meanings, each timed."""
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
        figures |= embed(node, texts, model)
        node.model = model
    node.words.refresh()
    figures["bytes"] = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return node, figures


def embed(node: Node, texts: Sequence[QuestionText], model: Any) -> dict[str, Any]:
    import numpy as np

    from consilium.search.vector_index import Pair

    assert node.vectors is not None
    began = time.perf_counter()
    graph = 0.0
    for start in range(0, len(texts), CHUNK):
        part = texts[start : start + CHUNK]
        titles = model.questions([text.title.text for text in part])
        answered = [row for row, text in enumerate(part) if text.texts]
        wholes = titles.copy()
        if answered:
            wholes[answered] = model.wholes([part[row].whole for row in answered])
        before = time.perf_counter()
        halves = zip(titles.astype(np.float16), wholes.astype(np.float16), strict=True)
        node.vectors.add_many({text.number: Pair(*pair) for text, pair in zip(part, halves, strict=True)})
        graph += time.perf_counter() - before
        told(f"{start + len(part):,} of {len(texts):,} vectors")
    node.vectors.save(whole=True)
    seconds = time.perf_counter() - began
    return {"vectors_seconds": round(seconds, 1), "graph_seconds": round(graph, 1)}


def told(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{text}", end="", file=sys.stderr, flush=True)


def judged(path: Path) -> dict[str, dict[str, int]]:
    """Query → document → grade of a TREC qrels file."""
    found: dict[str, dict[str, int]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            query, _, document, grade = line.split()[:4]
            found.setdefault(query, {})[document] = int(float(grade))
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
    node: Node, corpus: Sequence[Line], queries: Sequence[Mapping[str, str]], grades: Mapping[str, Mapping[str, int]]
) -> dict[str, Any]:
    """Means over all queries that have a relevant document."""
    asked = [query for query in queries if any(grade > 0 for grade in grades.get(str(query["id"]), {}).values())]
    found: dict[str, Any] = {"queries": len(asked)}
    for mode in modes(node):
        rankings = {str(query["id"]): ids(corpus, node.rank(query["text"], mode=mode)) for query in asked}
        found[mode.value] = {
            name: round(statistics.fmean(measure(rankings[one], grades[one]) for one in rankings), 4) if rankings else None
            for name, measure in MEASURES.items()
        }
    return found


def modes(node: Node) -> list[Mode]:
    return list(Mode) if node.model is not None else [Mode.WORDS]


def ids(corpus: Sequence[Line], hits: Iterable[Hit]) -> list[str]:
    return [corpus[hit.number].id for hit in hits]


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
    found = {}
    for mode in modes(node):
        took = sorted(statistics.median(milliseconds(node, text, mode) for _ in range(3)) for text in queries)
        p50, p95 = took[len(took) // 2], took[int(len(took) * 0.95)]
        found[mode.value] = {"p50_ms": round(p50, 2), "p95_ms": round(p95, 2), "max_ms": round(took[-1], 2)}
    return found


def milliseconds(node: Node, text: str, mode: Mode) -> float:
    began = time.perf_counter()
    node.rank(text, mode=mode)
    return (time.perf_counter() - began) * 1000


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
    if not semantic.INSTALLED:
        raise SystemExit("bench/search.py: consilium[semantic] is not installed; add --no-vectors to measure words alone.")
    try:
        with borrowed(given) as model:
            yield model
    except semantic.NoModel as error:
        raise SystemExit(f"bench/search.py: {error}") from None


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
    return given


def run(given: argparse.Namespace) -> dict[str, Any]:
    corpus = lines(given.corpus)
    if not corpus:
        raise SystemExit("bench/search.py: the corpus is empty.")
    if given.documents:
        corpus = repeated(corpus, given.documents)
    with tempfile.TemporaryDirectory() as folder, language_model(given.model, wanted=not given.no_vectors) as model:
        node, index = build(Path(folder), documents(corpus), model)
        report: dict[str, Any] = {"index": index}
        if given.queries:
            queries = [json.loads(line) for line in given.queries.read_text(encoding="utf-8").splitlines() if line.strip()]
            report["quality"] = quality(node, corpus, queries, judged(given.qrels))
        report["times"] = times(node, sample(corpus))
    return report


def show(report: Mapping[str, Any]) -> None:
    for heading, content in report.items():
        print(heading)
        for name, value in content.items():
            print(f"  {name:<18} {value if not isinstance(value, dict) else '  '.join(f'{k} {v}' for k, v in value.items())}")


def main() -> None:
    given = arguments()
    try:
        report = run(given)
    except (OSError, ValueError, KeyError) as error:
        raise SystemExit(f"bench/search.py: {type(error).__name__}: {error}") from None
    if given.json:
        print(json.dumps(report, indent=2))
    else:
        show(report)


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    main()
