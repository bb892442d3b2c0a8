"""What is hidden or taken back is in no list, search, suggestion, feed or count, from the moment of the action.

Every state of a question with every state of an answer, on every surface; twice: with nobody following the journal, and with
the index level. The states come from the enums, so a new one joins by itself. What can be seen must be there as well:
a surface that shows nothing at all would prove nothing.
"""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Max, QuerySet
from django.test import Client
from django.urls import reverse

from consilium.accounts.models import Person
from consilium.doctors.models import Doctor
from consilium.journal.actions import record
from consilium.questions import actions
from consilium.questions.models import Answer, Question
from consilium.search import actions as search
from consilium.search import facets, opening, reading, relating
from consilium.search.following import Follower
from consilium.search.node import Mode
from consilium.search.text_index import NO_FILTERS
from consilium.topics.models import Topic
from tests.factories import make_answer, make_doctor, make_person, make_question, make_topic
from tests.search.conftest import _own_node, built_model, catch_up, with_model

__all__ = ["_own_node", "built_model", "with_model"]  # fixtures

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("with_model")]
NOBODY: Final = AnonymousUser()
# Words that stand nowhere else on the site, far from each other in meaning, so that none is found by what another means.
TITLE, BODY, ANSWER, HEADLINE = "quixolam", "trombone", "lighthouse", "zeppelin"
STORY: Final = (
    f"A {ANSWER} is a tower with a lamp. The keeper of the {ANSWER} lights it, so that ships at sea find the coast. " * 2
)
LATER: Final = "found by its meaning again when its vectors are computed from what is left"


@dataclass
class World:
    """One question with one answer, another question that is near to it, and where they are listed."""

    question: Question
    answer: Answer
    other: Question
    topic: Topic
    doctor: Doctor
    editor: Person
    reader: Doctor

    @classmethod
    def make(cls) -> "World":
        topic, doctor = make_topic("Examplosis"), make_doctor("Ottilie Brandauer", person=make_person())
        other = make_question("Is the usual remedy for examplosis safe?", topics=(topic,))
        make_answer(other, doctor=doctor)
        question = make_question(f"Is {TITLE} for examplosis safe?", topics=(topic,))
        actions.edit_question(
            person=_asker(question), question=question, title=question.title, body=f"There was a {BODY}.", based_on=1
        )
        answer = make_answer(
            question,
            doctor=doctor,
            headline=f"Like a {HEADLINE}",
            body=STORY,
        )
        search.expect([question.pk, other.pk])
        search.embed_some()
        while relating.relate_some():
            pass
        reader = make_doctor("Theodora Sampleton", person=make_person())
        return cls(question, answer, other, topic, doctor, make_person(roles=("editor",)), reader)


def _asker(question: Question) -> Person:
    assert question.asked_by is not None
    return question.asked_by


def _writer(answer: Answer) -> Person:
    assert answer.written_by is not None
    return answer.written_by


def _as_it_is(world: World) -> None:
    pass


def _merge(world: World) -> None:
    actions.merge(person=world.editor, question=world.question, canonical=world.other)


def _withdraw_answer(world: World) -> None:
    actions.withdraw_answer(person=_writer(world.answer), answer=world.answer)


def _set(rows: QuerySet[Any], state: str) -> Callable[[World], None]:
    """As an operator would do it who has no action for this state. Of a question no index hears: what may be shown is asked."""

    def act(world: World) -> None:
        key = world.question.pk if rows.model is Question else world.answer.pk
        rows.filter(pk=key).update(state=state)
        actions.bump([world.question.pk])
        if rows.model is Answer:
            record("answer.edited", subject=f"answer:{key}")

    return act


# How a state is reached where the site has an action for it.
QUESTIONS: Final = {"open": _as_it_is, "duplicate": _merge}
ANSWERS: Final = {"published": _as_it_is, "withdrawn": _withdraw_answer}


# Surfaces. A page is its text; what search gives is the titles and texts of what it names.
def _page(name: str, *arguments: Callable[[World], Any]) -> Callable[[World], str]:
    def read(world: World) -> str:
        answer = Client().get(reverse(name, args=[one(world) for one in arguments]))
        while 300 < answer.status_code < 309:  # to its other words, or to the question that it was joined with
            answer = Client().get(answer["Location"])
        return answer.content.decode() if answer.status_code == 200 else ""

    return read


