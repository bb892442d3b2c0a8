"""Keys: text that names one object over all sites."""

import base64
import secrets


def new_key() -> str:
    """A fresh 128-bit key, 26 letters and digits in lower case; not guessable (ASVS 11.5.1)."""
    return base64.b32encode(secrets.token_bytes(16)).decode("ascii").rstrip("=").lower()
