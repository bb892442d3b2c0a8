"""Writing sources, people, authors and topics."""

from __future__ import annotations

from itertools import count

from django.contrib.auth.hashers import make_password
from django.db.models import Model

from consilium.accounts.models import Person
from consilium.doctors.models import Source
from consilium.lib.text import fold, slug
from consilium.questions.models import SourceAuthor
from consilium.topics.models import Specialty, SpecialtySynonym, Topic, TopicSynonym
from consilium.transfer.loader.batch import Batch
from consilium.transfer.loader.bulk import Values
from consilium.transfer.loader.rows import KEEP, Row, create, diff, filled, merged, update
from consilium.transfer.loader.state import Run
from consilium.transfer.records import PersonRecord, SourceAuthorRecord, SourceRecord, SpecialtyRecord, TopicRecord

SOURCE_COLUMNS = ("kind", "name", "url", "licence", "captured_at", "imported_at")
AUTHOR_COLUMNS = ("name", "url")


def load_sources(run: Run, batch: Batch) -> None:
    wanted: dict[str, Row] = {
        record.key: (
            record.kind, record.name, record.url, record.licence, record.captured_at or KEEP, record.imported_at or KEEP
        )
        for record in batch.of(SourceRecord)
    }  # fmt: skip
    _plain(run, batch, "sources", Source, SOURCE_COLUMNS, wanted)


def load_specialties(run: Run, batch: Batch) -> None:
    """A specialty that is not on this site is added; one that is here, under this slug, is left alone."""
    records = {record.slug: record for record in batch.of(SpecialtyRecord)}
    known = set(Specialty.objects.filter(slug__in=records).values_list("slug", flat=True)) if records else set()
    run.report.count("specialties", "unchanged", len(known))
    for address, record in records.items():
        if address not in known:
            _new_specialty(run, batch, record)


def load_authors(run: Run, batch: Batch) -> None:
    wanted: dict[str, Row] = {record.key: (record.name, record.url) for record in batch.of(SourceAuthorRecord)}
    _plain(run, batch, "authors", SourceAuthor, AUTHOR_COLUMNS, wanted)


def load_people(run: Run, batch: Batch) -> None:
    """People come without an address and cannot sign in; one who is here already is left alone."""
    records = {record.key: record for record in batch.of(PersonRecord)}
    known = run.find(Person, records)
    run.report.count("people", "unchanged", len(known))
    create(run, batch, "people", Person, {key: _person(run, record) for key, record in records.items() if key not in known})


def load_topics(run: Run, batch: Batch) -> None:
    """A topic known here by key, address, name or synonym is that topic, and editors' work on it stays."""
    records = [record for record in batch.of(TopicRecord) if record.key not in run.topics]
    run.topics.update(run.find(Topic, [record.key for record in records]))
    for record in records:
        pk = run.topics.get(record.key) or _topic_named(record)
        if pk is not None:
            run.topics[record.key] = pk
            run.report.count("topics", "unchanged")
        else:
            run.topics[record.key] = _new_topic(run, batch, record)


def _plain(run: Run, batch: Batch, kind: str, model: type[Model], columns: tuple[str, ...], wanted: dict[str, Row]) -> None:
    if not wanted:
        return
    found = diff(run, model, columns, wanted)
    run.report.count(kind, "unchanged", found.same)
    create(run, batch, kind, model, {key: filled(columns, wanted[key]) for key in found.new})
    changed = [model(pk=old.pk, **merged(columns, wanted[key], old.row)) for key, old in found.changed.items()]
    update(run, batch, kind, changed, columns)


def _new_specialty(run: Run, batch: Batch, record: SpecialtyRecord) -> None:
    if Specialty.objects.filter(noun=record.noun).exists():
        run.report.skip(record.where, f"another specialty here is called {record.noun}.", "specialties")
        return
    row = {"slug": record.slug, "noun": record.noun, "title": record.title, "mesh_id": record.mesh_id}
    create(run, batch, "specialties", Specialty, {record.slug: row})
    if not run.dry_run:
        new = Specialty.objects.get(slug=record.slug)
        names = [SpecialtySynonym(specialty=new, name=name, folded=fold(name)) for name in record.synonyms]
        SpecialtySynonym.objects.bulk_create(names, ignore_conflicts=True)


def _person(run: Run, record: PersonRecord) -> Values:
    return {
        "password": make_password(None),
        "display_name": record.display_name,
        "language": record.language or run.options.language,
        "time_zone": record.time_zone,
        "country": record.country,
        "theme": record.theme or "auto",
        "joined_at": record.joined_at or run.now,
    }


def _topic_named(record: TopicRecord) -> int | None:
    same_address = Topic.objects.filter(slug=record.slug).first() if record.slug else None
    if record.exact:
        return same_address.pk if same_address else None
    found = same_address or Topic.objects.named(record.name).first()
    return found.pk if found else None


def _new_topic(run: Run, batch: Batch, record: TopicRecord) -> int:
    topic = {
        "slug": record.slug or free_slug(Topic, slug(record.name) or "topic"),
        "kind": record.kind,
        "name": record.name,
        "folded": fold(record.name),
        "description": record.description,
        "language": record.language,
    }
    create(run, batch, "topics", Topic, {record.key: topic})
    number = run.find(Topic, [record.key])[record.key]
    if not run.dry_run:
        rows = [TopicSynonym(topic_id=number, name=name, folded=fold(name)) for name in record.synonyms]
        TopicSynonym.objects.bulk_create(rows, ignore_conflicts=True)
    return number


def free_slug(model: type[Model], wanted: str) -> str:
    """The slug itself or, where it is taken ("C" and "C#" give the same), the first free of wanted-2, wanted-3 …"""
    if not model._default_manager.filter(slug=wanted).exists():
        return wanted
    taken = set(model._default_manager.filter(slug__startswith=f"{wanted}-").values_list("slug", flat=True))
    return next(name for number in count(2) if (name := f"{wanted}-{number}") not in taken)
