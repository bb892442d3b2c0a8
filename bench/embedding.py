"""What the language model costs a web process: `python bench/embedding.py [--corpus C.jsonl] [--model FOLDER] [--json]`.

On one core: how long a query takes to become a vector (questions of 1 to 8 words, whole questions, questions with a sentence
about oneself), and how many MB the process takes more once the model is loaded (Linux: private memory, and all of it).
Questions are those of the corpus (`question` per line), else made up. `--model` is what `consilium model build` made
(default: it is built for this run).
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from consilium.search import semantic
from consilium.search.building import borrowed

TIMED: Final = 300
MADE_UP: Final = (
    "may i take {} together with {} in the evening",
    "how long after {} can i have {} on my face",
    "is {} safe for somebody with {}",
    "which doctor should i ask about {} when {} did not help",
)
THINGS: Final = ("ibuprofen", "a chemical peel", "multiple sclerosis", "botulinum toxin", "a knee replacement", "isotretinoin")
ABOUT_ME: Final = "I am forty years old, take two medicines every day and would like to know what my options are."


def questions(corpus: Path | None) -> list[str]:
    if corpus is None:
        return [text.format(one, other) for text in MADE_UP for one in THINGS for other in THINGS]
    with gzip.open(corpus, "rt", encoding="utf-8") if corpus.suffix == ".gz" else corpus.open(encoding="utf-8") as file:
        return [json.loads(line)["question"] for line in file if line.strip()]


def memory() -> dict[str, float]:
    """MB that this process has of its own, and all that it uses; empty where the system does not tell."""
    try:
        lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return {}
    kb = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    return {"private": (kb["Private_Dirty"] + kb["Private_Clean"]) / 1024, "all": kb["Rss"] / 1024}


def timed(model: Any, texts: Sequence[str]) -> dict[str, float]:
    """Milliseconds per text, by the clock and of this thread alone: the machine may have other things to do."""
    clock, own = [], []
    for text in texts:
        began, worked = time.perf_counter(), time.thread_time()
        model.vectors([text])
        clock.append((time.perf_counter() - began) * 1e3)
        own.append((time.thread_time() - worked) * 1e3)
    found = {"p50": _share(clock, 0.5), "p95": _share(clock, 0.95)}
    return found | {"cpu_p50": _share(own, 0.5), "cpu_p95": _share(own, 0.95)}


def _share(values: Sequence[float], share: float) -> float:
    return round(sorted(values)[int(len(values) * share)], 2)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, help="JSON lines with a `question` each")
    parser.add_argument("--model", default="", help="what `consilium model build` made")
    parser.add_argument("--json", action="store_true", help="for programs")
    options = parser.parse_args()
    if not semantic.INSTALLED:
        print("bench/embedding.py: consilium[semantic] is not installed, so there is no language model.", file=sys.stderr)
        return 2
    if options.model:  # building takes memory of its own, which would stand in the figures
        found = measure(options.model, questions(options.corpus))
    else:
        with borrowed() as _built:
            print("bench/embedding.py: built here, so the memory is not measured; give --model FOLDER for it.", file=sys.stderr)
            found = times(_built, questions(options.corpus))
    print(json.dumps(found, indent=1) if options.json else "\n".join(f"{name}: {value}" for name, value in found.items()))
    return 0


def measure(folder: str, texts: Sequence[str]) -> dict[str, Any]:
    before = memory()
    model = semantic.load_model(Path(folder))
    found = times(model, texts)
    after = memory()
    return found | {"memory_mb": {name: round(after[name] - before[name], 1) for name in before}}


def times(model: Any, texts: Sequence[str]) -> dict[str, Any]:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    model.vectors(["warm"])
    chance = random.Random(7)
    some = [chance.choice(texts) for _ in range(TIMED)]
    return {
        "few_words_ms": timed(model, [" ".join(text.split()[: chance.randint(1, 8)]) for text in some]),
        "questions_ms": timed(model, some),
        "long_ms": timed(model, [f"{text} {ABOUT_ME}" for text in some]),
    }


if __name__ == "__main__":
    sys.exit(main())
