"""How the site is, for the people who run it: the same for the page and for `consilium status`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from consilium.journal import health as journal
from consilium.lib.release import release
from consilium.search import health as search


@dataclass(frozen=True, slots=True)
class Status:
    """`journal` and `search` are None where the database does not answer. `problems`: what is reduced, a sentence each, with
    what repairs it; full text only is no problem where the extra was never installed.
    """

    release: str
    build: str
    database: str
    journal: journal.Health | None
    search: search.Health | None
    problems: list[str]

    @property
    def ok(self) -> bool:
        return not self.problems

    @property
    def data(self) -> dict[str, Any]:
        """For programs; times in UTC, ages in seconds."""
        return {
            "ok": self.ok,
            "problems": self.problems,
            "release": self.release,
            "build": self.build,
            "database": {"kind": self.database, "reachable": self.journal is not None},
            "journal": _journal(self.journal) if self.journal else None,
            "search": _search(self.search) if self.search else None,
        }


def now() -> Status:
    """Eleven queries at most, none of which looks at everything. No error where something is wrong: that is what it tells."""
    kind = connection.vendor
    try:
        delivery, index = journal.health(), search.health()
    except DatabaseError as error:
        said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        problem = _("The database does not answer as expected (%(error)s). Run `consilium migrate`, or see DATABASE_URL.")
        return Status(version("consilium"), release()[0][:12], kind, None, None, [problem % {"error": said}])
    problems = [*_of_journal(delivery), *index.remedies]
    return Status(version("consilium"), release()[0][:12], kind, delivery, index, problems)


def _of_journal(found: journal.Health) -> list[str]:
    told = []
    if found.silent:
        told.append(
            _("No worker is there: related questions, states of consensus and vectors wait. Start `consilium worker`.")
            if connection.vendor == "postgresql"
            else _("No worker is there: related questions, states of consensus and vectors wait. Start `consilium serve`.")
        )
    elif found.late:
        told.append(
            _("Something waits to be delivered or fails again and again. Read `last_error` in the table journal_delivery.")
        )
    return told


def _journal(found: journal.Health) -> dict[str, Any]:
    return {
        "newest": found.newest, "newest_at": _time(found.newest_at), "waiting": found.waiting, "failing": found.failing,
        "counted_to": journal.MANY, "oldest_seconds": _age(found.oldest_at), "worker_seen_at": _time(found.seen_at),
        "worker_seen_seconds": _age(found.seen_at),
    }  # fmt: skip


def _search(found: search.Health) -> dict[str, Any]:
    return {
        "words": found.state.words, "meaning": found.state.meaning, "reduced": [str(one) for one in found.state.reduced],
        "full_text_only": found.words_only, "documents": found.documents, "vectors": found.vectors, "bytes": found.size,
        "behind": found.behind, "vectors_due": found.due, "vectors_overdue": found.overdue, "counted_to": search.MANY,
        "model": found.model or None, "extra_installed": found.installed,
    }  # fmt: skip


def _time(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _age(at: datetime | None) -> int | None:
    return max(0, round((timezone.now() - at).total_seconds())) if at else None
