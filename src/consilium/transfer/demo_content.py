"""The demo content, written by us and shipped as TOML beside this file, as records."""

from __future__ import annotations

import hashlib
import random
import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from consilium.doctors.models import City, Source
from consilium.lib.text import fold
from consilium.topics.vocabulary import shipped_topics
from consilium.transfer.demo_copies import copied, load_works
from consilium.transfer.demo_doctors import load_claim, load_standing, offers, people, person_key
from consilium.transfer.demo_joins import join_questions
from consilium.transfer.demo_people import CLAIMS, JOINED, PATIENT, SEEN_BEFORE, Accounts, open_accounts
from consilium.transfer.demo_stands import load_stands, renew
from consilium.transfer.loader import load
from consilium.transfer.records import (
    AnswerRecord,
    BadInput,
    DoctorRecord,
    FollowRecord,
    Options,
    PersonRecord,
    QuestionRecord,
    SourceRecord,
    Stream,
    TopicRecord,
    VoteRecord,
    Where,
)

FOLDER: Final = Path(__file__).parent / "demo"
VOTERS: Final = 60  # invented readers whose helpful votes are counted
PROOF: Final = "I am Milo Andersgate (invented). A letter of my clinic and my licence number can be sent to you on request."
REMEDY: Final = "Correct the demo content."
FIRST_LOOK: Final = timedelta(minutes=7)
ANOTHER_LOOK: Final = timedelta(hours=5)


@transaction.atomic
def load_demo(data: Path) -> Accounts:
    """Bring the demo content in, all or nothing, and open its accounts. Content that is here already is left as it is now,
    with whatever visitors made of it. `data` is the folder that keeps the accounts' password."""
    accounts = open_accounts(data)
    if not Source.objects.filter(key=source_key()).exists():
        load(read, [str(FOLDER)], Options())
        doctors = list(entries(FOLDER / "doctors.toml", "doctor"))
        load_standing(doctors)
        load_works(entries(FOLDER / "works.toml", "work"))
        questions = load_stands(FOLDER / "stands", offers(doctors))
        join_questions(entry for file in question_files() for entry in entries(file, "question"))
        renew(questions)
        load_claim("milo-andersgate", "demo/unverified", PROOF)
    return accounts


