"""Answers by stance: groups, the order inside them, other orders, the filter; all of it without scripts."""

from typing import Any

import pytest
from django.test import Client

from consilium.evidence.models import Citation, Work
from consilium.questions.models import Answer, Question, Statement
from consilium.topics.actions import set_need
from tests.factories import (
    make_answer,
    make_coding,
    make_doctor,
    make_imported_answer,
    make_person,
    make_question,
    make_source,
    make_specialty,
    make_stance,
    make_statement,
    make_topic,
    make_verified,
)
from tests.web.pages import links, page, words

pytestmark = pytest.mark.django_db


def ask(*values: str, kind: str = "safe") -> tuple[Question, Statement, list[Answer]]:
    question = make_question("Is it safe for me?")
    statement = make_statement(question, "It is acceptable.", kind)
    return question, statement, [stand(question, statement, value) for value in values]


def stand(question: Question, statement: Statement, value: str, **fields: Any) -> Answer:
    doctor = fields.pop("doctor", None) or make_verified()
    answer = make_answer(question, doctor=doctor, **fields)
    if value:
        make_stance(statement, value, doctor=doctor, answer=answer)
    return answer


def get(question: Question, **query: str) -> Any:
    return Client().get(question.get_absolute_url(), query)


def order(question: Question, **query: str) -> list[int]:
    return [int(one.removeprefix("a")) for one in page(get(question, **query)).xpath("//article/@id")]


def groups(question: Question, **query: str) -> list[str]:
    found = page(get(question, **query)).xpath("//section[contains(@class, 'bunch')]/h3")
    return [" ".join(one.text_content().split()) for one in found]


def test_the_largest_group_comes_first_and_each_is_headed_with_its_count() -> None:
    question, _, made = ask("no", "yes_if", "yes", "yes_if", "no_unless", "yes", "not_addressed", "")
    assert groups(question) == [
        "Only with conditions: 3 answers",
        "Consider it reasonable: 2 answers",
        "Advises against: 1 answer",
        "Does not address this: 2 answers",
    ]
    assert {made[index].pk for index in (1, 3, 4)} == set(order(question)[:3])


def test_headlines_are_below_the_headings_of_their_groups() -> None:
    question, _, _ = ask("yes", "no")
    response = get(question)
    assert page(response).xpath("//article//h4")
    assert not page(response).xpath("//article//h3")
    flat = get(question, sort="newest")
    assert page(flat).xpath("//article//h3")
    assert not page(flat).xpath("//article//h4 | //section[contains(@class, 'bunch')]")


def test_the_words_of_a_fact() -> None:
    question, _, _ = ask("yes", "yes", "yes_if", kind="fact")
    assert groups(question) == ["Yes: 2 answers", "Only under conditions: 1 answer"]


def test_inside_a_group_needed_specialty_then_sources_then_helpful_then_newest() -> None:
    question, statement, _ = ask()
    topic = make_topic()
    question.about.create(topic=topic, listed_at=question.listed_at)
    neurology = make_specialty("Neurology", "Neurologist")
    set_need(topic=topic, specialty=neurology, role="primary")
    older = stand(question, statement, "yes")
    newer = stand(question, statement, "yes")
    helpful = stand(question, statement, "yes", helpful_count=9)
    retracted = stand(question, statement, "yes", helpful_count=10)
    citing = stand(question, statement, "yes")
    needed = stand(question, statement, "yes", doctor=make_verified(specialty=neurology))
    for answer, state in ((citing, "none"), (retracted, "retracted")):
        work = Work.objects.create(key=f"doi:10.1/{answer.pk}", kind="rct", retraction=state)
        Citation.objects.create(work=work, answer=answer, statement=statement)
    assert order(question) == [one.pk for one in (needed, citing, retracted, helpful, newer, older)]


def test_those_not_counted_stand_with_their_stance_and_the_heading_says_so() -> None:
    question, statement, _ = ask("no", "no")
    stand(question, statement, "no", doctor=make_doctor(person=make_person()))
    assert groups(question) == ["Advise against: 3 answers (1 of them is not counted)"]
    stand(question, statement, "no", doctor=make_doctor(person=make_person()))
    assert groups(question) == ["Advise against: 4 answers (2 of them are not counted)"]


def test_copied_answers_never_share_a_group_with_doctors_who_speak_for_themselves() -> None:
    question = make_question(source=make_source())
    statement = make_statement(question)
    for value in ("yes", "yes", "no"):
        answer = make_imported_answer(question, source=question.source, doctor=make_doctor())
        for coder in ("one", "two"):
            make_coding(answer, statement, value, coder)
    make_imported_answer(question, source=question.source)
    own = stand(question, statement, "yes")
    note = "(as classified by our editors; no doctor has confirmed it)"
    assert groups(question) == [
        "Considers it reasonable: 1 answer",
        f"Consider it reasonable: 2 answers {note}",
        f"Advises against: 1 answer {note}",
        "No stance recorded: 1 answer",
    ]
    assert order(question)[0] == own.pk


