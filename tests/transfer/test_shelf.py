"""Items kept on disk come back as they were, in their order, whatever is added meanwhile."""

from contextlib import closing
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from consilium.transfer.loader.shelf import CHUNK, Shelf
from consilium.transfer.records import CommentRecord, Item, Skip, Where


@given(st.lists(st.text(max_size=20), max_size=20), st.integers(0, 3 * CHUNK))
def test_what_goes_in_comes_out(texts: list[str], more: int) -> None:
    items = [
        CommentRecord(where=Where("a", n), key=text, body=text, at=datetime(2020, 1, 1, tzinfo=UTC))
        for n, text in enumerate(texts)
    ]
    skips = [Skip(Where("a", n), "no text", "comments") for n in range(more)]
    with closing(Shelf[Item]()) as shelf:
        for item in (*items, *skips):
            shelf.add(item)
        assert shelf.count == len(items) + more
        assert list(shelf.take()) == [*items, *skips]
        assert shelf.count == 0
        assert list(shelf.take()) == []


def test_looking_at_them_leaves_them_where_they_are() -> None:
    with closing(Shelf[Skip]()) as shelf:
        for number in range(2 * CHUNK):
            shelf.add(Skip(Where("a", number), "", "links"))
        assert next(shelf.each()).where.line == 0  # not to the end
        shelf.add(Skip(Where("a", 2 * CHUNK), "", "links"))
        for _ in range(2):
            assert [item.where.line for item in shelf.each()] == list(range(2 * CHUNK + 1))
        assert [item.where.line for item in shelf.take()] == list(range(2 * CHUNK + 1))


def test_what_is_added_while_taking_comes_the_next_time() -> None:
    with closing(Shelf[Item]()) as shelf:
        for number in range(CHUNK + 2):
            shelf.add(Skip(Where("a", number), "", "links"))
        for item in shelf.take():
            shelf.add(item)
        assert [item.where.line for item in shelf.take()] == list(range(CHUNK + 2))
