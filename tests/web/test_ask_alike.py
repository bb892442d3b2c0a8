"""Before a question is published: the ones that ask the same, and what the asker says of them."""

from typing import Any

import pytest
from django.test import Client

from consilium.questions import actions
from consilium.questions.models import Question
from consilium.search import opening
from consilium.search.following import Follower
from tests.factories import make_answer, make_person, make_question, make_stance, make_statement, make_topic, make_verified
from tests.search.conftest import _own_node as _own_node  # noqa: PLC0414  # a fixture
from tests.search.conftest import catch_up
from tests.search.conftest import follower as follower  # noqa: PLC0414  # a fixture
from tests.web.pages import page, signed_in, words

pytestmark = pytest.mark.django_db
TITLE = "May I have botulinum toxin with multiple sclerosis?"
LIKE = "May I have botulinum toxin when I have multiple sclerosis?"
WHOLE = {"title": LIKE, "body": "Since *May*.", "language": "en", "consent": "on"}


@pytest.fixture
def asked(follower: Follower) -> Question:
    """A question with a panel, in the index."""
    question = make_question(TITLE, topics=(make_topic("Botulinum toxin", kind="treatment"),))
    statement = make_statement(question, "Botulinum toxin is acceptable with multiple sclerosis")
    for value in ("yes", "no"):
        make_stance(statement, value)
    make_answer(question)
    catch_up(follower)
    return question


@pytest.fixture
def client() -> Client:
    return signed_in(make_person())


def choice(client: Client, **fields: Any) -> Any:
    return client.post("/ask/", {**WHOLE, "offered": "1", **fields})


def shown(response: Any) -> str:
    return words(response, "//*[@id='alike']")


def problems(response: Any) -> str:
    return words(response, "//*[@role='alert']")


class TestWhileTyping:
    def part(self, client: Client, title: str) -> Any:
        return client.get("/ask/alike/", {"title": title}, headers={"hx-request": "true"})

    def test_each_candidate_comes_with_where_the_doctors_stand(self, client: Client, asked: Question) -> None:
        response = self.part(client, LIKE)
        said = words(response, "//section")
        assert TITLE in said
        assert "1 doctor answer" in said
        assert "On the statement:" in said
        assert page(response).xpath("//*[@data-stance]")
        assert response["Cache-Control"] == "private, no-store"

    def test_only_how_many_there_are_is_read_out(self, client: Client, asked: Question) -> None:
        assert page(client.get("/ask/")).xpath("//div[@id='alike']/@aria-live") == ["polite"]
        response = self.part(client, LIKE)
        assert page(response).xpath("//section/@aria-live") == ["off"]
        assert words(response, "//p[@class='vh']").startswith("1 question may ask the same.")

    @pytest.mark.parametrize(
        "title", ["", "May I?", "\x00\x00\x00\x00\x00\x00\x00\x00\x00", "?" * 5000, "Do bees sleep in multiple layers in winter?"]
    )
    def test_a_title_unlike_all_others_shows_nothing(self, client: Client, asked: Question, title: str) -> None:
        response = self.part(client, title)
        assert (response.status_code, response.content.strip()) == (200, b"")

    def test_signed_out_or_without_the_script_it_is_no_page(self, client: Client, asked: Question) -> None:
        assert self.part(Client(), LIKE).status_code == 204
        response = client.get("/ask/alike/", {"title": "May I?"})
        assert (response.status_code, response["Location"]) == (302, "/ask/?title=May+I%3F")

    def test_a_question_that_is_hidden_is_gone_from_that_moment(self, client: Client, asked: Question) -> None:
        Question.objects.update(state="withdrawn")
        assert not self.part(client, LIKE).content.strip()

    def test_a_doctor_sees_no_stance_before_taking_one(self, asked: Question) -> None:
        doctor = make_verified()
        assert doctor.person is not None
        response = self.part(signed_in(doctor.person), LIKE)
        assert TITLE in words(response, "//section")
        assert not page(response).xpath("//*[@data-stance]")


