import pytest
from django.test import Client

from consilium.topics.models import TopicSynonym
from tests.factories import make_answer, make_question, make_topic
from tests.web.pages import links, words

pytestmark = pytest.mark.django_db


def test_topics_stand_under_their_kind_with_other_names_and_counts() -> None:
    toxin = make_topic("Botulinum toxin", kind="treatment")
    TopicSynonym.objects.create(topic=toxin, name="Wrinkle jab", folded="wrinkle jab")
    make_question(topics=(toxin, make_topic("Lupus", kind="condition")))
    make_topic("Laser", kind="treatment")  # nobody has asked about it
    response = Client().get("/topics/")
    assert words(response, "//section[1]") == "Treatments Botulinum toxin 1 question Also: Wrinkle jab"
    assert words(response, "//section[2]") == "Conditions Lupus 1 question"


def test_one_kind_of_topics_alone() -> None:
    make_question(topics=(make_topic("Lupus", kind="condition"), make_topic("Laser", kind="treatment")))
    response = Client().get("/topics/?kind=treatment")
    assert [href for href in links(response) if href.startswith("/topics/")] == ["/topics/laser/"]
    assert "There are no topics of this kind yet." in words(Client().get("/topics/?kind=other"))


def test_topic_page_lists_its_own_questions_alone() -> None:
    lupus = make_topic("Lupus", kind="condition", description="A disease of the immune system.")
    inside, outside = make_question("Is it about lupus?", topics=(lupus,)), make_question("Is it about something else?")
    response = Client().get("/topics/lupus/")
    assert "A disease of the immune system." in words(response)
    assert inside.get_absolute_url() in links(response)
    assert outside.get_absolute_url() not in links(response)


def test_topic_page_has_the_three_orders() -> None:
    lupus = make_topic("Lupus")
    answered, empty = make_question(topics=(lupus,)), make_question(topics=(lupus,))
    make_answer(answered)
    first = [href for href in links(Client().get("/topics/lupus/?tab=answered")) if href.startswith("/q/")]
    assert first == [answered.get_absolute_url(), empty.get_absolute_url()]
    assert [href for href in links(Client().get("/topics/lupus/?tab=unanswered")) if href.startswith("/q/")] == [
        empty.get_absolute_url()
    ]


def test_withdrawn_questions_are_not_listed() -> None:
    lupus = make_topic("Lupus")
    make_question("Was it withdrawn?", topics=(lupus,), state="withdrawn")
    assert "Was it withdrawn?" not in words(Client().get("/topics/lupus/"))


def test_a_topic_named_in_another_script_has_an_address() -> None:
    topic = make_topic("ボトックス")
    assert Client().get(topic.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("questions", [1, 20])
def test_queries_do_not_grow_with_the_questions(questions: int, django_assert_num_queries: object) -> None:
    topic = make_topic("Lupus")
    for _ in range(questions):
        make_question(topics=(topic, make_topic()))
    # 2 for the tag; topic, synonyms, needs, rows, questions, their topics, where the doctors stand
    with django_assert_num_queries(9):  # type: ignore[operator]
        Client().get("/topics/lupus/")
    with django_assert_num_queries(2):  # type: ignore[operator]  # topics, synonyms
        Client().get("/topics/")
