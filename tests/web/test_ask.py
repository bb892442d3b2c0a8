import pytest
from django.test import Client

from consilium.questions.models import Question
from consilium.topics.models import TopicSynonym
from tests.factories import PASSWORD, make_answer, make_person, make_question, make_topic
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db

WHOLE = {"title": "May I swim after surgery?", "body": "It was *last* week.", "language": "en", "consent": "on"}


def test_a_visitor_signs_in_first_and_keeps_the_words_of_the_link() -> None:
    response = Client().get("/ask/", {"title": "May I swim?"})
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/ask/%3Ftitle%3DMay%2BI%2Bswim%253F")


def test_asking_publishes_under_a_made_up_name_and_follows() -> None:
    person = make_person(display_name="Real Name")
    response = signed_in(person).post("/ask/", WHOLE, follow=True)
    question = Question.objects.get()
    assert response.redirect_chain == [(question.get_absolute_url(), 302)]
    assert words(response, "//h1") == "May I swim after surgery?"
    assert page(response).xpath("//main//em")
    assert question.alias in words(response)
    assert "Real Name" not in response.content.decode()
    assert question.followers.get().person == person
    assert "Your question is published." in words(response, "//*[@role='status']")


def test_the_form_opens_with_the_words_that_came_along() -> None:
    response = signed_in(make_person()).get("/ask/", {"title": "May I swim?"})
    assert page(response).xpath("//textarea[@name='title']")[0].text.strip() == "May I swim?"
    assert page(response).xpath("//h1")[0].text == "Ask the doctors"
    assert "911" in words(response, "//section[@aria-labelledby='sos']")


def test_a_topic_page_brings_its_topic_along() -> None:
    topic = make_topic("Lupus")
    form = page(Client().get(topic.get_absolute_url())).xpath("//aside//form[@action='/ask/']")[0]
    sent = {"topic": form.xpath(".//input[@name='topic']/@value")[0], "title": "May I swim?"}
    response = signed_in(make_person()).get("/ask/", sent)
    assert page(response).xpath("//input[@name='other_topics']/@value") == ["Lupus"]


def test_nothing_is_chosen_for_the_asker() -> None:
    make_topic("Lupus")
    assert not page(signed_in(make_person()).get("/ask/")).xpath("//input[@checked]")


def test_errors_stand_at_the_top_and_beside_the_field_and_keep_the_text() -> None:
    typed = {"title": "x" * 151, "body": "A long story.", "other_topics": "Lupsu", "language": "en"}
    response = signed_in(make_person()).post("/ask/", typed)
    assert response.status_code == 422
    assert words(response, "//title").startswith("Error: ")
    summary = {node.get("href"): node.text for node in page(response).xpath("//*[@role='alert']//a")}
    assert summary["#id_title"] == "Shorten your question to 150 characters or fewer. It has 151 now."
    assert summary["#id_consent"] == "Tick the box if you agree that your question is published"
    assert "Lupsu" in summary["#id_other_topics"]
    for name, message in summary.items():
        field = page(response).xpath(f"//*[@id='{name[1:]}']")[0]
        assert message in words(response, f"//*[@id='{name[1:]}_error']")
        assert field.get("aria-invalid") == "true"
        assert f"{name[1:]}_error" in field.get("aria-describedby")
    assert page(response).xpath("//textarea[@name='title']")[0].text.strip() == "x" * 151
    assert page(response).xpath("//textarea[@name='body']")[0].text.strip() == "A long story."
    assert page(response).xpath("//input[@name='other_topics']/@value") == ["Lupsu"]
    assert not Question.objects.exists()


def test_no_field_cuts_a_pasted_text() -> None:
    assert not page(signed_in(make_person()).get("/ask/")).xpath("//*[self::textarea]/@maxlength")


def test_preview_shows_the_text_and_publishes_nothing() -> None:
    response = signed_in(make_person()).post("/ask/", {**WHOLE, "preview": "1"})
    assert "Not published yet." in words(response, "//section[@aria-labelledby='preview']")
    assert page(response).xpath("//section[@aria-labelledby='preview']//em")[0].text == "last"
    assert not Question.objects.exists()


