"""A dump in the database: what arrives, and that a second import changes nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from consilium.questions.models import Answer, Comment, Question, QuestionLink, Revision, SourceAuthor
from consilium.topics.models import Topic
from consilium.transfer.loader import load
from consilium.transfer.records import BadInput, Options
from consilium.transfer.report import Report
from consilium.transfer.stackexchange import read
from tests.transfer import dumps

pytestmark = pytest.mark.django_db


def imported(folder: str) -> Report:
    return load(read, [folder], Options())


def whole_dump(folder: Path) -> str:
    return dumps.write(
        folder,
        Posts=[
            dumps.answer(2, parent=3, Body="<p>Early answer.</p>"),
            dumps.question(1),
            dumps.question(3),
            dumps.answer(4, parent=1),
            dumps.answer(5, parent=1, OwnerUserId=7),
        ],
        Users=[{"Id": 7, "DisplayName": "Ada"}, {"Id": 8, "DisplayName": "Bo"}],
        Comments=[{"Id": 1, "PostId": 4, "Text": "So it is.", "UserId": 7, "CreationDate": "2019-03-04T00:00:00.000"}],
        PostLinks=[{"Id": 1, "PostId": 3, "RelatedPostId": 1, "LinkTypeId": 3}],
        PostHistory=[
            {
                "Id": number,
                "PostHistoryTypeId": 2 if number == 1 else 5,
                "PostId": 1,
                "RevisionGUID": f"g{number}",
                "CreationDate": "2019-03-01T10:00:00.000",
                "UserId": 7,
                "Text": f"wording {number}",
            }
            for number in (1, 2)
        ],
    )


def test_everything_arrives_and_counts_are_right(tmp_path: Path) -> None:
    report = imported(whole_dump(tmp_path / "soil"))
    assert report.total("skipped") == 0
    first = Question.objects.get(key="stackexchange/soil/question/1")
    assert (first.answer_count, first.state, first.revision) == (2, "archived", 2)
    assert first.asker == "Ada"
    assert list(first.answers.order_by("place").values_list("place", "source_author__name")) == [(1, "Bo"), (2, "Ada")]
    assert Comment.objects.get().answer == first.answers.get(place=1)
    assert QuestionLink.objects.get().other == first
    assert list(first.revisions.order_by("number").values_list("body", flat=True)) == ["wording 1", "wording 2"]
    assert set(Topic.objects.values_list("slug", "question_count")) == {("rain", 2), ("soil", 2)}


def test_answer_that_comes_before_its_question_finds_it(tmp_path: Path) -> None:
    imported(whole_dump(tmp_path / "soil"))
    early = Answer.objects.get(key="stackexchange/soil/answer/2")
    assert early.question.key == "stackexchange/soil/question/3"
    assert early.question.answer_count == 1


def test_second_import_creates_and_updates_nothing(tmp_path: Path) -> None:
    folder = whole_dump(tmp_path / "soil")
    first = imported(folder)
    versions = list(Question.objects.order_by("pk").values_list("pk", "version"))
    second = imported(folder)
    assert (second.total("created"), second.total("updated"), second.total("skipped")) == (0, 0, 0)
    assert second.total("unchanged") == first.total("created")
    assert list(Question.objects.order_by("pk").values_list("pk", "version")) == versions


def test_orphaned_answer_is_reported_with_its_line(tmp_path: Path) -> None:
    folder = dumps.write(tmp_path / "soil", Posts=[dumps.question(), dumps.answer(2, parent=404)])
    report = imported(folder)
    [(where, reason)] = report.skips
    assert (where.file, where.line) == (f"{folder}/Posts.xml", 4)
    assert "stackexchange/soil/question/404" in reason
    assert report.counts["answers", "skipped"] == 1
    assert Question.objects.get().answer_count == 0


def test_later_dump_with_users_names_the_authors(tmp_path: Path) -> None:
    dumps.write(tmp_path / "soil", Posts=[dumps.question(OwnerUserId=7)])
    imported(str(tmp_path / "soil"))
    assert SourceAuthor.objects.get().name == "user 7"
    dumps.write(tmp_path / "soil", Users=[{"Id": 7, "DisplayName": "Ada"}])
    imported(str(tmp_path / "soil"))
    assert SourceAuthor.objects.get().name == "Ada"


def test_bodies_keep_their_structure_and_load_nothing_from_elsewhere(tmp_path: Path) -> None:
    body = (
        '<h1>Soil</h1><p onclick="x()">See <img src="https://pictures.example.org/a.png" alt="a picture"></p>'
        "<script>alert(1)</script><iframe src='https://elsewhere.example.org'></iframe><ul><li>one</li></ul>"
    )
    imported(dumps.write(tmp_path / "soil", Posts=[dumps.question(Body=body)]))
    found = Question.objects.get()
    assert found.body == body
    assert '<a href="https://pictures.example.org/a.png"' in found.body_html
    assert "a picture</a>" in found.body_html
    assert "<li>one</li>" in found.body_html
    for gone in ("<img", "<script", "alert(1)", "<iframe", "onclick"):
        assert gone not in found.body_html


def test_two_sites_do_not_mix_but_share_topics(tmp_path: Path) -> None:
    imported(dumps.write(tmp_path / "soil", Posts=[dumps.question()]))
    imported(dumps.write(tmp_path / "sand", Posts=[dumps.question()]))
    assert Question.objects.count() == 2
    assert SourceAuthor.objects.count() == 2
    assert Topic.objects.get(slug="rain").question_count == 2


@pytest.mark.parametrize("broken", ["Posts", "Comments"])
def test_broken_dump_leaves_nothing_behind(tmp_path: Path, broken: str) -> None:
    folder = whole_dump(tmp_path / "soil")
    path = Path(folder) / f"{broken}.xml"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(BadInput):
        imported(folder)
    assert not Question.objects.exists()
    assert not Revision.objects.exists()
    assert not SourceAuthor.objects.exists()


def test_queries_do_not_grow_with_the_number_of_posts(
    tmp_path: Path, django_assert_max_num_queries: Callable[..., object]
) -> None:
    posts = [dumps.question(1, Tags="<rain>")] + [dumps.answer(number, parent=1) for number in range(2, 800)]
    folder = dumps.write(tmp_path / "soil", Posts=posts)
    with django_assert_max_num_queries(120):  # type: ignore[attr-defined]
        imported(folder)
    assert Question.objects.get().answer_count == 798
