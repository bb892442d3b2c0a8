"""What a stranger may send instead of what a form offers: a page with a sentence each time, and never for long."""

import pytest
from django.test import Client

from consilium.questions.models import Question
from consilium.web.forms.account import SignUp
from tests.factories import make_person, make_topic
from tests.web.pages import signed_in, words

pytestmark = pytest.mark.django_db

ASKED = {"title": "May I?", "body": "b", "language": "en", "consent": "on"}


def test_a_text_that_is_too_long_to_be_sent_is_not_rendered_either(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[int] = []
    monkeypatch.setattr("consilium.web.saving.as_html", lambda text, body_format: rendered.append(len(text)) or "")
    client = signed_in(make_person())
    page = client.post("/ask/", {**ASKED, "body": "x" * (Question.BODY_LIMIT + 1), "preview": "1"})
    assert page.status_code == 422
    assert "Shorten the details" in words(page)
    assert client.post("/ask/", {"body": "x" * Question.BODY_LIMIT, "preview": "1"}).status_code == 422
    assert rendered == [Question.BODY_LIMIT]


@pytest.mark.parametrize("topic", ["9" * 30, "-" + "9" * 30, "1" * 5000, "x", "1.5", "\x00"])
def test_a_topic_that_no_database_can_look_up_is_not_on_the_list(topic: str) -> None:
    make_topic()
    page = signed_in(make_person()).post("/ask/", {**ASKED, "topics": topic})
    assert page.status_code == 422
    assert not Question.objects.exists()


@pytest.mark.parametrize("day", ["0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59-23:59"])
def test_a_place_before_or_after_all_time_is_a_missing_page(client: Client, day: str) -> None:
    assert client.get(f"/?after={day}~1").status_code == 404


def test_two_who_sign_up_with_one_address_at_once_make_one_account(client: Client) -> None:
    form = SignUp({"email": "ada@example.org", "password1": "correct horse battery"})
    assert form.is_valid()
    make_person("Ada@example.org")
    person, answer = form.try_save(client.get("/accounts/signup/").wsgi_request)
    assert person is None
    assert answer is not None
    assert answer.status_code == 302
