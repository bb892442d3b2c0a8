"""Everything that changes a doctor's profile, what is checked of it, and what the doctor declares."""

from consilium.doctors.actions.claims import approve_claim, decline_claim, request_claim, withdraw_claim
from consilium.doctors.actions.credentials import end_of, grant_credential, revoke_credential
from consilium.doctors.actions.errors import AlreadyClaimed, Refused
from consilium.doctors.actions.interests import declare_interests, take_invitations
from consilium.doctors.actions.profile import change, claim, create, free_slug, release, set_practice

__all__ = [
    "AlreadyClaimed", "Refused", "approve_claim", "change", "claim", "create", "declare_interests", "decline_claim", "end_of",
    "free_slug", "grant_credential", "release", "request_claim", "revoke_credential", "set_practice", "take_invitations",
    "withdraw_claim",
]  # fmt: skip
