"""How well it is seen that two questions ask the same: `python bench/duplicates.py --pairs P.csv [--json]`.

P.csv has the columns text1, text2 and label (1, true or yes: the same; 0, false or no: not), in any order and among others;
without a line of names they are the first three. Prints the area under the ROC curve of the cosine, the
accuracy at the best threshold, and recall@5: how often text2 of a pair that is the same is among the first five of all texts
for text1. Index, ranking and language model are the product's own; `recall@5_hybrid` is that of the search page's ranking.
`--model FOLDER` is what `consilium model build` made (default: it is built for this run).
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from consilium.search import semantic
from consilium.search.building import borrowed
from consilium.search.documents import Passage, QuestionText
from consilium.search.node import Node
from consilium.search.text_index import BrokenIndex, Hit, State

try:
    import numpy as np

    from consilium.search.vector_index import Pair as Vectors
except ImportError:
    print("bench/duplicates.py: consilium[semantic] is not installed, so there is no language model.", file=sys.stderr)
    raise SystemExit(2) from None

CHUNK: Final = 512
FIRST: Final = 5
COLUMNS: Final = ("text1", "text2", "label")
LABELS: Final = {"1": True, "0": False, "1.0": True, "0.0": False, "true": True, "false": False, "yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, and whether they ask the same."""

    one: str
    other: str
    same: bool


class BadInput(Exception):
    """The file is not what it should be; the message names the line."""


def pairs(path: Path) -> list[Pair]:
    """The pairs of a CSV file. Raises BadInput."""
    limit = csv.field_size_limit(10_000_000)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [
                (reader.line_num, row) for reader in [csv.reader(file)] for row in reader if any(cell.strip() for cell in row)
            ]
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror or error}).") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not UTF-8 ({error.reason} at byte {error.start}).") from None
    except csv.Error as error:
        raise BadInput(f"{path} is not CSV ({error}).") from None
    finally:
        csv.field_size_limit(limit)
    if not rows:
        raise BadInput(f"{path} is empty.")
    names = [cell.strip().lower() for cell in rows[0][1]]
    if set(COLUMNS) <= set(names):
        return [
            pair(path, number, [row[place] if place < len(row) else None for place in map(names.index, COLUMNS)])
            for number, row in rows[1:]
        ]
    if len(names) < len(COLUMNS) or names[2] not in LABELS:
        raise BadInput(f"{path}, line 1: there are no columns {', '.join(COLUMNS)}.")
    return [pair(path, number, [*row[:3], None, None, None][:3]) for number, row in rows]


def pair(path: Path, number: int, cells: Sequence[str | None]) -> Pair:
    one, other, label = cells
    if one is None or other is None or label is None or label.strip().lower() not in LABELS:
        raise BadInput(f"{path}, line {number}: a pair has two texts and a label that is one of {', '.join(LABELS)}.")
    return Pair(plain(one), plain(other), LABELS[label.strip().lower()])


def plain(text: str) -> str:
    return " ".join(text.encode("utf-8", "replace").decode().split())


def vectors(model: Any, texts: Sequence[str]) -> Any:
    return np.vstack([model.vectors(texts[start : start + CHUNK]) for start in range(0, len(texts), CHUNK)])


def area(scores: Any, labels: Any) -> float | None:
    """The chance that a pair that is the same scores above one that is not; ties count half."""
    same, different = np.sort(scores[labels]), np.sort(scores[~labels])
    if not len(same) or not len(different):
        return None
    below = np.searchsorted(different, same, "left").sum() + np.searchsorted(different, same, "right").sum()
    return float(below / 2 / (len(same) * len(different)))


def best_threshold(scores: Any, labels: Any) -> tuple[float, float | None]:
    """The accuracy at the threshold where it is highest, and that threshold; None: best to call no pair the same."""
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(labels[order]) + (~labels).sum() - np.cumsum(~labels[order])
    ends = np.append(scores[order][1:] != scores[order][:-1], True)  # a threshold cannot part equal scores
    right = np.where(ends, right, 0)
    none = int((~labels).sum())
    place = int(np.argmax(right))
    if none >= right[place]:
        return none / len(scores), None
    return float(right[place] / len(scores)), float(scores[order][place])


def recalls(node: Node, texts: Sequence[str], given: Sequence[Pair]) -> dict[str, Any]:
    numbers = {text: number for number, text in enumerate(texts)}
    asked = [(pair.one, numbers[pair.other], numbers[pair.one]) for pair in given if pair.same and pair.one != pair.other]
    if not asked:
        return {"queries": 0}

    def share(found: list[list[Hit]]) -> float:
        hits = [[hit.number for hit in hits if hit.number != own][:FIRST] for hits, (_, _, own) in zip(found, asked, strict=True)]
        return round(statistics.fmean(other in first for first, (_, other, _) in zip(hits, asked, strict=True)), 4)

    return {
        "queries": len(asked),
        "recall@5": share([node.alike(text, limit=FIRST + 1) for text, _, _ in asked]),
        "recall@5_hybrid": share([node.rank(text)[: FIRST + 1] for text, _, _ in asked]),
    }


def measure(given: Sequence[Pair], model: Any, folder: Path) -> dict[str, Any]:
    texts = list(dict.fromkeys(text for pair in given for text in (pair.one, pair.other)))
    rows = vectors(model, texts)
    place = {text: row for row, text in enumerate(texts)}
    cosines = np.array([rows[place[pair.one]] @ rows[place[pair.other]] for pair in given])
    labels = np.array([pair.same for pair in given])
    accuracy, threshold = best_threshold(cosines, labels)
    node = indexed(texts, rows, model, folder)
    return {
        "pairs": len(given), "same": int(labels.sum()), "texts": len(texts), "auc": area(cosines, labels),
        "accuracy": round(accuracy, 4), "threshold": threshold and round(threshold, 4), **recalls(node, texts, given),
    }  # fmt: skip


def indexed(texts: Sequence[str], rows: Any, model: Any, folder: Path) -> Node:
    node = Node.create(folder, vectors=True)
    node.model = model
    with node.words.writer() as writer:
        for number, text in enumerate(texts):
            writer.put(QuestionText(number, Passage(text)), new=True)
        writer.commit(State(reached=1))
    node.words.refresh()
    assert node.vectors is not None
    halves = rows.astype(np.float16)
    node.vectors.add_many({number: Vectors(half, half) for number, half in enumerate(halves)})
    node.vectors.save(whole=True)
    return node


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", required=True, type=Path)
    parser.add_argument("--model", default="", metavar="FOLDER")
    parser.add_argument("--json", action="store_true", help="print figures as JSON alone")
    given = parser.parse_args()
    try:
        found = pairs(given.pairs)
        if not found:
            raise BadInput(f"{given.pairs} has no pairs.")
        with tempfile.TemporaryDirectory() as folder, borrowed(given.model) as model:
            report = measure(found, model, Path(folder))
    except (BadInput, BrokenIndex, OSError, semantic.NoModel) as error:
        print(f"bench/duplicates.py: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    print(json.dumps(report, indent=2) if given.json else "\n".join(f"{name:<16} {value}" for name, value in report.items()))


if __name__ == "__main__":
    main()
