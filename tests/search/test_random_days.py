"""Whatever people do, in whatever order, and whenever a process dies: the indexes of all nodes are those of the tables."""

import hashlib
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from consilium.accounts.models import Person
from consilium.doctors.actions import change
from consilium.journal.actions import record
from consilium.questions import actions
from consilium.questions.models import Answer, Merge, Question
from consilium.search import actions as search
from consilium.search import gathering, opening, reading
from consilium.search.checking import compare
from consilium.search.documents import Kind, QuestionText
from consilium.search.following import Follower, rebuild
from consilium.search.node import DEPTH, Mode, Node
from consilium.search.opening import opened
from consilium.search.text_index import Writer
from consilium.topics.actions import rename
from tests.factories import make_doctor, make_person, make_question, make_topic
from tests.search.conftest import catch_up

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOBODY = AnonymousUser()
# What an index makes of the journal does not depend on the database; that the journal's numbers do is seen in fewer steps.
STEPS = 2_000 if connection.vendor == "sqlite" else 400
WORDS = ["laser", "peel", "filler", "statin", "cortisone", "sun", "skin", "knee", "heart", "safe"]


class Crash(Exception):
    """The process is gone."""


class Hashes:
    """Stands for the language model: another vector for every text, quickly."""

    def vectors(self, texts: Sequence[str]) -> Any:
        seeds = [int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) for text in texts]
        rows = np.array([np.random.default_rng(seed).normal(size=384) for seed in seeds], np.float32).reshape(-1, 384)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder that no disk slows down: the nodes write some hundred times."""
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        yield Path(folder)


def test_random_days_leave_no_drift(settings: Any, memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """STEPS with two nodes that follow now and then, crash and are rebuilt; none of them has drifted at the end."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    monkeypatch.setattr(search, "model", Hashes)
    settings.DATA = memory / "first"
    day = Day(random.Random(seed), [settings.DATA / "search", memory / "second" / "search"], monkeypatch)
    for number in range(1, STEPS + 1):
        day.step()
        if number % 100 == 0:
            agrees_with_tables(day.chance.choice(WORDS))
        if number % (STEPS // 2) == 0:
            day.level()
    fresh = memory / "fresh"
    rebuild(fresh)
    for place in day.places:
        for word in WORDS:
            assert by_words(place, word) == by_words(fresh, word), (place, word)
    for word in WORDS:
        found, there = set(reading.find(word, viewer=NOBODY).numbers), by_words(fresh, word)
        assert found <= there
        assert len(found) >= min(len(there), DEPTH)


def agrees_with_tables(word: str) -> None:
    """What is found in between, with nodes that lag behind, is visible and holds the word now."""
    found = reading.find(word, viewer=NOBODY).numbers
    there = {one.number: one for one in gathering.documents(Kind.QUESTION, found) if isinstance(one, QuestionText)}
    assert set(found) == set(there)
    for one in there.values():
        assert any(word in passage.text.lower() for passage in (one.title, *one.texts)), (word, one)


def by_words(place: Path, word: str) -> set[int]:
    return {hit.number for hit in node_at(place).rank(word, mode=Mode.WORDS, limit=10_000)}


def node_at(place: Path) -> Node:
    opening.forget()  # it keeps one generation open
    node, _state = opened(place)
    assert node is not None
    return node


class Day:
    """What people and machines do, one step after the other."""

    def __init__(self, chance: random.Random, places: Sequence[Path], monkeypatch: pytest.MonkeyPatch) -> None:
        self.chance, self.places, self.monkeypatch = chance, places, monkeypatch
        self.followers = [Follower(place) for place in places]
        self.patients = [make_person() for _ in range(3)]
        self.editor = make_person(roles=("editor",))
        self.topics = [make_topic() for _ in range(3)]
        self.doctors = [make_doctor(person=make_person()) for _ in range(5)]
        for place in places:
            rebuild(place)  # people and profiles made for the day have no entries
        often = (self.ask, self.answer, self.answer, self.vote, self.vote, self.vote)
        sometimes = (
            self.reword, self.reword_answer, self.take_back, self.take_back_answer, self.rename, self.change_doctor,
            self.bring_in, self.merge, self.unmerge, self.vary, self.end_variant, self.embed, self.follow, self.crash,
        )  # fmt: skip
        self.steps: list[Callable[[], Any]] = [*often * 6, *sometimes]

    def step(self) -> None:
        with suppress(actions.NotAllowed):
            self.chance.choice(self.steps)()
        if self.chance.random() < 1 / 300:
            rebuild(self.chance.choice(self.places))

    def level(self) -> None:
        """Both nodes have followed: nothing is missing, too much or different."""
        for follower in self.followers:
            catch_up(follower)
            drift = compare(node_at(follower.where))
            assert (drift.lines(), drift.unread) == ([], 0), follower.where

    def words(self) -> str:
        return " ".join(self.chance.choices(WORDS, k=5))

    def some(self, rows: Any) -> Any:
        numbers = list(rows.order_by("pk").values_list("pk", flat=True))
        return rows.get(pk=self.chance.choice(numbers)) if numbers else None

    def question(self) -> Question | None:
        return self.some(Question.objects.filter(state="open").exclude(asked_by=None))

    def own_answer(self) -> Answer | None:
        return self.some(Answer.objects.filter(state="published", source=None, question__state="open"))

    def ask(self) -> None:
        make_question(self.words(), person=self.chance.choice(self.patients), topics=tuple(self.chance.sample(self.topics, 1)))

    def answer(self) -> None:
        doctor, question = self.chance.choice(self.doctors), self.question()
        if question:
            actions.answer(
                doctor=doctor,
                person=person(doctor.person),
                question=question,
                headline=self.words(),
                body=self.words(),
                language="en",
            )

    def vote(self) -> None:
        if answer := self.own_answer():
            actions.vote(person=self.chance.choice(self.patients), answer=answer)

    def reword(self) -> None:
        if question := self.question():
            actions.edit_question(
                person=person(question.asked_by),
                question=question,
                title=self.words(),
                body=self.words(),
                based_on=question.revision,
            )

    def reword_answer(self) -> None:
        if answer := self.own_answer():
            actions.edit_answer(
                person=person(answer.written_by),
                answer=answer,
                headline=self.words(),
                body=self.words(),
                based_on=answer.revision,
            )

    def take_back(self) -> None:
        if question := self.question():
            keep = self.chance.random() < 0.5
            actions.withdraw_question(person=person(question.asked_by), question=question, keep_text=keep)

    def take_back_answer(self) -> None:
        if answer := self.own_answer():
            actions.withdraw_answer(person=person(answer.written_by), answer=answer)

    def rename(self) -> None:
        rename(topic=self.chance.choice(self.topics), name=f"{self.words()} {self.chance.random()}")

    def change_doctor(self) -> None:
        change(doctor=self.chance.choice(self.doctors), name=self.words().title())

    def bring_in(self) -> None:
        """An import: new questions, and one of before with other words, which no entry names."""
        new = [Question.objects.create(title=self.words(), state="archived") for _ in range(2)]
        old = self.some(Question.objects.filter(state="archived"))
        Question.objects.filter(pk=old.pk).update(title=self.words(), changed_at=new[-1].changed_at)
        record("transfer.imported", subject="import", questions=[new[0].pk, new[-1].pk], rows=2)

    def merge(self) -> None:
        one, other = self.question(), self.question()
        if one and other:
            actions.merge(person=self.editor, question=one, canonical=other)

    def unmerge(self) -> None:
        if merge := self.some(Merge.objects.filter(undone_at=None)):
            actions.unmerge(person=self.editor, merge=merge)

    def vary(self) -> None:
        one, other = self.question(), self.question()
        if one and other:
            actions.make_variant(person=self.editor, question=one, canonical=other, difference=self.words())

    def end_variant(self) -> None:
        if question := self.some(Question.objects.filter(state="open").exclude(variant_of=None)):
            actions.end_variant(person=self.editor, question=question)

    def embed(self) -> None:
        """A round of the worker."""
        search.sweep()
        search.embed_some()

    def follow(self) -> None:
        self.chance.choice(self.followers).step()

    def crash(self) -> None:
        """A node's process dies when it has written the vectors, before its words are committed; another one takes over."""
        number = self.chance.randrange(len(self.followers))

        def die(*_: object) -> None:
            raise Crash

        with self.monkeypatch.context() as patch, suppress(Crash):
            patch.setattr(Writer, "commit", die)
            self.followers[number].step()
        self.followers[number] = Follower(self.places[number])


def person(held: Person | None) -> Person:
    assert held is not None
    return held
