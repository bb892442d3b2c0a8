from datetime import UTC, datetime

import pytest
from django.test import Client

from consilium.questions import actions
from consilium.questions.models import AnswerOrigin, Comment, Follow, Question, QuestionLink, SourceAuthor
from tests.factories import (
    make_answer,
    make_doctor,
    make_imported_answer,
    make_person,
    make_question,
    make_source,
    make_specialty,
    make_topic,
)
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db


def imported(**fields: object) -> Question:
    source = make_source(name="An old page", captured_at=datetime(2015, 3, 12, tzinfo=UTC))
    return make_question(
        "Was this asked elsewhere?", source=source, state="archived", asked_at=None, asked_by=None, alias="", **fields
    )


def test_every_part_of_an_answer_is_shown() -> None:
    question = make_question("May I fly after surgery?", topics=(make_topic("Travel"),))
    doctor = make_doctor(
        "Ada Brightwater",
        credentials="MD, FACS",
        badge="Teaching hospital",
        source_rating="4.8",
        source_reviews=48,
        city_text="Porto",
    )
    answer = make_answer(question, doctor=doctor, headline="Wait two weeks", body="Then **ask** again.\n\n- stockings\n- water")
    response = Client().get(question.get_absolute_url())
    said = words(response, f"//article[@id='a{answer.pk}']")
    for part in ("Ada Brightwater, MD, FACS", "Dermatologist, Porto", "Teaching hospital", "4.8 out of 5, 48 patient reviews",
                 "Wait two weeks", "Then ask again.", "stockings", "Helpful 0", "Answered "):  # fmt: skip
        assert part in said
    assert words(response, "//h1") == "May I fly after surgery?"
    assert words(response, "//h2[@id='answers-title']") == "1 doctor answer"
    assert "/topics/travel/" in links(response)
    assert doctor.get_absolute_url() in links(response)


def test_disclaimer_and_emergency_number_are_on_the_page(settings: object) -> None:
    response = Client().get(make_question().get_absolute_url())
    assert "They are not a diagnosis" in words(response, "//footer")
    assert "911" in words(response, "//footer")
    assert "911" in words(response, "//section[@id='answers']")


def test_unknown_votes_are_unknown_and_not_zero() -> None:
    question = imported()
    unknown, known = make_imported_answer(question), make_imported_answer(question, source_helpful=0)
    response = Client().get(question.get_absolute_url())
    assert "Votes at the source: unknown" in words(response, f"//article[@id='a{unknown.pk}']")
    assert "Votes at the source: 0" in words(response, f"//article[@id='a{known.pk}']")
    assert not page(response).xpath("//article//*[contains(@class, 'vote')]//b"), "a number would be read as the source's"


def test_demo_content_counts_like_what_was_written_here() -> None:
    question = make_question()
    answer = make_imported_answer(question, source=make_source(kind="demo"), helpful_count=4)
    said = words(Client().get(question.get_absolute_url()), f"//*[@id='vote-{answer.pk}']")
    assert "Helpful 4" in said
    assert "source" not in said


def test_a_doctor_who_has_answered_is_led_to_the_answer() -> None:
    question, doctor = make_question(), make_doctor(person=make_person())
    client = signed_in(doctor.person)  # type: ignore[arg-type]
    assert f"/q/{question.pk}/answer/" in links(client.get(question.get_absolute_url()))
    answer = make_answer(question, doctor=doctor)
    found = links(client.get(question.get_absolute_url()), "//main/descendant::header//a/@href")
    assert f"#a{answer.pk}" in found
    assert f"/q/{question.pk}/answer/" not in found


def test_who_follows_an_unanswered_question_is_not_told_to_follow_it() -> None:
    question, person = make_question(), make_person()
    client, address = signed_in(person), question.get_absolute_url()
    assert "No doctor has answered yet. Follow the question" in words(client.get(address))
    client.post(f"/q/{question.pk}/follow/", {"on": "1"})
    assert "No doctor has answered yet. You follow the question" in words(client.get(address))


