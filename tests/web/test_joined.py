"""The addresses of a question that was joined to another one lead to that one, until it is undone."""

from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from consilium.questions import actions, joined
from consilium.questions.models import Answer, Follow, Question
from tests.factories import make_answer, make_doctor, make_merge, make_person, make_question, make_statement, make_verified
from tests.web.pages import page, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> tuple[Question, Question]:
    return make_question("Is it safe for me?"), make_question("May I have it safely?")


def leads(client: Client, path: str, **more: Any) -> str:
    response = client.get(path, **more)
    assert response.status_code == 301, path
    return str(response["Location"])


@pytest.mark.parametrize("rest", ["", "is-it-safe-for-me/", "other-words/"])
def test_with_any_words_or_none(client: Client, pair: tuple[Question, Question], rest: str) -> None:
    make_merge(*pair)
    assert leads(client, f"/q/{pair[0].pk}/{rest}?sort=newest") == f"{pair[1].get_absolute_url()}?sort=newest"
    assert client.head(f"/q/{pair[0].pk}/{rest}").status_code == 301


@pytest.mark.parametrize("rest", ["feed.atom", "sheet/", "stances/"])
def test_its_other_public_pages_lead_to_the_same_page_there(client: Client, pair: tuple[Question, Question], rest: str) -> None:
    make_merge(*pair)
    assert leads(client, f"/q/{pair[0].pk}/{rest}") == f"/q/{pair[1].pk}/{rest}"


def test_nobody_keeps_the_way_there_without_asking(client: Client, pair: tuple[Question, Question]) -> None:
    make_merge(*pair)
    assert client.get(f"/q/{pair[0].pk}/")["Cache-Control"] == "private, no-cache"
    assert signed_in(make_person()).get(f"/q/{pair[0].pk}/")["Cache-Control"] == "private, no-store"


