"""Which registry is asked about which work, at the addresses of the settings. A DOI or a number is all that leaves the site."""

from importlib.metadata import version
from typing import Final
from urllib.parse import quote

from django.conf import settings

from consilium.evidence.backends.answers import Found, of_crossref, of_pubmed
from consilium.evidence.backends.client import get

OFF: Final = "off"


def switched_on() -> bool:
    return bool(settings.CONFIG.metadata != OFF)


def look_up(*, doi: str, pmid: str) -> Found | None:
    """What the registry of this work says; None: no registry has it, or none is to be asked. Raises NoAnswer."""
    if not switched_on():
        return None
    if doi:
        body = get(f"{settings.CONFIG.metadata_crossref_url}/works/{quote(doi, safe='')}", agent=_agent())
        return of_crossref(body, doi) if body is not None else None
    if pmid.isascii() and pmid.isdigit():
        query = f"db=pubmed&retmode=json&id={pmid}"
        body = get(f"{settings.CONFIG.metadata_pubmed_url}/esummary.fcgi?{query}", agent=_agent())
        return of_pubmed(body, pmid) if body is not None else None
    return None


def _agent() -> str:
    """The program's name, and whom to write to if the operator has said so: registries ask for it."""
    name = f"Consilium/{version('consilium')}"
    contact = settings.CONFIG.contact
    return f"{name} ({contact})" if contact and contact.isascii() and contact.isprintable() else name
