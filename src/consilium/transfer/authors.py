"""Who wrote an answer, as structured data says it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from consilium.transfer.bylines import TITLE, named_author
from consilium.transfer.places import Directory
from consilium.transfer.structured import Node, first, local, nodes_of
from consilium.transfer.values import one_line, stars, web_address, whole_number

CLINICS: Final = frozenset({"MedicalClinic", "PhysiciansOffice", "Hospital", "MedicalBusiness", "MedicalOrganization"})
MEDICAL: Final = CLINICS | {"Physician", "IndividualPhysician", "Dentist"}
GROUPS: Final = CLINICS | {"Organization"}


@dataclass(slots=True)
class Writer:
    """An author as shown. `doctor`: the page says that it is a doctor or a group of doctors."""

    name: str
    shown: str
    doctor: bool = False
    group: bool = False
    credentials: str = ""
    specialty: str = ""
    specialty_text: str = ""
    city_id: int | None = None
    city_text: str = ""
    badge: str = ""
    rating: Decimal | None = None
    reviews: int | None = None
    url: str = ""
    identity: str = ""  # the author's own address, where the page gives a whole one


def read_author(node: Node, directory: Directory, base_url: str) -> Writer | None:
    """The author of a question or an answer; None if nobody is named."""
    found = nodes_of(node, "author", "creator")
    names = [one_line(first(author, "name", "givenName", "alternateName")) for author in found]
    known = [(author, name) for author, name in zip(found, names, strict=True) if name]
    if not known:
        return None
    author = known[0][0]
    writer = _named(author, " and ".join(name for _, name in known))
    if len(known) > 1:
        writer.name, writer.group = writer.shown, writer.doctor
    address = first(author, "url") or author["@id"]
    writer.url, writer.identity = web_address(address, base_url), web_address(address, "")
    _add_practice(writer, author, directory)
    return writer


def _named(author: Node, shown: str) -> Writer:
    types = set(author["@type"])
    with_degrees = named_author(shown)
    suffix = one_line(first(author, "honorificSuffix")) or _credential(author)
    writer = Writer(name=TITLE.sub("", shown), shown=shown, credentials=suffix)
    if with_degrees:
        writer.name, writer.shown = with_degrees.name, with_degrees.shown
        writer.credentials = with_degrees.credentials or suffix
    writer.group = bool(types & GROUPS) or bool(with_degrees and with_degrees.group)
    prefix = one_line(first(author, "honorificPrefix"))
    titled = shown.lower().startswith("dr") and bool(TITLE.match(shown))
    writer.doctor = bool(types & MEDICAL) or with_degrees is not None or bool(suffix) or titled or prefix.lower().startswith("dr")
    return writer


def _credential(author: Node) -> str:
    found = nodes_of(author, "hasCredential")
    return ", ".join(filter(None, (one_line(first(one, "credentialCategory", "name")) for one in found)))


def _add_practice(writer: Writer, author: Node, directory: Directory) -> None:
    """Specialty, city, badge and rating."""
    job = one_line(first(author, "jobTitle"))
    branch = first(author, "medicalSpecialty")
    branch = one_line(first(branch, "name") if isinstance(branch, dict) else local(str(branch)) if branch else "")
    byline = directory.byline(job) if job else None
    writer.specialty_text = (byline.specialty_text if byline and byline.specialty else job) or branch
    writer.specialty = (byline.specialty if byline else "") or directory.specialty(branch) or directory.specialty(job)
    writer.doctor = writer.doctor or bool(writer.specialty)
    city = _city(author) or (byline.city_text if byline and byline.specialty else "")
    writer.city_text, writer.city_id = city, directory.city(city)
    writer.badge = one_line(first(author, "award"))
    rating = next(iter(nodes_of(author, "aggregateRating")), None)
    if rating:
        writer.rating = stars(first(rating, "ratingValue"), first(rating, "bestRating"))
        writer.reviews = whole_number(first(rating, "reviewCount", "ratingCount"))


def _city(author: Node) -> str:
    address = next(iter(nodes_of(author, "address", "workLocation", "homeLocation")), None)
    if address is None:
        return ""
    inner = next(iter(nodes_of(address, "address")), address)
    parts = (one_line(first(inner, name)) for name in ("addressLocality", "addressRegion", "addressCountry"))
    return ", ".join(part for part in parts if part) or one_line(first(inner, "name"))
