"""What can happen to an account."""

ROLE_GRANTED = "account.role_granted"
ROLE_TAKEN = "account.role_taken"
