"""Writing the tables that are described in `tables`: one way for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from django.db.models import Model

from consilium.questions.models import Answer, Statement
from consilium.topics.models import Specialty, Topic
from consilium.transfer.kinds import NAMED, OF, Kind
from consilium.transfer.loader.batch import Batch
from consilium.transfer.loader.joins import Values, together
from consilium.transfer.loader.rows import create
from consilium.transfer.loader.state import Run
from consilium.transfer.loader.tables import End, Once, Table
from consilium.transfer.records import Condition

ASTRAY: Final = "its statement and its answer belong to different questions, or the answer to another doctor."


@dataclass(slots=True)
class Row:
    """A record and the values of its row; `after`: the key of the row of the same table that it names."""

    record: Any
    values: Values
    after: str | None = None


def writer(table: Table) -> Callable[[Run, Batch], None]:
    """The step of an import that writes this table."""
    kind = OF[table.record]

    def step(run: Run, batch: Batch) -> None:
        records = batch.of(table.record)
        if records:
            _write(run, batch, table, kind, records)

    return step


def _write(run: Run, batch: Batch, table: Table, kind: Kind, records: Iterable[Any]) -> None:
    rows = _rows(run, table, kind, records)
    here = _here(table, kind, rows)
    ended = _ended(run, batch, table, kind, rows, here)
    new = {name: row for name, row in rows.items() if name not in here}
    run.report.count(kind.plural, "unchanged", len(rows) - len(new) - len(ended))
    questions = _questions(row.values for row in new.values())
    new = {name: row for name, row in new.items() if not _astray(run, kind, row, questions)}
    _refuse(run, table, kind, new)
    for once in table.once:
        _leave_out(run, kind, once, new, ended)
    if table.finish:
        for row in new.values():
            row.values = table.finish(row.values, questions.of_statement.get(row.values["statement_id"], 0))
    create(run, batch, kind.plural, kind.model, {str(name): row.values for name, row in new.items()})
    _follow(run, kind, new)
    if not run.dry_run:
        _tell(batch, table, [row.values for row in new.values()] + list(ended.values()))


# ---- from records to rows --------------------------------------------------------------------------------------------


def _rows(run: Run, table: Table, kind: Kind, records: Iterable[Any]) -> dict[object, Row]:
    """By key or, without one, by what tells them; a record that names what is not there waits."""
    named = _named(run, kind, records)
    specialties = dict(Specialty.objects.values_list("slug", "pk"))
    found: dict[object, Row] = {}
    for record in records:
        row, missing = _row(kind, record, named, specialties)
        if missing:
            run.postpone(record, kind.plural, missing)
        else:
            row.values = table.shape(row.values) if table.shape else row.values
            found[tuple(row.values[name] for name in table.known_by) or record.key] = row
    return found


def _named(run: Run, kind: Kind, records: Iterable[Any]) -> dict[type[Model], Mapping[str, int]]:
    """Numbers of the rows that the records name, by table and key."""
    keys: dict[type[Model], set[str]] = {}
    for name, model in NAMED[kind.record].items():
        keys.setdefault(model, set()).update(key for record in records if (key := getattr(record, name)))
    if Topic in keys:  # a topic of the file may be one of another key here
        run.topics.update(run.find(Topic, keys[Topic] - run.topics.keys()))
    return {model: run.topics if model is Topic else run.find(model, names) for model, names in keys.items()}


def _row(
    kind: Kind, record: Any, named: Mapping[type[Model], Mapping[str, int]], specialties: Mapping[str, int]
) -> tuple[Row, str]:
    """The row, and what it names that is not there, or ""."""
    row, missing, references = Row(record, {}), "", NAMED[kind.record]
    for name in (field.name for field in fields(kind.record) if field.name not in {"where", "key"}):
        value = getattr(record, name)
        if name in references:
            word, numbers = kind.attribute(name), named[references[name]]
            row.values[f"{word}_id"] = numbers.get(value or "")
            if references[name] is kind.model:
                row.after, row.values[f"{word}_id"] = value, None
            elif value and value not in numbers:
                missing = f"the {word.rpartition('__')[2]} {value}"
        elif name == "specialty":
            row.values["specialty_id"] = specialties.get(value)
            missing = missing or (f"the specialty {value}" if value and value not in specialties else "")
        else:
            row.values[kind.attribute(name)] = _plain(value)
    return row, missing


def _plain(value: Any) -> Any:
    if isinstance(value, Condition):
        return {"kind": value.kind, "specialty": value.specialty, "text": value.text}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


# ---- what is here ----------------------------------------------------------------------------------------------------


def _here(table: Table, kind: Kind, rows: Mapping[object, Row]) -> dict[object, Values]:
    """Rows that are here already: their numbers and the columns that may still get an end."""
    if not rows:
        return {}
    names = table.known_by or ("key",)
    first = {name[0] if isinstance(name, tuple) else name for name in rows}
    columns = ("pk", *(column for end in table.ends for column in end.columns))
    stored = kind.model._default_manager.filter(**{f"{names[0]}__in": first}).values_list(*names, *columns)
    found: dict[object, Values] = {}
    for row in stored:
        told, rest = row[: len(names)], row[len(names) :]
        name = told if table.known_by else told[0]
        if name in rows:
            found[name] = dict(zip(columns, rest, strict=True))
    return found


def _ended(
    run: Run, batch: Batch, table: Table, kind: Kind, rows: Mapping[object, Row], here: Mapping[object, Values]
) -> dict[int, Values]:
    """Give rows here the ends that the file knows of; their values by number."""
    found: dict[int, Values] = {}
    for name, stored in here.items():
        values = rows[name].values
        ends = [end for end in table.ends if _ends(end, stored, values)]
        if ends:
            found[stored["pk"]] = values
            change = {column: values[column] for end in ends for column in end.columns}
            if not run.dry_run:
                kind.model._default_manager.filter(pk=stored["pk"]).update(**change)
    run.report.count(kind.plural, "updated", len(found))
    batch.changes += len(found)
    return found


def _ends(end: End, stored: Values, values: Values) -> bool:
    first = end.columns[0]
    return bool(stored[first] == end.before and values[first] != end.before)


# ---- what cannot be here ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Questions:
    """Questions of statements, and questions and doctors of answers, by number."""

    of_statement: Mapping[int, int]
    of_answer: Mapping[int, tuple[int, int | None]]


def _questions(rows: Iterable[Values]) -> _Questions:
    values = list(rows)
    statements = {one.get("statement_id") for one in values} - {None}
    answers = {one.get("answer_id") for one in values} - {None}
    told = Answer.objects.filter(pk__in=answers).values_list("pk", "question", "doctor") if answers else ()
    return _Questions(
        dict(Statement.objects.filter(pk__in=statements).values_list("pk", "question")) if statements else {},
        {pk: (question, doctor) for pk, question, doctor in told},
    )


def _astray(run: Run, kind: Kind, row: Row, questions: _Questions) -> bool:
    """Whether the statement and the answer that the row names do not belong together. Of a dry run's own nothing is known."""
    question = questions.of_statement.get(row.values.get("statement_id") or 0)
    answer = questions.of_answer.get(row.values.get("answer_id") or 0)
    if question is None or answer is None:
        return False
    other_doctor = row.values.get("doctor_id", answer[1]) != answer[1]
    strange = other_doctor or (answer[0] != question and not together(answer[0], question))
    if strange:
        run.report.skip(row.record.where, ASTRAY, kind.plural)
    return strange


