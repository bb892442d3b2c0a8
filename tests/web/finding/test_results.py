"""What the search page finds, how it can be narrowed and paged."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from consilium.questions import actions
from consilium.questions.models import Question
from consilium.search import opening
from consilium.search.following import Follower
from tests.factories import (
    make_answer,
    make_doctor,
    make_question,
    make_specialty,
    make_stance,
    make_statement,
    make_topic,
    make_verified,
)
from tests.search.conftest import catch_up
from tests.web.finding.results import NEXT, choices, found, search, suggested, titles
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db


class TestResults:
    def test_a_title_a_piece_of_text_and_where_the_doctors_stand(self, follower: Follower) -> None:
        question = make_question("Is tamoxifen safe with lupus?", topics=(make_topic("Lupus"),))
        make_stance(make_statement(question, "It is acceptable."), "yes")
        make_answer(question, body="Filler comes first. " * 30 + "Then **tamoxifens** are named: <5 mg & more.")
        catch_up(follower)
        response = search(q="Tamoxifen")
        assert found(response) == [question.get_absolute_url()]
        assert [one.text for one in page(response).xpath("//article//mark")] == ["tamoxifen", "tamoxifens"]
        text = words(response)
        assert "1 question for “Tamoxifen”" in text
        assert "From an answer: …" in text
        assert "<5 mg & more." in text
        assert "The only doctor so far considers it reasonable. Too few to call." in text
        assert page(response).xpath("//article//a[@href='/topics/lupus/']")

    def test_the_text_says_its_language_and_direction(self, follower: Follower) -> None:
        make_question("هل التاموكسيفين آمن؟", language="ar", body="أتناول التاموكسيفين منذ سنة.")
        catch_up(follower)
        (piece,) = page(search(q="التاموكسيفين")).xpath("//article/p[@dir]")
        assert (piece.get("lang"), piece.get("dir")) == ("ar", "rtl")

    def test_text_of_a_reader_stays_text(self, follower: Follower) -> None:
        make_question("Is <b>tamoxifen</b> safe?")
        catch_up(follower)
        response = search(q="<script>alert(1)</script> tamoxifen")
        assert not page(response).xpath("//main//script | //article//b[text()='tamoxifen']")
        assert titles(response) == ["Is <b>tamoxifen</b> safe?"]

    def test_doctors_and_topics_of_that_name_come_first(self, follower: Follower) -> None:
        make_question("Is lupus curable?", topics=(make_topic("Lupus"),))
        doctor = make_doctor("Ada Lupus")
        catch_up(follower)
        named = links(search(q="lupus"), "//main//dl//a/@href")
        assert named == ["/topics/lupus/", doctor.get_absolute_url()]
        assert links(search(q="lupus", answers="0"), "//main//dl//a/@href") == []

    def test_another_name_finds_it_in_both_orders(self, follower: Follower) -> None:
        topic = make_topic("Multiple sclerosis")
        topic.synonyms.create(name="MS", folded="ms")
        question = make_question("May I walk far with multiple sclerosis?")
        opening.forget()
        catch_up(follower)
        for sort in ("", "newest"):
            assert found(search(q="walk ms", sort=sort)) == [question.get_absolute_url()]


class TestHidden:
    """Nobody follows the journal: the index still knows it all."""

    def test_an_answer_that_was_withdrawn_is_quoted_and_counted_no_more(self, follower: Follower) -> None:
        question, other = make_question("Is tamoxifen safe?"), make_question("Is tamoxifen dear?")
        answer = make_answer(question, body="Tamoxifen needs an electrocardiogram.")
        catch_up(follower)
        assert "electrocardiogram" in words(search(q="tamoxifen"))
        assert choices(search(q="tamoxifen"), "specialty")
        actions.withdraw_answer(person=answer.written_by, answer=answer)
        response = search(q="tamoxifen")
        assert set(found(response)) == {question.get_absolute_url(), other.get_absolute_url()}
        assert "electrocardiogram" not in response.content.decode()
        assert choices(response, "specialty") == choices(response, "answers") == {}

    def test_a_hidden_question_is_in_no_figure_and_no_suggestion(self, follower: Follower) -> None:
        for text in ("safe", "dear", "bitter"):
            question = make_question(f"Is tamoxifen {text}?", topics=(make_topic(),))
        catch_up(follower)
        assert len(choices(search(q="tamoxifen"), "topic")) == 3
        Question.objects.filter(pk=question.pk).update(state="withdrawn")
        response = search(q="tamoxifen")
        assert "bitter" not in response.content.decode()
        assert len(choices(response, "topic")) == 2
        assert "2 questions for" in words(response)
        assert "bitter" not in suggested("tamox")

    def test_a_doctor_whose_answers_are_closed_sees_no_quote_no_bar_and_no_label(self, follower: Follower) -> None:
        question = make_question("Is tamoxifen safe?", body_html="<p>I wonder.</p>")
        doctor, reader = make_verified(), make_verified()
        answer = make_answer(question, doctor=doctor, body="Tamoxifen: never.")
        make_stance(make_statement(question), "no", doctor=doctor, answer=answer)
        catch_up(follower)
        assert reader.person is not None
        client = signed_in(reader.person)
        response = search(client, q="tamoxifen")
        assert found(response) == [question.get_absolute_url()]
        assert not page(response).xpath("//div[@class='line']")
        assert "never" not in words(response)
        assert "I wonder." in words(response)
        assert found(search(client, q="tamoxifen", label="few")) == []
        assert "never" in words(search(q="tamoxifen", label="few")), "everybody else"

    def test_nor_which_words_are_in_them(self, follower: Follower) -> None:
        topic = make_topic("Lupus")
        question = make_question("Is tamoxifen safe?", topics=(topic,), body_html="<p>I wonder.</p>")
        answer = make_answer(question, body="Absolutely contraindicated with tamoxifen.")
        make_stance(make_statement(question, "The tablet is acceptable."), "no", doctor=answer.doctor, answer=answer)
        open_one = make_question("What does contraindicated mean?")
        catch_up(follower)
        reader = make_verified().person
        assert reader is not None
        client = signed_in(reader)
        theirs, others = question.get_absolute_url(), open_one.get_absolute_url()
        assert found(search(client, q="contraindicated")) == [others]
        assert set(found(search(q="contraindicated"))) == {theirs, others}, "everybody else"
        newest = {"sort": "newest"}
        assert found(search(client, q="tamoxifen contraindicated", **newest)) == []
        assert found(search(q="tamoxifen contraindicated", **newest)) == [theirs]
        for words_of_its_own in ("tamoxifen", "tamoxifne", "wonder", "tablet", "lupus", "lupus tamoxifen"):
            assert theirs in found(search(client, q=words_of_its_own)), words_of_its_own
            assert words_of_its_own == "tamoxifne" or theirs in found(search(client, q=words_of_its_own, **newest))
        assert found(search(client, topic="lupus")) == [theirs]

    def test_nor_while_somebody_types(self, follower: Follower) -> None:
        question = make_question("Is tamoxifen safe?")
        answer = make_answer(question, body="Absolutely contraindicated.")
        make_stance(make_statement(question), "no", doctor=answer.doctor, answer=answer)
        catch_up(follower)
        reader = make_verified().person
        assert reader is not None
        client = signed_in(reader)
        assert question.get_absolute_url() in suggested("contraindic")
        assert question.get_absolute_url() not in suggested("contraindic", client)
        assert question.get_absolute_url() in suggested("is tamox", client)


class TestFilters:
    def test_each_narrows_and_says_how_to_take_it_off(self, follower: Follower) -> None:
        lupus, doctor = make_topic("Lupus"), make_verified(specialty=make_specialty("Rheumatology", "Rheumatologist"))
        one, other = make_question("Is sunlight harmful?", topics=(lupus,), language="de"), make_question("Is sunlight healthy?")
        make_answer(one, doctor=doctor, language="fr")
        make_stance(make_statement(one), "yes")
        Question.objects.filter(pk=other.pk).update(asked_at="2001-01-01T00:00Z")
        catch_up(follower)
        everything = search(q="sunlight")
        assert len(found(everything)) == 2
        for name, value, figure in (
            ("label", "few", "Too few answers to compare (1)"), ("specialty", "rheumatology", "Rheumatology (1)"),
            ("topic", "lupus", "Lupus (1)"), ("answers", "1", "1 or more (1)"), ("language", "de", "Deutsch (1)"),
            ("language", "fr", "Français (1)"), ("since", "month", "In the last month (1)"),
        ):  # fmt: skip
            assert choices(everything, name)[value] == figure
            narrowed = search(q="sunlight", **{name: value})
            assert found(narrowed) == [one.get_absolute_url()], name
            assert choices(narrowed, name) == choices(everything, name), "its own figures stay"
            assert "?q=sunlight" in links(narrowed, "//ul[@class='tags']//a[contains(., 'take this filter off')]/@href")
        assert choices(everything, "cites") == {}, "it would leave nothing"

    def test_several_at_once_then_all_off(self, follower: Follower) -> None:
        lupus = make_topic("Lupus")
        for n in range(3):
            make_answer(make_question(f"Is sunlight harmful {n}?", topics=(lupus,) if n else ()))
        make_question("Is sunlight healthy?", topics=(lupus,))
        catch_up(follower)
        response = search(q="sunlight", topic="lupus", answers="1")
        assert len(found(response)) == 2
        assert choices(response, "topic")["lupus"] == "Lupus (2)"
        off = links(response, "//ul[@class='tags']//a[contains(., 'filter')]/@href")
        assert off == ["?q=sunlight&topic=lupus", "?q=sunlight&answers=1", "?q=sunlight"]

    def test_filters_alone_list_the_newest(self, follower: Follower) -> None:
        lupus = make_topic("Lupus")
        made = [make_question(f"Question {n}?", topics=(lupus,)).get_absolute_url() for n in range(3)]
        make_question("Another?")
        catch_up(follower)
        assert found(search(topic="lupus")) == made[::-1]

    @pytest.mark.parametrize(
        "asked",
        [
            {"topic": "gone"}, {"topic": "\x00"}, {"topic": "x" * 900}, {"specialty": "'--"}, {"label": "happy"},
            {"answers": "-1"}, {"answers": "9" * 40}, {"language": "\x00"}, {"since": "yesterday"}, {"cites": "yes"},
            {"sort": "worst"},
            {"after": "9-"}, {"after": "1-99999999999999999999"}, {"after": "x"}, {"page": "7"},
        ],
    )  # fmt: skip
    def test_an_old_link_does_not_break(self, follower: Follower, asked: dict[str, str]) -> None:
        question = make_question("Is sunlight harmful?")
        catch_up(follower)
        assert found(search(q="sunlight", **asked)) == [question.get_absolute_url()]


class TestPages:
    @pytest.mark.parametrize("sort", ["", "newest"])
    def test_show_every_result_once(self, follower: Follower, sort: str, settings) -> None:
        settings.CONFIG = settings.CONFIG.model_copy(update={"page_size": 5})
        made = {make_question(f"Is sunlight harmful {n}?").get_absolute_url() for n in range(12)}
        catch_up(follower)
        seen, address = [], "/search/?" + urlencode({"q": "sunlight", "sort": sort})
        while address:
            response = Client().get(address)
            seen += found(response)
            more = links(response, NEXT)
            address = f"/search/{more[0]}" if more else ""
        assert len(seen) == 12
        assert set(seen) == made

    @pytest.mark.parametrize("gone", [0, 4])
    def test_stay_right_when_a_result_vanishes(self, follower: Follower, settings, gone: int) -> None:
        """The first of page one, or the one that the address names."""
        settings.CONFIG = settings.CONFIG.model_copy(update={"page_size": 5})
        for n in range(10):
            make_question(f"Is sunlight harmful {n}?")
        catch_up(follower)
        first = search(q="sunlight", sort="newest")
        later = Client().get(f"/search/{links(first, NEXT)[0]}")
        Question.objects.filter(pk=int(found(first)[gone].split("/")[2])).update(state="withdrawn")
        again = Client().get(later.wsgi_request.get_full_path())
        assert found(again) == found(later)
        assert len(found(later)) == 5