def _leading(name: str, words: tuple[str, ...], **query: str) -> Callable[[World], str]:
    """The words when the page leads to the question: such a page repeats what was typed, so that it cannot be looked for."""

    def read(world: World) -> str:
        client = Client()
        client.force_login(world.reader.person, "allauth.account.auth_backends.AuthenticationBackend")
        answer = client.get(reverse(name), query, headers={"HX-Request": "true"} if "title" in query else {})
        text, number = answer.content.decode(), world.question.pk
        return " ".join(words) if f"/q/{number}/" in text or f'"alike-{number}"' in text else ""

    return read


def _facets(world: World) -> str:
    """What is counted: the title when the question is, the answer when its doctor's specialty is."""
    found = reading.find_around("examplosis", viewer=NOBODY, filters=NO_FILTERS)
    rows: Any = list(facets.marked(Question.objects.visible_to(NOBODY)).filter(pk__in=list(found.numbers)))
    counted = {row.question.pk: row for row in facets.read(rows, viewer=NOBODY, closed=(), filters=NO_FILTERS).rows}
    row = counted.get(world.question.pk)
    return "" if row is None else f"{TITLE} {ANSWER if row.specialties else ''}"


def _suggestions(world: World) -> str:
    return Client().get(reverse("web:search_suggest"), {"q": TITLE[:5]}, headers={"HX-Request": "true"}).content.decode()


def _titles(numbers: Any) -> str:
    return " ".join(Question.objects.filter(pk__in=list(numbers)).values_list("title", flat=True))


def _found(word: str, text: str = "") -> Callable[[World], str]:
    """The word when it (or a text about the same) finds the question, and the titles of all that is found."""

    def read(world: World) -> str:
        numbers = reading.find(text or word, viewer=NOBODY).numbers
        return f"{word if world.question.pk in numbers else ''} {_titles(numbers)}"

    return read


def _completing(world: World) -> str:
    return _titles(reading.completing(TITLE[:5], viewer=NOBODY).numbers)


def _alike(world: World) -> str:
    return _titles(one.number for one in reading.alike(f"Is {TITLE} for examplosis safe?", viewer=NOBODY)[0])


def _neighbours(world: World) -> str:
    return _titles(reading.neighbours(world.other.pk, viewer=NOBODY).numbers)


def _newest(world: World) -> str:
    return _titles(reading.find("", viewer=NOBODY, newest=True).numbers)


