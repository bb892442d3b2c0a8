import pytest
from django.test import Client

from consilium.questions.models import Answer, Follow, HelpfulVote
from tests.factories import make_answer, make_doctor, make_imported_answer, make_person, make_question
from tests.web.pages import page, signed_in, words

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


def pressed(response: object, answer: Answer) -> tuple[str, str, str]:
    form = page(response).xpath(f"//*[@id='vote-{answer.pk}']//form")[0]  # type: ignore[arg-type]
    return form.xpath(".//button/@aria-pressed")[0], form.xpath(".//b")[0].text, form.xpath(".//input[@name='on']/@value")[0]


def test_vote_and_take_back_by_the_same_button() -> None:
    answer, client = make_answer(make_question()), signed_in(make_person())
    address = f"/answers/{answer.pk}/helpful/"
    assert pressed(client.get(answer.question.get_absolute_url()), answer) == ("false", "0", "1")
    response = client.post(address, {"on": "1"})
    assert (response.status_code, response["Location"]) == (302, answer.get_absolute_url())
    assert pressed(client.get(answer.question.get_absolute_url()), answer) == ("true", "1", "0")
    client.post(address, {"on": "0"})
    assert pressed(client.get(answer.question.get_absolute_url()), answer) == ("false", "0", "1")


def test_sending_twice_is_voting_once() -> None:
    answer, client = make_answer(make_question()), signed_in(make_person())
    for _ in range(2):
        client.post(f"/answers/{answer.pk}/helpful/", {"on": "1"})
    answer.refresh_from_db()
    assert (answer.helpful_count, HelpfulVote.objects.count()) == (1, 1)


def test_htmx_gets_the_button_alone() -> None:
    answer, client = make_answer(make_question()), signed_in(make_person())
    response = client.post(f"/answers/{answer.pk}/helpful/", {"on": "1"}, **HTMX)
    assert response.status_code == 200
    assert pressed(response, answer) == ("true", "1", "0")
    assert b"<html" not in response.content
    assert page(response).xpath("//input[@name='csrfmiddlewaretoken']")


def test_a_visitor_is_sent_to_sign_in_and_back_to_the_answer() -> None:
    answer = make_answer(make_question())
    response = Client().post(f"/answers/{answer.pk}/helpful/", {"on": "1"})
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=/q/")
    assert response["Location"].endswith(f"%23a{answer.pk}")
    assert Client().post(f"/answers/{answer.pk}/helpful/", **HTMX)["HX-Redirect"] == response["Location"]
    assert not HelpfulVote.objects.exists()


def test_doctors_do_not_vote_for_themselves() -> None:
    doctor = make_doctor(person=make_person())
    answer, client = make_answer(make_question(), doctor=doctor), signed_in(doctor.person)  # type: ignore[arg-type]
    assert not page(client.get(answer.question.get_absolute_url())).xpath(f"//*[@id='vote-{answer.pk}']//form")
    response = client.post(f"/answers/{answer.pk}/helpful/", {"on": "1"})
    assert response.status_code == 403
    assert "You wrote this answer, so you cannot vote on it." in words(response)


def test_an_imported_answer_counts_votes_here_beside_those_of_the_source() -> None:
    answer, client = make_imported_answer(make_question(state="archived"), source_helpful=12), signed_in(make_person())
    client.post(f"/answers/{answer.pk}/helpful/", {"on": "1"})
    said = words(client.get(answer.question.get_absolute_url()), f"//*[@id='vote-{answer.pk}']")
    assert said == "Helpful (From the source) Votes at the source: 12, 1 here"


def test_votes_here_do_not_make_votes_at_the_source_known() -> None:
    answer, client = make_imported_answer(make_question(state="archived")), signed_in(make_person())
    address = f"/answers/{answer.pk}/helpful/"
    assert words(client.post(address, {"on": "1"}, **HTMX), "//div").endswith("Votes at the source: unknown, 1 here")
    response = client.post(address, {"on": "0"}, **HTMX)
    assert words(response, "//div") == "Helpful (From the source) Votes at the source: unknown"
    assert page(response).xpath("//button/@aria-pressed") == ["false"]


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_votes_and_follows_change_by_post_alone(method: str) -> None:
    answer, client = make_answer(make_question()), signed_in(make_person())
    for address in (f"/answers/{answer.pk}/helpful/", f"/q/{answer.question_id}/follow/", f"/q/{answer.question_id}/reopen/"):
        assert getattr(client, method)(address).status_code == 405


def test_withdrawn_answers_cannot_be_voted_on() -> None:
    answer = make_answer(make_question(), state="withdrawn")
    assert signed_in(make_person()).post(f"/answers/{answer.pk}/helpful/", {"on": "1"}).status_code == 404


def test_follow_and_stop() -> None:
    question, person = make_question(), make_person()
    client, address = signed_in(person), f"/q/{question.pk}/follow/"
    assert client.post(address, {"on": "1"})["Location"] == question.get_absolute_url()
    assert Follow.objects.filter(person=person, question=question).exists()
    form = page(client.get(question.get_absolute_url())).xpath("//form[@id='follow-form']")[0]
    assert form.xpath(".//button/@aria-pressed") == ["true"]
    assert form.xpath(".//input[@name='on']/@value") == ["0"]
    response = client.post(address, {"on": "0"}, **HTMX)
    assert page(response).xpath("//button/@aria-pressed") == ["false"]
    assert not Follow.objects.filter(person=person).exists()


def test_a_visitor_who_follows_is_sent_to_sign_in_and_back() -> None:
    question = make_question()
    assert Client().post(f"/q/{question.pk}/follow/")["Location"].startswith(f"/accounts/login/?next=/q/{question.pk}/")


def test_a_missing_token_changes_nothing() -> None:
    answer, client = make_answer(make_question()), Client(enforce_csrf_checks=True)
    client.force_login(make_person())
    assert client.post(f"/answers/{answer.pk}/helpful/", {"on": "1"}).status_code == 403
    assert not HelpfulVote.objects.exists()


@pytest.mark.parametrize("votes", [0, 12])
def test_queries_of_a_vote_do_not_grow(votes: int, django_assert_max_num_queries: object) -> None:
    answer, client = make_answer(make_question()), signed_in(make_person())
    for _ in range(votes):
        HelpfulVote.objects.create(answer=answer, person=make_person())
    with django_assert_max_num_queries(13):  # type: ignore[operator]
        client.post(f"/answers/{answer.pk}/helpful/", {"on": "1"})