def source_key(folder: Path = FOLDER) -> str:
    """Names this very content: the same key for the same files."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*.toml")):
        found.update(path.read_bytes())
    return f"demo/{found.hexdigest()[:16]}"


def read(path: str, options: Options) -> Stream:
    """The demo content of a folder. People named in demo_people must exist when the records are loaded."""
    folder = Path(path)
    source = SourceRecord(where=Where(path), key=source_key(folder), kind="demo", name="Demo content, all invented")
    yield source
    yield from _topics(folder)
    yield from _voters(path)
    doctors = list(entries(folder / "doctors.toml", "doctor"))
    yield from people(doctors, Where(path), CLAIMS)
    yield from _doctors(doctors, folder / "doctors.toml", source.key)
    for file in question_files(folder):
        yield from _questions(file)
    for entry in entries(folder / "copies.toml", "copy"):
        yield from copied(entry, Where(str(folder / "copies.toml")))


def question_files(folder: Path = FOLDER) -> list[Path]:
    return sorted((folder / "questions").glob("*.toml"))


def entries(file: Path, name: str) -> Iterator[dict[str, Any]]:
    """The tables of that name in a file; BadInput when it cannot be read."""
    try:
        yield from tomllib.loads(file.read_text(encoding="utf-8"))[name]
    except (OSError, KeyError, ValueError) as error:
        raise BadInput(Where(str(file)), f"cannot be read ({type(error).__name__}: {error}).", REMEDY) from None


def _topics(folder: Path) -> Stream:
    """Of the topics that every site starts with, those that the questions are about."""
    asked = [entry for file in question_files(folder) for entry in entries(file, "question")]
    used = {slug for entry in (*asked, *entries(folder / "copies.toml", "copy")) for slug in entry["topics"]}
    for topic in shipped_topics():
        if topic.slug in used:
            yield TopicRecord(
                where=Where(str(folder)),
                key=topic.key,
                slug=topic.slug,
                kind=topic.kind,
                name=topic.name,
                description=topic.description,
                synonyms=topic.synonyms,
            )


def _voters(path: str) -> Stream:
    for number in range(1, VOTERS + 1):
        yield PersonRecord(where=Where(path), key=_voter(number))


def _voter(number: int) -> str:
    return f"demo/voter/{number:02}"


def _doctors(doctors: Sequence[dict[str, Any]], file: Path, source: str) -> Stream:
    for entry in doctors:
        persona = CLAIMS.get(entry["slug"])
        rating = entry.get("rating")
        city = _city(entry["city"], entry["country"])
        yield DoctorRecord(
            where=Where(str(file)),
            key=f"demo/doctor/{entry['slug']}",
            slug=entry["slug"],
            name=entry["name"],
            credentials=entry.get("credentials", ""),
            specialty=entry["specialty"],
            city_id=city,
            city_text="" if city else entry["city"],
            badge=entry.get("badge", ""),
            source_rating=None if rating is None else Decimal(str(rating)),
            source_reviews=entry.get("reviews"),
            source_key=source,
            about=entry.get("about", ""),
            language=entry.get("language", "en"),
            invented=True,
            person_key=persona.key if persona else person_key(entry),
            claimed_at=JOINED if entry.get("member", True) else None,
        )


def _city(name: str, country: str) -> int | None:
    """Number of the most populous place of that name in the country."""
    return City.objects.filter(folded=fold(name), country=country).order_by("-population").values_list("pk", flat=True).first()


def _questions(file: Path) -> Stream:
    for entry in entries(file, "question"):
        question = QuestionRecord(
            where=Where(str(file)),
            key=f"demo/question/{entry['id']}",
            title=entry["title"],
            body=entry["body"].strip(),
            language=entry["language"],
            alias=entry["alias"],
            state="open",
            topic_keys=tuple(f"topic/{slug}" for slug in entry["topics"]),
            asked_by_key=PATIENT.key if entry["id"] in PATIENT.asked else None,
            asked_at=entry["asked_at"].astimezone(UTC),
            variant_of_key=f"demo/question/{entry['variant_of']}" if "variant_of" in entry else None,
            difference=entry.get("difference", ""),
        )
        yield question
        answers = sorted(entry.get("answer", ()), key=lambda answer: answer["answered_at"])
        for place, answer in enumerate(answers, start=1):
            yield from _answer(question, answer, place)
        if entry["id"] in PATIENT.follows:
            yield _follow(question, len(answers))


def _answer(question: QuestionRecord, entry: dict[str, Any], place: int) -> Stream:
    persona = CLAIMS.get(entry["doctor"])
    answer = AnswerRecord(
        where=question.where,
        key=f"{question.key}/{entry['doctor']}",
        question_key=question.key,
        place=place,
        doctor_key=f"demo/doctor/{entry['doctor']}",
        written_by_key=persona.key if persona else None,
        headline=entry["headline"],
        body=entry["body"].strip(),
        language=entry.get("language", "en"),
        answered_at=entry["answered_at"].astimezone(UTC),
        state="withdrawn" if entry.get("withdrawn") else None,
    )
    yield answer
    yield from _votes(answer, entry["answered_at"].astimezone(UTC), entry.get("helpful", 0))


def _votes(answer: AnswerRecord, answered_at: datetime, number: int) -> Stream:
    """As many votes as the answer is said to have, always from the same people at the same times."""
    chosen = random.Random(answer.key).sample(range(1, VOTERS + 1), number)
    for place, voter in enumerate(chosen):
        at = answered_at + FIRST_LOOK + place * ANOTHER_LOOK
        yield VoteRecord(where=answer.where, answer_key=answer.key, person_key=_voter(voter), at=at)


def _follow(question: QuestionRecord, answers: int) -> FollowRecord:
    assert question.asked_at is not None
    seen = max(0, answers - SEEN_BEFORE)
    return FollowRecord(
        where=question.where, question_key=question.key, person_key=PATIENT.key, at=question.asked_at, seen_answers=seen
    )
