"""The same question in several situations: each page names the others, none counts for another."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consilium.consensus import actions as consensus
from consilium.questions import actions
from consilium.questions.models import Question, QuestionLink
from tests.factories import make_answer, make_person, make_question, make_stance, make_statement, make_topic, make_verified
from tests.web.pages import links, page, signed_in, words

pytestmark = pytest.mark.django_db
HERE = "//section[@aria-labelledby='situations']"


def variant(root: Question, difference: str = "I am pregnant.", *, title: str = "The same?", **fields: Any) -> Question:
    said = {"person": make_person(), "body": "", "language": "en", "topics": [], "title": title}
    return actions.ask(variant_of=root, difference=difference, **(said | fields))


@pytest.fixture
def root() -> Question:
    question = make_question("May I have it?", topics=(make_topic("Lupus"),))
    make_stance(make_statement(question, "It is acceptable."))
    return question


def seen(question: Question, client: Client | None = None) -> Any:
    return (client or Client()).get(question.get_absolute_url())


class TestOnTheirPages:
    def test_they_name_each_other_with_what_differs_and_where_doctors_stand(self, root: Question) -> None:
        older = variant(root, "I am <80> years old.")
        make_stance(older.statements.get(), "no")
        variant(older, "I am pregnant.", title="And while pregnant?")
        said = words(seen(root), HERE)
        assert "In this situation: I am <80> years old." in said
        assert "And while pregnant?" in said
        assert "advises against" in said
        assert len(page(seen(root)).xpath(f"{HERE}//*[@data-stance='no']")) == 1
        said = words(seen(older), HERE)
        assert "May I have it? As it was asked first" in said
        assert "And while pregnant?" in said
        assert "80" not in said

    def test_a_variant_says_first_what_it_is_about_and_where_it_comes_from(self, root: Question) -> None:
        response = seen(variant(root))
        said = words(response, "//header[h1]")
        assert "This is about another situation: May I have it?" in said
        assert "In this situation: I am pregnant." in said
        assert root.get_absolute_url() in links(response, "//header[h1]//a/@href")

    def test_stances_are_never_counted_together(self, root: Question) -> None:
        assert "1 of 1" not in words(seen(variant(root)), "//section[@aria-labelledby='stand']")
        assert not page(seen(variant(root))).xpath("//ol//*[@data-stance]")

    def test_one_that_cannot_be_read_is_named_nowhere(self, root: Question) -> None:
        other = variant(root)
        Question.objects.filter(pk=root.pk).update(state="withdrawn")
        response = seen(other)
        assert "May I have it?" not in words(response, "//body")
        assert "In this situation: I am pregnant." in words(response)

    def test_a_doctor_sees_no_bar_of_what_is_closed_to_them(self, root: Question) -> None:
        doctor = make_verified()
        assert doctor.person is not None
        response = seen(variant(root), signed_in(doctor.person))
        assert "May I have it?" in words(response, HERE)
        assert not page(response).xpath(f"{HERE}//*[@data-stance]")

    def test_of_many_ten_stand_there_and_all_on_a_page_of_their_own(self, root: Question, settings: Any) -> None:
        for n in range(12):
            variant(root, f"I am {n + 20} years old.")
        response = seen(root)
        assert len(page(response).xpath(f"{HERE}//li")) == 10
        address = f"/q/{root.pk}/situations/"
        assert address in links(response, f"{HERE}//a/@href")
        settings.CONFIG = settings.CONFIG.model_copy(update={"page_size": 10})
        first = Client().get(address)
        following = page(first).xpath("//a[@rel='next']/@href")[0]
        told = words(first) + words(Client().get(address + following))
        assert all(f"I am {n + 20} years old." in told for n in range(12))
        assert "As it was asked first" in told
        assert Client().get(address, headers={"if-none-match": first["ETag"]}).status_code == 304

    def test_lists_and_feeds_say_in_which_situation(self, root: Question) -> None:
        variant(root, "I am <b>pregnant</b>.")
        assert "In this situation: I am <b>pregnant</b>." in words(Client().get("/"))
        assert "&amp;lt;b&amp;gt;pregnant" in Client().get("/feed.atom").text

    def test_doctors_read_it_where_they_answer_and_on_the_sheet(self, root: Question) -> None:
        other, doctor = variant(root), make_verified()
        assert doctor.person is not None
        for path in ("answer", "cosign", "sheet"):
            assert "In this situation: I am pregnant." in words(signed_in(doctor.person).get(f"/q/{other.pk}/{path}/"))


class TestCost:
    def cost(self, question: Question) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert seen(question).status_code == 200
        return len(queries)

    def test_variants_and_joined_questions_cost_no_query(self, root: Question) -> None:
        link = make_question()
        make_stance(make_statement(link))
        QuestionLink.objects.create(question=root, other=link, kind="related")
        editor = make_person(roles=("editor",))
        alone = self.cost(root)
        for n in range(12):
            consensus.keep(variant(root, f"Situation {n}."))
            actions.merge(person=editor, question=make_question(), canonical=root)
        consensus.keep(link)
        consensus.keep(root)
        assert self.cost(root) <= min(alone, 12)


class TestTag:
    """A reader's copy is never taken for right after another situation's bar, words or presence has changed."""

    @pytest.mark.parametrize(
        "change",
        [
            lambda root, one, other: make_answer(other),
            lambda root, one, other: actions.declare_one(other),
            lambda root, one, other: variant(root, "One more."),
            lambda root, one, other: actions.end_variant(person=make_person(roles=("editor",)), question=other),
            lambda root, one, other: actions.withdraw_question(person=other.asked_by, question=other),
            lambda root, one, other: make_answer(root),
            lambda root, one, other: actions.merge(
                person=make_person(roles=("editor",)), question=make_question(), canonical=one
            ),
        ],
        ids=["answer", "stance", "one more", "one less", "taken back", "answer to the first", "joined"],
    )
    def test_after(self, root: Question, change: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(actions, "declare_one", declare_one, raising=False)
        one, other = variant(root, "Older."), variant(root, "Younger.")
        visitor = Client()
        before = {row.pk: seen(row, visitor) for row in (root, one)}
        changed = 0
        change(root, one, other)
        for row in (root, one):
            again = visitor.get(row.get_absolute_url(), headers={"if-none-match": before[row.pk]["ETag"]})
            if seen(row).content != before[row.pk].content:
                changed += 1
                assert again.status_code == 200
        assert changed


def declare_one(question: Question) -> None:
    doctor = make_verified()
    said = [actions.Said(question.statements.get(), "no")]
    actions.declare(doctor=doctor, person=doctor.person, question=question, said=said, interests=actions.Interests(paid=""))


class TestJoined:
    def test_the_page_says_how_else_it_was_asked(self, root: Question) -> None:
        other = make_question("Is it all right <if> I have it?")
        actions.merge(person=make_person(roles=("editor",)), question=other, canonical=root)
        response = seen(root)
        assert "Also asked as: Is it all right <if> I have it? · " in words(response, "//header[h1]")
        assert f"/q/{other.pk}/original/" in links(response, "//header[h1]//a/@href")
        assert "Is it all right" not in page(response).xpath("//script[@type='application/ld+json']//text()")


class TestAskingFromAPage:
    def form(self, client: Client, root: Question) -> Any:
        return client.get("/ask/", {"variant_of": root.pk})

    def test_the_page_leads_to_a_form_that_brings_everything_along(self, root: Question) -> None:
        assert f"/ask/?variant_of={root.pk}" in links(seen(root), "//aside//a/@href")
        response = self.form(signed_in(make_person()), root)
        assert page(response).xpath("//textarea[@name='title']")[0].text.strip() == "May I have it?"
        assert page(response).xpath("//input[@name='topics'][@checked]/@value") == [str(root.topics.get().pk)]
        assert "You ask the same as: May I have it?" in words(response)
        assert "It is acceptable." in words(response, "//fieldset[@id='statements']")
        assert len(page(response).xpath("//textarea[starts-with(@name, 'statement_')]")) == 3
        assert words(response, "//label[@for='id_statement_1']") == "Statement 2"
        assert not page(response).xpath("//input[@name='choice']")

    def test_only_what_differs_is_needed(self, root: Question) -> None:
        client, sent = signed_in(make_person()), {"title": root.title, "language": "en", "consent": "on"}
        address = f"/ask/?variant_of={root.pk}"
        response = client.post(address, sent)
        assert response.status_code == 422
        assert "Enter how your situation differs" in words(response, "//*[@role='alert']")
        assert client.post(address, {**sent, "difference": "I am pregnant."}).status_code == 302
        assert Question.objects.get(difference="I am pregnant.").variant_of == root

    def test_of_a_variant_it_is_asked_of_the_first_one(self, root: Question) -> None:
        response = self.form(signed_in(make_person()), variant(root))
        assert "You ask the same as: May I have it?" in words(response)

    def test_when_that_one_is_gone_nothing_that_was_typed_is_lost(self, root: Question) -> None:
        client, address = signed_in(make_person()), f"/ask/?variant_of={root.pk}"
        Question.objects.update(state="withdrawn")
        assert "cannot be read any more" in words(client.get(address), "//*[@role='status']")
        sent = {"title": "May I?", "body": "Since May.", "language": "en", "consent": "on", "difference": "I am pregnant."}
        response = client.post(address, sent)
        assert response.status_code == 422
        assert "cannot be read any more" in words(response, "//*[@role='alert']")
        assert page(response).xpath("//textarea[@name='body']")[0].text.split() == ["Since", "May.", "I", "am", "pregnant."]
        assert page(response).xpath("//form[.//textarea[@name='title']]/@action") == ["/ask/"]

    def test_a_statement_that_has_no_room_is_not_dropped_unsaid(self, root: Question) -> None:
        for n in range(3):
            make_statement(root, f"Claim {n} holds.")
        sent = {"title": "May I?", "language": "en", "consent": "on", "difference": "Older.", "statement_1": "It lasts long."}
        response = signed_in(make_person()).post(f"/ask/?variant_of={root.pk}", {**sent, "statement_1_kind": "fact"})
        assert response.status_code == 422
        assert "There is no room for this statement" in words(response, "//*[@role='alert']")


class TestSayingItAnew:
    def test_while_nobody_has_answered(self, root: Question) -> None:
        person = make_person()
        other = variant(root, person=person)
        client, address = signed_in(person), f"/q/{other.pk}/edit/"
        assert page(client.get(address)).xpath("//textarea[@name='difference']")[0].text.strip() == "I am pregnant."
        sent = {"title": other.title, "body": "", "based_on": 1}
        assert client.post(address, {**sent, "difference": ""}).status_code == 422
        assert "In this situation: I breastfeed." in words(
            client.post(address, {**sent, "difference": "I breastfeed."}, follow=True)
        )

    def test_only_of_a_variant_and_never_against_a_newer_wording(self, root: Question) -> None:
        assert root.asked_by is not None
        client = signed_in(root.asked_by)
        assert not page(client.get(f"/q/{root.pk}/edit/")).xpath("//*[@name='difference']")
        other = variant(root, person=root.asked_by)
        sent = {"title": "Anew?", "body": "", "difference": "I breastfeed.", "based_on": 7}
        assert client.post(f"/q/{other.pk}/edit/", sent).status_code == 409
        other.refresh_from_db()
        assert other.difference == "I am pregnant."
