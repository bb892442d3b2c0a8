"""Components made of values alone are made once for the same values, and anew for others."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.template import Context, Template, TemplateDoesNotExist
from django.utils import timezone, translation

from consilium.web.cards import Foot
from consilium.web.templatetags.remembered import remembered
from tests.factories import make_question

FOOT = Foot(
    pk=1, place=1, headline="", language="en", is_copy=False, helpful_count=2, source_helpful=None, voted=False,
    answered_at=datetime(2026, 3, 4, 23, 30, tzinfo=UTC),
    edited_at=None, revision=1, question_id=1, restood_at=None,
)  # fmt: skip


def made(**changes: Any) -> str:
    by = changes.pop("by", "")
    return remembered("components/answer_foot.html", answer=replace(FOOT, **changes), by=by, here="/q/1/")


def test_the_same_values_are_the_same_piece() -> None:
    assert made() is made()


def test_other_values_are_another_piece() -> None:
    assert "<b>2</b>" in made()
    assert "<b>3</b>" in made(helpful_count=3)


@pytest.mark.django_db
def test_a_row_of_the_database_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot be remembered"):
        remembered("components/answer_foot.html", answer=make_question())


def test_language_and_time_zone_are_values_too() -> None:
    first = made()
    with translation.override("de"):
        assert made() is not first
    with timezone.override("Asia/Tokyo"):
        assert made() is not first


def test_while_templates_are_written_nothing_is_kept(settings: Any) -> None:
    settings.DEBUG = True
    assert made() is not made()
    assert made() == made()


def test_text_is_escaped_like_anywhere() -> None:
    tag = Template("{% load remembered %}{% remembered 'components/panel_conditions.html' conditions=rows %}")
    rows = ({"share": "1 of 1", "text": "<script>"},)
    with pytest.raises(TypeError):
        tag.render(Context({"rows": rows}))  # a dict is no value
    condition = type("Condition", (tuple,), {"share": "1 of 1", "text": "<script>"})()
    assert "&lt;script&gt;" in tag.render(Context({"rows": (condition,)}))


def test_a_component_that_is_not_there_is_an_error() -> None:
    with pytest.raises(TemplateDoesNotExist):
        remembered("components/there_is_none.html")
