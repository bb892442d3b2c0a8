"""Saying that two questions ask the same: editors read what happens before it does, everybody else suggests it."""

from typing import Any

import pytest
from django.test import Client

from consilium.questions import actions
from consilium.questions.models import Merge, Question, SeenAnswers, Suggestion
from consilium.search import reading
from consilium.search.state import State
from tests.factories import (
    make_answer,
    make_coding,
    make_imported_answer,
    make_merge,
    make_person,
    make_question,
    make_source,
    make_stance,
    make_statement,
    make_verified,
)
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> tuple[Question, Question]:
    """The older one is the second."""
    older = make_question("May I have it safely?")
    return make_question("Is it safe for me?"), older


@pytest.fixture
def editor() -> Client:
    return signed_in(make_person(roles=("editor",)))


def send(client: Client, question: Question, other: object, kind: str = "duplicate", **more: str) -> Any:
    return client.post(f"/q/{question.pk}/same/", {"other": str(other), "kind": kind} | more)


def pressed(client: Client, response: Any, button: str) -> Any:
    """Press a button of the page that says what will happen, with all that its form holds."""
    form = page(response).xpath("//main//form[.//button[@name='act' and @value='do']]")[0]
    (chosen,) = form.xpath(f".//button[normalize-space()='{button}']")
    fields = {one.get("name"): one.get("value") for one in form.xpath(".//input[@name]")}
    return client.post(form.get("action"), fields | {chosen.get("name"): chosen.get("value")})


