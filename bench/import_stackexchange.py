"""How fast a Stack Exchange dump comes in, and how much memory that takes: `python -m bench.import_stackexchange`.

Makes dumps of invented text (10,000 and 100,000 posts, with and without the side tables), imports each into an empty
SQLite site in a process of its own held to one core, and writes figures to bench/results/import_stackexchange.json.
With `--dumps PATH…` it imports those dumps instead and writes import_stackexchange_given.json.
Figures per CPU second are those of a core that nothing else uses; `idle_rss_mb` is the process before it imports.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

RESULT = Path(__file__).parent / "results" / "import_stackexchange.json"
SIZES = (10_000, 100_000)
ANSWERS = 2  # of a question
START = datetime(2014, 1, 1, tzinfo=UTC)
WORDS = [
    first + last
    for first in ["ba", "ko", "mi", "ru", "se", "ta", "vo", "ne", "li", "du"]
    for last in ["lan", "rim", "tor", "ves", "dal", "nik", "sor", "pel", "gan", "mut"]
]
TAGS = [f"{word}-{number}" for number in range(20) for word in WORDS[:25]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="posts of each dump")
    parser.add_argument("--dumps", type=Path, nargs="+", help="real dumps (a folder or a Posts.xml each) instead of made ones")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        measure(arguments.worker)
        return
    load_before = os.getloadavg()[0]  # of other programs: with one per core or more, wall-clock figures say nothing
    if arguments.dumps:
        runs = [{"dump": dump.name, **import_twice(dump)} for dump in arguments.dumps]
    else:
        runs = [run(size, whole=whole) for whole in (False, True) for size in arguments.sizes]
    result = {
        "machine": platform.machine(),
        "python": platform.python_version(),
        "cores": 1,
        "database": "sqlite",
        "load_before": round(load_before, 1),
        "runs": runs,
    }
    path = RESULT.with_stem(f"{RESULT.stem}_given") if arguments.dumps else RESULT
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(path.read_text(encoding="utf-8"))


def run(size: int, *, whole: bool) -> dict[str, Any]:
    """Make a dump of this size and import it."""
    with tempfile.TemporaryDirectory(prefix="consilium-bench-") as folder:
        dump = Path(folder) / "bench"
        write_dump(dump, size, whole=whole)
        megabytes = sum(file.stat().st_size for file in dump.iterdir()) / 1e6
        figures = import_twice(dump)
    return {"posts": size, "tables": "all seven" if whole else "posts", "dump_mb": round(megabytes, 1), **figures}


def import_twice(dump: Path) -> dict[str, Any]:
    """Import one dump twice into an empty site, in a fresh process."""
    with tempfile.TemporaryDirectory(prefix="consilium-bench-") as data:
        environ = {name: value for name, value in os.environ.items() if not name.startswith(("CONSILIUM_", "DATABASE_"))}
        environ |= {"CONSILIUM_DATA": data, "DJANGO_SETTINGS_MODULE": "consilium.settings"}
        command = [sys.executable, "-m", "bench.import_stackexchange", "--worker", str(dump)]
        done = subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def measure(dump: str) -> None:
    """In the process of its own: import, import again, print the figures as JSON."""
    import resource

    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    import django

    django.setup()
    from django.core.management import call_command

    from consilium.transfer.loader import load
    from consilium.transfer.records import Options
    from consilium.transfer.stackexchange import read

    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    figures: dict[str, Any] = {}
    for name in ("first", "again"):
        began, cpu = time.perf_counter(), time.process_time()
        report = load(read, [dump], Options())
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        rows = report.total("created") + report.total("unchanged")
        posts = sum(report.counts[kind, outcome] for kind in ("questions", "answers") for outcome in ("created", "unchanged"))
        figures[name] = {
            "seconds": round(seconds, 2), "cpu_seconds": round(cpu, 2), "rows": rows,
            "posts_per_s": round(posts / seconds), "posts_per_cpu_s": round(posts / cpu),
            "rows_per_s": round(rows / seconds), "rows_per_cpu_s": round(rows / cpu),
            "questions": sum(report.counts["questions", outcome] for outcome in ("created", "unchanged")),
            "answers": sum(report.counts["answers", outcome] for outcome in ("created", "unchanged")),
            "created": report.total("created"), "skipped": report.total("skipped"),
        }  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({**figures, "idle_rss_mb": round(idle / 1024, 1), "peak_rss_mb": round(peak / 1024, 1)}))


def write_dump(folder: Path, posts: int, *, whole: bool) -> None:
    """A dump of so many posts; the same size always gives the same text."""
    folder.mkdir(parents=True)
    chance = random.Random(posts)
    _write(folder / "Posts.xml", "posts", _posts(chance, posts))
    if whole:
        tables: dict[str, Callable[[random.Random, int], Iterator[dict[str, object]]]] = {
            "Users": _users, "Votes": _votes, "Comments": _comments, "Tags": _tags, "PostLinks": _links, "PostHistory": _history,
        }  # fmt: skip
        for name, rows in tables.items():
            _write(folder / f"{name}.xml", name.lower(), rows(chance, posts))


def _write(path: Path, root: str, rows: Iterator[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.write(f'<?xml version="1.0" encoding="utf-8"?>\n<{root}>\n')
        for row in rows:
            out.write("  <row " + " ".join(f"{name}={quoteattr(str(value))}" for name, value in row.items()) + " />\n")
        out.write(f"</{root}>\n")


def _words(chance: random.Random, low: int, high: int) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(low, high))).capitalize()


def _html(chance: random.Random) -> str:
    """About as long as the median post of the network, with the tags that occur there."""
    parts = [
        f'<p>{_words(chance, 20, 90)} <a href="https://example.org/{number}">{_words(chance, 2, 4)}</a>.</p>'
        for number in range(2)
    ]
    parts.append(f"<ul>\n<li><strong>{_words(chance, 2, 6)}</strong></li>\n<li>{_words(chance, 3, 9)}</li>\n</ul>")
    return "\n\n".join(parts)


def _at(number: int) -> str:
    return (START + timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:%S.000")


def _is_question(number: int) -> bool:
    return number % (ANSWERS + 1) == 1


def _posts(chance: random.Random, posts: int) -> Iterator[dict[str, object]]:
    for number in range(1, posts + 1):
        common = {
            "CreationDate": _at(number),
            "Score": chance.randint(-3, 40),
            "Body": _html(chance),
            "OwnerUserId": _user(chance, posts),
        }
        if _is_question(number):
            tags = "".join(f"<{tag}>" for tag in chance.sample(TAGS, 3))
            yield {
                "Id": number,
                "PostTypeId": 1,
                **common,
                "Title": _words(chance, 5, 14) + "?",
                "Tags": tags,
                "AnswerCount": ANSWERS,
            }
        else:
            yield {"Id": number, "PostTypeId": 2, "ParentId": number - (number - 1) % (ANSWERS + 1), **common}


def _user(chance: random.Random, posts: int) -> int:
    """A few write much and many write once."""
    return 1 + int(posts / 5 * chance.random() ** 2)


def _users(chance: random.Random, posts: int) -> Iterator[dict[str, object]]:
    for number in range(1, posts // 5 + 2):
        yield {"Id": number, "DisplayName": _words(chance, 1, 2), "Reputation": 1}


def _votes(chance: random.Random, posts: int) -> Iterator[dict[str, object]]:
    for number in range(1, posts * 4):
        yield {"Id": number, "PostId": chance.randint(1, posts), "VoteTypeId": chance.choice((2, 2, 2, 2, 3, 1, 5))}


def _comments(chance: random.Random, posts: int) -> Iterator[dict[str, object]]:
    for number in range(1, posts + 1):
        yield {
            "Id": number, "PostId": chance.randint(1, posts), "Score": 0, "Text": _words(chance, 8, 40),
            "CreationDate": _at(number), "UserId": _user(chance, posts),
        }  # fmt: skip


def _tags(chance: random.Random, posts: int) -> Iterator[dict[str, object]]:
    for number, tag in enumerate(TAGS, 1):
        yield {"Id": number, "TagName": tag, "Count": 1}


def _links(chance: random.Random, posts: int) -> Iterator[dict[str, object]]:
    for number in range(1, posts // 50):
        one, other = (1 + (ANSWERS + 1) * chance.randrange(posts // (ANSWERS + 1)) for _ in "12")
        yield {"Id": number, "PostId": one, "RelatedPostId": other, "LinkTypeId": chance.choice((1, 3))}


def _history(chance: random.Random, posts: int) -> Iterator[dict[str, object]]:
    for number in range(1, posts + 1):
        kind = 2 if number % 3 else 5
        yield {
            "Id": number, "PostHistoryTypeId": kind, "PostId": number, "RevisionGUID": f"guid-{number}",
            "CreationDate": _at(number), "UserId": _user(chance, posts), "Text": _words(chance, 40, 150),
        }  # fmt: skip


if __name__ == "__main__":
    main()
