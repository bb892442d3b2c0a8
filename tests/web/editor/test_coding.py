"""Coding copied answers: one form, independent readers, nothing lost."""

import pytest
from django.test import Client

from consilium.accounts.models import Person
from consilium.consensus import reading
from consilium.questions.models import Answer, Coding, Question, SeenAnswers, Statement
from tests.factories import (
    PASSWORD,
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
    make_verified,
)
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db

TEXT = "It is fine for most people. Ask your neurologist first, please.\n\nDo not hurry."


def copied(statements: int = 1, answers: int = 1) -> tuple[Question, list[Statement], list[Answer]]:
    question = make_question(source=make_source(), state="archived", asked_by=None)
    rows = [make_statement(question, f"The treatment is acceptable {number}.") for number in range(statements)]
    texts = [make_imported_answer(question, body=TEXT, headline=f"Headline {number}") for number in range(answers)]
    return question, rows, texts


def editor() -> tuple[Person, Client]:
    person = make_person(roles=("editor",))
    return person, signed_in(person)


def sent(statement: Statement, value: str, quote: str = "2", condition: str = "", **more: str) -> dict[str, str]:
    pk = statement.pk
    fields = {f"value{pk}": value, f"quote{pk}": quote, f"text{pk}_0": condition}
    return fields | {f"{name}{pk}_0": text for name, text in more.items()}


def test_the_page_shows_the_numbered_text_and_a_choice_for_each_statement() -> None:
    _question, statements, (answer,) = copied(statements=2)
    shown = editor()[1].get(f"/editor/code/{answer.pk}/")
    assert "1Headline 0 2It is fine for most people. 3Ask your neurologist first, please. 4Do not hurry." in words(
        shown, "//*[@id='answer']"
    )
    for statement in statements:
        assert statement.text in words(shown)
        choices = page(shown).xpath(f"//input[@name='value{statement.pk}']")
        assert [one.get("value") for one in choices] == ["yes", "yes_if", "no_unless", "no", "cannot_say", "not_addressed"]
        assert not any(one.get("checked") for one in choices)


def test_all_statements_are_saved_at_once_and_the_next_answer_opens() -> None:
    make_specialty("Neurology", "Neurologist")
    _question, (one, two), (first, second) = copied(statements=2, answers=2)
    person, client = editor()
    condition = "the neurologist agrees"
    fields = sent(one, "yes_if", "3-4", condition, kind="clearance", specialty="neurology") | sent(two, "not_addressed", "")
    response = client.post(f"/editor/code/{first.pk}/", fields)
    assert response["Location"] == f"/editor/code/{second.pk}/"
    kept = Coding.objects.get(statement=one)
    assert (kept.value, kept.coder, kept.person) == ("yes_if", person.key, person)
    assert kept.quote == "Ask your neurologist first, please. Do not hurry."
    assert kept.conditions == [{"kind": "clearance", "specialty": "neurology", "text": condition}]
    assert Coding.objects.get(statement=two).quote == ""
    done = client.post(f"/editor/code/{second.pk}/", fields, follow=True)
    assert done.redirect_chain[-1][0] == "/editor/coding/"
    assert "You have coded every answer that waits for you." in words(done)


def test_pasted_words_are_kept_as_they_stand() -> None:
    _question, (one,), (answer,) = copied()
    editor()[1].post(f"/editor/code/{answer.pk}/", sent(one, "yes", "fine  for most\npeople."))
    assert rule(Coding.objects.get().quote) == "fine for most people."


