"""Saved HTML with schema.org QAPage, in each of the three syntaxes."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from consilium.lib.markdown import render
from consilium.transfer import qapage
from consilium.transfer.loader import load
from consilium.transfer.places import Directory
from consilium.transfer.records import (
    AnswerRecord,
    BadInput,
    DoctorRecord,
    Note,
    Options,
    QuestionRecord,
    Skip,
    SourceAuthorRecord,
    SourceRecord,
)
from tests.transfer.sheets import write

Read = Callable[[str], list[Any]]
ADDRESS = "https://ask.example.org/q/5"


@pytest.fixture
def read(tmp_path: Path, directory: Directory) -> Read:
    def records(html: str) -> list[Any]:
        path = write(tmp_path, html, "saved.html")
        return list(qapage.SavedPage(path, Options(url="https://ask.example.org/"), directory, lambda title: ()).records())

    return records


def json_ld(question: dict[str, Any], **page: Any) -> str:
    data = {"@context": "https://schema.org", "@type": "QAPage", "mainEntity": {"@type": "Question", **question}, **page}
    return script(data)


def script(data: Any) -> str:
    told = json.dumps(data).replace("</", "<\\/")
    return f'<html><head><script type="application/ld+json">{told}</script></head><body></body></html>'


def only(records: list[Any], kind: type) -> Any:
    found = [record for record in records if isinstance(record, kind)]
    assert len(found) == 1
    return found[0]


def answers(records: list[Any]) -> list[AnswerRecord]:
    return [record for record in records if isinstance(record, AnswerRecord)]


QUESTION = {
    "url": ADDRESS,
    "name": "May I swim with a fresh scar?",
    "text": "<p>It is <b>two weeks</b> old.</p><script>alert(1)</script>",
    "answerCount": 2,
    "upvoteCount": "1,204",
    "dateCreated": "2021-03-04T10:00:00+02:00",
    "author": {"@type": "Person", "name": "Pool friend"},
    "acceptedAnswer": {
        "@type": "Answer",
        "@id": f"{ADDRESS}#a1",
        "text": "Wait until it is closed.",
        "upvoteCount": 7,
        "datePublished": "2021-03-05",
        "author": {
            "@type": "Physician",
            "name": "Wilma Quenby, MD",
            "url": "/doctors/wilma",
            "medicalSpecialty": "https://schema.org/Dermatology",
            "address": {"@type": "PostalAddress", "addressLocality": "San Diego", "addressRegion": "CA"},
            "aggregateRating": {"@type": "AggregateRating", "ratingValue": 4.8, "reviewCount": 48},
            "award": "Top Contributor",
        },
    },
    "suggestedAnswer": [{"@type": "Answer", "text": "I did.", "author": "Some swimmer", "downvoteCount": 3, "upvoteCount": 1}],
}


def test_json_ld(read: Read) -> None:
    records = read(json_ld(QUESTION))
    source, question = only(records, SourceRecord), only(records, QuestionRecord)
    assert (source.name, source.url, question.source_url) == ("ask.example.org", ADDRESS, ADDRESS)
    assert (question.title, question.source_votes, question.source_answer_count) == ("May I swim with a fresh scar?", 1204, 2)
    assert question.asked_at == datetime(2021, 3, 4, 8, 0, tzinfo=UTC)
    assert question.body_format == "html"
    assert render(question.body, question.body_format) == "<p>It is <b>two weeks</b> old.</p>"
    first, second = answers(records)
    assert (first.source_helpful, first.answered_at, first.place) == (7, datetime(2021, 3, 5, tzinfo=UTC), 1)
    assert (second.source_helpful, second.body, second.doctor_key) == (-2, "I did.", None)
    assert [author.name for author in records if isinstance(author, SourceAuthorRecord)] == ["Pool friend", "Some swimmer"]


def test_a_doctor_is_told_with_practice_and_rating(read: Read) -> None:
    records = read(json_ld(QUESTION))
    doctor, origin = only(records, DoctorRecord), answers(records)[0].origin
    assert (doctor.name, doctor.credentials, doctor.specialty, doctor.city_id, doctor.badge) == (
        "Wilma Quenby", "MD", "dermatology", 1, "Top Contributor",
    )  # fmt: skip
    assert origin is not None
    assert (origin.author_text, str(origin.rating), origin.review_count, origin.city_text) == (
        "Wilma Quenby", "4.8", 48, "San Diego, CA",
    )  # fmt: skip


MICRODATA = f"""<html><body itemscope itemtype="https://schema.org/QAPage"><div itemprop="mainEntity" itemscope
itemtype="https://schema.org/Question"><link itemprop="url" href="{ADDRESS}"><h1 itemprop="name">May I swim?</h1>
<div itemprop="text"><p>It is *two* weeks old.</p></div><span itemprop="answerCount">2</span>
<div itemprop="suggestedAnswer" itemscope itemtype="https://schema.org/Answer">
<div itemprop="text"><p>Wait.</p><p>Then go.</p></div>
<span itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">Odo Farnleigh, DO</span></span>
<time itemprop="datePublished" datetime="2021-03-05T10:00:00Z">then</time><span itemprop="upvoteCount">7</span></div>
<div itemprop="suggestedAnswer" itemscope itemtype="https://schema.org/Answer"><div itemprop="text">I did.</div></div>
</div></body></html>"""
RDFA = f"""<html><body vocab="https://schema.org/" typeof="QAPage">
<div property="mainEntity" typeof="Question" resource="{ADDRESS}">
<h1 property="name">May I swim?</h1><div property="text">It is *two* weeks old.</div>
<div property="acceptedAnswer" typeof="Answer"><div property="text">I did.</div></div>
<div property="suggestedAnswer" typeof="Answer"><div property="text">Wait. Then go.</div><span property="upvoteCount">7</span>
<span property="author" typeof="Person"><span property="name">Odo Farnleigh, DO</span></span></div></div></body></html>"""


@pytest.mark.parametrize("html", [MICRODATA, RDFA])
def test_microdata_and_rdfa(read: Read, html: str) -> None:
    records = read(html)
    question = only(records, QuestionRecord)
    assert (question.title, question.body, question.source_url) == ("May I swim?", "It is \\*two\\* weeks old.", ADDRESS)
    first, second = answers(records)
    assert (" ".join(first.body.split()), first.source_helpful, second.body) == ("Wait. Then go.", 7, "I did.")
    assert only(records, DoctorRecord).name == "Odo Farnleigh"
    assert [note.text for note in records if isinstance(note, Note)] == ["answer 2 names no author; it is kept without one."]


@pytest.mark.parametrize("html", [json_ld(QUESTION), MICRODATA, RDFA])
def test_the_same_file_gives_the_same_records(read: Read, html: str) -> None:
    assert read(html) == read(html)


def test_keys_do_not_depend_on_what_the_operator_says(tmp_path: Path, directory: Directory) -> None:
    path = write(tmp_path, json_ld({key: value for key, value in QUESTION.items() if key != "url"}), "saved.html")
    keys = [
        [
            getattr(record, "key", None)
            for record in qapage.SavedPage(path, Options(url=url), directory, lambda title: ()).records()
        ]
        for url in ("", "https://elsewhere.example/")
    ]
    assert keys[0] == keys[1]


def test_items_may_be_nested_in_a_graph_and_named_by_reference(read: Read) -> None:
    answer = {"@id": "_:a", "@type": ["Answer", "Comment"], "text": "Wait.", "author": {"@id": "#w"}}
    graph = [
        {"@type": "WebSite", "name": "Ask"},
        {"@type": ["WebPage", "QAPage"], "mainEntity": [{"@id": "#q"}]},
        {"@id": "#q", "@type": "Question", "name": "May I?", "suggestedAnswer": [{"@id": "_:a"}, {"@id": "_:a"}]},
        {"@id": "#w", "@type": "Person", "name": "Odo Farnleigh, DO", "knows": {"@id": "#w"}},
        answer,
    ]
    records = read(script({"@context": "https://schema.org", "@graph": graph}))
    assert [one.body for one in answers(records)] == ["Wait."]
    assert only(records, DoctorRecord).credentials == "DO"


def test_several_questions_of_one_page(read: Read) -> None:
    pages = [{"@type": "QAPage", "mainEntity": {"@type": "Question", "name": name, "text": "So?"}} for name in ("One?", "Two?")]
    records = read(script(pages))
    assert [record.title for record in records if isinstance(record, QuestionRecord)] == ["One?", "Two?"]


@pytest.mark.parametrize(
    ("author", "kind"),
    [
        ("Some swimmer", SourceAuthorRecord),
        ({"@type": "Person", "name": "Some swimmer"}, SourceAuthorRecord),
        ({"@type": "Organization", "name": "Swimming club"}, SourceAuthorRecord),
        ({"@type": "Person", "name": "Odo Farnleigh", "jobTitle": "Dermatologist"}, DoctorRecord),
        ({"@type": "Person", "name": "Odo Farnleigh", "honorificSuffix": "MD"}, DoctorRecord),
        ({"@type": "Person", "name": "Dr. Odo Farnleigh"}, DoctorRecord),
        ({"@type": "MedicalClinic", "name": "Farnleigh Clinic"}, DoctorRecord),
        ([{"@type": "Physician", "name": "Odo Farnleigh"}, {"@type": "Physician", "name": "Bea Nolte"}], DoctorRecord),
    ],
)
def test_who_is_a_doctor(read: Read, author: Any, kind: type) -> None:
    records = read(json_ld({"name": "May I?", "suggestedAnswer": {"@type": "Answer", "text": "Yes", "author": author}}))
    written = only(records, kind)
    assert isinstance(written, DoctorRecord | SourceAuthorRecord)
    assert "Dr." not in written.name


def test_missing_parts_are_reported(read: Read) -> None:
    told = {"name": "May I?", "answerCount": 9, "suggestedAnswer": [{"@type": "Answer"}, {"@type": "Answer", "text": "Yes"}]}
    records = read(json_ld(told))
    assert [skip.reason for skip in records if isinstance(skip, Skip)] == ["answer 1 of 'May I?' has no text."]
    assert "'May I?' announces 9 answers; 2 were found." in [note.text for note in records if isinstance(note, Note)]
    assert [(one.place, one.source_helpful, one.answered_at) for one in answers(records)] == [(1, None, None)]


def test_a_broken_syntax_gives_way_to_the_next_and_is_reported(read: Read) -> None:
    records = read(MICRODATA.replace("<html>", '<html><script type="application/ld+json">{"@type": "QAPage", </script>'))
    assert len(answers(records)) == 2
    assert any("its json-ld cannot be read" in note.text for note in records if isinstance(note, Note))


WATER: dict[str, Any] = {"name": "How much water?", "suggestedAnswer": [{"@type": "Answer", "text": "Two litres."}]}


@pytest.mark.parametrize("broken", ["{ nothing }", "", '{"@type": "WebSite"'])
def test_a_broken_script_spoils_no_other(read: Read, broken: str) -> None:
    other = f'<script type="application/ld+json">{broken}</script>'
    for html in (json_ld(WATER).replace("<head>", f"<head>{other}"), json_ld(WATER).replace("</head>", f"{other}</head>")):
        records = read(html)
        assert only(records, QuestionRecord).title == "How much water?"
        assert [one.body for one in answers(records)] == ["Two litres."]
        assert any("json-ld cannot be read" in record.text for record in records if isinstance(record, Note))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<!--\n", "\n-->"),
        ("\n//<![CDATA[\n", "\n//]]>\n"),
        ("/* <![CDATA[ */", "/* ]]> */"),
        ("<!--//--><![CDATA[//><!--\n", "\n//--><!]]>"),
    ],
)
def test_comment_marks_around_a_script(read: Read, before: str, after: str) -> None:
    html = json_ld(WATER).replace('json">', f'json">{before}').replace("</script>", f"{after}</script>")
    assert only(read(html), QuestionRecord).title == "How much water?"


@pytest.mark.parametrize(
    "kind", ["type='application/ld+json; charset=utf-8'", 'id="data" type=application/ld+json', 'TYPE="Application/LD+JSON"']
)
def test_ways_to_name_the_type_of_a_script(read: Read, kind: str) -> None:
    html = json_ld(WATER).replace('type="application/ld+json"', kind)
    assert only(read(html), QuestionRecord).title == "How much water?"


@pytest.mark.parametrize("name", [{}, {"name": {"@type": "Thing"}}, {"name": " ", "text": ["", 0]}])
def test_a_question_without_words_is_refused(read: Read, name: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="neither name nor text"):
        read(json_ld(name))


def test_text_that_is_not_html_never_becomes_markup(read: Read) -> None:
    records = read(json_ld({"name": "5 < 6 &amp; so?", "suggestedAnswer": {"text": "# 1 < 2\n\n* two *", "@type": "Answer"}}))
    assert only(records, QuestionRecord).title == "5 < 6 & so?"
    one = answers(records)[0]
    assert render(one.body, one.body_format) == "<p># 1 &lt; 2</p>\n<p>* two *</p>\n"


def test_ratings_on_another_scale_are_not_converted(read: Read) -> None:
    rating = {"@type": "AggregateRating", "ratingValue": 8, "bestRating": 10, "ratingCount": 3}
    author = {"@type": "Physician", "name": "Odo Farnleigh", "aggregateRating": rating}
    origin = answers(read(json_ld({"name": "May I?", "suggestedAnswer": {"text": "Yes", "@type": "Answer", "author": author}})))[
        0
    ].origin
    assert origin is not None
    assert (origin.rating, origin.review_count) == (None, 3)


def test_too_many_items_are_refused(read: Read) -> None:
    with pytest.raises(BadInput, match="too large"):
        read(json_ld({"name": "May I?", "suggestedAnswer": [{"@type": "Answer", "text": "x"}] * 60_000}))


@pytest.mark.django_db
def test_a_second_import_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, json_ld(QUESTION), "saved.html")
    assert load(qapage.reader(), [path], Options()).total("skipped") == 0
    again = load(qapage.reader(), [path], Options())
    assert (again.total("created"), again.total("updated")) == (0, 0)
