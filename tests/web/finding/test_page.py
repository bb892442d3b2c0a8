"""The search page whatever is typed, its cost, what appears while somebody types, and the box on every page."""

import random
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consilium.consensus import actions as consensus
from consilium.search import folder, opening
from consilium.search.following import Follower, rebuild
from tests.factories import (
    make_answer,
    make_doctor,
    make_person,
    make_question,
    make_source,
    make_stance,
    make_statement,
    make_topic,
    make_verified,
)
from tests.search.conftest import catch_up
from tests.search.test_reading import damage
from tests.web.finding.results import found, search, suggested
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db
MOST = 12


class TestNothing:
    def test_without_words_the_newest_questions(self, follower: Follower) -> None:
        question = make_question()
        response = search()
        assert question.get_absolute_url() in links(response)
        assert page(response).xpath("//form[@role='search']//input[@name='q']")

    def test_no_result_leads_to_a_question_of_ones_own(self, follower: Follower) -> None:
        make_question("Is sunlight harmful?")
        catch_up(follower)
        response = search(q="qwxyz & co?")
        assert "No question found" in words(response)
        assert "/ask/?title=qwxyz%20%26%20co%3F" in links(response)
        assert "Take one off." in words(search(q="sunlight", answers="10"))

    def test_without_an_index_the_newest_about_what_is_named(self) -> None:
        topic = make_topic("Multiple sclerosis")
        topic.synonyms.create(name="MS", folded="ms")
        about, other = make_question(topics=(topic,)), make_question()
        response = search(q="what about MS?", answers="3")
        assert "Search is not available at the moment." in words(response)
        assert about.get_absolute_url() in links(response)
        assert other.get_absolute_url() not in links(response)
        assert other.get_absolute_url() in links(search(q="nothing of ours"))
        assert suggested("what about") == ""


@pytest.mark.parametrize(
    "typed",
    [
        "\x00", "sun\x00light", "\ud800", "x " * 1000, "word " * 2000, "a" * 10_000, '"sun light', "AND OR NOT", "title:sun", "*",
        "sun*", "~3^2", "(((", "\\", "%", "🙂", "ß ﬁ İ", "α" * 50, "sun-" * 400, "' OR 1=1 --", "{{ 7 }}",
    ],
)  # fmt: skip
def test_whatever_is_typed_there_is_a_page(follower: Follower, typed: str) -> None:
    make_question("Is sunlight harmful?")
    catch_up(follower)
    for sort in ("", "newest"):
        query = urlencode({"q": typed, "sort": sort}, errors="surrogatepass")
        assert Client().get(f"/search/?{query}").status_code == 200
    assert Client().get(f"/search/suggest/?{query}", headers={"HX-Request": "true"}).status_code == 200


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_index_is_said_and_no_error(follower: Follower, seed: int) -> None:
    question = make_question("Is sunlight harmful?")
    catch_up(follower)
    follower.close()
    chance = random.Random(seed)
    generation = folder.current(follower.where)
    assert generation is not None
    files = sorted(path for path in generation.rglob("*") if path.is_file() and not path.name.endswith(".lock"))
    for file in chance.sample(files, 3):
        damage(file, chance)
    opening.forget()
    response = search(q="sunlight")
    assert question.get_absolute_url() in links(response) or "Search is not available" in words(response)
    suggested("sunl")
    rebuild(follower.where)
    assert found(search(q="sunlight")) == [question.get_absolute_url()]


def full_page(answers: int) -> None:
    """A page of results with everything: topics, statements, answers, a doctor and a topic of the name."""
    topic, source = make_topic("Sunlight"), make_source()
    make_doctor("Ada Sunlight")
    for n in range(25 if answers == 1 else 4):
        question = make_question(f"Is sunlight harmful {n}?", topics=(topic, make_topic()), source=source)
        statement = make_statement(question)
        for _ in range(1 if n else answers):
            answer = make_answer(question, body="Sunlight is.")
            make_stance(statement, "yes", doctor=answer.doctor, answer=answer)
        consensus.keep(question)


@pytest.mark.parametrize("answers", [1, 9, 60])
def test_twelve_queries_at_most(follower: Follower, answers: int) -> None:
    full_page(answers)
    catch_up(follower)
    doctor = make_verified()
    assert doctor.person is not None
    stood = make_statement(make_question("Is sunlight harmful, and open to the doctor?"))
    for reader in (doctor, make_verified()):
        make_stance(stood, "yes", doctor=reader)
    consensus.keep(stood.question)
    clients = [Client(), signed_in(make_person(roles=("editor",))), signed_in(doctor.person)]
    catch_up(follower)
    search(q="sunlight")  # other names of topics are read once a minute
    for client in clients:
        assert cost(client, q="sunlight") <= MOST
        assert cost(client, q="sunlight", sort="newest", topic="sunlight", specialty="dermatology", answers="1") <= MOST
    assert cost(clients[0], q="sunlight") <= MOST - 2
    assert suggestions_cost() <= 4


def cost(client: Client, **asked: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        response = search(client, **asked)
    assert len(found(response)) >= 4
    return len(seen)


def suggestions_cost() -> int:
    with CaptureQueriesContext(connection) as seen:
        assert suggested("sunl")
    return len(seen)


class TestSuggestions:
    def test_are_links_to_questions_and_topics(self, follower: Follower) -> None:
        question = make_question("Is sunlight harmful?", topics=(make_topic("Sunburn"),))
        catch_up(follower)
        response = Client().get("/search/suggest/", {"q": "is sunl"}, headers={"HX-Request": "true"})
        assert question.get_absolute_url() in response.content.decode()
        assert "<html" not in response.content.decode()
        assert "/topics/sunburn/" in suggested("sunb")
        assert suggested("s") == suggested("") == ""

    def test_without_a_script_the_address_leads_to_the_page(self) -> None:
        assert Client().get("/search/suggest/?q=a+b&sort=newest")["Location"] == "/search/?q=a+b&sort=newest"


class TestEverywhere:
    def test_the_box_is_in_the_header_but_where_the_page_has_one(self) -> None:
        question = make_question()
        for address in ("/", "/search/", question.get_absolute_url(), "/help/", "/nowhere/"):
            boxes = page(Client().get(address)).xpath("//form[@action='/search/']//input[@name='q' and @type='search']")
            assert len(boxes) == 1, address

    def test_a_script_is_loaded_for_visitors_on_this_page_alone(self) -> None:
        assert page(Client().get("/search/")).xpath("//script[@src]")
        assert not page(Client().get("/help/")).xpath("//script[@src]")
        client = signed_in(make_person())
        for address in ("/search/", "/help/"):
            assert len(page(client.get(address)).xpath("//script[contains(@src, 'htmx')]")) == 1

    def test_browsers_can_offer_it_and_search_engines_list_no_results(self) -> None:
        (address,) = page(Client().get("/help/")).xpath("//link[@rel='search']/@href")
        description = Client().get(address)
        assert description["Content-Type"] == "application/opensearchdescription+xml"
        assert 'template="http://testserver/search/?q={searchTerms}"' in description.content.decode()
        assert page(Client().get("/search/?q=x")).xpath("//meta[@name='robots']/@content") == ["noindex"]
