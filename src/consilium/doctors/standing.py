"""How the policy table sees a visitor, and how far a doctor's licence is confirmed."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef

from consilium.accounts.models import Person
from consilium.accounts.policy import standing
from consilium.doctors.models import Credential, Doctor


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


def licence_marks(doctor: str = "pk") -> dict[str, Any]:
    """Annotations of rows whose doctor is in the field `doctor`: `licensed` now, and whether they ever were (`was_licensed`)."""
    held = Credential.objects.filter(doctor=OuterRef(doctor))
    return {"licensed": Exists(held.valid()), "was_licensed": Exists(held.filter(level__gte=Credential.COUNTED))}
