"""What pages get: only what a visitor can see now, in few queries, and never an exception."""

import os
import random
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser

from consilium.questions import actions
from consilium.questions.models import Answer, Question
from consilium.search import folder, opening, reading, semantic
from consilium.search.following import Follower, rebuild
from consilium.search.snippets import snippet
from consilium.search.state import Reduced
from consilium.search.text_index import Filters
from tests.factories import make_answer, make_person, make_question, make_specialty, make_statement, make_topic, make_verified
from tests.search.conftest import catch_up

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


def numbers(text: str, **wanted) -> list[int]:
    return list(reading.find(text, viewer=NOBODY, **wanted).numbers)


def test_a_word_of_the_title_counts_for_more(follower: Follower) -> None:
    text = make_question("Is the treatment safe?")
    Question.objects.filter(pk=text.pk).update(body_html="<p>I have psoriasis.</p>")
    title = make_question("Is it safe with psoriasis?")
    catch_up(follower)
    assert numbers("psoriasis") == [title.pk, text.pk]


def test_a_variant_is_found_by_its_situation_as_it_is_now(follower: Follower) -> None:
    root, person = make_question("Is it safe?"), make_person()
    variant = actions.ask(
        person=person, title="Is it safe?", body="", language="en", topics=[], variant_of=root, difference="I breastfeed."
    )  # fmt: skip
    catch_up(follower)
    assert numbers("breastfeed") == [variant.pk]
    actions.edit_question(person=person, question=variant, title="Is it safe?", body="", based_on=1, difference="I am pregnant.")
    assert numbers("breastfeed") == []
    catch_up(follower)
    assert numbers("pregnant") == [variant.pk]


class TestBeforeTheIndexKnows:
    """Nobody follows the journal meanwhile."""

    def test_a_withdrawn_question_is_gone_at_once(self, follower: Follower) -> None:
        question = make_question("Is tamoxifen safe?")
        catch_up(follower)
        actions.withdraw_question(person=question.asked_by, question=question)
        assert numbers("tamoxifen") == []

    def test_a_question_is_not_found_by_an_answer_that_was_withdrawn(self, follower: Follower) -> None:
        question = make_question("Is tamoxifen safe?")
        answer = make_answer(question, body="Ask for an electrocardiogram first.")
        catch_up(follower)
        actions.withdraw_answer(person=answer.written_by, answer=answer)
        assert numbers("electrocardiogram") == []
        assert numbers("tamoxifen") == [question.pk], "what is left of it still finds it"
        assert numbers("tamoxifen", filters=Filters(answers=(1, None))) == [], "nor does it count as answered"

    def test_words_that_were_replaced_find_nothing(self, follower: Follower) -> None:
        question = make_question("Is tamoxifen safe?")
        catch_up(follower)
        actions.edit_question(
            person=question.asked_by, question=question, title="Is letrozole safe?", body="", based_on=question.revision
        )
        assert numbers("tamoxifen") == []

    def test_the_beginning_of_a_word_finds_what_has_just_changed(self, follower: Follower) -> None:
        question = make_question("Is tamoxifen safe?")
        catch_up(follower)
        actions.edit_question(
            person=question.asked_by,
            question=question,
            title="Is letrozole safe?",
            body="tamoxi-less",
            based_on=question.revision,
        )
        assert not reading.completing("tamoxif", viewer=NOBODY).numbers
        assert list(reading.completing("tamoxi", viewer=NOBODY).numbers) == [question.pk]

    def test_far_behind_everything_is_looked_at_anew(self, follower: Follower, monkeypatch) -> None:
        question = make_question("Is tamoxifen safe?")
        answer = make_answer(question, body="Ask for an electrocardiogram first.")
        catch_up(follower)
        monkeypatch.setattr(reading, "MANY", 1)
        for _ in range(3):
            make_question()
        Answer.objects.filter(pk=answer.pk).update(state="withdrawn")
        found = reading.find("electrocardiogram", viewer=NOBODY)
        assert found.numbers == []
        assert Reduced.BEHIND in found.state.reduced
        assert found.state.sentence
        assert reading.state().behind > 1


def test_filters(follower: Follower) -> None:
    topic, other = make_topic("Lupus"), make_topic("Asthma")
    one = make_question("Is sunlight harmful?", topics=(topic,))
    two = make_question("Is sunlight healthy?", topics=(other,), language="de")
    doctor = make_verified(specialty=make_specialty("Rheumatology", "Rheumatologist"))
    make_statement(one)
    make_answer(one, doctor=doctor)
    catch_up(follower)
    assert set(numbers("sunlight")) == {one.pk, two.pk}
    for filters, expected in (
        (Filters(topic=topic.pk), one), (Filters(topic=other.pk), two), (Filters(specialty=doctor.specialty_id), one),
        (Filters(language="de"), two), (Filters(answers=(1, None)), one), (Filters(answers=(0, 0)), two),
        (Filters(label="none"), one), (Filters(since=int(two.listed_at.timestamp())), None),
        (Filters(topic=topic.pk, language="en"), one),
    ):  # fmt: skip
        found = numbers("sunlight", filters=filters)
        assert (found == [expected.pk]) if expected else (two.pk in found), filters
    assert set(numbers("sunlight", filters=Filters(cites=False))) == {one.pk, two.pk}
    assert numbers("sunlight", filters=Filters(cites=True)) == []
    assert numbers("", filters=Filters(topic=topic.pk)) == [one.pk], "filters alone list the newest"


