"""What a question page says to programs (product.md §15)."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from consilium.questions import actions
from consilium.questions.models import Answer, Question
from tests.factories import make_answer, make_doctor, make_imported_answer, make_person, make_question, make_source, make_topic
from tests.web.pages import page, words

pytestmark = pytest.mark.django_db


def data_of(question: Question) -> Any:
    """The structured data of a question's page; None when there is none."""
    question.refresh_from_db()
    found = page(Client().get(question.get_absolute_url())).xpath("//head/script[@type='application/ld+json']/text()")
    assert len(found) <= 1
    return json.loads(found[0]) if found else None


def test_an_answered_open_question_is_a_qapage() -> None:
    question = make_question("Is it **safe**?")
    doctor = make_doctor("Ada Examplewood")
    answer = make_answer(question, doctor=doctor, headline="Mostly", body="Yes.\n\n- with care\n- and time")
    actions.vote(person=make_person(), answer=answer)
    data = data_of(question)
    url = f"http://testserver{question.get_absolute_url()}"
    assert (data["@type"], data["@id"], data["inLanguage"]) == ("QAPage", url, "en")
    entity = data["mainEntity"]
    assert (entity["@type"], entity["@id"], entity["name"]) == ("Question", f"{url}#question", "Is it **safe**?")
    assert (entity["text"], entity["answerCount"]) == ("Some words.", 1)
    assert entity["author"] == {"@type": "Person", "name": question.alias}
    [one] = entity["suggestedAnswer"]
    assert (one["@id"], one["url"]) == (f"#a{answer.pk}", f"{url}#a{answer.pk}")
    assert one["text"] == "Mostly\nYes.\nwith care\nand time"
    assert one["upvoteCount"] == 1
    assert one["author"] == {
        "@type": "Person", "name": "Ada Examplewood, MD", "jobTitle": "Dermatologist",
        "url": f"http://testserver{doctor.get_absolute_url()}",
    }  # fmt: skip
    assert "acceptedAnswer" not in json.dumps(data)


def test_the_fragments_lead_to_elements_of_the_page() -> None:
    question = make_question()
    make_answer(question)
    make_answer(question)
    tree = page(Client().get(question.get_absolute_url()))
    for one in data_of(question)["mainEntity"]["suggestedAnswer"]:
        assert tree.xpath(f"//*[@id='{one['url'].split('#')[1]}']")


def test_no_answer_no_qapage_and_the_count_is_that_of_the_list() -> None:
    question = make_question()
    assert data_of(question) is None
    first, _second = make_answer(question), make_answer(question)
    assert data_of(question)["mainEntity"]["answerCount"] == 2
    actions.withdraw_answer(person=first.written_by, answer=first)  # type: ignore[arg-type]
    data = data_of(question)
    assert data["mainEntity"]["answerCount"] == len(data["mainEntity"]["suggestedAnswer"]) == 1


@pytest.mark.parametrize("state", ["archived", "closed"])
def test_a_question_that_takes_no_answers_is_a_plain_page(state: str) -> None:
    question = make_question(topics=(make_topic("Lupus"),))
    make_answer(question)
    Question.objects.filter(pk=question.pk).update(state=state)
    data = data_of(question)
    assert (data["@type"], data["name"], data["about"]) == (
        "MedicalWebPage",
        question.title,
        [{"@type": "Thing", "name": "Lupus"}],
    )
    assert "mainEntity" not in data


def test_votes_that_are_unknown_are_left_out_and_known_ones_are_added() -> None:
    question = make_question()
    make_imported_answer(question, body="Copied.", source_helpful=None)
    make_imported_answer(question, body="Copied too.", source_helpful=5, helpful_count=2)
    make_imported_answer(question, body="Bad.", source_helpful=-3)
    make_imported_answer(question, body="Demo.", source=make_source(kind="demo"), helpful_count=4)
    found = [one.get("upvoteCount", "left out") for one in data_of(question)["mainEntity"]["suggestedAnswer"]]
    assert found == ["left out", 7, "left out", 4]


def test_an_author_whom_the_source_does_not_name_is_left_out() -> None:
    question = make_question()
    make_imported_answer(question)
    make_answer(question, doctor=make_doctor("Example Group", kind="group", credentials=""))
    first, second = data_of(question)["mainEntity"]["suggestedAnswer"]
    assert "author" not in first
    assert second["author"]["@type"] == "Organization"


def test_dates_are_those_of_the_texts() -> None:
    question = make_question()
    answer = make_answer(question)
    one = data_of(question)["mainEntity"]["suggestedAnswer"][0]
    assert one["datePublished"] == answer.answered_at.isoformat(timespec="seconds")  # type: ignore[union-attr]
    assert "dateModified" not in one
    now = timezone.now()
    Answer.objects.filter(pk=answer.pk).update(edited_at=now)
    assert data_of(question)["mainEntity"]["suggestedAnswer"][0]["dateModified"] == now.isoformat(timespec="seconds")


def test_no_text_breaks_out_of_the_data() -> None:
    evil = "</script><!--<script>alert(1)</script> & \u2028 {{ x }}"
    question = make_question(evil)
    make_answer(question, headline=evil, body="`" + evil + "`")
    response = Client().get(question.get_absolute_url())
    raw = response.content.decode()
    block = raw.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert "<" not in block
    assert json.loads(block)["mainEntity"]["name"] == evil
    assert len(page(response).xpath("//script[not(@src)]")) == 1


def test_every_public_page_has_one_canonical_address_and_a_card() -> None:
    topic = make_topic("Lupus")
    question = make_question(topics=(topic,))
    doctor = make_answer(question).doctor
    assert doctor
    paths = ["/", "/topics/", "/doctors/", "/help/", "/privacy/", "/urgent/", "/disclaimer/", "/accessibility/"]
    for path in [*paths, topic.get_absolute_url(), doctor.get_absolute_url(), question.get_absolute_url()]:
        tree = page(Client().get(f"{path}?tab=answered&sort=newest&utm=x"))
        assert tree.xpath("//link[@rel='canonical']/@href") == [f"http://testserver{path}"], path
        card = {meta.get("property"): meta.get("content") for meta in tree.xpath("//meta[@property]")}
        assert card["og:url"] == f"http://testserver{path}"
        assert card["og:title"]
        assert len(tree.xpath("//meta[@name='description']")) == 1, path
        for feed in tree.xpath("//link[@type='application/atom+xml']/@href"):
            assert Client().get(feed).status_code == 200


def test_a_later_page_of_a_list_is_a_page_of_its_own(settings: Any) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update={"page_size": 5})
    for _ in range(6):
        make_question()
    following = page(Client().get("/")).xpath("//a[@rel='next']/@href")[0]
    canonical = page(Client().get(f"/{following}")).xpath("//link[@rel='canonical']/@href")[0]
    assert canonical.startswith("http://testserver/?after=")
    assert words(Client().get(canonical.removeprefix("http://testserver"))) == words(Client().get(f"/{following}"))


def test_the_operators_address_wins_over_the_host_that_was_asked(settings: Any) -> None:
    settings.SITE_URL = "https://doctors.example"
    question = make_question()
    tree = page(Client().get(question.get_absolute_url()))
    assert tree.xpath("//link[@rel='canonical']/@href") == [f"https://doctors.example{question.get_absolute_url()}"]