@pytest.mark.parametrize(
    ("sort", "expected"),
    [("newest", [3, 2, 1, 0]), ("helpful", [1, 3, 2, 0]), ("specialty", [1, 3, 0, 2]), ("place", [0, 1, 2, 3])],
)
def test_other_orders(sort: str, expected: list[int]) -> None:
    question, statement, made = ask()
    titles = ("Dermatologist", "Cardiologist", "", "Cardiologist")
    for helpful, title in zip((1, 9, 2, 4), titles, strict=True):
        specialty = make_specialty(title, title) if title else None
        made.append(stand(question, statement, "yes", doctor=make_verified(specialty=specialty), helpful_count=helpful))
    assert order(question, sort=sort) == [made[index].pk for index in expected]
    assert words(get(question, sort=sort), "//nav[@aria-label='Order of answers']//*[@aria-current]") != "By stance"


def test_an_unknown_order_is_by_stance() -> None:
    question, _, _ = ask("yes", "no")
    assert len(groups(question, sort="nonsense")) == 2


def test_the_filter_offers_what_there_is_with_counts_and_nothing_else() -> None:
    question, statement, made = ask("yes", "yes_if", "yes", "")
    work = Work.objects.create(key="doi:10.1/1", kind="rct")
    Citation.objects.create(work=work, answer=made[0], statement=statement)
    form = page(get(question)).xpath("//section[@id='answers']//form[@action='#answers']")[0]
    assert [" ".join(label.text_content().split()) for label in form.xpath(".//label")] == [
        "All 4", "Only with conditions 1", "Consider it reasonable 2", "No stance 1", "Cite evidence 1",
    ]  # fmt: skip
    assert form.get("method") is None
    assert form.xpath(".//input[@checked]/@value") == [""]
    assert "It is acceptable." in form.xpath(".//legend")[0].text_content()


@pytest.mark.parametrize(
    ("stance", "expected"), [("ok", {0, 2}), ("if", {1}), ("none", {3}), ("ev", {0}), ("nonsense", {0, 1, 2, 3})]
)
def test_the_server_applies_the_same_choice(stance: str, expected: set[int]) -> None:
    question, statement, made = ask("yes", "yes_if", "yes", "")
    work = Work.objects.create(key="doi:10.1/1", kind="rct")
    Citation.objects.create(work=work, answer=made[0], statement=statement)
    response = get(question, stance=stance)
    assert set(order(question, stance=stance)) == {made[index].pk for index in expected}
    on = page(response).xpath("//form[@action='#answers']//input[@checked]/@value")
    assert on == [stance if stance != "nonsense" else ""]
    assert ("Show all answers" in words(response)) == (stance != "nonsense")
    live = page(response).xpath("//section[@id='answers' and contains(@class, 'live')]")
    assert bool(live) == (stance == "nonsense"), "on a filtered page the style sheet has nothing to bring back"


def test_choices_and_orders_keep_each_other() -> None:
    question, _, _ = ask("yes", "no", "yes")
    response = get(question, stance="ok", sort="newest")
    assert "?sort=helpful&stance=ok#answers" in links(response, "//nav[@aria-label='Order of answers']//a/@href")
    assert "?stance=ok#answers" in links(response, "//nav[@aria-label='Order of answers']//a/@href")
    assert page(response).xpath("//form[@action='#answers']//input[@type='hidden']/@value") == ["newest"]
    assert "?sort=newest#answers" in links(response)
    assert len(order(question, stance="ok", sort="newest")) == 2


def test_a_filtered_page_still_tells_programs_of_all_answers() -> None:
    question, _, _ = ask("yes", "no", "yes")
    response = get(question, stance="no")
    assert b'"answerCount":3' in response.content
    assert f'rel="canonical" href="http://testserver{question.get_absolute_url()}"' in response.content.decode()


def test_one_stance_alone_needs_no_filter() -> None:
    question, _, _ = ask("yes", "yes")
    assert not page(get(question)).xpath("//form[@action='#answers']")


def test_the_style_sheet_knows_every_choice() -> None:
    """Each answer carries what the filter looks for."""
    question, statement, made = ask("yes", "yes_if", "no", "cannot_say", "")
    work = Work.objects.create(key="doi:10.1/1", kind="rct")
    Citation.objects.create(work=work, answer=made[0], statement=statement)
    tree = page(get(question))
    assert {one.get("data-stance") for one in tree.xpath("//article")} == {"ok", "if", "no", "na", "none"}
    assert [one.get("id") for one in tree.xpath("//article[@data-cites]")] == [f"a{made[0].pk}"]
    assert set(tree.xpath("//form[@action='#answers']//input/@id")) == {
        f"f-{name}" for name in ("all", "ok", "if", "no", "na", "none", "ev")
    }