class TestWithoutScripts:
    def test_a_title_that_is_brought_shows_them_at_once(self, client: Client, asked: Question) -> None:
        assert TITLE in shown(client.get("/ask/", {"title": LIKE}))

    def test_a_question_like_another_is_not_published_before_a_choice(self, client: Client, asked: Question) -> None:
        response = client.post("/ask/", WHOLE)
        assert response.status_code == 422
        assert Question.objects.count() == 1
        assert TITLE in shown(response)
        assert "Nothing is published yet." in shown(response)
        assert not page(response).xpath("//*[@role='alert']"), "no mistake was made"
        assert not page(response).xpath("//input[@type='radio'][@checked]")
        assert page(response).xpath("//textarea[@name='body']")[0].text.strip() == WHOLE["body"]
        assert page(response).xpath("//*[@name='consent']/@checked")

    def test_going_on_without_a_choice_is_told_as_a_mistake(self, client: Client, asked: Question) -> None:
        response = choice(client)
        assert response.status_code == 422
        assert "Choose what should happen with your question" in problems(response)
        target = page(response).xpath("//*[@role='alert']//a/@href")[0]
        assert page(response).xpath(f"//input[@id='{target[1:]}'][@type='radio']")

    def test_this_answers_me(self, client: Client, asked: Question) -> None:
        response = client.post("/ask/", {"offered": "1", "choice": "answered", "same_as": asked.pk, "title": ""}, follow=True)
        assert response.redirect_chain == [(asked.get_absolute_url(), 302)]
        assert "You follow this question" in words(response, "//*[@role='status']")
        assert (Question.objects.count(), asked.followers.count()) == (1, 2)

    def test_this_answers_me_at_once_with_its_button(self, client: Client, asked: Question) -> None:
        response = client.post("/ask/", {**WHOLE, "answered": asked.pk})
        assert response["Location"] == asked.get_absolute_url()
        assert (Question.objects.count(), asked.followers.count()) == (1, 2)

    def test_none_of_these_publishes(self, client: Client, asked: Question) -> None:
        assert choice(client, choice="new").status_code == 302
        assert Question.objects.filter(title=LIKE, variant_of=None).exists()

    def test_the_choice_stays_when_another_field_is_wrong(self, client: Client, asked: Question) -> None:
        sent = {"choice": "variant", "same_as": asked.pk, "difference": "I am pregnant."}
        response = choice(client, **sent, consent="")
        assert response.status_code == 422
        checked = page(response).xpath("//input[@type='radio'][@checked]")
        assert {(one.get("name"), one.get("value")) for one in checked} == {("choice", "variant"), ("same_as", str(asked.pk))}
        assert page(response).xpath("//textarea[@name='difference']")[0].text.strip() == "I am pregnant."
        response = client.post("/ask/", {**WHOLE, "offered": "1", **sent})
        assert Question.objects.get(pk=asked.pk + 1).variant_of == asked

    def test_my_situation_differs(self, client: Client, asked: Question) -> None:
        response = choice(client, choice="variant", same_as=asked.pk, difference="I am <b>pregnant</b>.", follow=True)
        made = Question.objects.get(title=LIKE)
        assert response["Location"] == made.get_absolute_url()
        assert (made.variant_of, made.difference) == (asked, "I am <b>pregnant</b>.")
        assert made.statements.get().text == asked.statements.get().text
        assert made.topics.get() == asked.topics.get(), "no other was chosen"

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"choice": "variant", "difference": "Older."}, "Choose which question is like yours"),
            ({"choice": "variant", "same_as": "{pk}"}, "Enter how your situation differs"),
            ({"choice": "variant", "same_as": "{pk}", "difference": "x" * 301}, "It has 301 now."),
            ({"choice": "answered"}, "Choose which question is like yours"),
            ({"choice": "other"}, "Choose one of the three"),
        ],
    )
    def test_what_is_missing_is_said_beside_its_field(
        self, client: Client, asked: Question, sent: dict[str, str], said: str
    ) -> None:
        response = choice(client, **{name: value.format(pk=asked.pk) for name, value in sent.items()})
        assert response.status_code == 422
        assert said in problems(response)
        for target in page(response).xpath("//*[@role='alert']//a/@href"):
            assert page(response).xpath(f"//*[@id='{target[1:]}']"), target
        assert Question.objects.count() == 1

    def test_reading_one_first_keeps_what_was_typed(self, client: Client, asked: Question) -> None:
        response = client.post("/ask/", {**WHOLE, "read": asked.pk}, follow=True)
        assert response.redirect_chain == [(asked.get_absolute_url(), 302)]
        assert "What you typed is kept" in words(response, "//*[@role='status']")
        assert page(client.get("/ask/")).xpath("//textarea[@name='body']")[0].text.strip() == WHOLE["body"]
        assert asked.followers.count() == 1
        long = client.post("/ask/", {**WHOLE, "body": "x" * 40_000, "read": asked.pk})
        assert "Shorten the details" in problems(long), "too long to be kept"

    def test_preview_and_suggested_statements_ask_for_no_choice(self, client: Client, asked: Question) -> None:
        seen = client.post("/ask/", {**WHOLE, "preview": "1"})
        assert seen.status_code == 200
        assert TITLE in shown(seen)
        more = choice(client, more="statements", choice="variant", same_as=asked.pk, difference="I am pregnant.")
        assert len(page(more).xpath("//*[@id='alike']//input[@checked]")) == 2
        assert page(more).xpath("//textarea[@name='difference']")[0].text.strip() == "I am pregnant."
        assert Question.objects.count() == 1


