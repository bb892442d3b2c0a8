"""The people of the demo who can sign in. Their password is made once per data folder and stands in a file there."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from consilium.accounts.actions import grant
from consilium.accounts.models import Person, Role

FILE: Final = "demo-accounts.txt"
JOINED: Final = datetime(2025, 3, 1, 9, 0, tzinfo=UTC)
SEEN_BEFORE: Final = 2  # a followed question has so many answers that the patient has not seen
_PASSWORD = re.compile(r"^Password: (\S{12,})$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """Somebody to try the site as. `doctor` is the profile this account has claimed; `asked` and `follows` name questions."""

    word: str
    duty: str
    doctor: str = ""
    roles: tuple[str, ...] = ()
    asked: frozenset[str] = frozenset()
    follows: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        return f"demo/{self.word}"

    @property
    def email(self) -> str:
        # A domain that no mail can ever reach (RFC 2606).
        return f"{self.word}@demo.invalid"

    @property
    def claimed_at(self) -> datetime:
        return JOINED


PATIENT: Final = Persona(
    word="patient",
    duty="a patient who asks and follows questions",
    asked=frozenset(["ms-frown-lines", "laser-stretch-marks-nursing"]),
    follows=frozenset(["ms-frown-lines", "laser-after-isotretinoin", "psoriasis-laser-hair-legs"]),
)
PERSONAS: Final[Sequence[Persona]] = (
    PATIENT,
    Persona(word="dermatologist", duty="Leila Haddad-Orre, a doctor with a profile", doctor="leila-haddad-orre"),
    Persona(word="neurologist", duty="Ingrid Solvang-Pell, a doctor with a profile", doctor="ingrid-solvang-pell"),
    Persona(word="rheumatologist", duty="Hanna Weissmuth, a doctor with a profile", doctor="hanna-weissmuth"),
    Persona(word="unverified", duty="a doctor who waits for an editor to confirm the profile"),
    Persona(word="editor", duty="an editor", roles=(Role.Name.EDITOR,)),
    Persona(word="moderator", duty="a moderator", roles=(Role.Name.MODERATOR,)),
    Persona(word="operator", duty="somebody who runs the site", roles=(Role.Name.ADMIN,)),
)
CLAIMS: Final = {persona.doctor: persona for persona in PERSONAS if persona.doctor}


@dataclass(frozen=True, slots=True)
class Accounts:
    """How to sign in: one password for all personas, kept in `file`."""

    password: str
    file: Path


@transaction.atomic
def open_accounts(data: Path) -> Accounts:
    """Make the accounts that are missing. A password is set only where the file of an earlier run is not there."""
    file = data / FILE
    known = _known_password(file)
    password = known or secrets.token_urlsafe(12)
    hashed = cache(lambda: make_password(password))  # one for all, and only when it is needed: hashing is slow on purpose
    for persona in PERSONAS:
        _open(persona, hashed, renew=known is None)
    if known is None:
        _write(file, password)
    return Accounts(password, file)


def _open(persona: Persona, hashed: Callable[[], str], *, renew: bool) -> None:
    person = Person.objects.filter(key=persona.key).first()
    if person is None:
        person = Person.objects.create(email=persona.email, password=hashed(), key=persona.key, joined_at=JOINED)
        EmailAddress.objects.create(user=person, email=persona.email, verified=True, primary=True)
        for role in persona.roles:
            grant(person=person, role=role)
    elif renew:
        person.password = hashed()
        person.save(update_fields=["password"])


def _known_password(file: Path) -> str | None:
    with suppress(FileNotFoundError):
        found = _PASSWORD.search(file.read_text(encoding="utf-8"))
        return found.group(1) if found else None
    return None


def _write(file: Path, password: str) -> None:
    width = max(len(persona.email) for persona in PERSONAS)
    people = [f"{persona.email:<{width}}  {persona.duty}" for persona in PERSONAS]
    text = "\n".join([f"Password: {password}", "", *people, ""])
    part = file.with_name(f"{file.name}.{os.getpid()}")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    part.write_text(text, encoding="utf-8")
    part.replace(file)
