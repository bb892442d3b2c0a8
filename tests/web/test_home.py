import pytest
from django.test import Client

from consilium.consensus import actions as consensus
from tests.factories import make_answer, make_question, make_stance, make_statement
from tests.web.pages import links, page, words

pytestmark = pytest.mark.django_db


def test_newest_question_comes_first() -> None:
    first, second = make_question("Is the first one older?"), make_question("Is the second one newer?")
    assert [href for href in links(Client().get("/")) if href.startswith("/q/")] == [
        second.get_absolute_url(),
        first.get_absolute_url(),
    ]


def test_most_answered_and_unanswered_tabs() -> None:
    answered, empty = make_question("Does anybody answer?"), make_question("Does nobody answer?")
    make_answer(answered)
    assert next(href for href in links(Client().get("/?tab=answered")) if href.startswith("/q/")) == answered.get_absolute_url()
    assert [href for href in links(Client().get("/?tab=unanswered")) if href.startswith("/q/")] == [empty.get_absolute_url()]


def test_a_tab_that_does_not_exist_shows_the_first_one() -> None:
    response = Client().get("/?tab=nonsense")
    assert response.status_code == 200
    assert words(response, "//main//*[@aria-current]") == "Newest"


def test_empty_site_says_what_to_do() -> None:
    response = Client().get("/")
    assert "Nobody has asked a question here yet." in words(response)
    assert "/ask/" in links(response)


def test_older_pages_show_every_question_once(settings: object) -> None:
    made = [make_question().get_absolute_url() for _ in range(47)]
    seen: list[str] = []
    address = "/"
    while address:
        response = Client().get(address)
        seen += [href for href in links(response) if href.startswith("/q/")]
        more = links(response, "//a[@rel='next']/@href")
        address = f"/{more[0]}" if more else ""
    assert seen == made[::-1]


def test_older_pages_keep_the_tab_and_lead_back_to_the_first() -> None:
    for _ in range(21):
        make_question()
    older = links(Client().get("/?tab=unanswered"), "//a[@rel='next']/@href")[0]
    assert older.startswith("?tab=unanswered&after=")
    assert "?tab=unanswered&" in links(Client().get(f"/{older}"))


def test_a_place_in_the_list_that_does_not_exist_is_a_missing_page() -> None:
    response = Client().get("/?after=nonsense")
    assert response.status_code == 404
    assert "This place in the list does not exist." in words(response)


@pytest.mark.parametrize("questions", [1, 20])
def test_three_queries_whatever_the_number_of_questions(questions: int, django_assert_num_queries: object) -> None:
    for _ in range(questions):
        question = make_question()
        make_stance(make_statement(question))
        consensus.keep(question)
    with django_assert_num_queries(3):  # type: ignore[operator]  # questions; their topics; where the doctors stand
        Client().get("/")


def test_the_question_typed_on_the_first_page_is_looked_for_first() -> None:
    form = page(Client().get("/")).xpath("//main//form")[0]
    assert form.get("action") == "/search/"
    assert form.xpath(".//input[@name='q']")
