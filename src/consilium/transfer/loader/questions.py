"""Writing questions and their topics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from django.db.models import F

from consilium.accounts.models import Person
from consilium.doctors.models import Source
from consilium.lib.markdown import render
from consilium.questions.models import Question, QuestionTopic, Revision, SourceAuthor
from consilium.topics.models import Topic
from consilium.transfer.loader.batch import Batch
from consilium.transfer.loader.bulk import Values, among, insert_values
from consilium.transfer.loader.rows import KEEP, Diff, Row, Stored, create, diff, filled, merged, update
from consilium.transfer.loader.state import Run
from consilium.transfer.loader.ties import UNTIED, tie
from consilium.transfer.records import QuestionRecord

COLUMNS = (
    "title", "body", "body_format", "language", "alias", "asked_by_id", "source_author_id", "source_id", "source_url",
    "source_votes", "source_answer_count", "state", "asked_at", "listed_at", "edited_at", "revision", "difference",
    "merged_into_id",
)  # fmt: skip
BODY, FORMAT, SOURCE, STATE, REVISION, MERGED = (
    COLUMNS.index(name) for name in ("body", "body_format", "source_id", "state", "revision", "merged_into_id")
)
DUPLICATE = Question.State.DUPLICATE
OWN = "it was written on this site, whose version is kept."
EDITED = "it was edited on this site, whose version is kept."


def load_questions(run: Run, batch: Batch) -> None:
    records = {record.key: record for record in batch.of(QuestionRecord)}
    wanted = _rows(run, records)
    if not wanted:
        return
    found = diff(run, Question, COLUMNS, wanted)
    untied = _untied(wanted, found) + _alone(records, found)
    run.report.count("questions", "updated", len(untied))
    _stay_joined(wanted, found)
    create(run, batch, "questions", Question, {key: _new(run, wanted[key]) for key in found.new})
    new = run.find(Question, found.new)
    batch.new_questions.update(new.values())
    batch.relate.update(new.values())
    updated = _update(run, batch, records, wanted, found.changed)
    run.report.count("questions", "unchanged", found.same)
    if not run.dry_run:
        _set_topics(run, batch, {pk: records[key] for key, pk in (new | updated).items()}, _counted(found, updated))
        tie(run, batch, [records[key] for key in (*found.new, *updated, *untied)], new)


def _rows(run: Run, records: dict[str, QuestionRecord]) -> dict[str, Row]:
    people = run.find(Person, {record.asked_by_key for record in records.values() if record.asked_by_key})
    authors = run.find(SourceAuthor, {record.author_key for record in records.values() if record.author_key})
    sources = run.find(Source, {record.source_key for record in records.values() if record.source_key})
    run.topics.update(run.find(Topic, {key for record in records.values() for key in record.topic_keys} - run.topics.keys()))
    rows: dict[str, Row] = {}
    for key, record in records.items():
        missing = (
            missing_of("person", record.asked_by_key, people)
            or missing_of("author", record.author_key, authors)
            or missing_of("source", record.source_key, sources)
            or next((f"the topic {topic}" for topic in record.topic_keys if topic not in run.topics), "")
        )
        if missing:
            run.postpone(record, "questions", missing)
            continue
        rows[key] = (
            record.title, record.body, record.body_format, record.language, record.alias or KEEP,
            people.get(record.asked_by_key or ""), authors.get(record.author_key or ""), sources.get(record.source_key or ""),
            record.source_url, record.source_votes, record.source_answer_count, record.state or KEEP, record.asked_at,
            record.listed_at or record.asked_at or KEEP, record.edited_at, record.revision, record.difference or KEEP, KEEP,
        )  # fmt: skip
    return rows


def missing_of(word: str, key: str | None, found: Collection[str]) -> str:
    """ "the person 123" if the record names one that is not there, else ""."""
    return f"the {word} {key}" if key and key not in found else ""


def _new(run: Run, row: Row) -> Values:
    values = {"state": "open" if run.options.open else "archived", "listed_at": run.now, **filled(COLUMNS, row)}
    if values["state"] == DUPLICATE:
        values["state"] = UNTIED
    return {"body_html": render(row[BODY], row[FORMAT]) if row[BODY] else "", "changed_at": run.now, **values}


def _update(
    run: Run, batch: Batch, records: dict[str, QuestionRecord], wanted: dict[str, Row], changed: dict[str, Stored]
) -> dict[str, int]:
    edited = edited_here("question", changed)
    rows: dict[str, Question] = {}
    for key, old in changed.items():
        reason = kept_back(wanted[key][REVISION], old.row[REVISION], own=old.row[SOURCE] is None, edited=old.pk in edited)
        if reason:
            run.report.skip(records[key].where, reason, "questions")
            continue
        values = merged(COLUMNS, wanted[key], old.row)
        if values["state"] == DUPLICATE and values["merged_into_id"] is None:
            values["state"] = old.row[STATE]
        rows[key] = Question(pk=old.pk, body_html=render(values["body"], values["body_format"]), **values)
    update(run, batch, "questions", list(rows.values()), (*COLUMNS, "body_html"))
    numbers = {key: row.pk for key, row in rows.items()}
    batch.shown_changes.update(numbers.values())
    return numbers


def _untied(wanted: dict[str, Row], found: Diff) -> list[str]:
    """Keys of duplicates here that nothing lacks but the other question: an import was interrupted."""
    keys = []
    for key, old in list(found.changed.items()):
        if wanted[key][STATE] == DUPLICATE and (old.row[STATE], old.row[MERGED]) == (UNTIED, None):
            as_here = (*wanted[key][:STATE], KEEP, *wanted[key][STATE + 1 :])
            if as_here == old.row:
                keys.append(key)
                del found.changed[key]
    return keys


def _alone(records: dict[str, QuestionRecord], found: Diff) -> list[str]:
    """Keys of variants here that lack the other question likewise: who ends a variant takes away its difference, too."""
    same = [key for key, one in records.items() if one.variant_of_key and key in found.pks and key not in found.changed]
    lacking = Question.objects.filter(key__in=same, variant_of=None).exclude(difference="") if same else Question.objects.none()
    keys = list(lacking.values_list("key", flat=True))
    found.same -= len(keys)
    return keys


def _stay_joined(wanted: dict[str, Row], found: Diff) -> None:
    """What was joined to another question here stays so, whatever state the file knows."""
    for key, old in list(found.changed.items()):
        if old.row[MERGED] is not None:
            wanted[key] = (*wanted[key][:STATE], KEEP, *wanted[key][STATE + 1 :])
            if wanted[key] == old.row:
                found.same += 1
                del found.changed[key]


def _counted(found: Diff, updated: dict[str, int]) -> set[int]:
    """Numbers of the updated questions that counted for their topics until now."""
    return {pk for key, pk in updated.items() if found.changed[key].row[STATE] in Question.PUBLIC}


def edited_here(subject: str, changed: dict[str, Stored]) -> set[int]:
    """Numbers of those questions or answers whose present wording somebody saved on this site."""
    if not changed:
        return set()
    pks = [old.pk for old in changed.values()]
    saved = Revision.objects.filter(person__isnull=False, number__gt=1, number=F(f"{subject}__revision"))
    return set(saved.filter(**{f"{subject}__in": pks}).values_list(subject, flat=True))


def kept_back(revision: int, here: int, *, own: bool, edited: bool) -> str:
    """Why a row must not be overwritten, or "". A newer wording of the same thing may replace one of our own."""
    if own:
        return OWN if revision <= here else ""
    return EDITED if edited or here > revision else ""


def _set_topics(run: Run, batch: Batch, records: dict[int, QuestionRecord], counted: set[int]) -> None:
    """Make the topics of new and updated questions those of the records; a record without topics changes none. `counted`:
    questions that counted for their topics before."""
    wanted = {(pk, run.topics[key]) for pk, record in records.items() for key in record.topic_keys}
    stored = QuestionTopic.objects.filter(question__in=records.keys() - batch.new_questions).values_list(
        "pk", "question", "topic"
    )
    present = {(question, topic): pk for pk, question, topic in stored}
    wanted |= {pair for pair in present if not records[pair[0]].topic_keys}
    added, removed = wanted - present.keys(), present.keys() - wanted
    QuestionTopic.objects.filter(pk__in=[present[pair] for pair in removed]).delete()
    _add_topics(added)
    public = set(Question.objects.filter(pk__in=among(records), state__in=Question.PUBLIC).values_list("pk", flat=True))
    changes = Counter(topic for question, topic in wanted if question in public)
    changes.subtract(Counter(topic for question, topic in present if question in counted))
    for change in set(changes.values()) - {0}:  # one statement for all topics that gained as many
        topics = [topic for topic, own in changes.items() if own == change]
        Topic.objects.filter(pk__in=topics).update(question_count=F("question_count") + change)
    batch.relate.update(pk for pk, _ in added | removed)


def _add_topics(pairs: set[tuple[int, int]]) -> None:
    questions = Question.objects.filter(pk__in=among({question for question, _ in pairs}))
    repeated = {pk: (at, answers) for pk, at, answers in questions.values_list("pk", "listed_at", "answer_count")}
    rows = ((question, topic, *repeated[question]) for question, topic in sorted(pairs))
    insert_values(QuestionTopic, ("question_id", "topic_id", "listed_at", "answer_count"), rows)
