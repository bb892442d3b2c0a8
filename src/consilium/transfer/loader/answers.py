"""Writing answers and what their source showed beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db.models import Max

from consilium.accounts.models import Person
from consilium.doctors.models import City, Doctor, Source
from consilium.lib.markdown import render
from consilium.questions.models import Answer, AnswerOrigin, Moved, Question, SourceAuthor
from consilium.topics.models import Specialty
from consilium.transfer.loader.batch import Batch
from consilium.transfer.loader.bulk import among, insert_values
from consilium.transfer.loader.questions import edited_here, kept_back, missing_of
from consilium.transfer.loader.rows import KEEP, Diff, Row, create, diff, filled, merged, update
from consilium.transfer.loader.state import Run
from consilium.transfer.records import AnswerRecord, Origin

COLUMNS = (
    "question_id", "doctor_id", "written_by_id", "source_author_id", "source_id", "headline", "body", "body_format",
    "language", "state", "place", "answered_at", "listed_at", "edited_at", "source_helpful", "revision",
)  # fmt: skip
QUESTION, DOCTOR, SOURCE, BODY, FORMAT, STATE, PLACE, REVISION = (
    COLUMNS.index(name) for name in ("question_id", "doctor_id", "source_id", "body", "body_format", "state", "place", "revision")
)
ORIGIN_COLUMNS = (
    "author_text", "credentials_text", "specialty_id", "specialty_text", "city_id", "city_text", "badge", "rating",
    "review_count", "url",
)  # fmt: skip
TWICE = "the doctor has another answer to this question here."


class Asked(NamedTuple):
    """What an answer needs of its question."""

    pk: int
    listed_at: datetime


def load_answers(run: Run, batch: Batch) -> None:
    records = {record.key: record for record in batch.of(AnswerRecord)}
    wanted = _rows(run, records)
    if not wanted:
        return
    found = diff(run, Answer, COLUMNS, wanted)
    _stay_moved(wanted, found)
    _without_second_answers(run, records, wanted, found)
    _count_bylines(run, [records[key] for key in wanted])
    new = _create(run, batch, wanted, found)
    updated = _update(run, batch, records, wanted, found)
    origins = _origin_rows(records[key] for key in wanted)
    rewritten = _write_origins(run, batch, origins, new, found)
    run.report.count("answers", "updated", len(rewritten - updated))
    run.report.count("answers", "unchanged", found.same - len(rewritten - updated))


def _rows(run: Run, records: Mapping[str, AnswerRecord]) -> dict[str, Row]:
    questions = _questions(run, {record.question_key for record in records.values()})
    doctors = run.find(Doctor, {record.doctor_key for record in records.values() if record.doctor_key})
    people = run.find(Person, {record.written_by_key for record in records.values() if record.written_by_key})
    authors = run.find(SourceAuthor, {record.author_key for record in records.values() if record.author_key})
    sources = run.find(Source, {record.source_key for record in records.values() if record.source_key})
    rows: dict[str, Row] = {}
    for key, record in records.items():
        missing = (
            missing_of("question", record.question_key, questions)
            or missing_of("doctor", record.doctor_key, doctors)
            or missing_of("person", record.written_by_key, people)
            or missing_of("author", record.author_key, authors)
            or missing_of("source", record.source_key, sources)
        )
        if missing:
            run.postpone(record, "answers", missing)
            continue
        question = questions[record.question_key]
        rows[key] = (
            question.pk, doctors.get(record.doctor_key or ""), people.get(record.written_by_key or ""),
            authors.get(record.author_key or ""), sources.get(record.source_key or ""), record.headline, record.body,
            record.body_format, record.language, record.state or KEEP, record.place or KEEP, record.answered_at,
            record.listed_at or record.answered_at or question.listed_at, record.edited_at, record.source_helpful,
            record.revision,
        )  # fmt: skip
    return rows


def _questions(run: Run, keys: set[str]) -> dict[str, Asked]:
    stored = Question.objects.filter(key__in=among(keys)).values_list("key", "pk", "listed_at")
    found = {key: Asked(pk, at) for key, pk, at in stored}
    if run.dry_run:
        found.update({key: Asked(pk, run.now) for key, pk in run.ghosts.find(Question, keys - found.keys()).items()})
    return found


def _stay_moved(wanted: dict[str, Row], found: Diff) -> None:
    """An answer that came to another question here, by a merge, stays there."""
    elsewhere = {old.pk: key for key, old in found.changed.items() if wanted[key][QUESTION] != old.row[QUESTION]}
    moved = Moved.objects.filter(answer__in=elsewhere, merge__undone_at=None) if elsewhere else Moved.objects.none()
    for pk in set(moved.values_list("answer", flat=True)):
        key = elsewhere[pk]
        row = list(wanted[key])
        row[QUESTION] = row[PLACE] = KEEP
        wanted[key] = tuple(row)
        if wanted[key] == found.changed[key].row:
            found.same += 1
            del found.changed[key]


def _without_second_answers(run: Run, records: Mapping[str, AnswerRecord], wanted: dict[str, Row], found: Diff) -> None:
    """Native answers only: a doctor has one live answer to a question (an imported page may show several)."""
    native = [key for key in found.new if wanted[key][SOURCE] is None and wanted[key][DOCTOR] is not None]
    if not native:
        return
    live = Answer.objects.filter(source=None, state="published", doctor__in={wanted[key][DOCTOR] for key in native})
    taken = set(live.filter(question__in={wanted[key][QUESTION] for key in native}).values_list("question", "doctor"))
    for key in native:
        pair = (wanted[key][QUESTION], wanted[key][DOCTOR])
        if wanted[key][STATE] == "withdrawn" and wanted[key][STATE] is not KEEP:
            continue
        if pair in taken:
            run.report.skip(records[key].where, TWICE, "answers")
            found.new.remove(key)
            del wanted[key]
        taken.add(pair)


def _count_bylines(run: Run, records: Iterable[AnswerRecord]) -> None:
    for record in records:
        if record.origin is not None:
            run.report.ratings += record.origin.rating is not None
            run.report.badges += bool(record.origin.badge)


def _create(run: Run, batch: Batch, wanted: Mapping[str, Row], found: Diff) -> dict[str, int]:
    places = _next_places({wanted[key][QUESTION] for key in found.new if wanted[key][PLACE] is KEEP})
    rows = {}
    for key in found.new:
        row = wanted[key]
        values = {"state": "published", "place": places.get(row[QUESTION], 0) + 1, **filled(COLUMNS, row)}
        if row[PLACE] is KEEP:
            places[row[QUESTION]] = values["place"]
        rows[key] = {"body_html": render(row[BODY], row[FORMAT]), **values}
        batch.recount.add(row[QUESTION])
        batch.doctors.update({row[DOCTOR]} - {None})
    create(run, batch, "answers", Answer, rows)
    return run.find(Answer, rows)


def _next_places(questions: set[int]) -> dict[int, int]:
    """The last place taken in each question."""
    last = Answer.objects.filter(question__in=among(questions)).order_by().values("question").annotate(last=Max("place"))
    return dict(last.values_list("question", "last"))


def _update(run: Run, batch: Batch, records: Mapping[str, AnswerRecord], wanted: Mapping[str, Row], found: Diff) -> set[int]:
    edited = edited_here("answer", found.changed)
    rows = []
    for key, old in found.changed.items():
        reason = kept_back(wanted[key][REVISION], old.row[REVISION], own=old.row[SOURCE] is None, edited=old.pk in edited)
        if reason:
            run.report.skip(records[key].where, reason, "answers")
            del found.pks[key]
            continue
        values = merged(COLUMNS, wanted[key], old.row)
        rows.append(Answer(pk=old.pk, body_html=render(values["body"], values["body_format"]), **values))
        batch.recount.update((old.row[QUESTION], values["question_id"]))
        batch.doctors.update(pk for pk in (old.row[DOCTOR], values["doctor_id"]) if pk)
    update(run, batch, "answers", rows, (*COLUMNS, "body_html"))
    return {row.pk for row in rows}


def _origin_rows(records: Iterable[AnswerRecord]) -> dict[str, Row]:
    origins: dict[str, Origin] = {record.key: record.origin for record in records if record.origin is not None}
    if not origins:
        return {}
    specialties = dict(Specialty.objects.values_list("slug", "pk"))
    cities = set(City.objects.filter(pk__in={origin.city_id for origin in origins.values()}).values_list("pk", flat=True))
    return {
        key: (
            origin.author_text, origin.credentials_text, specialties.get(origin.specialty), origin.specialty_text,
            origin.city_id if origin.city_id in cities else None, origin.city_text, origin.badge, origin.rating,
            origin.review_count, origin.url,
        )
        for key, origin in origins.items()
    }  # fmt: skip


def _write_origins(run: Run, batch: Batch, origins: dict[str, Row], new: Mapping[str, int], found: Diff) -> set[int]:
    """Store the bylines; numbers of the answers already here whose byline changed."""
    if not origins or run.dry_run:
        return set()
    stored = AnswerOrigin.objects.filter(answer__in=among(found.pks.values())).values_list("answer", *ORIGIN_COLUMNS)
    present = {pk: tuple(row) for pk, *row in stored}
    fresh = [(new[key], row) for key, row in origins.items() if key in new]
    known = [(found.pks[key], row) for key, row in origins.items() if key in found.pks]
    differing = [(pk, row) for pk, row in known if present.get(pk) != row]
    AnswerOrigin.objects.filter(answer__in=[pk for pk, _ in differing]).delete()
    insert_values(AnswerOrigin, ("answer_id", *ORIGIN_COLUMNS), ((pk, *row) for pk, row in fresh + differing))
    changed = {pk for pk, _ in differing}
    batch.changes += len(changed)
    batch.shown_changes.update(Answer.objects.filter(pk__in=changed).values_list("question", flat=True))
    return changed
