"""Why an action can be refused, each with a sentence for the reader."""

from django.utils.translation import gettext as _

from consilium.accounts.models import Person
from consilium.accounts.policy import can
from consilium.doctors.standing import who
from consilium.questions.models import Answer, Question


class NotAllowed(Exception):
    """The policy says no; the message says why and what to do."""


class AlreadyAnswered(NotAllowed):
    """The doctor has a live answer to this question; it can be edited."""

    def __init__(self, existing: Answer) -> None:
        super().__init__(_("You have already answered this question. Edit your answer instead."))
        self.existing = existing


class EditConflict(Exception):
    """Somebody saved another wording since the form was opened; `current` is the thing as it is now."""

    def __init__(self, current: Question | Answer) -> None:
        super().__init__(_("This text was changed while you were editing. Compare both versions, then save again."))
        self.current = current


def require(person: Person, action: str, state: str, *, owner: bool = False, why: str) -> None:
    """Raise NotAllowed(why) unless the policy lets this person do it."""
    if not can(who(person), action, state, owner=owner):
        raise NotAllowed(why)