def test_preview_asks_for_no_consent_and_publishing_does() -> None:
    client, unagreed = signed_in(make_person()), {name: value for name, value in WHOLE.items() if name != "consent"}
    response = client.post("/ask/", {**unagreed, "preview": "1"})
    assert response.status_code == 200
    assert "There is a problem" not in words(response)
    assert "Not published yet." in words(response)
    assert not page(response).xpath("//*[@name='consent']/@checked")
    assert page(response).xpath("//button[@name='preview']/@formaction") == ["#preview"], "the page opens at the preview"
    assert client.post("/ask/", unagreed).status_code == 422
    assert not Question.objects.exists()


def test_preview_lets_no_script_through() -> None:
    response = signed_in(make_person()).post(
        "/ask/", {**WHOLE, "body": "<script>alert(1)</script><img src=x onerror=y>", "preview": "1"}
    )
    assert not page(response).xpath("//main//script | //main//img | //main//*[@onerror]")


def test_topics_are_ticked_or_named_by_any_of_their_names() -> None:
    lupus, toxin = make_topic("Lupus"), make_topic("Botulinum toxin")
    TopicSynonym.objects.create(topic=toxin, name="Wrinkle jab", folded="wrinkle jab")
    signed_in(make_person()).post("/ask/", {**WHOLE, "topics": [str(lupus.pk)], "other_topics": " WRINKLE  Jab, lupus, "})
    assert set(Question.objects.get().topics.all()) == {lupus, toxin}


def test_more_than_five_topics_are_refused() -> None:
    names = ",".join(make_topic().name for _ in range(6))
    response = signed_in(make_person()).post("/ask/", {**WHOLE, "other_topics": names})
    assert "Choose 5 topics or fewer" in words(response, "//*[@role='alert']")


@pytest.mark.parametrize("title", ["\x00", "May\x00I?", "   ", ""])
def test_bad_titles_are_refused_not_crashed_on(title: str) -> None:
    assert signed_in(make_person()).post("/ask/", {**WHOLE, "title": title}).status_code == 422


def test_line_breaks_in_a_title_become_spaces() -> None:
    signed_in(make_person()).post("/ask/", {**WHOLE, "title": "May I\r\nswim?"})
    assert Question.objects.get().title == "May I swim?"


def test_text_typed_by_somebody_who_was_signed_out_waits_for_them() -> None:
    person, client = make_person(), Client()
    response = client.post("/ask/", WHOLE)
    assert response.status_code == 302
    assert client.session.get_expiry_age() <= 3600
    client.post(response["Location"], {"login": person.email, "password": PASSWORD})
    form = page(client.get("/ask/"))
    assert form.xpath("//textarea[@name='title']")[0].text.strip() == WHOLE["title"]
    assert form.xpath("//textarea[@name='body']")[0].text.strip() == WHOLE["body"]
    assert client.session.get_expiry_age() > 3600
    assert page(client.get("/ask/")).xpath("//textarea[@name='title']")[0].text.strip() == ""


def test_a_visitor_cannot_fill_the_database_with_waiting_text() -> None:
    client = Client()
    client.post("/ask/", {"body": "x" * 100_000})
    assert "kept_text" not in client.session


def test_posting_needs_the_token_of_the_page() -> None:
    person, client = make_person(), Client(enforce_csrf_checks=True)
    client.force_login(person)
    assert client.post("/ask/", WHOLE).status_code == 403
    token = page(client.get("/ask/")).xpath("//input[@name='csrfmiddlewaretoken']/@value")[0]
    assert client.post("/ask/", {**WHOLE, "csrfmiddlewaretoken": token}).status_code == 302


def test_editing_before_anybody_answered() -> None:
    person = make_person()
    question, client = make_question(person=person), signed_in(person)
    address = f"/q/{question.pk}/edit/"
    assert address in links(client.get(question.get_absolute_url()))
    form = page(client.get(address))
    based_on = form.xpath("//input[@name='based_on']/@value")[0]
    response = client.post(address, {"title": "May I run?", "body": "New words.", "based_on": based_on}, follow=True)
    assert words(response, "//h1") == "May I run?"
    assert "New words." in words(response)