def rule(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("value", "quote", "condition", "field", "why"),
    [
        ("", "2", "", "value{}", "Statement 1: Choose what the answer says."),
        ("perhaps", "2", "", "value{}", "Statement 1: Choose what the answer says from the list."),
        ("yes", "", "", "quote{}", "Statement 1: Copy the words of the answer that show it."),
        ("yes", "It is fine for nobody", "", "quote{}", "Statement 1: These words do not stand in the answer."),
        ("yes", "9", "", "quote{}", "Statement 1: These words do not stand in the answer."),
        ("yes_if", "2", "", "text{}_0", "Statement 1: Write the condition that the answer names."),
        ("yes", "2", "a test", "text{}_0", "Statement 1: You wrote a condition"),
        ("yes_if", "2", "x" * 201, "text{}_0", "Shorten the condition to 200 characters or fewer. It has 201 now."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    value: str, quote: str, condition: str, field: str, why: str
) -> None:
    _question, (one, two), (answer,) = copied(statements=2)
    fields = sent(one, value, quote, condition) | sent(two, "no", "It is fine")
    response = editor()[1].post(f"/editor/code/{answer.pk}/", fields)
    assert response.status_code == 422
    tree = page(response)
    assert tree.xpath("//title/text()")[0].startswith("Error: ")
    name = field.format(one.pk)
    (link,) = tree.xpath(f"//*[@role='alert']//a[starts-with(@href, '#id_{name}')]")
    assert link.text_content().startswith(why)
    assert why in words(response, f"//*[@class='field'][.//*[@name='{name}']]")
    assert tree.xpath(f"string(//textarea[@name='quote{two.pk}'])").strip() == "It is fine"
    assert tree.xpath(f"//input[@name='value{two.pk}'][@checked]/@value") == ["no"]
    assert not Coding.objects.exists(), "all statements or none"


def test_another_reading_is_shown_only_after_ones_own() -> None:
    _question, (one,), (answer,) = copied()
    make_coding(answer, one, "no", "sheet-coder", quote="Do not hurry.")
    _person, client = editor()
    before = words(client.get(f"/editor/code/{answer.pk}/"))
    assert "sheet-coder" not in before
    stays = client.post(f"/editor/code/{answer.pk}/", sent(one, "yes") | {"stay": "1"}, follow=True)
    assert stays.redirect_chain[-1][0] == f"/editor/code/{answer.pk}/"
    after = words(stays)
    assert "Others read it differently, so it counts nowhere yet" in after
    assert "sheet-coder: Advises against – Do not hurry." in after
    client.post(f"/editor/code/{answer.pk}/", sent(one, "no"))
    assert "Others read it the same way" in words(client.get(f"/editor/code/{answer.pk}/"))
    assert reading.panel_of(answer.question).statements[0].imported.counts.no == 1  # type: ignore[union-attr]


def test_ones_own_reading_is_there_again() -> None:
    _question, (one,), (answer,) = copied()
    _person, client = editor()
    client.post(f"/editor/code/{answer.pk}/", sent(one, "yes_if", "3", "a small dose", kind="dose"))
    again = page(client.get(f"/editor/code/{answer.pk}/"))
    assert again.xpath("//input[@checked]/@value") == ["yes_if"]
    assert again.xpath(f"string(//textarea[@name='text{one.pk}_0'])").strip() == "a small dose"
    assert again.xpath(f"//select[@name='kind{one.pk}_0']/option[@selected]/@value") == ["dose"]


def test_the_queue_holds_what_this_editor_has_still_to_read() -> None:
    _question, (one, _two), (fresh, mine, full) = copied(statements=2, answers=3)
    person, client = editor()
    other = make_person(roles=("editor",))
    for statement in (one, _two):
        make_coding(mine, statement, "yes", person.key, person=person)
        make_coding(full, statement, "yes", "a")
        make_coding(full, statement, "yes", "b")
    seen = links(client.get("/editor/coding/"))
    assert [f"/editor/code/{answer.pk}/" in seen for answer in (fresh, mine, full)] == [True, False, False]
    seen = links(signed_in(other).get("/editor/coding/"))
    assert [f"/editor/code/{answer.pk}/" in seen for answer in (fresh, mine, full)] == [True, True, False]


def test_answers_that_need_no_reading_are_not_in_the_queue() -> None:
    question, (one,), (withdrawn, claimed) = copied(answers=2)
    Answer.objects.filter(pk=withdrawn.pk).update(state="withdrawn")
    doctor = make_verified()
    make_stance(one, doctor=doctor, answer=claimed)
    bare = make_question(source=make_source(), state="archived", asked_by=None)
    make_imported_answer(bare)
    ours = make_question()
    make_statement(ours)
    make_answer(ours)
    demo = make_question(source=make_source(kind="demo"))
    make_statement(demo)
    make_imported_answer(demo)
    assert [href for href in links(editor()[1].get("/editor/coding/")) if "/code/" in href] == []
    assert question.pk


def test_an_answer_written_here_is_not_coded() -> None:
    question = make_question()
    statement = make_statement(question)
    answer = make_answer(question)
    _person, client = editor()
    for response in (client.get(f"/editor/code/{answer.pk}/"), client.post(f"/editor/code/{answer.pk}/", sent(statement, "yes"))):
        assert response.status_code == 403
        assert "The doctor wrote this answer here and declares the stance." in words(response)
    assert not Coding.objects.exists()
    assert client.get("/editor/code/987654/").status_code == 404


def test_a_question_without_statements_says_what_to_do_first() -> None:
    question = make_question(source=make_source(), state="archived", asked_by=None)
    answer = make_imported_answer(question)
    response = editor()[1].get(f"/editor/code/{answer.pk}/")
    assert "This question has no statement yet" in words(response)
    assert f"/q/{question.pk}/statements/" in links(response)
    assert not page(response).xpath("//main//form")


def test_signing_in_in_between_keeps_what_was_typed() -> None:
    _question, (one,), (answer,) = copied()
    person = make_person(roles=("editor",))
    client = Client()
    path = f"/editor/code/{answer.pk}/"
    assert client.post(path, sent(one, "yes", "It is fine"))["Location"] == f"/accounts/login/?next={path}"
    assert client.login(email=person.email, password=PASSWORD)
    tree = page(client.get(path))
    assert tree.xpath(f"string(//textarea[@name='quote{one.pk}'])").strip() == "It is fine"
    assert tree.xpath("//input[@checked]/@value") == ["yes"]
    assert not Coding.objects.exists()


def test_only_the_editors_own_reading_can_be_sent() -> None:
    """Names of other things in the form change nothing: coder, person and answer come from the session and the address."""
    _question, (one,), (answer, other) = copied(answers=2)
    person, client = editor()
    stranger = make_person()
    extra = {"coder": stranger.key, "person": str(stranger.pk), "answer": str(other.pk), "created_at": "2001-01-01"}
    client.post(f"/editor/code/{answer.pk}/", sent(one, "yes") | extra)
    kept = Coding.objects.get()
    assert (kept.coder, kept.person, kept.answer) == (person.key, person, answer)
    assert kept.created_at.year > 2001


def test_differing_readings_are_listed_and_kappa_is_told() -> None:
    _question, (one,), answers = copied(answers=4)
    for answer, theirs in zip(answers, ("yes", "yes", "no", "yes"), strict=True):
        make_coding(answer, one, "yes" if answer is not answers[1] else "no", "ada")
        make_coding(answer, one, theirs, "ben")
    _person, client = editor()
    for path in ("/editor/unclear/", "/editor/agreement/"):
        found = [href for href in links(client.get(path)) if "/code/" in href]
        assert found == [f"/editor/code/{answer.pk}/#s{one.pk}" for answer in (answers[2], answers[1])]
    told = words(client.get("/editor/agreement/"), "//table")
    # By hand: both say yes in 2 of 4 and never both no; chance gives (3·3 + 1·1) / 16, so (0.5 - 0.625) / 0.375.
    assert "ada, ben" in told
    assert "-0.33" in told
    assert "too low: below 0.6" in told


def test_yes_if_and_no_unless_do_not_differ() -> None:
    _question, (one,), (answer,) = copied()
    make_coding(answer, one, "yes_if", "ada")
    make_coding(answer, one, "no_unless", "ben")
    response = editor()[1].get("/editor/agreement/")
    assert [href for href in links(response) if "/code/" in href] == []
    assert "cannot be worked out" in words(response, "//table")


def test_an_editor_who_is_a_doctor_has_read_the_others_then_and_cannot_read_their_own() -> None:
    question, (one,), (answer, mine) = copied(answers=2)
    person, client = editor()
    doctor = make_doctor(person=person)
    Answer.objects.filter(pk=mine.pk).update(doctor=doctor)
    assert [href for href in links(client.get("/editor/coding/")) if "/code/" in href] == [f"/editor/code/{answer.pk}/"]
    refused = client.post(f"/editor/code/{mine.pk}/", sent(one, "yes"))
    assert "This is your own answer." in words(refused, "//*[@role='alert']")
    assert not Coding.objects.exists()
    client.get(f"/editor/code/{answer.pk}/")
    assert SeenAnswers.objects.filter(doctor=doctor, question=question).exists()
