"""What can happen to a doctor's profile."""

CREATED = "doctor.created"
CLAIMED = "doctor.claimed"
RELEASED = "doctor.released"
CHANGED = "doctor.changed"
