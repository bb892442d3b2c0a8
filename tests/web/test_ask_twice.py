"""A form that is sent twice asks once."""

import re

import pytest
from django.test import Client

from consilium.questions.models import Question
from tests.factories import make_person
from tests.web.pages import signed_in

pytestmark = pytest.mark.django_db


def sent(client: Client, once: str, title: str = "May I have it twice?") -> int:
    return client.post("/ask/", {"title": title, "body": "", "language": "en", "consent": "on", "once": once}).status_code


def test_a_double_click_asks_once_and_other_words_ask_again():
    client = signed_in(make_person())
    once = re.search(r'name="once" value="([a-z2-7]{26})"', client.get("/ask/").text).group(1)
    assert [sent(client, once), sent(client, once)] == [302, 302]
    assert Question.objects.count() == 1
    assert sent(client, once, "Something else?") == 302
    assert Question.objects.count() == 2


def test_a_made_up_number_is_refused_and_the_text_stays():
    page = signed_in(make_person()).post("/ask/", {"title": "Kept?", "language": "en", "consent": "on", "once": "../x"})
    assert page.status_code == 422
    assert "Kept?" in page.text
