"""A question's title cannot take the address of one of its other pages."""

import re

import pytest
from django.urls import get_resolver

from consilium.questions.models import Question
from tests.factories import make_question

pytestmark = pytest.mark.django_db


def test_every_page_below_a_question_is_a_taken_word() -> None:
    namespace, (_, resolver) = next(iter(get_resolver().namespace_dict.items()))
    assert namespace == "web"
    patterns = {pattern for ways in resolver.reverse_dict.values() for pattern, _names in ways[0]}
    words = {found[1] for pattern in patterns if (found := re.fullmatch(r"q/%\(number\)s/([\w-]+)/", pattern))}
    assert {"answer", "cosign", "history"} <= words
    assert words <= Question.TAKEN_WORDS


def test_a_question_called_like_a_page_goes_without_words_in_its_address() -> None:
    question = make_question("Cosign?")
    assert question.get_absolute_url() == f"/q/{question.pk}/"