def test_newest_have_all_the_words(follower: Follower) -> None:
    old, new = make_question("Is a laser peel safe?"), make_question("Is a laser peel painful?")
    make_question("Is a laser safe?")
    catch_up(follower)
    Question.objects.filter(pk=new.pk).update(listed_at="2040-01-01T00:00Z")
    follower.close()
    rebuild(follower.where)
    assert numbers("laser peel", newest=True) == [new.pk, old.pk]


def test_queries_do_not_grow_with_what_is_found(follower: Follower, django_assert_num_queries) -> None:
    for _ in range(30):
        make_question("Is tamoxifen safe?")
    catch_up(follower)
    reading.find("tamoxifen", viewer=NOBODY)  # names of topics are read once a minute
    with django_assert_num_queries(2):
        assert len(numbers("tamoxifen")) == 30


def test_a_snippet_shows_where_the_words_stand(follower: Follower) -> None:
    make_answer(make_question("Is it safe?"), body="Tamoxifen is.")
    catch_up(follower)
    node, _state = opening.opened()
    text = "Filler words come first, as always. " * 20 + "Then Tamoxifen <b>is</b> named. " + "And on it goes. " * 20
    parts = snippet(node, "tamoxifens", text, "en")
    assert [part.text for part in parts if part.found] == ["Tamoxifen"]
    assert parts[0].text == "…"
    assert "".join(part.text for part in parts).strip("…") in text
    assert snippet(node, "nothing", "Short text.", "en") == [type(parts[0])("Short text.")]


class TestReduced:
    """Whatever is wrong with the files, the functions answer and say what to do."""

    def everything(self) -> reading.Found:
        reading.alike("Is tamoxifen safe?", viewer=NOBODY)
        reading.neighbours(1, viewer=NOBODY)
        reading.completing("tam", viewer=NOBODY)
        reading.doctors("Ada")
        reading.topics("ms")
        reading.state()
        return reading.find("tamoxifen", viewer=NOBODY)

    def test_no_index(self) -> None:
        found = self.everything()
        assert (found.numbers, found.state.words, found.state.reduced) == ((), False, (Reduced.NO_INDEX,))
        assert "consilium reindex" in found.state.remedies[0]
        assert found.state.sentence

    @pytest.mark.parametrize("seed", range(12))
    def test_damaged_files(self, follower: Follower, seed: int) -> None:
        """Each file cut, emptied, filled with noise or removed, one after the other; then one command repairs it."""
        question = make_question("Is tamoxifen safe?")
        catch_up(follower)
        follower.close()
        chance = random.Random(seed)
        generation = folder.current(follower.where)
        files = sorted(path for path in generation.rglob("*") if path.is_file() and not path.name.endswith(".lock"))
        damage(chance.choice(files), chance)
        opening.forget()
        found = self.everything()
        assert found.state.words is False or found.numbers in ([question.pk], [])
        rebuild(follower.where)
        assert numbers("tamoxifen") == [question.pk]

    def test_the_pointer_leads_nowhere(self, follower: Follower) -> None:
        catch_up(follower)
        (follower.where / folder.CURRENT).write_text("g-0000000000000000")
        assert self.everything().state.reduced == (Reduced.BROKEN_INDEX,)

    def test_without_the_extra(self, follower: Follower, monkeypatch) -> None:
        question = make_question("Is tamoxifen safe?")
        catch_up(follower)
        monkeypatch.setattr(semantic, "INSTALLED", False)
        found = self.everything()
        assert found.numbers == [question.pk]
        assert found.state.reduced == (Reduced.NO_EXTRA,)
        assert found.state.sentence == "", "a reader need not know"

    def test_without_the_model(self, follower: Follower) -> None:
        question = make_question("Is tamoxifen safe?")
        catch_up(follower)
        found = self.everything()
        assert found.numbers == [question.pk]
        assert found.state.reduced == (Reduced.NO_MODEL,)
        candidates, _state = reading.alike("Is tamoxifen safe?", viewer=NOBODY)
        assert [(one.number, one.probable) for one in candidates] == [(question.pk, False)]


def damage(path: Path, chance: random.Random) -> None:
    size = path.stat().st_size
    how = chance.choice(["gone", "empty", "cut", "noise"])
    if how == "gone":
        path.unlink()
    elif how == "noise":
        path.write_bytes(os.urandom(size))
    else:
        os.truncate(path, 0 if how == "empty" else size // 2)
