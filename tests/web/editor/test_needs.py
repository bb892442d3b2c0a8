"""Which specialties a topic needs, as editors decide and everybody reads."""

import pytest
from django.test import Client

from consilium.accounts.models import Person
from consilium.consensus import reading
from consilium.topics.actions import set_need
from consilium.topics.models import Topic, TopicSpecialty
from tests.factories import make_person, make_question, make_specialty, make_statement, make_topic
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db


def editor() -> tuple[Person, Client]:
    person = make_person(roles=("editor",))
    return person, signed_in(person)


def needed(slug: str = "neurology", role: str = "primary", source: str = "A guideline") -> dict[str, str]:
    return {"act": "need", "specialty": slug, "role": role, "source": source}


def lupus() -> tuple[Topic, str]:
    make_specialty("Neurology", "Neurologist")
    topic = make_topic("Lupus")
    make_question(topics=(topic,))
    return topic, f"/editor/topics/{topic.slug}/needs/"


def test_a_need_is_set_changed_and_taken_off_and_questions_follow() -> None:
    (topic, address), (person, client) = lupus(), editor()
    question = topic.questions.get()
    make_statement(question)
    version = question.version
    said = words(client.post(address, needed(), follow=True))
    assert "Neurology Treats it A guideline." in said
    need = TopicSpecialty.objects.get()
    assert (need.role, need.source, need.reviewed_by) == ("primary", "A guideline", person)
    assert [one.specialty.slug for one in reading.panel_of(question).missing] == ["neurology"]
    question.refresh_from_db()
    assert question.version > version
    client.post(address, needed(role="consulted"))
    assert TopicSpecialty.objects.get().role == "consulted"
    client.post(address, {"act": "drop", "specialty": "neurology"})
    assert not TopicSpecialty.objects.exists()
    assert reading.panel_of(question).missing == ()
    assert "None, as an editor has decided." in words(client.get(address))


def test_everybody_reads_it_on_the_topics_page_at_once() -> None:
    (topic, address), (_person, client) = lupus(), editor()
    make_specialty("Rheumatology", "Rheumatologist")
    visitor = Client()
    before = visitor.get(topic.get_absolute_url())
    assert "need:" not in words(before)
    client.post(address, needed())
    client.post(address, needed("rheumatology", "consulted"))
    after = visitor.get(topic.get_absolute_url(), headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert "Questions about Lupus need: Neurology Often asked for advice: Rheumatology" in words(after)
    assert address not in links(after)
    assert address in links(client.get(topic.get_absolute_url()))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"specialty": ""}, "Choose a specialty"),
        ({"specialty": "alchemy"}, "Choose a specialty from the list"),
        ({"specialty": "neuro\x00logy"}, "Choose a specialty from the list"),
        ({"role": ""}, "Choose what the specialty is needed for"),
        ({"role": "boss"}, "Choose what the specialty is needed for from the list"),
        ({"source": " "}, "Say on what this rests"),
        ({"source": "s" * 201}, "Shorten it to 200 characters or fewer. It has 201 now."),
    ],
)
def test_mistakes_are_said_and_nothing_is_saved(fields: dict[str, str], why: str) -> None:
    (_topic, address), (_person, client) = lupus(), editor()
    response = client.post(address, needed() | fields)
    assert response.status_code == 422
    assert words(response, "//*[@role='alert']//a") == why
    assert page(response).xpath("string(//textarea[@name='source'])").strip() == (needed() | fields)["source"].strip()
    assert not TopicSpecialty.objects.exists()


def test_the_queue_empties_by_deciding_also_that_nothing_is_needed() -> None:
    (first, address), (_person, client) = lupus(), editor()
    second = make_topic("Acne")
    make_topic("Unused")
    make_question(topics=(second,))
    queue = "/editor/topics/"
    assert sorted(href for href in links(client.get(queue)) if "/needs/" in href) == ["/editor/topics/acne/needs/", address]
    client.post(address, {"act": "none"})
    assert [href for href in links(client.get(queue)) if "/needs/" in href] == ["/editor/topics/acne/needs/"]
    set_need(topic=second, specialty=make_specialty(), role="primary")
    assert "Somebody has looked at every topic" in words(client.get(queue))
    assert not TopicSpecialty.objects.filter(topic=first).exists()


def test_dropping_what_is_not_needed_changes_nothing() -> None:
    (topic, address), (_person, client) = lupus(), editor()
    set_need(topic=topic, specialty=make_specialty(), role="primary", source="x")
    for sent in (
        {"act": "drop"},
        {"act": "drop", "specialty": "neurology"},
        {"act": "drop", "specialty": "\x00"},
        {"act": "none"},
    ):
        assert client.post(address, sent).status_code == 302
    assert TopicSpecialty.objects.count() == 1
    assert client.get("/editor/topics/nothing/needs/").status_code == 404