def test_answers_of_one_headline_are_told_apart_by_their_authors() -> None:
    question = make_question()
    made = [make_answer(question, headline="It depends"), make_answer(question, headline="It depends")]
    tree = page(Client().get(question.get_absolute_url()))
    names = [
        " ".join(tree.get_element_by_id(part).text_content() for part in article.get("aria-labelledby").split())
        for article in tree.xpath("//article")
    ]
    assert names == [f"It depends {answer.doctor.full_name}" for answer in made]  # type: ignore[union-attr]
    assert len({link.text_content() for link in tree.xpath("//article//a[@class='link']")}) == len(made)


def test_paper_says_where_the_page_is() -> None:
    question = make_question()
    said = words(Client().get(question.get_absolute_url()), "//p[contains(@class, 'paper')]")
    assert said == f"Address of this page: http://testserver{question.get_absolute_url()}"


def test_native_answers_say_nothing_of_a_source() -> None:
    question = make_question()
    make_answer(question)
    assert "at the source" not in words(Client().get(question.get_absolute_url()))


def test_imported_page_says_where_it_was_copied_from_and_that_nobody_confirmed_it() -> None:
    said = words(Client().get(imported(source_answer_count=7).get_absolute_url()))
    assert "Copied from a saved page of an unknown site on 12 March 2015." in said
    assert "An old page" not in said, "the name of a file says nothing to a patient"
    assert "nobody has confirmed them" in said
    assert "The source counted 7 answers." in said
    assert "Asked: date unknown" in said
    assert "Archived. This page was copied from elsewhere and takes no new answers." in said


def test_answers_without_a_doctor_say_so_and_show_what_the_source_had() -> None:
    question = imported()
    city_only, nothing, user = (make_imported_answer(question) for _ in range(3))
    AnswerOrigin.objects.create(answer=city_only, specialty=make_specialty(), city_text="Marin", rating="4.2", review_count=30)
    AnswerOrigin.objects.create(answer=nothing)
    type(user).objects.filter(pk=user.pk).update(source_author=SourceAuthor.objects.create(key="u/1", name="green_kettle"))
    response = Client().get(question.get_absolute_url())
    said = words(response, f"//article[@id='a{city_only.pk}']")
    assert "No named doctor" in said
    assert "Dermatologist, Marin" in said
    assert "4.2 out of 5, 30 patient reviews" in said
    assert "As shown by the source, not checked" in said
    assert "The source shows no author" in words(response, f"//article[@id='a{nothing.pk}']")
    assert "Signed “green_kettle” at the source" in words(response, f"//article[@id='a{user.pk}']")


def test_an_author_of_a_source_is_named_even_when_the_byline_holds_nothing_else() -> None:
    question = imported()
    answer = make_imported_answer(question, source_author=SourceAuthor.objects.create(key="u/2", name="blue_kettle"))
    AnswerOrigin.objects.create(answer=answer)
    response = Client().get(question.get_absolute_url())
    assert "Signed “blue_kettle” at the source" in words(response, "//article")


def test_a_group_of_doctors_says_so() -> None:
    question = imported()
    make_imported_answer(question, doctor=make_doctor("Lakeside Skin Group", kind="group", credentials=""))
    assert "A group of doctors" in words(Client().get(question.get_absolute_url()))


def test_the_snapshot_of_the_source_wins_over_the_profile() -> None:
    question, doctor = imported(), make_doctor("Ada Brightwater", source_rating="1.0", source_reviews=1)
    answer = make_imported_answer(question, doctor=doctor)
    AnswerOrigin.objects.create(answer=answer, specialty=make_specialty(), rating="4.9", review_count=9)
    assert "4.9 out of 5, 9 patient reviews" in words(Client().get(question.get_absolute_url()), "//article")


