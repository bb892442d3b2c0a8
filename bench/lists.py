"""How reading grows with the site: the same reads at 10,000 and at 100,000 questions with 5 answers each.

    python bench/lists.py [--small 10000] [--large 100000] [--json FILE]

Both sites are built in one run, each in a database of its own, and read in turn (medians of interleaved rounds), so
that only ratios are compared. Goal P5: a list page and a question page ≤ 1.15 x, page 41 of a list ≤ 1.05 x page 1.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROUNDS = 15
BATCH = 2_000


def build(count: int) -> None:
    """Fill the database that the environment names. Runs in a process of its own."""
    from datetime import UTC, datetime, timedelta

    from django.core.management import call_command
    from django.db import transaction

    from consilium.questions.models import Answer, Question, QuestionTopic
    from consilium.topics.models import Topic

    call_command("migrate", verbosity=0)
    start = datetime(2020, 1, 1, tzinfo=UTC)
    topics = Topic.objects.bulk_create(
        Topic(slug=f"topic-{n}", name=f"Topic {n}", folded=f"topic {n}", key=f"topic/{n}") for n in range(50)
    )
    for first in range(0, count, BATCH):
        with transaction.atomic():
            numbers = range(first, min(first + BATCH, count))
            when = {n: start + timedelta(minutes=n) for n in numbers}
            questions = Question.objects.bulk_create(
                Question(
                    title=f"May I have treatment {n} with my condition?", body="Some words. " * 20, body_html="<p>x</p>",
                    key=f"question/{n}", listed_at=when[n], asked_at=when[n], answer_count=n % 11, last_answer_at=when[n],
                )
                for n in numbers
            )  # fmt: skip
            QuestionTopic.objects.bulk_create(
                QuestionTopic(question=q, topic=topics[(n + k) % 50], listed_at=when[n], answer_count=n % 11)
                for n, q in zip(numbers, questions, strict=True)
                for k in (0, 7)
            )
            Answer.objects.bulk_create(
                Answer(
                    question=q, key=f"answer/{n}/{k}", headline="In short", body="Words. " * 30,
                    body_html="<p>Words.</p>", place=k + 1, listed_at=when[n], answered_at=when[n],
                )
                for n, q in zip(numbers, questions, strict=True)
                for k in range(5)
            )  # fmt: skip


def reads() -> dict[str, Callable[[], Any]]:
    """The reads of one site, by name; each touches the database as a page does."""
    from django.contrib.auth.models import AnonymousUser

    from consilium.lib.paging import paginate
    from consilium.questions.models import Answer, Question, QuestionTopic

    nobody = AnonymousUser()
    visible = Question.objects.visible_to(nobody)
    topic = QuestionTopic.objects.filter(topic=3, question__state__in=Question.PUBLIC).select_related("question")
    middle = Question.objects.order_by("pk").values_list("pk", flat=True)[Question.objects.count() // 2]

    def deep() -> str:
        cursor = ""
        for _ in range(40):
            cursor = paginate(visible, cursor, order=Question.NEWEST, size=20).next or ""
        return cursor

    page_41 = deep()
    return {
        "newest": lambda: paginate(visible.listed(), "", order=Question.NEWEST, size=20),
        "newest, page 41": lambda: paginate(visible.listed(), page_41, order=Question.NEWEST, size=20),
        "most answered": lambda: paginate(visible.listed(), "", order=Question.MOST_ANSWERED, size=20),
        "unanswered": lambda: paginate(visible.unanswered().listed(), "", order=Question.NEWEST, size=20),
        "topic, newest": lambda: paginate(topic, "", order=QuestionTopic.NEWEST, size=20),
        "topic, most answered": lambda: paginate(topic, "", order=QuestionTopic.MOST_ANSWERED, size=20),
        "question page": lambda: (
            visible.on_page(nobody).get(pk=middle),
            list(Answer.objects.visible_to(nobody).filter(question=middle).on_page(nobody).order_by("place", "id")),
        ),
    }


def measure() -> None:
    """Answer one line with the milliseconds of every read for each line that comes in: the sites take turns."""
    todo = reads()
    for _ in sys.stdin:
        times = {}
        for name, read in todo.items():
            began = time.perf_counter()
            read()
            times[name] = (time.perf_counter() - began) * 1000
        print(json.dumps(times), flush=True)


def child(role: str, data: str, count: int) -> subprocess.Popen[str]:
    environment = {**os.environ, "CONSILIUM_DATA": data, "DJANGO_SETTINGS_MODULE": "consilium.settings"}
    command = [sys.executable, __file__, role, "--small", str(count)]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def compare(small: int, large: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        sizes = {small: f"{folder}/small", large: f"{folder}/large"}
        for count, data in sizes.items():
            if child("build", data, count).wait():
                raise SystemExit("bench/lists.py: the site could not be built.")
        readers = {count: child("measure", data, count) for count, data in sizes.items()}
        rounds: dict[int, list[dict[str, float]]] = {small: [], large: []}
        for turn in range(ROUNDS + 1):
            for count, reader in readers.items():
                assert reader.stdin is not None
                assert reader.stdout is not None
                reader.stdin.write("go\n")
                reader.stdin.flush()
                times = json.loads(reader.stdout.readline())
                if turn:  # the first round fills caches
                    rounds[count].append(times)
        for reader in readers.values():
            reader.communicate()
    medians = {count: {name: statistics.median(r[name] for r in rows) for name in rows[0]} for count, rows in rounds.items()}
    return {
        "questions": [small, large],
        "answers_per_question": 5,
        "rounds": ROUNDS,
        "median_ms": {str(count): {name: round(ms, 3) for name, ms in rows.items()} for count, rows in medians.items()},
        "growth": {name: round(medians[large][name] / medians[small][name], 2) for name in medians[small]},
        "page_41_to_page_1": round(medians[large]["newest, page 41"] / medians[large]["newest"], 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("role", nargs="?", default="compare", choices=["compare", "build", "measure"], help=argparse.SUPPRESS)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--json", type=Path, help="also write the result to this file")
    options = parser.parse_args()
    if options.role != "compare":
        import django

        django.setup()
        build(options.small) if options.role == "build" else measure()
        return
    result = json.dumps(compare(options.small, options.large), indent=1)
    print(result)
    if options.json:
        options.json.write_text(result + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
