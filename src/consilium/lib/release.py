"""Which code makes the answers: part of every ETag, so that a copy made by another release is never confirmed."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings

_SHOWN: Final = {".py", ".html", ".txt", ".css", ".js", ".svg", ".tsv", ".mo"}


@cache
def release() -> tuple[str, float]:
    """A fingerprint of the installed code, templates and settings, and the time of the newest of these files."""
    package = Path(__file__).resolve().parent.parent
    files = sorted(path for path in package.rglob("*") if path.suffix in _SHOWN)
    digest = hashlib.sha256(repr(settings.CONFIG.model_dump(exclude={"secret_key", "database_url", "email_url"})).encode())
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest(), max(path.stat().st_mtime for path in files)
