"""Writing doctors' profiles. A profile that its doctor has claimed is never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from consilium.accounts.models import Person
from consilium.doctors.models import City, Doctor, Practice, Source
from consilium.lib.text import slug
from consilium.topics.models import Specialty
from consilium.transfer.loader.batch import Batch
from consilium.transfer.loader.bulk import Values
from consilium.transfer.loader.profiles import free_slug
from consilium.transfer.loader.rows import KEEP, Row, Stored, create, diff, filled, merged, update
from consilium.transfer.loader.state import Run
from consilium.transfer.records import DoctorRecord

COLUMNS = (
    "kind", "name", "credentials", "specialty_id", "specialty_text", "city_id", "city_text", "badge", "source_rating",
    "source_reviews", "source_id", "practice_id", "takes_invitations", "about", "language", "invented", "person_id",
    "claimed_at", "created_at",
)  # fmt: skip
RATING, REVIEWS, SOURCE, PERSON = (COLUMNS.index(name) for name in ("source_rating", "source_reviews", "source_id", "person_id"))
MENTIONED = ("credentials", "badge", "about")
PAIRS = (("specialty", "specialty_text"), ("city_id", "city_text"))  # what we know it as, and the page's words for it
COLUMN_PAIRS = [(COLUMNS.index(known), COLUMNS.index(text)) for known, text in (("specialty_id", "specialty_text"), PAIRS[1])]
CLAIMED = "the doctor has claimed this profile, so it stays as it is."


def load_doctors(run: Run, batch: Batch) -> None:
    records: dict[str, DoctorRecord] = {}
    for record in _resolvable(run, batch):
        if record.key in records and record.mention:
            run.report.count("doctors", "unchanged")
            records[record.key] = _together(records[record.key], record)
        else:
            records[record.key] = record
    if not records:
        return
    wanted = _rows(run, records)
    found = diff(run, Doctor, COLUMNS, wanted)
    run.report.count("doctors", "unchanged", found.same)
    taken = _people_with_profile(wanted)
    for key in [key for key in found.new if wanted[key][PERSON] in taken]:
        run.report.skip(records[key].where, "the person it belongs to has another profile here.", "doctors")
        found.new.remove(key)
    slugs: set[str] = set()
    create(run, batch, "doctors", Doctor, {key: _new(records[key], wanted[key], slugs) for key in found.new})
    changed = [row for key, old in found.changed.items() if (row := _changed(run, records[key], wanted[key], old))]
    update(run, batch, "doctors", changed, COLUMNS)
    batch.changed_doctors.update(row.pk for row in changed)


def _resolvable(run: Run, batch: Batch) -> list[DoctorRecord]:
    records = batch.of(DoctorRecord)
    sources = run.find(Source, {record.source_key for record in records if record.source_key})
    people = run.find(Person, {record.person_key for record in records if record.person_key})
    practices = run.find(Practice, {record.practice_key for record in records if record.practice_key})
    kept = []
    for record in records:
        if record.source_key and record.source_key not in sources:
            run.postpone(record, "doctors", f"the source {record.source_key}")
        elif record.person_key and record.person_key not in people:
            run.postpone(record, "doctors", f"the person {record.person_key}")
        elif record.practice_key and record.practice_key not in practices:
            run.postpone(record, "doctors", f"the practice {record.practice_key}")
        else:
            kept.append(record)
    return kept


def _together(one: DoctorRecord, other: DoctorRecord) -> DoctorRecord:
    """Two mentions as one, by the same rule as a mention of a known profile (see `_gained`)."""
    gained = {name: getattr(other, name) for name in MENTIONED if _empty(getattr(one, name))}
    for known, text in PAIRS:
        if _poorer(getattr(one, known), getattr(one, text), getattr(other, known)):
            gained |= {known: getattr(other, known), text: getattr(other, text)}
    if (other.source_reviews or 0) > (one.source_reviews or 0):
        gained |= {name: getattr(other, name) for name in ("source_rating", "source_reviews", "source_key")}
    return replace(one, **gained)


def _rows(run: Run, records: dict[str, DoctorRecord]) -> dict[str, Row]:
    specialties = dict(Specialty.objects.values_list("slug", "pk"))
    cities = set(City.objects.filter(pk__in={record.city_id for record in records.values()}).values_list("pk", flat=True))
    sources = run.find(Source, {record.source_key for record in records.values() if record.source_key})
    people = run.find(Person, {record.person_key for record in records.values() if record.person_key})
    practices = run.find(Practice, {record.practice_key for record in records.values() if record.practice_key})
    return {
        key: (
            record.kind, record.name, record.credentials, specialties.get(record.specialty), record.specialty_text,
            record.city_id if record.city_id in cities else None, record.city_text, record.badge, record.source_rating,
            record.source_reviews, sources.get(record.source_key or ""), *_told(record, practices), record.about,
            record.language, record.invented, people.get(record.person_key or ""), record.claimed_at, record.created_at or KEEP,
        )
        for key, record in records.items()
    }  # fmt: skip


def _told(record: DoctorRecord, practices: Mapping[str, int]) -> tuple[object, object]:
    """Practice and readiness for invitations, of which no page tells."""
    return (practices.get(record.practice_key or ""), record.takes_invitations) if record.whole else (KEEP, KEEP)


def _people_with_profile(wanted: dict[str, Row]) -> set[int | None]:
    people = {row[PERSON] for row in wanted.values()} - {None}
    return set(Doctor.objects.filter(person__in=people).values_list("person", flat=True)) if people else set()


def _new(record: DoctorRecord, row: Row, slugs: set[str]) -> Values:
    name = free_slug(Doctor, record.slug or slug(record.name) or "doctor")
    while name in slugs:
        name = f"{name}-2"
    slugs.add(name)
    return {"slug": name, **filled(COLUMNS, row)}


def _changed(run: Run, record: DoctorRecord, wanted: Row, old: Stored) -> Doctor | None:
    """The profile with what the record changes; None if that is nothing or not allowed."""
    row = _gained(wanted, old.row) if record.mention else wanted
    if row == old.row:
        run.report.count("doctors", "unchanged")
        return None
    if old.row[PERSON] is not None:
        run.report.skip(record.where, CLAIMED, "doctors")
        return None
    return Doctor(pk=old.pk, **merged(COLUMNS, row, old.row))


def _gained(wanted: Row, old: Row) -> Row:
    """What a page adds to a known profile: the columns that are empty, and a rating from more reviews."""
    row = [new if _empty(has) and new is not KEEP else has for new, has in zip(wanted, old, strict=True)]
    for known, text in COLUMN_PAIRS:
        row[known], row[text] = (
            (wanted[known], wanted[text]) if _poorer(old[known], old[text], wanted[known]) else (old[known], old[text])
        )
    if (wanted[REVIEWS] or 0) > (old[REVIEWS] or 0):
        row[RATING], row[REVIEWS], row[SOURCE] = wanted[RATING], wanted[REVIEWS], wanted[SOURCE]
    else:
        row[RATING], row[REVIEWS], row[SOURCE] = old[RATING], old[REVIEWS], old[SOURCE]
    return tuple(row)


def _poorer(known: object, text: object, other: object) -> bool:
    """Whether a specialty or a place gives way, with its words, to another: it says nothing, or only the other is known to us."""
    return _empty(known) and (_empty(text) or not _empty(other))


def _empty(value: object) -> bool:
    return value is None or value == ""
