"""What a question page costs: 60 answers and 4 statements against 9 answers and 1 statement.

    python -m bench.question_page [--rounds 41] [--json FILE]

Both pages are asked for in turn, whole (all middleware, no 304), by a visitor, from one process and one SQLite
database of its own; the result is the median of the ratios of each round, in processor time. Goal: at most twice the
time, and at most 12 queries each. "cold" is the same with the remembered components forgotten before each page, as
the first reader after a start finds it.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SIZES = {"small": (9, 1), "large": (60, 4)}
VALUES = ("yes", "yes_if", "no", "yes", "cannot_say", "no_unless")
BODY = "Words of an answer as long as most of them are, about four sentences. " * 6
CITED = 5  # every so many answers one cites a work


def build() -> dict[str, str]:
    """The addresses of the two pages, each with three related questions that have statements, too."""
    from consilium.questions.models import QuestionLink
    from tests.factories import make_question, make_stance, make_statement, make_topic

    paths = {}
    topics = (make_topic(kind="treatment"), make_topic(kind="condition"))
    related = [make_question(f"Is this one related to it {number}?", topics=topics) for number in range(3)]
    for question in related:
        make_stance(make_statement(question))
    for name, (answers, statements) in SIZES.items():
        question = make_question(f"Is it safe, asked the {name} way?", topics=topics)
        fill(question, answers, statements)
        for rank, other in enumerate(related):
            QuestionLink.objects.create(question=question, other=other, kind="related", rank=rank)
        paths[name] = question.get_absolute_url()
    keep()
    return paths


def fill(question: Any, answers: int, statements: int) -> None:
    """Answers by verified doctors of four specialties, each with a stance on every statement, some with sources."""
    from consilium.evidence.models import Citation, Work
    from tests.factories import make_answer, make_specialty, make_stance, make_statement, make_verified

    rows = [make_statement(question, f"The treatment is acceptable in the case {number}.") for number in range(statements)]
    specialties = [make_specialty(noun, noun) for noun in ("Dermatology", "Phlebology", "Urology", "Surgery")]
    for number in range(answers):
        doctor = make_verified(specialty=specialties[number % len(specialties)])
        answer = make_answer(question, doctor=doctor, body=BODY)
        for row in rows:
            value = VALUES[(number + row.place) % len(VALUES)]
            make_stance(row, value, doctor=doctor, answer=answer)
        if number % CITED == 0:
            key = f"doi:10.1/{question.pk}.{number}"
            work = Work.objects.create(key=key, doi=key[4:], kind="rct", title="A trial of it", authors="Some A", year=2020)
            Citation.objects.create(work=work, answer=answer, statement=rows[0], direction="supports")


def keep() -> None:
    """Store the states as the worker does."""
    from consilium.consensus import actions
    from consilium.questions.models import Question

    for question in Question.objects.all():
        actions.keep(question)


def measure(paths: dict[str, str], rounds: int) -> dict[str, Any]:
    """Queries, bytes and median processor time of each page, and the median ratio."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    seen: dict[str, dict[str, Any]] = {}
    for name, path in paths.items():
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path)
        assert response.status_code == 200, response.status_code
        seen[name] = {"queries": len(queries), "bytes": len(response.content)}
    ratio = {}
    for kind in ("warm", "cold"):
        times: dict[str, list[float]] = {name: [] for name in paths}
        for _ in range(rounds + 2):
            for name, path in paths.items():
                times[name].append(_one(client, path, cold=kind == "cold"))
        for name, measured in times.items():
            seen[name][f"{kind}_median_ms"] = round(statistics.median(measured[2:]), 2)
        pairs = zip(times["large"][2:], times["small"][2:], strict=True)
        ratio[kind] = round(statistics.median(large / small for large, small in pairs), 2)
    return {"sizes": SIZES, "rounds": rounds, **seen, "ratio": ratio}


def _one(client: Any, path: str, *, cold: bool) -> float:
    """Milliseconds of processor time of one page."""
    from consilium.web.templatetags import remembered

    if cold:
        remembered._made.cache_clear()
    began = time.process_time()
    client.get(path)
    return (time.process_time() - began) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=41)
    parser.add_argument("--json", type=Path, help="also write the result to this file")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"CONSILIUM_DATA": folder, "DJANGO_SETTINGS_MODULE": "consilium.settings"}
        os.environ.pop("DATABASE_URL", None)
        sys.path.insert(0, str(ROOT))
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        settings.ALLOWED_HOSTS = ["testserver"]
        call_command("setup", verbosity=0)
        result = json.dumps(measure(build(), given.rounds), indent=1)
    print(result)
    if given.json:
        given.json.write_text(result + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
