"""A doctor who votes and answers without pause: `python -m tests.promises.writer '<JSON>'`.

Given: port, session, person, answers, questions (numbers) and acknowledged (a file). After each reply that says the
write is done, and not before, one line goes to that file and to the disk. A server that is away is waited for; a
write whose reply did not come is left open and never repeated.
"""

import contextlib
import http.client
import json
import os
import sys
import time
from collections.abc import Iterator
from typing import IO, Any
from urllib.parse import urlencode

CSRF = "w" * 32
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def main() -> None:
    given = json.loads(sys.argv[1])
    with open(given["acknowledged"], "a") as journal:  # noqa: PTH123 - its file number is needed for fsync
        for kind, number in _work(given):
            if _post(given, kind, number):
                _note(journal, f"{kind} {number} {given['person']}\n")


def _work(given: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """All votes, and an answer after every fifth; each thing once."""
    questions = iter(given["questions"])
    for place, answer in enumerate(given["answers"]):
        yield "vote", answer
        if place % 5 == 4 and (question := next(questions, None)) is not None:
            yield "answer", question


def _post(given: dict[str, Any], kind: str, number: int) -> bool:
    """Whether the site said that it is done; raises for a refusal, which would mean that the test asks nonsense."""
    path = f"/answers/{number}/helpful/" if kind == "vote" else f"/q/{number}/answer/"
    fields = {"on": "1"} if kind == "vote" else {"headline": "In short: yes", "body": "Yes, with care.", "language": "en"}
    try:
        status, text = _send(given["port"], given["session"], path, urlencode({**fields, "csrfmiddlewaretoken": CSRF}))
    except (OSError, http.client.HTTPException):
        return False  # killed while it was at it: done or not, nobody promised anything
    if status >= 500:
        return False
    if status != 302:
        sys.exit(f"{path} was answered with {status}: {text[:500]}")
    return True


def _send(port: int, session: str, path: str, form: str) -> tuple[int, str]:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        _connect(connection)
        cookies = f"sessionid={session}; csrftoken={CSRF}"
        connection.request("POST", path, form, {**FORM, "Cookie": cookies})
        reply = connection.getresponse()
        return reply.status, reply.read().decode()


def _connect(connection: http.client.HTTPConnection) -> None:
    """Wait for a server that is not there; nothing has been asked of it yet."""
    while True:
        try:
            return connection.connect()
        except ConnectionRefusedError:
            time.sleep(0.02)


def _note(journal: IO[str], line: str) -> None:
    journal.write(line)
    journal.flush()
    os.fsync(journal.fileno())


if __name__ == "__main__":
    main()
