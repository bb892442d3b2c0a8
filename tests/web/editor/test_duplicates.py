"""The editors' list of pairs that may ask the same, and of merges that can be undone."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from consilium.questions import actions
from consilium.questions.models import Merge, Question, Suggestion
from tests.factories import make_answer, make_merge, make_person, make_question, make_stance, make_statement
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    return signed_in(make_person(roles=("editor",)))


@pytest.fixture
def pair() -> tuple[Question, Question]:
    """The later one is the second."""
    return make_question("May I have it safely?"), make_question("Is it safe for me?")


def pairs(client: Client) -> Any:
    return client.get("/editor/duplicates/")


class TestPairs:
    def test_side_by_side_with_what_helps_to_decide(self, editor: Client, pair: tuple[Question, Question]) -> None:
        make_stance(make_statement(pair[0]))
        make_answer(pair[0])
        actions.suggest_found(question=pair[1].pk, others={pair[0].pk: 0.9})
        shown = pairs(editor)
        said = words(shown)
        for text in ("May I have it safely?", "Is it safe for me?", "1 doctor answer", "No answer yet", "Titles almost alike"):
            assert text in said
        assert page(shown).xpath("//article//*[@class='mini']")
        assert "1 waits" in words(editor.get("/editor/"))

    @pytest.mark.parametrize(("cosine", "how"), [(0.7, "Titles rather alike"), (0.0, "The source says that they ask the same")])
    def test_how_it_was_found(self, editor: Client, pair: tuple[Question, Question], cosine: float, how: str) -> None:
        actions.suggest_found(question=pair[1].pk, others={pair[0].pk: cosine})
        assert how in words(pairs(editor))

    def test_a_reader_is_not_named(self, editor: Client, pair: tuple[Question, Question]) -> None:
        person = make_person("somebody@example.org", display_name="Some Body")
        actions.suggest(question=pair[1], other=pair[0], person=person, kind="variant", difference="older")
        said = words(pairs(editor))
        assert "Suggested by a reader" in said
        assert "the same in another situation: older" in said
        assert "somebody@" not in said
        assert "Some Body" not in said

    def test_from_the_list_to_the_page_that_says_what_happens_and_back(
        self, editor: Client, pair: tuple[Question, Question]
    ) -> None:
        actions.suggest_found(question=pair[1].pk, others={pair[0].pk: 0.9})
        form = page(pairs(editor)).xpath("//form[.//button[starts-with(normalize-space(), 'They ask the same')]]")[0]
        fields = {one.get("name"): one.get("value") for one in form.xpath(".//input[@name]")}
        told = editor.post(form.get("action"), fields)
        assert "Join two questions?" in words(told)
        form = page(told).xpath("//main//form")[0]
        fields = {one.get("name"): one.get("value") for one in form.xpath(".//input[@name]")}
        done = editor.post(form.get("action"), fields | {"act": "do"})
        assert done["Location"] == "/editor/duplicates/"
        assert "No pair of questions waits" in words(pairs(editor))

    def test_to_a_form_with_the_words_of_the_suggestion(self, editor: Client, pair: tuple[Question, Question]) -> None:
        actions.suggest(question=pair[1], other=pair[0], person=make_person(), kind="variant", difference="older than sixty")
        (address,) = [href for href in links(pairs(editor)) if "kind=variant" in href]
        shown = editor.get(address)
        assert "older than sixty" in words(shown, "//textarea[@name='difference']")
        assert page(shown).xpath("//input[@name='kind' and @checked]/@value") == ["variant"]

    def test_they_differ_is_said_once(self, editor: Client, pair: tuple[Question, Question]) -> None:
        actions.suggest_found(question=pair[1].pk, others={pair[0].pk: 0.9})
        number = Suggestion.objects.get().pk
        assert "these two differ" in words(editor.post("/editor/duplicates/", {"pair": number}, follow=True), "//body")
        assert Suggestion.objects.get().state == "declined"
        assert "decided already" in words(editor.post("/editor/duplicates/", {"pair": number}, follow=True), "//body")
        for wrong in ("", "x", "0", "9" * 30):
            assert editor.post("/editor/duplicates/", {"pair": wrong}).status_code == 404

    def test_a_pair_of_which_one_can_be_read_no_more_does_not_wait(self, editor: Client, pair: tuple[Question, Question]) -> None:
        actions.suggest_found(question=pair[1].pk, others={pair[0].pk: 0.9})
        make_merge(pair[0], make_question())
        assert "No pair of questions waits" in words(pairs(editor))

    @pytest.mark.parametrize("pair_named", ["9" * 5000, "9" * 30, "\u0663", "-1", ""])
    def test_what_names_no_pair_is_not_found(self, editor: Client, pair_named: str) -> None:
        assert editor.post("/editor/duplicates/", {"pair": pair_named}).status_code == 404

    def test_the_queries_do_not_grow(self, editor: Client, django_assert_num_queries: Any) -> None:
        found = []
        for n in (1, 9):
            for _ in range(n):
                actions.suggest_found(question=make_question().pk, others={make_question().pk: 0.9})
            with django_assert_num_queries(6):  # session, person, roles, profile, the pairs, their bars
                found.append(len(page(pairs(editor)).xpath("//article")))
        assert found == [1, 10]


class TestMerges:
    def test_the_latest_first_and_until_when(self, editor: Client) -> None:
        merges = [make_merge(make_question(), make_question()) for _ in range(3)]
        Merge.objects.filter(pk=merges[0].pk).update(at=timezone.now() - timedelta(days=91))
        actions.unmerge(person=make_person(roles=("editor",)), merge=merges[1])
        shown = editor.get("/editor/merges/")
        titles = [text.strip() for text in page(shown).xpath("//article/h3//text()") if text.strip()]
        assert titles == [merges[n].question.title for n in (2, 1, 0)]
        assert [href for href in links(shown) if href.endswith("/undo/")] == [f"/editor/merges/{merges[2].pk}/undo/"]
        said = words(shown)
        for text in ("Can be undone until", "Undone", "Can be undone no more"):
            assert text in said

    def test_two_questions_again_after_a_page_that_says_so(self, editor: Client, pair: tuple[Question, Question]) -> None:
        answer = make_answer(pair[0])
        merge = make_merge(*pair)
        address = f"/editor/merges/{merge.pk}/undo/"
        assert "1 answer goes back" in words(editor.get(address))
        assert "in another situation that went along stay with the other page" in words(editor.get(address))
        pair[0].refresh_from_db()
        done = editor.post(address)
        answer.refresh_from_db()
        assert answer.question == pair[0]
        assert done["Location"] == Question.objects.get(pk=pair[0].pk).get_absolute_url()
        again = editor.post(address)
        assert again.status_code == 403
        assert "joined" in words(again, "//*[@role='alert']")
        assert "two again already" in words(editor.get(address))

    def test_too_late_is_said_in_words(self, editor: Client, pair: tuple[Question, Question]) -> None:
        merge = make_merge(*pair)
        Merge.objects.update(at=timezone.now() - timedelta(days=90))
        address = f"/editor/merges/{merge.pk}/undo/"
        assert "more than 90 days ago" in words(editor.get(address))
        assert "more than 90 days ago" in words(editor.post(address), "//*[@role='alert']")

    def test_what_was_joined_further_is_undone_from_the_end(self, editor: Client, pair: tuple[Question, Question]) -> None:
        merge = make_merge(*pair)
        make_merge(pair[1], make_question())
        shown = editor.post(f"/editor/merges/{merge.pk}/undo/")
        assert "Undo that first." in words(shown, "//*[@role='alert']")
