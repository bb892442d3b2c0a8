"""The demo, as `consilium demo` serves it, with one imported page beside it; and where things are on it.

Run as a module it prints the addresses: in a process of its own, because Playwright keeps an event loop running here.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.postgres import PrivateServer
from tests.processes import environment
from tests.shared import copy_prepared_site

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Demo:
    """`base` is the address without a slash at the end; `paths` names pages (see _paths); one password for all personas."""

    base: str
    password: str
    paths: dict[str, str]
    environ: dict[str, str]

    def url(self, name: str) -> str:
        """The address of a page by its name, or of a path."""
        return self.base + self.paths.get(name, name)

    def consilium(self, *arguments: str) -> str:
        """What the operator's command prints, on the same site."""
        return _run(self.environ, "consilium.cli", *arguments)


@contextlib.contextmanager
def served(model: Path | None, database: str = "sqlite") -> Iterator[Demo]:
    """The running demo in a data folder of its own, with a language model built before; stopped and gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="consilium-demo-") as folder, _database(database) as settings:
        if not settings:
            copy_prepared_site(Path(folder))
        if model is not None:
            shutil.copytree(model, Path(folder) / "model")
        environ = _environment(Path(folder)) | settings
        with (Path(folder) / "log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "consilium.cli", "demo", "--port", "0"],
                env=environ, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True,
            )  # fmt: skip
        try:
            address, password = _announced(process, Path(folder) / "log")
            _import_a_page(Path(folder), environ)
            yield Demo(address, password, json.loads(_run(environ, "tests.browser.demo")), environ)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.communicate()


@contextlib.contextmanager
def _database(name: str) -> Iterator[dict[str, str]]:
    """Settings for SQLite in the data folder, or for a private PostgreSQL of its own."""
    if name == "sqlite":
        yield {}
        return
    server = PrivateServer()
    server.start()
    try:
        yield {"DATABASE_URL": server.url}
    finally:
        server.stop()


def _environment(folder: Path) -> dict[str, str]:
    return {**environment(folder), "DJANGO_SETTINGS_MODULE": "consilium.settings", "PYTHONUNBUFFERED": "1"}


def _announced(process: "subprocess.Popen[str]", log: Path) -> tuple[str, str]:
    assert process.stdout is not None
    password = ""
    for line in process.stdout:
        password = found[1] if (found := re.match(r"Password of all of them: (\S+)", line)) else password
        if found := re.search(r"listens on (http://\S+)", line):
            return found[1], password
    raise AssertionError(f"the demo did not start: {log.read_text()}")


def _import_a_page(folder: Path, environ: dict[str, str]) -> None:
    from tests.transfer.sheets import BARE, FULL, NAMELESS, TERSE, page, write

    _run(environ, "consilium.cli", "import", "pages", str(write(folder, page(FULL, TERSE, NAMELESS, BARE))))


def _run(environ: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", *arguments], env=environ, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _paths() -> dict[str, str]:
    """Addresses of one page of each kind, by name."""
    import django

    django.setup()
    from django.conf import settings

    # Seventy doctors are made below who never sign in: their passwords need not be hashed as slowly as real ones.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    from consilium.consensus.actions import keep
    from consilium.consensus.models import Snapshot
    from consilium.doctors.models import Doctor
    from consilium.questions.models import Answer, Question
    from consilium.topics.models import Topic

    questions = Question.objects.all()
    native = questions.filter(state="open")
    imported = questions.filter(source__kind="pages").order_by("-pk")[0]  # not one of the demo's own
    full = native.order_by("-answer_count", "-id")[0]
    stood = native.filter(statements__stances__value="yes_if").order_by("-answer_count", "-id")[0]
    keep(stood)  # the worker may not have been there yet
    state = Snapshot.objects.filter(statement__question=stood).order_by("pk")[0]
    mine = Answer.objects.filter(written_by__email="neurologist@demo.invalid").select_related("question")[0]
    asked = native.filter(asked_by__email="patient@demo.invalid").order_by("-answer_count")[0]
    things: dict[str, Any] = {
        "question": full,
        "unanswered": native.filter(answer_count=0)[0],
        "imported": imported,
        "rtl": questions.filter(language__in=["he", "ar"])[0],
        "topic": Topic.objects.order_by("-question_count")[0],
        "doctor": Doctor.objects.order_by("-answer_count", "id")[0],
        "copied": Doctor.objects.filter(source__kind="pages", answers__question=imported)[0],
    }
    free = native.filter(answer_count__gt=0).exclude(answers__doctor__person__email="neurologist@demo.invalid")[0]
    return {name: thing.get_absolute_url() for name, thing in things.items()} | {
        "question_history": f"/q/{full.pk}/history/",
        "stood": stood.get_absolute_url(),
        "sheet": f"/q/{stood.pk}/sheet/",
        "consensus_history": f"/q/{stood.pk}/stances/",
        "snapshot": f"/q/{stood.pk}/stances/{state.pk}/",
        "question_edit": f"/q/{asked.pk}/edit/",
        "question_withdraw": f"/q/{asked.pk}/withdraw/",
        "answer": f"/q/{free.pk}/answer/",
        "answer_refused": f"/q/{imported.pk}/answer/",
        "answer_edit": f"/answers/{mine.pk}/edit/",
        "answer_withdraw": f"/answers/{mine.pk}/withdraw/",
        "answer_history": f"/answers/{mine.pk}/history/",
        "missing": "/there-is-no-such-page/",
        "question_statements": f"/q/{asked.pk}/statements/",
        **_situations(stood),
        **_editors_paths(),
        **_doctors_paths(),
        **_panel_paths(),
        **_joined_paths(),
    }


def _situations(stood: Any) -> dict[str, str]:
    """The same question in another situation."""
    from consilium.accounts.models import Person
    from consilium.questions.actions import ask

    person = Person.objects.get(email="moderator@demo.invalid")
    variant = ask(
        person=person, title=stood.title, body="", language="en", topics=[], variant_of=stood,
        difference="I am more than eighty years old.",
    )  # fmt: skip
    return {
        "variant": variant.get_absolute_url(),
        "question_situations": f"/q/{stood.pk}/situations/",
        "ask_variant": f"/ask/?variant_of={stood.pk}",
    }


def _editors_paths() -> dict[str, str]:
    """Pages of the editors, once there is something for an editor to do."""
    from consilium.accounts.models import Person
    from consilium.doctors.actions import grant_credential, request_claim
    from consilium.doctors.models import Doctor
    from consilium.evidence.actions import Says, Source, keep_sources
    from consilium.questions.actions import add_statement
    from consilium.questions.models import Question

    imported = Question.objects.filter(source__kind="pages").order_by("-pk")[0]
    editor = Person.objects.get(email="editor@demo.invalid")
    statement = add_statement(person=editor, question=imported, text="The treatment is acceptable for most people.", kind="safe")
    free = Doctor.objects.filter(source__kind="pages", person=None, kind="person").order_by("pk")[0]
    claim = request_claim(person=Person.objects.get(email="moderator@demo.invalid"), doctor=free, proof="See the register.")
    held = Doctor.objects.get(person__email="neurologist@demo.invalid")
    credential = grant_credential(editor=editor, doctor=held, jurisdiction="Examplia")
    source = Source("10.1000/example.1", "rct", "A trial that does not exist", says=[Says(statement)])
    (citation,) = keep_sources(answer=imported.answers.order_by("place")[0], sources=[source], person=editor)
    return {
        "editor_code": f"/editor/code/{imported.answers.order_by('place')[0].pk}/",
        "editor_work": f"/editor/works/{citation.work_id}/",
        "editor_citation": f"/editor/citations/{citation.pk}/",
        "editor_claim": f"/editor/claims/{claim.pk}/",
        "editor_doctor": f"/editor/doctors/{held.slug}/",
        "editor_revoke": f"/editor/credentials/{credential.pk}/revoke/",
    }


def _doctors_paths() -> dict[str, str]:
    """Pages on which the neurologist takes a stance, once there is something to take it on."""
    from consilium.accounts.models import Person
    from consilium.consensus.actions import open_round
    from consilium.questions.actions import Interests, Said, ask, declare, recount
    from consilium.questions.models import Answer, Question

    imported = Question.objects.filter(source__kind="pages").order_by("-pk")[0]
    free, stood = (
        ask(
            person=Person.objects.get(email="moderator@demo.invalid"), title=title, body="", language="en", topics=[],
            statements=[("The invented treatment is acceptable.", "safe")],
        )
        for title in ("Is the invented treatment acceptable?", "Is the invented treatment acceptable after a year?")
    )  # fmt: skip
    for question, words in ((free, ("dermatologist",)), (stood, ("dermatologist", "neurologist"))):
        for word, value in zip(words, ("yes", "no"), strict=False):
            person = Person.objects.get(email=f"{word}@demo.invalid")
            said = [Said(question.statements.get(), value)]
            declare(doctor=person.doctor, person=person, question=question, said=said, interests=Interests(paid=""))
    open_round(question=stood, reason="editor")
    copied = Answer.objects.create(
        question=imported, doctor=person.doctor, source=imported.source, headline="Copied", body="Yes.", body_html="<p>Yes.</p>",
        place=imported.answers.count() + 1,
    )  # fmt: skip
    recount(imported.pk)
    return {
        "gate": free.get_absolute_url(),
        "cosign": f"/q/{free.pk}/cosign/",
        "reconsider": f"/q/{stood.pk}/reconsider/",
        "stances_affirm": f"/q/{stood.pk}/affirm/",
        "stances_withdraw": f"/q/{stood.pk}/cosign/withdraw/",
        "answer_stances": f"/answers/{copied.pk}/stances/",
        "claim": f"/doctors/{imported.answers.filter(doctor__person=None, doctor__kind='person')[0].doctor.slug}/claim/",
    }


def _panel_paths() -> dict[str, str]:
    """Pages with a panel: of nine doctors with a chair empty, of twelve, of copied answers; nothing of it is left to chance."""
    from tests import factories as make
    from tests.browser import panels

    nine = panels.nine(make)
    return {
        "panel": nine.get_absolute_url(),
        "panel_many": panels.many(make).get_absolute_url(),
        "panel_copied": panels.copied(make).get_absolute_url(),
    }


def _joined_paths() -> dict[str, str]:
    """Two questions of the patient that became one (an answer stayed, one moved), and a pair that waits to be compared."""
    from consilium.accounts.models import Person
    from consilium.questions import actions

    roles = ("patient", "editor", "dermatologist", "neurologist")
    people = {word: Person.objects.get(email=f"{word}@demo.invalid") for word in roles}
    titles = ("May I swim after the invented treatment?", "Is swimming allowed after it?", "When may I swim after it?")
    first, second, third = (
        actions.ask(
            person=people["patient"], title=title, body="I **swim** twice a week.", language="en", topics=[],
            statements=[(f"Swimming is fine after {n} days.", "safe")],
        )
        for n, title in enumerate(titles, 2)
    )  # fmt: skip
    for word, question in (("dermatologist", first), ("dermatologist", second), ("neurologist", first)):
        person = people[word]
        actions.answer(
            doctor=person.doctor, person=person, question=question, headline="In short: wait", body="Wait.", language="en",
            said=[actions.Said(question.statements.get(), "no")], interests=actions.Interests(paid=""),
        )  # fmt: skip
    merge = actions.merge(person=people["editor"], question=first, canonical=second)
    actions.suggest(question=third, other=second, person=people["neurologist"], kind="variant", difference="in the sea")
    return {
        "question_original": f"/q/{first.pk}/original/",
        "question_same": f"/q/{third.pk}/same/?other={second.pk}&kind=variant",
        "editor_unmerge": f"/editor/merges/{merge.pk}/undo/",
    }


if __name__ == "__main__":
    print(json.dumps(_paths()))