def _sitemap(world: World) -> str:
    highest = Question.objects.aggregate(last=Max("pk"))["last"]
    return Client().get(reverse("web:sitemap_piece", args=["questions", highest // 5_000])).content.decode()


def _question(world: World) -> int:
    return world.question.pk


def _other(world: World) -> int:
    return world.other.pk


def _topic(world: World) -> str:
    return world.topic.slug


def _doctor(world: World) -> str:
    return world.doctor.slug


# Name → how it is read, and the words it shows of a question with a published answer while both can be seen.
SURFACES: Final[Mapping[str, tuple[Callable[[World], str], frozenset[str]]]] = {
    "found by a word of the title": (_found(TITLE), frozenset({TITLE})),
    "found by a word of the text": (_found(BODY), frozenset({BODY, TITLE})),
    "found by a word of the answer": (_found(ANSWER), frozenset({ANSWER, TITLE})),
    "found by what the answer means": (_found(ANSWER, f"Does a {ANSWER} at sea need a keeper?"), frozenset({ANSWER, TITLE})),
    "found by a word of the headline": (_found(HEADLINE), frozenset({HEADLINE, TITLE})),
    "newest": (_newest, frozenset({TITLE})),
    "completing": (_completing, frozenset({TITLE})),
    "alike": (_alike, frozenset({TITLE, LATER})),
    "neighbours": (_neighbours, frozenset({TITLE, LATER})),
    "search page": (_leading("web:search", (TITLE,), q="examplosis"), frozenset({TITLE})),
    "search page, newest": (_leading("web:search", (TITLE,), q="examplosis", sort="newest"), frozenset({TITLE})),
    "search page, by the text": (_leading("web:search", (TITLE, BODY), q=BODY), frozenset({TITLE, BODY})),
    "search page, by the answer": (_leading("web:search", (TITLE, ANSWER), q=ANSWER), frozenset({TITLE, ANSWER})),
    "figures beside the filters": (_facets, frozenset({TITLE, ANSWER})),
    "suggestions": (_suggestions, frozenset({TITLE})),
    "before asking": (_leading("web:ask_alike", (TITLE,), title=f"Is {TITLE} for examplosis safe?"), frozenset({TITLE, LATER})),
    "questions for a doctor": (_leading("web:account", (TITLE,)), frozenset()),
    "home": (_page("web:home"), frozenset({TITLE})),
    "its page": (_page("web:question_bare", _question), frozenset({TITLE, BODY, ANSWER, HEADLINE})),
    "the other page": (_page("web:question_bare", _other), frozenset({TITLE})),
    "its history": (_page("web:question_history", _question), frozenset({TITLE, BODY})),
    "its sheet": (_page("web:sheet", _question), frozenset({TITLE})),
    "its feed": (_page("web:question_feed", _question), frozenset({TITLE, ANSWER, HEADLINE})),
    "topic": (_page("web:topic", _topic), frozenset({TITLE})),
    "doctor": (_page("web:doctor", _doctor), frozenset({TITLE, HEADLINE})),
    "feed": (_page("web:feed"), frozenset({TITLE, BODY})),
    "feed of the topic": (_page("web:topic_feed", _topic), frozenset({TITLE, BODY})),
    "feed of the doctor": (_page("web:doctor_feed", _doctor), frozenset({TITLE, ANSWER, HEADLINE})),
    "sitemap": (_sitemap, frozenset({TITLE})),
    "API, questions": (_page("v1:api_questions"), frozenset({TITLE})),
    "API, question": (_page("v1:api_question", _question), frozenset({TITLE, BODY, ANSWER, HEADLINE})),
}
# What was joined to another question is not hidden: its address leads there, and its own words can be read from there.
OF_A_DUPLICATE: Final = frozenset({"its page", "its history", "the other page"})


@pytest.mark.parametrize("followed", [False, True], ids=["at once", "when the index is level"])
@pytest.mark.parametrize(("question", "answer"), list(itertools.product(Question.State.values, Answer.State.values)), ids=str)
def test_nothing_hidden_is_shown_anywhere(settings: Any, question: str, answer: str, followed: bool) -> None:
    world = World.make()
    follower = Follower(settings.DATA / "search")
    catch_up(follower)
    ANSWERS.get(answer, _set(Answer.objects.all(), answer))(world)
    QUESTIONS.get(question, _set(Question.objects.all(), question))(world)
    if followed:
        catch_up(follower)
    follower.close()
    wrong = []
    for name, (read, shows) in SURFACES.items():
        text = read(world)
        if not (name in OF_A_DUPLICATE and question == Question.State.DUPLICATE):
            wrong += [f"{name} shows {word}" for word in _hidden(question, answer) if word in text]
        wrong += [f"{name} misses {word}" for word in _shown(question, answer, shows) if word not in text]
    assert wrong == []


def _hidden(question: str, answer: str) -> set[str]:
    """The words that must stand nowhere. The answers of a duplicate belong to the other question from then on."""
    open_to_all = question in Question.PUBLIC
    found = set() if open_to_all else {TITLE, BODY}
    if answer != Answer.State.PUBLISHED or not (open_to_all or question == Question.State.DUPLICATE):
        found |= {ANSWER, HEADLINE}
    return found


def _shown(question: str, answer: str, shows: frozenset[str]) -> frozenset[str]:
    """The words of a surface that must be there: what shows an answer, or is found by one, is nothing without it."""
    if question not in Question.PUBLIC or (answer != Answer.State.PUBLISHED and not shows.isdisjoint({ANSWER, HEADLINE, LATER})):
        return frozenset()
    return shows - {LATER}


def test_nothing_leads_from_an_alias_to_its_person(settings: Any) -> None:
    """Neither the name nor the address of whoever asked finds anything, nor does one pseudonym lead to another."""
    person = make_person("wilhelmina.oxenbridge@mailhouse.example")
    first = make_question("Is verapamil safe with grapefruit?", person=person)
    second = make_question("Does letrozole cause hot flushes?", person=person)
    # Names that are like no word of the questions: the search forgives a letter, and would take "Sage" for "safe".
    for question, question.alias in ((first, "Crimson Ptarmigan"), (second, "Velvet Nuthatch")):
        question.save(update_fields=["alias"])
    follower = Follower(settings.DATA / "search")
    catch_up(follower)
    follower.close()
    for private in ("wilhelmina", "oxenbridge", "mailhouse", person.email, first.alias, second.alias):
        assert reading.completing(private, viewer=NOBODY).numbers == [], private
        assert by_words(private) == [], private
        text = Client().get(reverse("web:search"), {"q": "verapamil letrozole"}).content.decode()
        assert private not in text
    page = Client().get(first.get_absolute_url()).content.decode()
    assert first.alias in page
    assert all(private not in page for private in (second.alias, person.email, "oxenbridge"))


def by_words(text: str) -> list[int]:
    """What the index holds of a word, whatever comes near it in meaning."""
    node, _state = opening.opened()
    assert node is not None
    return [hit.number for hit in node.rank(text, mode=Mode.WORDS)]
