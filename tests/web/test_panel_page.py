"""The panel on the question page, read as text alone: no styles, no scripts."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from consilium.consensus.models import Invitation
from consilium.doctors.models import Interest
from consilium.evidence.models import Citation, Work
from consilium.questions import actions
from consilium.questions.models import Disclosure, Question, QuestionTopic, Statement
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
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db
NEUROLOGIST = {"kind": "clearance", "specialty": "neurology", "text": "your neurologist agrees first"}


def neurology() -> Any:
    return make_specialty("Neurology", "Neurologist")


def ask(*values: str, text: str = "It is acceptable.", kind: str = "safe") -> tuple[Question, Statement]:
    """A question about a treatment for an illness that neurologists treat, with an answer and a stance for each value."""
    illness, treatment = make_topic(kind="condition"), make_topic(kind="treatment")
    set_need(topic=illness, specialty=neurology(), role="primary")
    question = make_question("Is it safe for me?", topics=(illness, treatment))
    statement = make_statement(question, text, kind)
    for number, value in enumerate(values):
        doctor = make_verified(f"Doctor {number}")
        Interest.objects.create(doctor=doctor, topic=treatment, offers="yes" if number % 2 else "no")
        fields = {"conditions": [NEUROLOGIST]} if value in {"yes_if", "no_unless"} else {}
        make_stance(statement, value, doctor=doctor, answer=make_answer(question, doctor=doctor), **fields)
    return question, statement


def said(question: Question, path: str = "//section[@id='stand']", client: Client | None = None) -> str:
    return words((client or Client()).get(question.get_absolute_url()), path)


def test_the_text_alone_says_it_all() -> None:
    question, _ = ask("yes_if", "yes", "yes_if", "no", "no_unless", "yes", "no", "yes_if", "yes")
    text = said(question)
    parts = [
        "Where the 9 doctors who answered stand",
        "It is acceptable.",
        "No clear agreement",
        "2 Advise against Doctor 3, MD, Dermatologist Doctor 6, MD, Dermatologist",
        "4 Only with conditions Doctor 0, MD, Dermatologist",
        "3 Consider it reasonable Doctor 1, MD, Dermatologist",
        "4 of 9 say only with conditions, 3 of 9 consider it reasonable, 2 of 9 advise against it.",
        "This is a small group: read them as nine opinions, not as your odds.",
        "One more “Advises against” makes this “Doctors disagree”.",
        "Conditions they set 4 of 9 your neurologist agrees first",
        "No answer cites a source.",
        "4 of 9 offer this treatment, 5 do not.",
        "Recorded before opening the other answers here: 9 of 9.",
        "How sure is this? If the answering doctors were a random sample – they are not",
        "Counted by consilium-consensus/1.",
        "Who has answered Dermatology 9 Neurology 0",
        "No neurologist has answered 4 of 9 send you to one. No neurologist is a member here yet.",
        "How stances are counted",
    ]
    places = [text.find(part) for part in parts]
    assert -1 not in places, [part for part, place in zip(parts, places, strict=True) if place < 0]
    assert places == sorted(places), "in this order"
    assert "%" not in text


def test_every_doctor_is_one_tile_that_leads_to_the_answer() -> None:
    question, _ = ask("yes", "no", "yes_if")
    response = Client().get(question.get_absolute_url())
    found = links(response, "//ul[contains(@class, 'units')]//a/@href")
    assert sorted(found) == sorted(f"#a{answer.pk}" for answer in question.answers.all())
    anchors = page(response).xpath("//article/@id")
    assert {href.removeprefix("#") for href in found} == set(anchors)


def test_from_ten_answers_on_every_stance_has_a_row() -> None:
    question, statement = ask(*["yes"] * 9)
    row = "//ul[contains(@class, 'units') and contains(@class, 'many')]"
    assert not page(Client().get(question.get_absolute_url())).xpath(row)
    make_stance(statement, "no")
    assert len(page(Client().get(question.get_absolute_url())).xpath(row)) == 1


def test_each_statement_has_a_heading_and_a_verdict_of_its_own() -> None:
    question, _ = ask(*["yes"] * 9)
    fact = make_statement(question, "It is proven.", "fact")
    for doctor in [answer.doctor for answer in question.answers.all()]:
        make_stance(fact, "no", doctor=doctor, answer=question.answers.get(doctor=doctor))
    tree = page(Client().get(question.get_absolute_url()))
    titles = tree.xpath("//section[@id='stand']//section/div/h3")
    verdicts = tree.xpath("//section[@id='stand']//p[contains(@class, 'verdict')]")
    assert [title.text_content() for title in titles] == ["It is acceptable.", "It is proven."]
    assert [one.text_content() for one in verdicts] == [
        "Most answering doctors say it is reasonable, a neurologist is missing, among dermatologists only",
        "Most answering doctors say no, a neurologist is missing, among dermatologists only",
    ]


def test_a_statement_in_another_language_says_so() -> None:
    question, statement = ask("yes")
    Statement.objects.filter(pk=statement.pk).update(text="هل هو مقبول", language="ar")
    (title,) = page(Client().get(question.get_absolute_url())).xpath(f"//h3[@id='s{statement.pk}']")
    assert (title.get("lang"), title.get("dir")) == ("ar", "rtl")


def test_without_stances_there_is_no_verdict_but_who_is_missing() -> None:
    question, _ = ask()
    text = said(question)
    assert "No verified doctor has taken a stance yet." in text
    assert "No neurologist has answered" in text
    for absent in ("How sure is this?", "cites a source", "of 0"):
        assert absent not in text


def test_a_question_without_statements_shows_only_who_is_missing() -> None:
    question, statement = ask("yes")
    statement.delete()
    text = said(question)
    assert text.startswith("Who has answered Who has answered Dermatology 1 Neurology 0 No neurologist has answered")
    assert "stance" not in text.replace("How stances are counted", "")
    QuestionTopic.objects.filter(question=question).delete()
    assert said(question) == ""


def test_who_signs_without_writing_is_named_and_linked() -> None:
    question, statement = ask("yes")
    doctor = make_verified("Ada Cosigner")
    make_stance(statement, "yes", doctor=doctor)
    text = said(question)
    assert "Took a stance without writing an answer: Ada Cosigner, MD, Dermatologist" in text
    assert doctor.get_absolute_url() in links(Client().get(question.get_absolute_url()), "//section[@id='stand']//a/@href")


def test_what_is_not_counted_is_listed_with_its_reason() -> None:
    question, statement = ask("yes", "not_addressed")
    unverified = make_doctor("Eve Unverified", person=make_person())
    answer = make_answer(question, doctor=unverified)
    make_stance(statement, "no", doctor=unverified, answer=answer)
    make_answer(question, doctor=make_verified("Ivo Silent"))
    text = said(question)
    assert "2 of 4 do not address this Doctor 1, MD, Dermatologist Ivo Silent, MD, Dermatologist" in text
    assert "1 not counted: nobody has confirmed the licence yet Eve Unverified, MD, Dermatologist" in text
    badge = said(question, f"//article[@id='a{answer.pk}']//ul[@class='stances']")
    assert badge == "Advises against Not counted: nobody has confirmed the licence yet."


def test_an_answer_taken_back_keeps_a_tile_without_a_name() -> None:
    question, _ = ask("yes", "no")
    gone = question.answers.get(place=2)
    assert gone.written_by is not None
    actions.withdraw_answer(person=gone.written_by, answer=gone)
    text = said(question)
    assert "1 not counted: the doctor took it back Dermatologist, taken back" in text
    assert "Doctor 1" not in text
    assert f"#a{gone.pk}" not in links(Client().get(question.get_absolute_url()))


def test_each_answer_says_where_it_stands_and_under_which_conditions() -> None:
    question, _ = ask("yes_if", "no")
    first, second = question.answers.order_by("place")
    assert said(question, f"//article[@id='a{first.pk}']//ul[@class='stances']") == (
        "Only with conditions your neurologist agrees first"
    )
    assert said(question, f"//article[@id='a{second.pk}']//ul[@class='stances']") == "Advises against"


def test_an_answer_names_the_statement_where_its_badge_alone_would_not_say_enough() -> None:
    question, statement = ask("yes", kind="fact")
    answer = question.answers.get()
    assert said(question, f"//article[@id='a{answer.pk}']//ul[@class='stances']") == "Yes It is acceptable."
    Statement.objects.filter(pk=statement.pk).update(kind="safe")
    assert said(question, f"//article[@id='a{answer.pk}']//ul[@class='stances']") == "Reasonable"
    make_stance(make_statement(question, "It works.", "effective"), "no", doctor=answer.doctor, answer=answer)
    both = "Reasonable It is acceptable. No It works."
    assert said(question, f"//article[@id='a{answer.pk}']//ul[@class='stances']") == both


def test_payments_and_changed_stances_are_said() -> None:
    question, statement = ask("yes", "yes")
    doctor = question.answers.get(place=1).doctor
    Disclosure.objects.create(doctor=doctor, question=question, paid="a maker")
    statement.stances.filter(doctor=doctor).update(after_discussion=True, blind=False)
    text = said(question)
    assert "1 of 2 has been paid by a maker; the answer says by whom." in text
    assert "1 changed stance after discussion." in text
    assert "Recorded before opening the other answers here: 1 of 2." in text


def test_agreement_across_needed_specialties_is_said() -> None:
    question, statement = ask()
    set_need(topic=question.topics.first(), specialty=make_specialty(), role="consulted")  # type: ignore[arg-type]
    for specialty in (make_specialty(), neurology()):
        for _ in range(2):
            make_stance(statement, "yes", doctor=make_verified(specialty=specialty))
    assert "Agreed across specialties." in said(question)
    make_stance(statement, "no", doctor=make_verified(specialty=neurology()))
    make_stance(statement, "no", doctor=make_verified(specialty=neurology()))
    assert "Agreed across specialties." not in said(question)


# ---- sources ---------------------------------------------------------------------------------------------------------


def cite(question: Question, statement: Statement | None, place: int, **fields: Any) -> Work:
    key = f"doi:10.1/{place}.{Work.objects.count()}"
    work = Work.objects.create(key=key, **({"doi": key[4:], "kind": "rct", "title": "A trial"} | fields))
    Citation.objects.create(work=work, answer=question.answers.get(place=place), statement=statement, direction="supports")
    return work


def test_sources_are_listed_under_the_statement_and_below_the_answer() -> None:
    question, statement = ask("yes", "no")
    work = cite(question, statement, 1, title="A trial of it", authors="Doe J", container="Journal", year=2020)
    Citation.objects.create(work=work, answer=question.answers.get(place=2), statement=statement, direction="contradicts")
    cite(question, None, 2, title="A book")
    assert "1 source, cited by 2 of the 2 doctors." not in said(question), "a source of no statement counts for each"
    assert "2 sources, cited by 2 of the 2 doctors." in said(question)
    ledger = said(question, "//section[@id='evidence']")
    assert ledger.count("A trial of it") == 1, "each work once"
    assert "It is acceptable. Doe J. A trial of it. Journal, 2020." in ledger
    assert "Supports it; it is not clear whether it is about the same use. Cited by Doctor 0, MD" in ledger
    assert "Contradicts it" in ledger
    assert "Cited in general A book" in ledger
    assert "Sources Doe J. A trial of it." in said(question, f"//article[@id='a{question.answers.get(place=1).pk}']")


def test_a_retracted_source_is_struck_through_said_and_not_counted() -> None:
    question, statement = ask("yes")
    cite(question, statement, 1, title="A withdrawn trial", retraction="retracted")
    response = Client().get(question.get_absolute_url())
    assert "The only source cited is retracted and does not count." in said(question)
    assert "Retracted: A withdrawn trial" in words(response, "//section[@id='evidence']")
    assert [one.text_content() for one in page(response).xpath("//section[@id='evidence']//s")] == ["A withdrawn trial"]
    assert "Cite evidence" not in words(response, "//section[@id='answers']")


# ---- the empty chair -------------------------------------------------------------------------------------------------


def test_a_visitor_is_led_to_sign_in_and_carries_no_token() -> None:
    question, _ = ask("yes")
    make_verified(specialty=neurology(), takes_invitations=True)
    response = Client().get(question.get_absolute_url())
    (link,) = page(response).xpath("//div[@class='gap']//a")
    assert link.text_content() == "Invite a neurologist: sign in first"
    assert link.get("href") == f"/accounts/login/?next=%2Fq%2F{question.pk}%2F%23stand"
    assert b"csrfmiddlewaretoken" not in response.content


def test_a_reader_with_an_account_can_invite() -> None:
    question, _ = ask("yes")
    make_verified(specialty=neurology(), takes_invitations=True)
    client = signed_in(make_person())
    (form,) = page(client.get(question.get_absolute_url())).xpath("//div[@class='gap']//form")
    assert form.get("action") == f"/q/{question.pk}/invite/"
    fields = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    assert fields["specialty"] == "neurology"
    client.post(form.get("action"), fields, headers={"referer": "http://testserver/"})
    assert Invitation.objects.count() == 1
    assert "Invited 1." in said(question)


def test_where_no_answers_are_taken_nobody_is_invited() -> None:
    question, _ = ask("yes")
    make_verified(specialty=neurology(), takes_invitations=True)
    Question.objects.filter(pk=question.pk).update(state="closed")
    for client in (Client(), signed_in(make_person())):
        assert not page(client.get(question.get_absolute_url())).xpath("//div[@class='gap']//*[self::form or self::a]")


# ---- imported answers ------------------------------------------------------------------------------------------------


def copied(**fields: Any) -> tuple[Question, Statement]:
    neurology()
    source = make_source(captured_at=datetime(2015, 3, 12, tzinfo=UTC), **fields)
    question = make_question(source=source, state="archived", asked_by=None, alias="")
    statement = make_statement(question)
    for value in ("yes_if", "yes", "no", "yes_if"):
        answer = make_imported_answer(question, source=source, doctor=make_doctor())
        for coder in ("one", "two"):
            make_coding(answer, statement, value, coder)
    return question, statement


def test_copied_answers_have_a_grey_row_that_enters_no_verdict() -> None:
    question, statement = copied()
    make_imported_answer(question, source=question.source)
    make_coding(make_imported_answer(question, source=question.source), statement, "yes", "one")
    text = said(question)
    for part in (
        "No verified doctor has taken a stance yet.",
        "Imported answers 6 imported answers: 2 only with conditions, 1 advises against, 1 reasonable.",
        "1 waits for a second editor. 1 is not classified yet.",
        "2 of 4 the neurologist agrees",
        "Taken from a copy dated 12 March 2015; wording of the doctors, classification by our editors; nobody confirmed it.",
        "No answer cites a source.",
        "No neurologist has answered 2 of 6 send you to one.",
    ):
        assert part in text, part
    assert page(Client().get(question.get_absolute_url())).xpath("//div[@class='copied']//time/@datetime")
    assert page(Client().get(question.get_absolute_url())).xpath("//ul[contains(@class, 'grey')]")


def test_each_copied_answer_says_who_classified_it() -> None:
    question, statement = copied()
    bare = make_imported_answer(question, source=question.source)
    unclear = make_imported_answer(question, source=question.source)
    make_coding(unclear, statement, "yes", "one")
    make_coding(unclear, statement, "no", "two")
    first = question.answers.get(place=1)
    badges = {one.pk: said(question, f"//article[@id='a{one.pk}']//ul[@class='stances']") for one in (first, bare, unclear)}
    assert badges[first.pk] == (
        "Only with conditions the neurologist agrees "
        "Classified by our editors; the doctor has not confirmed it."
    )
    assert badges[bare.pk] == "Stance not recorded"
    assert badges[unclear.pk] == "Unclear: our editors read it differently"


def test_demo_content_is_no_copy() -> None:
    question, _ = copied(kind="demo")
    assert "Imported answers" not in said(question)
