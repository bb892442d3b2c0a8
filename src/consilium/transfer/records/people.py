"""Sources, topics, people and doctors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from consilium.transfer.records.base import Where


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """Where content came from; `kind` is one of Source's kinds (pages, qapage, stackexchange, jsonl, demo)."""

    where: Where
    key: str
    kind: str
    name: str
    url: str = ""
    licence: str = ""
    captured_at: datetime | None = None
    imported_at: datetime | None = None  # None: the time of the import


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialtyRecord:
    """A branch of medicine that is not on the shipped list (jsonl only). One whose slug exists here is left as it is."""

    where: Where
    slug: str
    noun: str
    title: str
    mesh_id: str = ""
    synonyms: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.slug


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    """Somebody with an account on the exporting site. Carries no address and cannot sign in (jsonl only)."""

    where: Where
    key: str
    display_name: str = ""
    language: str = ""
    time_zone: str = ""
    country: str = ""
    theme: str = ""
    joined_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAuthorRecord:
    """An author as the source names him, who is neither a doctor nor a person here."""

    where: Where
    key: str
    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """A specialty (slug) that questions about a topic need; `reviewed_by_key` None: the choice that came with the site."""

    specialty: str
    role: str
    source: str = ""
    reviewed_by_key: str | None = None  # a PersonRecord
    reviewed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRecord:
    """A topic. One known here by key, slug, name or synonym is that topic and is left as it is.

    `exact=True`: names do not tell, because the site that wrote the record kept topics of such names apart (jsonl).
    `needs` None: not said; () says that it needs no specialty. They are taken unless somebody here has decided about them.
    """

    where: Where
    key: str
    name: str
    slug: str = ""  # "": made from the name
    kind: str = "other"
    description: str = ""
    language: str = "en"
    synonyms: tuple[str, ...] = ()
    needs: tuple[Need, ...] | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorRecord:
    """A doctor or a group of doctors.

    `mention=True`: a page merely names the doctor. Then an existing profile only gains what it lacks, and a rating
    gives way only to one from more reviews, so that pages may be imported in any order, any number of times.
    `whole=True`: it tells of the practice and of invitations, too (jsonl).
    """

    where: Where
    key: str
    name: str
    slug: str = ""  # "": made from the name
    kind: str = "person"
    credentials: str = ""
    specialty: str = ""  # slug of a Specialty
    specialty_text: str = ""
    city_id: int | None = None  # geonames id
    city_text: str = ""
    badge: str = ""
    source_rating: Decimal | None = None
    source_reviews: int | None = None
    source_key: str | None = None
    practice_key: str | None = None
    takes_invitations: bool = False
    about: str = ""
    language: str = "en"
    invented: bool = False
    person_key: str | None = None
    claimed_at: datetime | None = None
    created_at: datetime | None = None
    mention: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeRecord:
    """Where doctors work together (jsonl only, as all that follows here)."""

    where: Where
    key: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialRecord:
    """A check of a doctor's right to practise, or its end; `level` from 0 (claimed) to 4 (confirmed by the issuer)."""

    where: Where
    key: str
    doctor_key: str
    kind: str = "licence"
    specialty: str = ""  # slug of a Specialty
    jurisdiction: str = ""
    level: int = 0
    checked_by_key: str | None = None
    checked_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRecord:
    """A request for a profile that is decided. What the person wrote as proof stays where they wrote it."""

    where: Where
    key: str
    doctor_key: str
    person_key: str
    state: str
    asked_at: datetime
    decided_at: datetime
    decided_by_key: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestRecord:
    """Whether a doctor offers a treatment, as declared."""

    where: Where
    doctor_key: str
    topic_key: str
    offers: str
    at: datetime

    @property
    def key(self) -> tuple[str, str]:
        return self.doctor_key, self.topic_key