class TestMeanwhile:
    def test_the_chosen_question_vanished(self, client: Client, asked: Question) -> None:
        Question.objects.update(state="withdrawn")
        for said in ("variant", "answered"):
            response = choice(client, choice=said, same_as=asked.pk, difference="I am pregnant.")
            assert response.status_code == 422
            assert "The question you chose cannot be read any more." in problems(response)
            assert page(response).xpath("//textarea[@name='difference']")[0].text.strip() == "I am pregnant."
            assert page(response).xpath("//textarea[@name='body']")[0].text.strip() == WHOLE["body"]
        assert choice(client, choice="new").status_code == 302

    @pytest.mark.parametrize("number", ["x", "9" * 40, "0", "-1", "٣"])
    def test_a_number_that_no_page_offered(self, client: Client, asked: Question, number: str) -> None:
        assert "cannot be read any more" in problems(choice(client, choice="answered", same_as=number))

    def test_the_chosen_question_was_joined_with_another(self, client: Client, asked: Question) -> None:
        other = make_question("The one that stays?")
        actions.merge(person=make_person(roles=("editor",)), question=asked, canonical=other)
        choice(client, choice="variant", same_as=asked.pk, difference="I am pregnant.")
        assert Question.objects.get(title=LIKE).variant_of == other

    def test_a_double_click_after_the_index_has_seen_the_first(self, client: Client, follower: Follower) -> None:
        once = page(client.get("/ask/")).xpath("//input[@name='once']/@value")[0]
        first = client.post("/ask/", {**WHOLE, "once": once})
        catch_up(follower)
        assert client.post("/ask/", {**WHOLE, "once": once})["Location"] == first["Location"]
        assert Question.objects.count() == 1

    def test_without_an_index_asking_goes_on_as_before(self, client: Client) -> None:
        make_question(TITLE)
        response = client.get("/ask/", {"title": LIKE})
        assert not shown(response)
        assert client.post("/ask/", WHOLE).status_code == 302

    def test_a_broken_index_hinders_nobody(self, client: Client, asked: Question, settings: Any) -> None:
        for path in (settings.DATA / "search").rglob("*"):
            if path.is_file():
                path.write_bytes(b"\x00broken")
        opening.forget()
        assert client.get("/ask/", {"title": LIKE}).status_code == 200
        assert client.post("/ask/", WHOLE).status_code in {302, 422}
