"""Paging by key shows every row once, in order, as a plain slice of the whole list would."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from consilium.lib.paging import BadCursor, Page, paginate
from consilium.questions.models import Question, QuestionTopic
from consilium.topics.models import Topic
from tests.factories import make_question, make_topic

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 1, tzinfo=UTC)
ORDERS = [("-listed_at", "-id"), ("-answer_count", "-id"), ("answer_count", "id"), ("title", "id"), ("-last_answer_at", "-id")]


def walk(rows, order, size):
    """The number of every row, page after page."""
    found, cursor = [], ""
    while True:
        page: Page = paginate(rows, cursor, order=order, size=size)
        assert page.first == (cursor == "")
        assert len(page.items) <= size
        found.extend(item.pk for item in page.items)
        if page.next is None:
            return found
        cursor = page.next


@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from(["a", "~", "é ~%7e", "A", "?"])), max_size=12),
    size=st.integers(1, 5),
    order=st.sampled_from(ORDERS),
)
def test_pages_put_together_are_the_list(rows, size, order):
    Question.objects.all().delete()
    Question.objects.bulk_create(
        Question(title=title, answer_count=answers, listed_at=START + timedelta(minutes=minute), last_answer_at=START)
        for minute, answers, title in rows
    )
    questions = Question.objects.all()
    assert walk(questions, order, size) == list(questions.order_by(*order).values_list("pk", flat=True))


def test_a_row_that_appears_in_front_moves_nothing_to_a_later_page():
    first = [make_question(listed_at=START + timedelta(days=day)) for day in range(4)]
    page = paginate(Question.objects.all(), "", order=Question.NEWEST, size=2)
    make_question(listed_at=START + timedelta(days=9))
    following = paginate(Question.objects.all(), page.next or "", order=Question.NEWEST, size=2)
    assert [item.pk for item in following.items] == [first[1].pk, first[0].pk]


def test_a_list_of_a_topic_pages_by_the_question():
    topic = make_topic()
    for _ in range(5):
        make_question(topics=(topic,))
    Topic.objects.get(pk=topic.pk)
    rows = QuestionTopic.objects.filter(topic=topic)
    assert walk(rows, QuestionTopic.NEWEST, 2) == list(rows.order_by(*QuestionTopic.NEWEST).values_list("pk", flat=True))


@pytest.mark.parametrize(
    "cursor", ["x", "~", "~~", "1~2", "2026-01-01~", "2026-01-01T00:00:00+00:00~x", "2026-13-45T00:00~1", "\x00~1", "~1", "😀~1",
               "2026-01-01T00:00:00+00:00~99999999999999999999", "2026-01-01T00:00:00+00:00~1~1", "9" * 5000],
)  # fmt: skip
def test_an_invented_cursor_is_refused(cursor):
    with pytest.raises(BadCursor):
        paginate(Question.objects.all(), cursor, order=Question.NEWEST, size=2)


def test_an_empty_list_has_one_empty_page():
    assert paginate(Question.objects.all(), "", order=Question.NEWEST, size=2) == Page([], None, first=True)