class TestNaming:
    @pytest.mark.parametrize(
        "typed", ["{n}", "#{n}", "/q/{n}/", "/q/{n}/some-words/", "http://testserver/q/{n}/", "TestServer/q/{n}/?x#a1"]
    )
    def test_by_number_or_address(self, editor: Client, pair: tuple[Question, Question], typed: str) -> None:
        shown = send(editor, pair[0], typed.format(n=pair[1].pk))
        assert shown.status_code == 200
        assert "Join two questions?" in words(shown)
        assert not Merge.objects.exists()

    @pytest.mark.parametrize(
        ("typed", "why"),
        [
            ("", "Enter the address or the number of the other question"),
            ("the one about lasers", "Enter an address such as /q/12/, or a number such as 12"),
            ("999999", "There is no question 999999 here"),
            ("9" * 30, "Enter an address such as"),
            ("https://elsewhere.example/q/1/", "That address is on another site"),
            ("http://[/q/1/", "That address is on another site"),
            ("[/q/1/", "That address is on another site"),
            ("http://a\u2100b/q/1/", "That address is on another site"),
            ("{self}", "That is this question itself"),
            ("{hidden}", "or it was taken back"),
            ("x" * 501, "Shorten it to 500 characters"),
        ],
    )
    def test_what_names_no_other_question_is_refused_and_kept(
        self, editor: Client, pair: tuple[Question, Question], typed: str, why: str
    ) -> None:
        hidden = make_question(state="withdrawn")
        text = typed.replace("{self}", str(pair[0].pk)).replace("{hidden}", str(hidden.pk))
        shown = send(editor, pair[0], text)
        assert shown.status_code == 422
        assert why in words(shown, "//*[@role='alert']")
        assert (page(shown).xpath("//textarea[@name='other']")[0].text or "").strip() == text

    def test_a_duplicate_stands_for_what_it_was_joined_to(self, editor: Client, pair: tuple[Question, Question]) -> None:
        third = make_question("A third?")
        make_merge(pair[1], third)
        assert "A third?" in words(send(editor, pair[0], pair[1].pk))

    def test_nothing_is_chosen_for_anybody(self, editor: Client, pair: tuple[Question, Question]) -> None:
        for client in (editor, signed_in(make_person())):
            chosen = [
                page(client.get(f"/q/{pair[0].pk}/same/{asked}")).xpath("//input[@name='kind' and @checked]/@value")
                for asked in ("", f"?other={pair[1].pk}", "?kind=variant", "?kind=%00")
            ]
            assert chosen == [[], [], ["variant"], []]

    def test_a_situation_needs_words(self, editor: Client, pair: tuple[Question, Question]) -> None:
        shown = send(editor, pair[0], pair[1].pk, "variant")
        assert shown.status_code == 422
        assert "Say how the situation differs" in words(shown, "//*[@role='alert']")

    def test_questions_with_such_a_title_are_offered(
        self, editor: Client, pair: tuple[Question, Question], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = [reading.Candidate(one.pk, 0.9) for one in pair]
        monkeypatch.setattr(reading, "alike", lambda title, *, viewer, limit: (found, State()))
        shown = editor.get(f"/q/{pair[0].pk}/same/")
        assert "May I have it safely? (0 answers)" in words(shown)
        assert page(shown).xpath("//input[@name='pick']/@value") == [str(pair[1].pk)]
        picked = editor.post(f"/q/{pair[0].pk}/same/", {"other": "", "pick": str(pair[1].pk), "kind": "duplicate"})
        assert "Join two questions?" in words(picked)
        wrong = editor.post(f"/q/{pair[0].pk}/same/", {"other": "", "pick": "12345", "kind": "duplicate"})
        assert "Choose a question from the list" in words(wrong, "//*[@role='alert']")


class TestJoining:
    def test_the_page_says_that_no_stance_moves_to_another_situation(self, editor: Client) -> None:
        canonical = make_question("May I have it?")
        question = make_question("May I have it now?", variant_of=canonical, difference="I am pregnant.")
        make_statement(canonical)
        make_stance(make_statement(question))
        said = words(editor.post(f"/q/{question.pk}/same/", {"other": canonical.pk, "kind": "duplicate", "stays": canonical.pk}))
        assert "The situations differ, so no stance moves" in said
        assert "May I have it now?: I am pregnant. May I have it?: no special situation named" in said
        assert "Nobody’s stance on it moves. 1 stance stays behind and counts no more." in said

    def test_the_page_says_what_happens_and_then_it_does(self, editor: Client, pair: tuple[Question, Question]) -> None:
        question, canonical = pair
        both = make_verified("Bo Both")
        make_answer(canonical, doctor=both)
        make_answer(canonical)
        make_answer(question, doctor=both)
        moving = make_answer(question, headline="It moves")
        same, other = make_statement(question, "It is safe."), make_statement(question, "It lasts.", kind="fact")
        make_statement(canonical, "it is  SAFE.")
        for statement in (same, other):
            make_stance(statement, doctor=moving.doctor, answer=moving)
        actions.follow(person=make_person(), question=question)
        told = send(editor, question, canonical.pk)
        said = words(told)
        assert "1 answer moves along:" in said
        assert "It moves" in said
        assert "1 answer stays with the words it answers, because its doctor has answered on the other page: Bo Both" in said
        assert "It is safe. It stands with the same words on the other page. 1 stance moves." in said
        assert "The other page has no statement with these words" in said
        assert "1 stance stays behind and counts no more." in said
        assert "1 doctor whose stance stays behind is told" in said
        assert "2 more people follow the page that stays." in said
        assert "then the answers, stances and readings that moved go back, each as far as" in said
        assert "in another situation" not in said, "nothing of what is not there"
        assert "situation named" not in said
        done = pressed(editor, told, "Join them")
        assert done["Location"] == canonical.get_absolute_url()
        assert "This can be undone until" in words(editor.get(done["Location"]), "//body")
        moving.refresh_from_db()
        question.refresh_from_db()
        assert (moving.question, question.merged_into) == (canonical, canonical)

    def test_an_editor_who_is_a_doctor_has_read_the_answers_it_names(self, pair: tuple[Question, Question]) -> None:
        person = make_person(roles=("editor",))
        doctor = make_verified(person=person)
        for question in pair:
            make_answer(question, headline=f"Never {question.pk}")
            make_statement(question)
        client = signed_in(person)
        send(client, *pair[:1], pair[1].pk, "variant", difference="older")
        assert not SeenAnswers.objects.exists(), "nothing is told of answers there"
        assert f"Never {pair[0].pk}" in words(send(client, pair[0], pair[1].pk))
        assert set(SeenAnswers.objects.filter(doctor=doctor).values_list("question", flat=True)) == {one.pk for one in pair}

    def test_the_page_with_more_answers_stays_then_the_older(self, editor: Client, pair: tuple[Question, Question]) -> None:
        told = send(editor, pair[1], pair[0].pk)
        assert words(told, "//main//dl/dd[1]").startswith("May I have it safely?")
        make_answer(pair[0])
        told = send(editor, pair[1], pair[0].pk)
        assert words(told, "//main//dl/dd[1]").startswith("Is it safe for me?")

    def test_or_the_other_one_if_the_editor_says_so(self, editor: Client, pair: tuple[Question, Question]) -> None:
        swapped = pressed(editor, send(editor, *pair[:1], pair[1].pk), "Let the other page stay")
        assert words(swapped, "//main//dl/dd[1]").startswith("Is it safe for me?")
        pressed(editor, swapped, "Join them")
        pair[1].refresh_from_db()
        assert pair[1].merged_into == pair[0]

    @pytest.mark.parametrize("which", ["swap", "stays"])
    def test_a_number_of_any_length_names_no_question(self, editor: Client, pair: tuple[Question, Question], which: str) -> None:
        shown = send(editor, pair[0], pair[1].pk, **{which: "9" * 5000})
        assert shown.status_code == (200 if which == "swap" else 422)

    def test_what_was_typed_can_be_changed(self, editor: Client, pair: tuple[Question, Question]) -> None:
        back = pressed(editor, send(editor, pair[0], f"/q/{pair[1].pk}/"), "Change")
        assert (page(back).xpath("//textarea[@name='other']")[0].text or "").strip() == str(pair[1].pk)
        assert page(back).xpath("//input[@name='kind' and @checked]/@value") == ["duplicate"]

    def test_if_something_has_changed_it_is_told_again_first(self, editor: Client, pair: tuple[Question, Question]) -> None:
        told = send(editor, pair[0], pair[1].pk)
        make_answer(pair[0])
        again = pressed(editor, told, "Join them")
        assert again.status_code == 409
        assert "Something has changed since this page was made." in words(again, "//*[@role='alert']")
        assert "1 answer moves along" in words(again, "//main")
        assert not Merge.objects.exists()
        pressed(editor, again, "Join them")
        assert Merge.objects.exists()

    def test_what_the_domain_refuses_is_said_in_words(self, editor: Client, pair: tuple[Question, Question]) -> None:
        told = send(editor, pair[0], pair[1].pk)
        Question.objects.filter(pk=pair[1].pk).update(state="withdrawn")
        shown = pressed(editor, told, "Join them")
        assert shown.status_code == 422
        assert "or it was taken back" in words(shown, "//*[@role='alert']")

    def test_readings_of_copies_and_situations_are_told_of(self, editor: Client, pair: tuple[Question, Question]) -> None:
        question = make_question("Copied?", source=make_source())
        answer = make_imported_answer(question)
        make_statement(pair[1])
        make_coding(answer, make_statement(question), "yes", "ada")
        make_question(variant_of=question, difference="Older.")
        said = words(send(editor, question, pair[1].pk, stays=str(pair[1].pk)))
        assert "1 reading of copied answers moves." in said
        assert "1 question that asks it in another situation goes along." in said
        assert "Questions in another situation do not: they stay with the page that stays." in said

    def test_the_queries_do_not_grow_with_the_answers(
        self, editor: Client, pair: tuple[Question, Question], django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(8):
            doctor = make_verified()
            make_answer(pair[1], doctor=doctor)
            make_answer(pair[0], doctor=doctor)
            make_stance(make_statement(pair[0]) if not pair[0].statements.exists() else pair[0].statements.get())
        with django_assert_max_num_queries(25):
            send(editor, pair[0], pair[1].pk)


class TestSituations:
    def test_a_variant_is_made_after_a_page_that_says_so(self, editor: Client, pair: tuple[Question, Question]) -> None:
        told = send(editor, pair[0], pair[1].pk, "variant", difference="during pregnancy")
        assert "Both pages stay" in words(told)
        assert "during pregnancy" in words(told)
        assert pressed(editor, told, "Let them name each other")["Location"] == pair[0].get_absolute_url()
        pair[0].refresh_from_db()
        assert (pair[0].variant_of, pair[0].difference) == (pair[1], "during pregnancy")

    def test_and_is_one_no_more(self, editor: Client, pair: tuple[Question, Question]) -> None:
        actions.make_variant(person=make_person(roles=("editor",)), question=pair[0], canonical=pair[1], difference="older")
        assert "The difference: older" in words(editor.get(f"/q/{pair[0].pk}/same/"))
        assert editor.post(f"/q/{pair[0].pk}/same/", {"act": "end"})["Location"] == pair[0].get_absolute_url()
        pair[0].refresh_from_db()
        assert pair[0].variant_of is None
        again = editor.post(f"/q/{pair[0].pk}/same/", {"act": "end"}, follow=True)
        assert "not a variant of another one" in words(again, "//body")

    def test_the_question_that_leads_is_refused_in_words(self, editor: Client, pair: tuple[Question, Question]) -> None:
        actions.make_variant(person=make_person(roles=("editor",)), question=pair[0], canonical=pair[1], difference="older")
        shown = pressed(editor, send(editor, pair[1], pair[0].pk, "variant", difference="younger"), "Let them name each other")
        assert shown.status_code == 422
        assert "a variant of this one already" in words(shown, "//*[@role='alert']")
        assert "younger" in words(shown, "//textarea[@name='difference']")


class TestSuggesting:
    def test_everybody_signed_in_tells_the_editors(self, pair: tuple[Question, Question]) -> None:
        client = signed_in(make_person())
        assert f"/q/{pair[0].pk}/same/" in links(client.get(pair[0].get_absolute_url()))
        done = send(client, pair[0], pair[1].pk, "variant", difference="older")
        assert "An editor will compare the two questions." in words(client.get(done["Location"]), "//body")
        made = Suggestion.objects.get()
        assert (made.kind, made.difference, made.state) == ("variant", "older", "suggested")
        again = send(client, pair[1], pair[0].pk)
        assert "have been told of these two questions before" in words(client.get(again["Location"]), "//body")
        actions.decline(person=make_person(roles=("editor",)), suggestion=made)
        last = send(client, pair[1], pair[0].pk)
        assert "compared these two questions already" in words(client.get(last["Location"]), "//body")
        assert Suggestion.objects.count() == 1

    def test_and_changes_nothing_else(self, pair: tuple[Question, Question]) -> None:
        client = signed_in(make_person())
        for act in ("do", "end"):
            client.post(f"/q/{pair[0].pk}/same/", {"other": str(pair[1].pk), "kind": "duplicate", "act": act})
        assert not Merge.objects.exists()

    def test_what_a_reader_wrote_is_for_editors_and_while_both_are_visible(
        self, editor: Client, pair: tuple[Question, Question]
    ) -> None:
        actions.suggest(question=pair[0], other=pair[1], person=make_person(), kind="variant", difference="like Anna")
        address = f"/q/{pair[0].pk}/same/?other={pair[1].pk}"
        assert "like Anna" not in words(signed_in(make_person()).get(address), "//body")
        shown = editor.get(address)
        assert "like Anna" in words(shown, "//textarea[@name='difference']")
        assert page(shown).xpath("//input[@name='kind' and @checked]/@value") == ["variant"]
        Question.objects.filter(pk=pair[1].pk).update(state="withdrawn")
        assert "like Anna" not in words(editor.get(address), "//body")

    def test_ten_a_day_and_the_text_stays(self, pair: tuple[Question, Question]) -> None:
        person = make_person()
        for _ in range(10):
            actions.suggest(question=pair[0], other=make_question(), person=person)
        shown = send(signed_in(person), pair[0], pair[1].pk)
        assert shown.status_code == 422
        assert "ten suggestions today" in words(shown, "//*[@role='alert']")
        assert str(pair[1].pk) in words(shown, "//textarea[@name='other']")

    def test_what_a_visitor_typed_waits_until_they_have_signed_in(self, client: Client, pair: tuple[Question, Question]) -> None:
        assert f"/q/{pair[0].pk}/same/" not in links(client.get(pair[0].get_absolute_url()))
        assert send(client, pair[0], "12 or so")["Location"] == f"/accounts/login/?next=/q/{pair[0].pk}/same/"
        client.force_login(make_person())
        assert "12 or so" in words(client.get(f"/q/{pair[0].pk}/same/"), "//textarea[@name='other']")

    def test_editors_have_another_link(self, editor: Client, pair: tuple[Question, Question]) -> None:
        said = words(editor.get(pair[0].get_absolute_url()))
        assert "Same as another question?" in said
        assert "was asked before" not in said