def test_a_conflict_keeps_both_texts_and_the_second_try_saves() -> None:
    person = make_person()
    question, client = make_question(person=person), signed_in(person)
    address = f"/q/{question.pk}/edit/"
    client.post(address, {"title": "First tab?", "body": "From the first tab.", "based_on": 1})
    response = client.post(address, {"title": "Second tab?", "body": "From the second tab.", "based_on": 1})
    assert response.status_code == 409
    assert "From the first tab." in words(response, "//section[@aria-labelledby='saved']")
    assert page(response).xpath("//textarea[@name='body']")[0].text.strip() == "From the second tab."
    assert "changed while you were editing" in words(response, "//*[@role='alert']")
    based_on = page(response).xpath("//input[@name='based_on']/@value")[0]
    client.post(address, {"title": "Second tab?", "body": "From the second tab.", "based_on": based_on})
    question.refresh_from_db()
    assert (question.title, question.revision) == ("Second tab?", 3)


def test_after_an_answer_only_an_update_can_be_added() -> None:
    person = make_person()
    question, client = make_question("May I swim?", person=person), signed_in(person)
    make_answer(question)
    address = f"/q/{question.pk}/edit/"
    assert not page(client.get(address)).xpath("//textarea[@name='title']")
    response = client.post(address, {"body": "It is worse now.", "based_on": 1}, follow=True)
    assert words(response, "//h1") == "May I swim?"
    assert "Some words. Update, " in words(response)
    assert "It is worse now." in words(response)


def test_an_answer_that_comes_while_editing_keeps_the_typed_text_and_changes_nothing() -> None:
    person = make_person()
    question, client = make_question("May I swim?", person=person), signed_in(person)
    make_answer(question)
    address = f"/q/{question.pk}/edit/"
    response = client.post(address, {"title": "Changed?", "body": "Typed words.", "based_on": 1})
    assert response.status_code == 403
    assert "A doctor has answered while you were writing" in words(response, "//*[@role='alert']")
    assert page(response).xpath("//textarea[@name='body']")[0].text.strip() == "Typed words."
    question.refresh_from_db()
    assert (question.title, question.body, question.revision) == ("May I swim?", "Some words.", 1)


def test_strangers_cannot_edit_or_withdraw() -> None:
    question, client = make_question(), signed_in(make_person())
    for verb in ("edit", "withdraw"):
        for response in (client.get(f"/q/{question.pk}/{verb}/"), client.post(f"/q/{question.pk}/{verb}/", {"keep_text": "on"})):
            assert response.status_code == 403
            assert "Only the person who asked can do this" in words(response)
    assert Question.objects.get().state == "open"


def test_a_closed_question_cannot_be_edited_by_its_asker() -> None:
    person = make_person()
    question = make_question(person=person, state="closed")
    response = signed_in(person).get(f"/q/{question.pk}/edit/")
    assert response.status_code == 403
    assert "only while the question is open" in words(response)


def test_withdrawing_an_unanswered_question_deletes_it_after_a_page_that_asks() -> None:
    person = make_person()
    question, client = make_question(person=person), signed_in(person)
    assert "deleted for good" in words(client.get(f"/q/{question.pk}/withdraw/"))
    assert Question.objects.exists()
    response = client.post(f"/q/{question.pk}/withdraw/", follow=True)
    assert not Question.objects.exists()
    assert "Your question is withdrawn." in words(response)


@pytest.mark.parametrize(("sent", "stays"), [({"keep_text": "on"}, True), ({}, False)])
def test_withdrawing_an_answered_question_frees_it_of_its_asker(sent: dict[str, str], stays: bool) -> None:
    person = make_person()
    question, client = make_question(person=person), signed_in(person)
    alias = question.alias
    make_answer(question)
    said = words(client.post(f"/q/{question.pk}/withdraw/", sent, follow=True))
    assert alias not in said
    assert ("Some words." in said) is stays


@pytest.mark.parametrize("state", ["archived", "closed"])
def test_editors_open_questions_for_new_answers(state: str) -> None:
    question, editor = make_question(state=state), signed_in(make_person(roles=("editor",)))
    address = f"/q/{question.pk}/reopen/"
    assert address in page(editor.get(question.get_absolute_url())).xpath("//form/@action")
    assert address not in page(signed_in(make_person()).get(question.get_absolute_url())).xpath("//form/@action")
    assert signed_in(make_person()).post(address).status_code == 403
    assert Client().post(address).status_code == 302
    editor.post(address)
    question.refresh_from_db()
    assert question.state == "open"
