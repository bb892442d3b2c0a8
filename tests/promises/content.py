"""Fills the site of a promise test: `python -m tests.promises.content '{"doctors": 4, "questions": 20, "answers": 5}'`.

Each question gets so many imported answers; each doctor is signed in and can vote on all of them and answer every
question. Prints as JSON: `questions` and `answers` (their numbers) and `doctors` (each with person and session).
"""

import json
import sys
from typing import Any

import django


def main() -> None:
    django.setup()
    from django.db import transaction

    with transaction.atomic():
        print(json.dumps(_fill(**json.loads(sys.argv[1]))))


def _fill(doctors: int, questions: int, answers: int) -> dict[str, Any]:
    from tests import factories

    asker = factories.make_person("asker@example.org")
    asked = [factories.make_question(f"Is treatment {number} safe?", person=asker) for number in range(questions)]
    given = [factories.make_imported_answer(question).pk for question in asked for _ in range(answers)]
    return {
        "questions": [question.pk for question in asked],
        "answers": given,
        "doctors": [_doctor(number) for number in range(doctors)],
    }


def _doctor(number: int) -> dict[str, Any]:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from tests import factories

    person = factories.make_person(f"doctor{number}@example.org")
    factories.make_doctor(f"Vera Sampleton {number}", person=person)
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return {"person": person.pk, "session": session.session_key}


if __name__ == "__main__":
    main()