def test_a_kept_copy_is_never_confirmed_across_a_merge(client: Client, pair: tuple[Question, Question]) -> None:
    address = pair[0].get_absolute_url()
    tag = client.get(address)["ETag"]
    merge = make_merge(*pair)
    response = client.get(address, headers={"If-None-Match": tag})
    assert (response.status_code, response.has_header("ETag")) == (301, False)
    actions.unmerge(person=make_person(roles=("editor",)), merge=merge)
    again = client.get(address, headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert client.get(address, headers={"If-None-Match": again["ETag"]}).status_code == 304


def test_undone_the_old_address_works_again(client: Client, pair: tuple[Question, Question]) -> None:
    merge = make_merge(*pair)
    assert client.get(f"/q/{pair[0].pk}/original/").status_code == 200
    actions.unmerge(person=make_person(roles=("editor",)), merge=merge)
    pair[0].refresh_from_db()
    assert client.get(pair[0].get_absolute_url()).status_code == 200
    assert client.get(f"/q/{pair[0].pk}/original/")["Location"] == pair[0].get_absolute_url()


class TestChains:
    def chain(self, length: int) -> list[Question]:
        found = [make_question() for _ in range(length + 1)]
        for question, canonical in pairwise(found):
            make_merge(question, canonical)
        return found

    def test_are_followed_to_their_end(self, client: Client) -> None:
        first, *_rest, last = self.chain(3)
        assert leads(client, f"/q/{first.pk}/") == last.get_absolute_url()
        assert joined.ends([first], first.asked_by or make_person()) == {first.pk: last}

    def test_in_bounded_steps_and_the_rest_by_the_next_address(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(joined, "STEPS", 2)
        found = self.chain(5)
        assert leads(client, f"/q/{found[0].pk}/") == f"/q/{found[2].pk}/"
        response = client.get(f"/q/{found[0].pk}/", follow=True)
        assert [status for _url, status in response.redirect_chain] == [301, 301, 301]
        assert response.redirect_chain[-1][0] == found[5].get_absolute_url()
        assert joined.ends(found[:1], make_person())[found[0].pk] in found[1:4]

    def test_that_end_at_what_nobody_may_read_end_in_a_missing_page(self, client: Client) -> None:
        first, second, last = self.chain(2)
        Question.objects.filter(pk=last.pk).update(state="withdrawn")
        for path in ("", "feed.atom", "sheet/"):
            assert client.get(f"/q/{first.pk}/{path}").status_code == 404
        assert client.get(f"/q/{first.pk}/original/").status_code == 200
        assert "can be read no more" in words(client.get(f"/q/{second.pk}/original/"))
        assert joined.ends([first], make_person()) == {}

    def test_a_number_that_no_question_can_have(self, client: Client) -> None:
        for path in ("", "original/", "same/", "feed.atom"):
            assert signed_in(make_person()).get(f"/q/{2**63}/{path}").status_code == 404


class TestForms:
    def test_an_answer_being_written_goes_along(self, pair: tuple[Question, Question]) -> None:
        doctor = make_doctor(person=make_person())
        assert doctor.person is not None
        client = signed_in(doctor.person)
        make_merge(*pair)
        typed = {"headline": "In short: yes", "body": "Many careful words.", "language": "en"}
        response = client.post(f"/q/{pair[0].pk}/answer/", typed, follow=True)
        assert response.redirect_chain[-1][0] == f"/q/{pair[1].pk}/answer/"
        assert "Many careful words." in page(response).xpath("//textarea[@name='body']")[0].text
        assert "joined with another one meanwhile" in words(response, "//body")
        assert not Answer.objects.exists()

    def test_what_a_visitor_typed_waits_for_the_new_page(self, pair: tuple[Question, Question]) -> None:
        doctor = make_doctor(person=make_person())
        assert doctor.person is not None
        client = Client()
        client.post(f"/q/{pair[0].pk}/answer/", {"headline": "Yes", "body": "Kept words.", "language": "en"})
        make_merge(*pair)
        client.force_login(doctor.person)
        response = client.get(f"/q/{pair[0].pk}/answer/", follow=True)
        assert "Kept words." in page(response).xpath("//textarea[@name='body']")[0].text

    def test_a_press_of_follow_changes_nothing_and_leads_on(self, pair: tuple[Question, Question]) -> None:
        person = make_person()
        make_merge(*pair)
        response = signed_in(person).post(f"/q/{pair[0].pk}/follow/", {"on": "1"}, follow=True)
        assert response.redirect_chain == [(pair[1].get_absolute_url(), 302)]
        assert "Nothing has been changed." in words(response, "//body")
        assert not Follow.objects.filter(person=person).exists()

    def test_a_press_by_the_script_gets_the_whole_page(self, pair: tuple[Question, Question]) -> None:
        make_merge(*pair)
        response = signed_in(make_person()).post(f"/q/{pair[0].pk}/follow/", {"on": "1"}, headers={"HX-Request": "true"})
        assert response["HX-Redirect"] == pair[1].get_absolute_url()

    @pytest.mark.parametrize(
        "rest", ["cosign", "affirm", "cosign/withdraw", "reconsider", "statements", "others", "invite", "same"]
    )
    def test_no_page_below_it_is_missing(self, pair: tuple[Question, Question], rest: str) -> None:
        doctor = make_verified(person=make_person())
        make_statement(pair[1])
        make_merge(*pair)
        response = signed_in(doctor.person).post(f"/q/{pair[0].pk}/{rest}/", {})
        assert response.status_code == 302
        assert str(pair[1].pk) in response["Location"]


def test_no_list_feed_or_sitemap_leads_to_a_duplicate(client: Client, pair: tuple[Question, Question]) -> None:
    doctor = make_verified()
    make_answer(pair[1], doctor=doctor)
    stayed = make_answer(pair[0], doctor=doctor)
    make_merge(*pair)
    for path in (
        "/",
        "/feed.atom",
        "/sitemaps/questions-0.xml",
        doctor.get_absolute_url(),
        f"{doctor.get_absolute_url()}feed.atom",
    ):
        text = client.get(path).content.decode()
        assert f"/q/{pair[1].pk}/" in text, path
        assert f"/q/{pair[0].pk}/" not in text, path
    assert Answer.objects.get(pk=stayed.pk).get_absolute_url() == f"/q/{pair[0].pk}/original/#a{stayed.pk}"


def test_a_sitemap_asks_the_same_number_of_queries_however_long(client: Client, django_assert_num_queries: Any) -> None:
    for n in (1, 9):
        for _ in range(n):
            make_question()
        with django_assert_num_queries(1):
            client.get("/sitemaps/questions-0.xml")
