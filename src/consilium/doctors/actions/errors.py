"""Why a change can be refused, each with a sentence for the reader."""

from consilium.accounts.models import Person
from consilium.accounts.policy import can
from consilium.doctors.standing import who


class Refused(Exception):
    """The policy or the state says no; the message says why and what to do."""


class AlreadyClaimed(Refused):
    """The profile belongs to somebody, or the person has another profile."""


def require(person: Person, action: str, state: str = "", *, owner: bool = False, why: str) -> None:
    """Raise Refused(why) unless the policy lets this person do it."""
    if not can(who(person), action, state, owner=owner):
        raise Refused(why)
