"""How the policy table sees a visitor."""

from django.contrib.auth.models import AnonymousUser

from consilium.accounts.models import Person
from consilium.accounts.policy import standing
from consilium.doctors.models import Doctor


def profile_of(viewer: Person | AnonymousUser) -> Doctor | None:
    """The doctor's profile that this visitor has claimed, if any (one query the first time)."""
    if not isinstance(viewer, Person):
        return None
    return getattr(viewer, "doctor", None)


def who(viewer: Person | AnonymousUser) -> frozenset[str]:
    """The visitor's names in the policy table (at most two queries the first time)."""
    if not isinstance(viewer, Person):
        return standing(signed_in=False, doctor=False, roles=frozenset())
    return standing(signed_in=True, doctor=profile_of(viewer) is not None, roles=viewer.roles)
