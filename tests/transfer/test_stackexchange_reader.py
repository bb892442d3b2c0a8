"""A dump as records: what is read out of each table, and how files and sites are named."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from consilium.transfer.records import (
    AnswerRecord,
    BadInput,
    CommentRecord,
    LinkRecord,
    Note,
    Options,
    QuestionRecord,
    RevisionRecord,
    Skip,
    SourceAuthorRecord,
    SourceRecord,
    TopicRecord,
)
from consilium.transfer.stackexchange import read, reader
from consilium.transfer.stackexchange.dump import find
from tests.transfer import dumps

T = TypeVar("T")


def records(folder: str, kind: type[T], **options: Any) -> list[T]:
    return [item for item in read(folder, Options(**options)) if isinstance(item, kind)]


def test_question_carries_all_that_the_post_says(tmp_path: Path) -> None:
    folder = dumps.write(tmp_path / "soil", Posts=[dumps.question(12, LastEditDate="2019-03-05T00:00:00.000")])
    [found] = records(folder, QuestionRecord)
    assert found.key == "stackexchange/soil/question/12"
    assert found.title == "Why does soil smell, part 12?"
    assert (found.body, found.body_format) == ("<p>After rain.</p>", "html")
    assert found.asked_at == datetime(2019, 3, 1, 10, 0, 0, 500_000, tzinfo=UTC)
    assert found.edited_at == datetime(2019, 3, 5, tzinfo=UTC)
    assert (found.source_votes, found.source_answer_count) == (3, 1)
    assert found.source_url == "https://soil.stackexchange.com/q/12"
    assert found.topic_keys == ("stackexchange/soil/tag/rain", "stackexchange/soil/tag/soil")
    assert found.author_key == "stackexchange/soil/user/7"
    assert found.state is None


def test_answer_carries_its_address_for_attribution(tmp_path: Path) -> None:
    folder = dumps.write(tmp_path / "soil", Posts=[dumps.question(), dumps.answer()])
    [found] = records(folder, AnswerRecord)
    assert found.question_key == "stackexchange/soil/question/1"
    assert found.source_helpful == 5
    assert found.origin is not None
    assert found.origin.url == "https://soil.stackexchange.com/a/2"


def test_closed_question_stays_closed(tmp_path: Path) -> None:
    folder = dumps.write(tmp_path / "soil", Posts=[dumps.question(ClosedDate="2020-01-01T00:00:00.000")])
    assert [found.state for found in records(folder, QuestionRecord, open=True)] == ["closed"]


@pytest.mark.parametrize("tags", ["<rain><soil>", "|rain|soil|", "<rain><soil><rain>"])
def test_tags_of_both_forms_become_topics_once(tmp_path: Path, tags: str) -> None:
    folder = dumps.write(tmp_path / "soil", Posts=[dumps.question(1, Tags=tags), dumps.question(2, Tags=tags)])
    assert [topic.slug for topic in records(folder, TopicRecord)] == ["rain", "soil"]
    assert all(len(found.topic_keys) == 2 for found in records(folder, QuestionRecord))


def test_tags_that_differ_by_a_sign_have_addresses_of_their_own(tmp_path: Path) -> None:
    folder = dumps.write(tmp_path / "soil", Posts=[dumps.question(Tags="<c><c#><c++><.net>")])
    assert [topic.slug for topic in records(folder, TopicRecord)] == ["c", "c-sharp", "c-plus-plus", "dot-net"]


def test_tag_with_signs_of_an_address_gets_a_word_of_letters(tmp_path: Path) -> None:
    folder = dumps.write(tmp_path / "beer", Posts=[dumps.question(Tags="<a/b><..><x?y>")])
    assert [topic.slug for topic in records(folder, TopicRecord)] == ["ab", "dot-dot", "xy"]


def test_author_without_a_table_of_users_is_known_by_number(tmp_path: Path) -> None:
    folder = dumps.write(tmp_path / "soil", Posts=[dumps.question(OwnerUserId=41)])
    [found] = records(folder, SourceAuthorRecord)
    assert (found.name, found.url) == ("user 41", "https://soil.stackexchange.com/users/41")


def test_deleted_author_is_known_by_the_name_left_behind(tmp_path: Path) -> None:
    post = dumps.question(OwnerDisplayName="user150")
    del post["OwnerUserId"]
    folder = dumps.write(tmp_path / "soil", Posts=[post])
    [found] = records(folder, SourceAuthorRecord)
    assert (found.key, found.name, found.url) == ("stackexchange/soil/name/user150", "user150", "")


def test_users_votes_and_comments_are_joined_to_their_posts(tmp_path: Path) -> None:
    votes = [(1, 2), (1, 2), (1, 3), (2, 3), (2, 1), (2, 5)]
    folder = dumps.write(
        tmp_path / "soil",
        Posts=[dumps.question(), dumps.answer()],
        Users=[{"Id": 7, "DisplayName": "Ännchen"}, {"Id": 8, "DisplayName": "Bo"}, {"Id": 9, "DisplayName": "Silent"}],
        Votes=[{"Id": number, "PostId": post, "VoteTypeId": kind} for number, (post, kind) in enumerate(votes)],
        Comments=[
            {"Id": 1, "PostId": 1, "Text": "Where?", "UserId": 8, "Score": 2, "CreationDate": "2019-03-01T12:00:00.000"},
            {"Id": 2, "PostId": 2, "Text": "Thanks", "UserDisplayName": "gone"},
            {"Id": 3, "PostId": 99, "Text": "Lost"},
        ],
    )
    assert {author.name for author in records(folder, SourceAuthorRecord)} == {"Ännchen", "Bo", "gone"}
    assert [found.source_votes for found in records(folder, QuestionRecord)] == [1]
    assert [found.source_helpful for found in records(folder, AnswerRecord)] == [-1]
    first, second = records(folder, CommentRecord)
    assert (first.question_key, first.answer_key, first.source_votes) == ("stackexchange/soil/question/1", None, 2)
    assert (second.question_key, second.answer_key) == (None, "stackexchange/soil/answer/2")
    [lost] = records(folder, Skip)
    assert (lost.where.line, lost.kind) == (5, "comments")


def test_votes_of_more_posts_than_are_summed_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "POSTS_COUNTED", 2)
    votes = [(1, 2), (2, 2), (1, 2), (3, 3), (1, 2), (2, 3)]
    folder = dumps.write(
        tmp_path / "soil",
        Posts=[dumps.question(1), dumps.question(2), dumps.question(3)],
        Votes=[{"Id": number, "PostId": post, "VoteTypeId": kind} for number, (post, kind) in enumerate(votes)],
    )
    assert [found.source_votes for found in records(folder, QuestionRecord)] == [3, 0, -1]


def test_tags_table_describes_topics_by_their_excerpts(tmp_path: Path) -> None:
    folder = dumps.write(
        tmp_path / "soil",
        Posts=[
            {"Id": 49, "PostTypeId": 4, "Body": "Of nothing."},
            dumps.question(),
            {"Id": 50, "PostTypeId": 4, "Body": "Water from above."},
        ],
        Tags=[
            {"Id": 1, "TagName": "rain", "ExcerptPostId": 50},
            {"Id": 2, "TagName": "unused-tag"},
            {"Id": 3, "TagName": "deleted", "ExcerptPostId": 51},
        ],
    )
    found = {topic.slug: (topic.name, topic.description) for topic in records(folder, TopicRecord)}
    assert found == {
        "rain": ("rain", "Water from above."),
        "unused-tag": ("unused tag", ""),
        "deleted": ("deleted", ""),
        "soil": ("soil", ""),
    }


def test_duplicates_are_links_and_related_ones_are_only_counted(tmp_path: Path) -> None:
    pairs = [(1, 2, 3), (1, 2, 1), (2, 1, 1), (1, 77, 3)]
    folder = dumps.write(
        tmp_path / "soil",
        Posts=[dumps.question(1), dumps.question(2)],
        PostLinks=[
            {"Id": n, "PostId": one, "RelatedPostId": other, "LinkTypeId": kind} for n, (one, other, kind) in enumerate(pairs)
        ],
    )
    [link] = records(folder, LinkRecord)
    assert (link.question_key, link.other_key, link.kind) == (
        "stackexchange/soil/question/1",
        "stackexchange/soil/question/2",
        "duplicate",
    )
    assert [skip.where.line for skip in records(folder, Skip)] == [6]
    assert [note.text for note in records(folder, Note)] == ["2 × related question: left out, computed here instead."]


def history(number: int, kind: int, guid: str, text: str, **more: object) -> dict[str, object]:
    row = {"Id": number, "PostHistoryTypeId": kind, "PostId": 1, "RevisionGUID": guid, "CreationDate": "2019-03-01T10:00:00.000"}
    return row | {"UserId": 7, "Text": text} | more


def test_history_is_folded_into_wordings(tmp_path: Path) -> None:
    folder = dumps.write(
        tmp_path / "soil",
        Posts=[dumps.question(), dumps.answer()],
        PostHistory=[
            history(1, 2, "a", "first *body*"),
            history(2, 1, "a", "first title"),
            history(3, 3, "a", "<rain>"),
            history(4, 2, "z", "the answer", PostId=2),
            history(5, 4, "b", "second title", Comment="clearer"),
            history(6, 10, "c", "closed"),
            history(7, 8, "d", "rolled back body", UserId=9),
        ],
    )
    found = records(folder, RevisionRecord)
    of_question = [(r.number, r.title, r.body, r.comment) for r in found if r.question_key]
    assert of_question == [
        (1, "first title", "first *body*", ""),
        (2, "second title", "first *body*", "clearer"),
        (3, "second title", "rolled back body", ""),
    ]
    assert [(r.number, r.title, r.body) for r in found if r.answer_key] == [(1, "", "the answer")]
    assert found[2].author_key == "stackexchange/soil/user/9"
    assert [q.revision for q in records(folder, QuestionRecord)] == [3]
    assert [a.revision for a in records(folder, AnswerRecord)] == [1]


def test_rows_of_one_wording_may_stand_apart(tmp_path: Path) -> None:
    rows = [history(1, 1, "a", "title"), history(2, 5, "b", "new"), history(3, 2, "a", "old")]
    folder = dumps.write(tmp_path / "soil", Posts=[dumps.question()], PostHistory=rows)
    assert [(r.number, r.body) for r in records(folder, RevisionRecord)] == [(1, "old"), (2, "new")]


def test_other_kinds_of_post_are_noted_and_nothing_is_skipped(tmp_path: Path) -> None:
    wikis = [{"Id": number, "PostTypeId": 5, "Body": ""} for number in (50, 51)]
    folder = dumps.write(tmp_path / "soil", Posts=[dumps.question(), *wikis])
    assert [note.text for note in records(folder, Note)] == ["2 × tag wiki: neither question nor answer, left out."]
    assert records(folder, Skip) == []


@pytest.mark.parametrize(
    ("post", "reason"),
    [
        (dumps.question(Title="  "), "no title"),
        (dumps.question(Title="x" * 301), "longer than 300"),
        (dumps.question(Body="x" * 500_001), "longer than 500,000"),
        (dumps.answer(Body=" "), "no text"),
        ({"Id": 5, "PostTypeId": 2, "Body": "x"}, "which question"),
    ],
)
def test_post_that_cannot_come_in_is_skipped_with_its_line(tmp_path: Path, post: dict[str, object], reason: str) -> None:
    folder = dumps.write(tmp_path / "soil", Posts=[post])
    [found] = records(folder, Skip)
    assert found.where.line == 3
    assert reason in found.reason


@pytest.mark.parametrize(
    ("post", "licence"),
    [
        ({"CreationDate": "2010-01-01T00:00:00"}, "CC BY-SA 2.5"),
        ({"CreationDate": "2012-01-01T00:00:00"}, "CC BY-SA 3.0"),
        ({"CreationDate": "2021-01-01T00:00:00"}, "CC BY-SA 4.0"),
        ({"CreationDate": "2021-01-01T00:00:00", "ContentLicense": "CC BY-SA 3.0"}, "CC BY-SA 3.0"),
    ],
)
def test_licence_is_the_one_the_post_was_given_under(tmp_path: Path, post: dict[str, object], licence: str) -> None:
    folder = dumps.write(tmp_path / "soil", Posts=[dumps.question(**post)])
    [source] = records(folder, SourceRecord, captured_on=date(2024, 4, 2))
    assert (source.licence, source.name, source.url) == (licence, "soil.stackexchange.com", "https://soil.stackexchange.com/")
    assert source.captured_at == datetime(2024, 4, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "site", "host"),
    [
        ("stackexchange-soil-Posts.xml", "soil", "soil.stackexchange.com"),
        ("soil.stackexchange.com/Posts.xml", "soil", "soil.stackexchange.com"),
        ("soil.meta.stackexchange.com/Posts.xml", "soil.meta", "soil.meta.stackexchange.com"),
        ("stackoverflow.com-Posts.xml", "stackoverflow", "stackoverflow.com"),
        ("es.stackoverflow.com/Posts.xml", "es.stackoverflow.com", "es.stackoverflow.com"),
        ("mathoverflow.net/posts.xml", "mathoverflow", "mathoverflow.net"),
    ],
)
def test_site_is_named_by_file_or_folder(tmp_path: Path, name: str, site: str, host: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(dumps.xml("posts", []), encoding="utf-8")
    found = find(str(path))
    assert (found.site, found.host) == (site, host)


def test_site_can_be_named_by_the_operator(tmp_path: Path) -> None:
    folder = dumps.write(tmp_path / "New Folder (2)", Posts=[])
    assert find(folder, "soil").host == "soil.stackexchange.com"
    with pytest.raises(BadInput, match="--site"):
        find(folder)


def test_tables_beside_a_file_are_found_by_its_prefix(tmp_path: Path) -> None:
    for name in ("soil-Posts.xml", "soil-Users.xml", "sand-Votes.xml"):
        (tmp_path / name).write_text(dumps.xml(name[5:-4].lower(), []), encoding="utf-8")
    assert set(find(str(tmp_path / "soil-Posts.xml")).files) == {"Posts", "Users"}


def test_folder_with_two_dumps_asks_which(tmp_path: Path) -> None:
    for name in ("soil-Posts.xml", "sand-Posts.xml"):
        (tmp_path / name).write_text(dumps.xml("posts", []), encoding="utf-8")
    with pytest.raises(BadInput, match="2 files of posts"):
        find(str(tmp_path))