def test_comments_of_the_source_are_shown_under_what_they_are_about() -> None:
    question = imported()
    answer = make_imported_answer(question)
    author = SourceAuthor.objects.create(key="u/1", name="green_kettle")
    Comment.objects.create(question=question, body="On the <question>.", source_author=author)
    Comment.objects.create(question=question, answer=answer, body="On the answer.", source_votes=3)
    response = Client().get(question.get_absolute_url())
    assert words(response, "//main//header//details") == "1 comment at the source On the <question>. green_kettle, date unknown"
    assert words(response, "//article//details") == "1 comment at the source On the answer. date unknown, 3 votes at the source"


def test_template_braces_in_a_text_are_only_text() -> None:
    question = make_question("What does {{ voteCount }} mean?")
    make_answer(question, body="{% now 'Y' %} {{ 7|add:7 }}")
    said = words(Client().get(question.get_absolute_url()))
    assert "What does {{ voteCount }} mean?" in said
    assert "{% now 'Y' %} {{ 7|add:7 }}" in said


def test_language_and_direction_of_each_text() -> None:
    question = make_question("هل السفر آمن؟", language="ar")
    answer = make_answer(question, language="en")
    tree = page(Client().get(question.get_absolute_url()))
    assert (tree.xpath("//h1/@lang"), tree.xpath("//h1/@dir")) == (["ar"], ["rtl"])
    assert tree.xpath(f"//article[@id='a{answer.pk}']//div[@dir]/@dir")[0] == "ltr"
    assert tree.xpath("/html/@dir") == ["ltr"]


def test_related_questions_and_duplicates_are_linked() -> None:
    question, related, duplicate = make_question(), make_question("Is this one related?"), make_question("Is this one the same?")
    QuestionLink.objects.create(question=question, other=related, kind="related")
    QuestionLink.objects.create(question=question, other=duplicate, kind="duplicate")
    response = Client().get(question.get_absolute_url())
    assert links(response, "//aside//section[@aria-labelledby='related']//a/@href") == [related.get_absolute_url()]
    assert "asking the same as" in words(response, "//main//header")
    assert duplicate.get_absolute_url() in links(response, "//main//header//a/@href")


def test_withdrawn_related_questions_are_not_linked() -> None:
    question, hidden = make_question(), make_question("Is this one gone?", state="withdrawn")
    QuestionLink.objects.create(question=question, other=hidden, kind="related")
    assert "Is this one gone?" not in words(Client().get(question.get_absolute_url()), "//body")


@pytest.mark.parametrize(
    ("sort", "expected"), [("", [0, 1, 2]), ("helpful", [1, 2, 0]), ("newest", [2, 1, 0]), ("nonsense", [0, 1, 2])]
)
def test_order_of_answers(sort: str, expected: list[int]) -> None:
    question = make_question()
    made = [make_answer(question, helpful_count=helpful) for helpful in (1, 9, 4)]
    response = Client().get(question.get_absolute_url(), {"sort": sort} if sort else {})
    assert page(response).xpath("//article/@id") == [f"a{made[index].pk}" for index in expected]


def test_other_addresses_lead_to_the_true_one_for_good() -> None:
    question = make_question("May I swim?")
    for address in (f"/q/{question.pk}/", f"/q/{question.pk}/old-title/", f"/q/{question.pk}/May-I-swim/"):
        response = Client().get(address + "?sort=newest")
        assert (response.status_code, response["Location"]) == (301, question.get_absolute_url() + "?sort=newest")


@pytest.mark.parametrize("title", ["ボトックスは安全?", "؟؟؟", "Answer", "Edit", "History", "Follow", "Withdraw", "Reopen"])
def test_any_title_has_an_address_of_its_own(title: str) -> None:
    question = make_question(title)
    response = Client().get(question.get_absolute_url())
    assert response.status_code == 200
    assert words(response, "//h1") == title


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999999"])
def test_missing_questions(number: str) -> None:
    assert Client().get(f"/q/{number}/").status_code == 404