def _refuse(run: Run, table: Table, kind: Kind, new: dict[object, Row]) -> None:
    if table.refuse is None or not new:
        return
    for name, reason in table.refuse({name: row.values for name, row in new.items()}).items():
        run.report.skip(new.pop(name).record.where, reason, kind.plural)


def _leave_out(run: Run, kind: Kind, once: Once, new: dict[object, Row], ended: Mapping[int, Values]) -> None:
    """Of rows of which there may be one, the one that was first stays."""
    coming = {name: row for name, row in new.items() if once.holds(row.values)}
    first = {row.values[once.columns[0]] for row in coming.values()}
    if not first:
        return
    stored = kind.model._default_manager.filter(once.rows, **{f"{once.columns[0]}__in": first}).exclude(pk__in=ended)
    taken = set(stored.values_list(*once.columns))
    for name, row in coming.items():
        place = tuple(row.values[column] for column in once.columns)
        if place in taken:
            run.report.skip(row.record.where, once.reason, kind.plural)
            del new[name]
        taken.add(place)


# ---- afterwards ------------------------------------------------------------------------------------------------------


def _follow(run: Run, kind: Kind, new: Mapping[object, Row]) -> None:
    """Let rows name rows of their own table, which have a number now."""
    after = {str(name): row.after for name, row in new.items() if row.after}
    if not after or run.dry_run:
        return
    numbers = run.find(kind.model, {*after, *after.values()})
    taken = set(kind.model._default_manager.filter(replaces__in=numbers.values()).values_list("replaces", flat=True))
    for name, earlier in after.items():
        number = numbers.get(earlier)
        if number is None or number in taken or number == numbers[name]:
            run.report.note(new[name].record.where, f"{earlier}, which it takes the place of, is not here or has been replaced.")
        else:
            kind.model._default_manager.filter(pk=numbers[name]).update(replaces=number)
            taken.add(number)


def _tell(batch: Batch, table: Table, rows: Iterable[Values]) -> None:
    """Note the questions whose pages show something else now, and those whose consensus may be another."""
    if table.way is None:
        return
    way = table.way
    values = {row[way.column] for row in rows}
    found = way.model._default_manager.filter(**{f"{way.lookup}__in": values}) if values else way.model._default_manager.none()
    questions = set(found.values_list(way.question, flat=True))
    batch.shown_changes |= questions
    if table.counts:
        batch.stands |= questions
