"""From rows to panels: the one place that decides what a page, a list, a snapshot and the API say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from consilium.consensus import imported as coded
from consilium.consensus import rows as reader
from consilium.consensus.agreement import Counts, Group, Levels, judge_capped
from consilium.consensus.counting import GROUPS, HOLDS_FOR, Reason, Voice, count
from consilium.consensus.coverage import Coverage, Need, cover, required
from consilium.consensus.panel import (
    CROSS_MIN,
    Cited,
    ConditionLine,
    Imported,
    Missing,
    Offer,
    Panel,
    Seat,
    StatementPanel,
)  # fmt: skip
from consilium.consensus.rows import Held, Rows
from consilium.doctors.models import Doctor
from consilium.evidence.models import Citation
from consilium.questions.models import Answer, ConditionJSON, Question, Statement
from consilium.topics.models import Specialty


def levels() -> Levels:
    """The chances that this site accepts (settings)."""
    return Levels(agree=settings.CONFIG.consensus_alpha_agree, strong=settings.CONFIG.consensus_alpha_strong)


def panel_of(question: Question, answers: Iterable[Answer] | None = None) -> Panel:
    """The panel of one question; `answers` are its published ones with doctor, specialty and origin, if at hand."""
    rows = reader.read([question.pk], {question.pk: question.asked_by_id}, answers)
    return _panel(question.pk, rows, with_invitations=True)


def panel_beside(question: Question, answers: Sequence[Answer], others: Iterable[Question]) -> tuple[Panel, dict[int, Panel]]:
    """The panel of a question as in `panel_of`, and in the same queries (one more, for their answers) those of others."""
    askers = {one.pk: one.asked_by_id for one in (*others, question)}
    beside = [pk for pk in askers if pk != question.pk]
    rows = reader.read(list(askers), askers, [*answers, *reader.answers(beside)] if beside else answers)
    named = {slug for pk in askers for slug in _slugs(rows, pk)}
    found = _panel(question.pk, rows, with_invitations=True, also=named)
    names = found.specialties
    return found, {pk: _panel(pk, rows, names=names) for pk in beside}


def panels(questions: Iterable[Question]) -> dict[int, Panel]:
    """Panels by question number, without invitations: for lists and snapshots."""
    askers = {question.pk: question.asked_by_id for question in questions}
    if not askers:
        return {}
    rows = reader.read(list(askers), askers)
    names = reader.specialties({slug for pk in askers for slug in _slugs(rows, pk)}, (), None)
    return {pk: _panel(pk, rows, names=names) for pk in askers}


def _slugs(rows: Rows, question: int) -> set[str]:
    """All specialties that the panel of a question may name."""
    stances, codings = rows.stances.get(question, []), rows.codings.get(question, [])
    found = {slug for slug, _role in rows.needs.get(question, [])}
    found |= {_specialty(stance.doctor) for stance in stances} | {_of_answer(one) for one in rows.answers.get(question, [])}
    conditions = [*(held.conditions for held in stances), *(held.conditions for held in codings)]
    return found | {row["specialty"] for many in conditions for row in many}


def _panel(
    question: int, rows: Rows, *, names: Mapping[str, Specialty] | None = None, with_invitations: bool = False,
    also: Iterable[str] = (),
) -> Panel:  # fmt: skip
    everything = rows.statements.get(question, [])
    active = [one for one in everything if one.state == Statement.State.ACTIVE]
    answers = rows.answers.get(question, [])
    needs = required(rows.needs.get(question, []), _named(rows, question))
    cosigners = {stance.doctor_id: stance.doctor for stance in rows.stances.get(question, []) if _stands_alone(stance)}
    by_doctor = {answer.doctor_id: _of_answer(answer) for answer in answers if answer.doctor_id}
    by_doctor |= {pk: _specialty(doctor) for pk, doctor in cosigners.items() if pk not in by_doctor}
    nameless = [_of_answer(answer) for answer in answers if not answer.doctor_id]
    coverage = cover(needs, [*by_doctor.values(), *nameless])
    statements = tuple(_statement(one, rows, everything, needs) for one in active)
    # Without statements nobody can count, and whoever has answered is there.
    counted = {slug for one in statements for slug in one.coverage.answered} if statements else set(coverage.answered)
    lacking = [need for need in needs if need.specialty not in counted]
    if names is None:
        missing = [need.specialty for need in lacking]
        names = reader.specialties({*_slugs(rows, question), *also}, missing, question if with_invitations else None)
    return Panel(
        question=question, statements=statements, coverage=coverage, specialties=names,
        missing=tuple(_missing(need, names, coverage) for need in lacking if need.specialty in names),
        cited=_cited(rows.citations.get(question, [])), citations=tuple(rows.citations.get(question, ())),
        topics=tuple(rows.topics.get(question, {}).values()),
    )  # fmt: skip


def _stands_alone(stance: Held) -> bool:
    return stance.answer_id is None and stance.withdrawn_at is None


def _missing(need: Need, names: Mapping[str, Any], coverage: Coverage) -> Missing:
    found = names[need.specialty]
    numbers = {name: getattr(found, name, None) or 0 for name in ("members", "willing", "invited", "declined", "outside")}
    return Missing(need, found, answered=coverage.answered.get(need.specialty, 0), **numbers)


def _named(rows: Rows, question: int) -> Iterable[list[str]]:
    """The specialties to which each doctor or copied answer sends the reader, one list per doctor or answer."""
    found: dict[object, list[str]] = defaultdict(list)
    for stance in rows.stances.get(question, []):
        if stance.withdrawn_at is None:
            found["doctor", stance.doctor_id] += [row["specialty"] for row in stance.conditions]
    declared = {stance.answer_id for stance in rows.stances.get(question, [])}
    for coding in rows.codings.get(question, []):
        if coding.answer_id not in declared:
            found["answer", coding.answer_id] += [row["specialty"] for row in coding.conditions]
    return found.values()


def _statement(one: Statement, rows: Rows, everything: Sequence[Statement], needs: Sequence[Need]) -> StatementPanel:
    now, question = timezone.now(), one.question_id
    stances = _latest(one, rows.stances.get(question, []), everything)
    silent = _silent(stances, rows.answers.get(question, []))
    voices = {stance.doctor_id: _voice(stance, one, rows.askers.get(question)) for stance in stances}
    result = count([*voices.values(), *(Voice(answer.doctor_id or 0, "") for answer in silent)], now)
    reasons = {voice.doctor: reason for voice, reason in result.others}
    # A stance on one's own question is not even listed: it would name the person behind the pseudonym.
    told = [stance for stance in stances if reasons.get(stance.doctor_id) is not Reason.OWN_QUESTION]
    seats = [_seat(stance, reasons.get(stance.doctor_id)) for stance in told]
    counted = tuple(seat for seat in seats if seat.reason is None)
    coverage = cover(needs, [seat.specialty for seat in counted])
    used = levels()
    verdict = judge_capped(
        result.counts, result.blind, primary_missing=coverage.primary_missing, one_specialty=coverage.one_specialty, levels=used
    )
    by_specialty = _by_specialty(counted)
    citations = [row for row in rows.citations.get(question, []) if row.statement_id in {None, one.pk}]
    return StatementPanel(
        statement=one, counts=result.counts, blind=result.blind, verdict=verdict, seats=counted,
        others=(*(seat for seat in seats if seat.reason is not None), *(_silence(answer) for answer in silent)),
        conditions=_conditions(counted), coverage=coverage, by_specialty=by_specialty, across=_across(by_specialty, needs),
        offer=_offer(counted), cited=_cited(citations), imported=_imported(one, rows), levels=used,
        good_until=_good_until(stances, reasons), snapshot=getattr(one, "snapshot", None),
    )  # fmt: skip


def _latest(one: Statement, stances: Sequence[Held], everything: Sequence[Statement]) -> list[Held]:
    """One stance per doctor: on this wording, else the one on the latest earlier wording."""
    earlier = _earlier(one, everything)
    found: dict[int, Held] = {}
    for stance in stances:
        if stance.statement_id not in earlier:
            continue
        known = found.get(stance.doctor_id)
        if known is None or earlier[known.statement_id] < earlier[stance.statement_id]:
            found[stance.doctor_id] = stance
    return list(found.values())


def _earlier(one: Statement, everything: Sequence[Statement]) -> dict[int, int]:
    """The statement and those it replaced, by number, each with its version."""
    by_pk = {statement.pk: statement for statement in everything}
    found: dict[int, int] = {}
    current: Statement | None = one
    while current is not None and current.pk not in found:
        found[current.pk] = current.version
        current = by_pk.get(current.replaces_id) if current.replaces_id else None
    return found


def _silent(stances: Sequence[Held], answers: Sequence[Answer]) -> list[Answer]:
    """Answers written for this site by doctors who have said nothing of the statement; each doctor once."""
    spoken = {stance.doctor_id for stance in stances}
    found = {answer.doctor_id: answer for answer in answers if not answer.is_copy and answer.doctor_id not in spoken}
    return list(found.values())


def _voice(stance: Held, one: Statement, asker: int | None) -> Voice:
    return Voice(
        doctor=stance.doctor_id, value=stance.value, affirmed_at=stance.affirmed_at, blind=stance.blind,
        verified=stance.verified, was_verified=stance.was_verified,
        live=stance.live, current_wording=stance.statement_id == one.pk,
        own_question=stance.asked or (asker is not None and stance.doctor.person_id == asker), practice=stance.doctor.practice_id,
    )  # fmt: skip


def _seat(stance: Held, reason: Reason | None) -> Seat:
    doctor = stance.doctor
    return Seat(
        doctor=doctor.pk, name=doctor.full_name, title=doctor.title, slug=doctor.slug, specialty=_specialty(doctor),
        answer=stance.answer_id, value=stance.value, group=GROUPS.get(stance.value), reason=reason,
        conditions=stance.conditions, confidence=stance.confidence, blind=stance.blind, changed=stance.after_discussion,
        offers=stance.offers or "", paid=stance.paid, affirmed_at=stance.affirmed_at, stance=stance.pk,
    )  # fmt: skip


def _silence(answer: Answer) -> Seat:
    doctor = answer.doctor
    return Seat(
        doctor=answer.doctor_id, name=doctor.full_name if doctor else "", title=doctor.title if doctor else "",
        slug=doctor.slug if doctor else "", specialty=_of_answer(answer), answer=answer.pk, value="", group=None,
        reason=Reason.UNSTATED, conditions=(),
    )  # fmt: skip


def _conditions(seats: Iterable[Seat]) -> tuple[ConditionLine, ...]:
    """Conditions with the same meaning together: the agreement of one specialty is one condition, whatever its words."""
    words: dict[tuple[str, str, str], ConditionJSON] = {}
    numbers: Counter[tuple[str, str, str]] = Counter()
    for seat in seats:
        mine = {_meaning(row): row for row in seat.conditions}
        numbers.update(mine.keys())
        for meaning, row in mine.items():
            words.setdefault(meaning, row)
    lines = [ConditionLine(words[one]["text"], words[one]["kind"], words[one]["specialty"], n) for one, n in numbers.items()]
    return tuple(sorted(lines, key=lambda line: -line.n))


def _meaning(row: ConditionJSON) -> tuple[str, str, str]:
    if row["kind"] == "clearance" and row["specialty"]:
        return (row["kind"], row["specialty"], "")
    return (row["kind"], row["specialty"], " ".join(row["text"].split()).casefold().rstrip("."))


def _by_specialty(seats: Iterable[Seat]) -> tuple[tuple[str, Counts], ...]:
    groups: dict[str, list[Group]] = defaultdict(list)
    for seat in seats:
        if seat.group is not None:
            groups[seat.specialty].append(seat.group)
    return tuple(sorted(((slug, Counts.of_groups(own)) for slug, own in groups.items()), key=lambda pair: -pair[1].n))


def _across(by_specialty: Iterable[tuple[str, Counts]], needs: Sequence[Need]) -> bool:
    """Whether two needed specialties, with two counted stances each, lead to the same side."""
    needed = {need.specialty for need in needs}
    sides = [_leading(own) for slug, own in by_specialty if slug in needed and own.n >= CROSS_MIN]
    return len(sides) > 1 and None not in sides and len(set(sides)) == 1


def _leading(counts: Counts) -> Group | None:
    most = max(counts.of(group) for group in Group)
    leaders = [group for group in Group if counts.of(group) == most]
    return leaders[0] if len(leaders) == 1 else None


def _offer(seats: Sequence[Seat]) -> Offer:
    said = Counter(seat.offers for seat in seats)
    return Offer(said["yes"], said["no"], said[""], sum(bool(seat.paid) for seat in seats))


def _cited(citations: Sequence[Citation]) -> Cited:
    good = [row for row in citations if row.work.counts]
    retracted = {row.work_id for row in citations if not row.work.counts}
    return Cited(
        len({row.work_id for row in good}), len({row.answer.doctor_id or -row.answer_id for row in good}), len(retracted)
    )


def _imported(one: Statement, rows: Rows) -> Imported | None:
    """The copied answers of the question whose doctors have not said themselves, with them or apart, where they stand."""
    question = one.question_id
    said = [stance for stance in rows.stances.get(question, []) if stance.statement_id == one.pk]
    own = {stance.doctor_id for stance in said if stance.withdrawn_at is None}
    copies = {answer.pk: answer for answer in rows.answers.get(question, []) if answer.is_copy and answer.doctor_id not in own}
    if not copies:
        return None
    codings = [row for row in rows.codings.get(question, []) if row.statement_id == one.pk and row.answer_id in copies]
    values = coded.agreed(coded.Reading(row.answer_id, row.coder, row.value) for row in codings)
    conditions = {
        row.answer_id: row.conditions for row in codings if values.get(row.answer_id) not in {coded.UNCLEAR, coded.WAITING}
    }
    seats = tuple(_copied(answer, values.get(pk, ""), conditions.get(pk, [])) for pk, answer in copies.items())
    found = Counter(values.values())
    dates = [answer.source.captured_at for answer in copies.values() if answer.source and answer.source.captured_at]
    return Imported(
        seats=seats, counts=coded.counts(values.values()), of=len(copies), not_addressed=found[coded.NOT_ADDRESSED],
        unclear=found[coded.UNCLEAR], waiting=found[coded.WAITING], uncoded=len(copies) - len(values),
        coders=len({row.coder for row in codings}), conditions=_conditions(seats), captured_at=min(dates, default=None),
    )  # fmt: skip


def _copied(answer: Answer, value: str, conditions: Sequence[ConditionJSON]) -> Seat:
    doctor, origin = answer.doctor, getattr(answer, "origin", None)
    title = (origin.title if origin else "") or (doctor.title if doctor else "")
    return Seat(
        doctor=answer.doctor_id, name=doctor.full_name if doctor else "", title=title, slug=doctor.slug if doctor else "",
        specialty=_of_answer(answer), answer=answer.pk, value=value, group=GROUPS.get(value), reason=None, conditions=conditions,
    )  # fmt: skip


def _specialty(doctor: Doctor | None) -> str:
    return doctor.specialty.slug if doctor and doctor.specialty else ""


def _of_answer(answer: Answer) -> str:
    origin = getattr(answer, "origin", None)
    return origin.specialty.slug if origin and origin.specialty else _specialty(answer.doctor)


def _good_until(stances: Iterable[Held], reasons: Mapping[int, Reason]) -> datetime | None:
    """When the first counted stance stops counting by itself, if nothing happens before."""
    ends = [stance.affirmed_at + HOLDS_FOR for stance in stances if stance.doctor_id not in reasons]
    ends += [stance.valid_until for stance in stances if stance.doctor_id not in reasons and stance.valid_until]
    return min(ends, default=None)