@pytest.mark.parametrize(
    "address", ["/topics/a%00b/", "/doctors/a%00b/", "/q/1/a%00b/", "/?after=%00", "/doctors/?specialty=%00"]
)
def test_an_address_that_no_database_can_look_up_is_no_crash(address: str) -> None:
    assert Client().get(address).status_code in {200, 404}


def test_withdrawn_questions_are_missing() -> None:
    question = make_question(state="withdrawn")
    for address in (question.get_absolute_url(), f"/q/{question.pk}/history/"):
        assert Client().get(address).status_code == 404


def test_a_withdrawn_answer_leaves_a_note_and_no_text() -> None:
    question = make_question()
    answer = make_answer(question, headline="Gone headline", body="Gone body.")
    actions.withdraw_answer(person=answer.written_by, answer=answer)  # type: ignore[arg-type]
    said = words(Client().get(question.get_absolute_url()), "//body")
    assert "1 answer was taken back by its doctor." in said
    assert "Gone" not in said
    assert Client().get(f"/answers/{answer.pk}/history/").status_code == 404


def test_a_visitor_gets_no_token_no_form_that_posts_and_no_script() -> None:
    question = make_question()
    make_answer(question)
    for address in ("/", "/topics/", "/doctors/", question.get_absolute_url()):
        response = Client().get(address)
        assert b"csrfmiddlewaretoken" not in response.content
        assert b"<script" not in response.content.replace(b'<script type="application/ld+json"', b"")
        assert not page(response).xpath("//form[@method='post']")
        assert not response.cookies


def test_a_visitor_is_led_to_sign_in_and_back_to_the_answer() -> None:
    question = make_question()
    answer = make_answer(question)
    found = [href for href in links(Client().get(question.get_absolute_url())) if href.startswith("/accounts/login/?next=")]
    assert any(href.endswith(f"%23a{answer.pk}") for href in found)


def test_a_follower_who_looks_has_seen_the_answers() -> None:
    person, question = make_person(), make_question()
    actions.follow(person=person, question=question)
    make_answer(question)
    signed_in(person).get(question.get_absolute_url())
    assert Follow.objects.get(person=person).seen_answers == 1


def test_history_marks_what_was_added_and_removed() -> None:
    person = make_person()
    question = make_question("May I swim?", person=person)
    actions.edit_question(person=person, question=question, title="May I swim?", body="Some other words.", based_on=1)
    response = Client().get(f"/q/{question.pk}/history/")
    assert words(response, "//section//ins") == "other"
    assert words(response, "//section[1]").endswith("May I swim? Some other words.")
    assert f"/q/{question.pk}/history/" in links(Client().get(question.get_absolute_url()))


def test_history_shows_imported_wordings_without_tags() -> None:
    question = imported()
    question.revisions.update(body="<p>One &amp; <b>two</b></p>", body_format="html")
    assert "One & two" in words(Client().get(f"/q/{question.pk}/history/"), "//section")


def test_history_of_an_import_without_wordings_says_so() -> None:
    question = imported()
    answer = make_imported_answer(question)
    question.revisions.all().delete()
    for address in (f"/q/{question.pk}/history/", f"/answers/{answer.pk}/history/"):
        assert "No earlier wording is known." in words(Client().get(address))


def test_history_of_many_wordings_goes_on_to_older_pages() -> None:
    person = make_person()
    question = make_question(person=person)
    for number in range(1, 13):
        actions.edit_question(person=person, question=question, title="May I?", body=f"Body {number}.", based_on=number)
    first = Client().get(f"/q/{question.pk}/history/")
    second = Client().get(f"/q/{question.pk}/history/" + links(first, "//a[@rel='next']/@href")[0])
    assert [len(page(response).xpath("//main//section")) for response in (first, second)] == [10, 3]
    assert words(first, "//main//section[10]//del") == "2."
