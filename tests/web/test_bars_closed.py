"""A list tells a doctor nothing of where the others stand before the doctor has said it or opened the answers."""

import pytest
from django.test import Client

from tests.factories import make_answer, make_question, make_stance, make_statement, make_topic, make_verified

pytestmark = pytest.mark.django_db


def test_no_line_of_a_question_whose_answers_are_closed(client: Client) -> None:
    topic = make_topic("Examplitis")
    question = make_question(topics=(topic,))
    make_answer(question)
    statement = make_statement(question)
    make_stance(statement, "no")
    doctor = make_verified()
    assert doctor.person is not None
    addresses = ("/", topic.get_absolute_url())
    for address in addresses:
        assert statement.text in client.get(address).content.decode()
    client.force_login(doctor.person)
    for address in addresses:
        assert statement.text not in client.get(address).content.decode()
    make_stance(statement, "yes", doctor=doctor)
    for address in addresses:
        assert statement.text in client.get(address).content.decode()
