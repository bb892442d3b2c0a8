"""Our own format is read strictly: one sentence with file and line, and nothing of the file is used."""

import json
from pathlib import Path
from typing import Any

import pytest

from consilium.questions.models import Question, SourceAuthor
from consilium.transfer import jsonl
from consilium.transfer.loader import load
from consilium.transfer.records import BadInput, Options, QuestionRecord

HEADER = '{"type":"consilium","version":1}'
AUTHOR = '{"type":"author","key":"a","name":"N. N."}'
QUESTION = '{"type":"question","key":"q","title":"Why?","state":"open"}'
END = '{"type":"end","records":%d}'


def file_of(path: Path, *records: str) -> str:
    """A whole file around these lines; the broken one, if any, is in line 3 and something valid in line 2."""
    lines = [HEADER, *records, END % len(records)]
    return written(path, "\n".join(lines).encode() + b"\n")


def written(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return str(path)


def with_field(name: str, value: Any) -> str:
    return json.dumps(json.loads(QUESTION) | {name: value})


BROKEN = {
    "no JSON": ("{", "not JSON"),
    "blank line": ("", "not JSON"),
    "list": ("[]", "no JSON object"),
    "no type": ("{}", "no type null"),
    "unknown type": ('{"type":"password"}', 'no type "password"'),
    "type that is no text": ('{"type":["author"]}', "no type"),
    "unknown field": (with_field("votes", 1), 'no field "votes"'),
    "hidden field": ('{"type":"person","key":"p","display_name":"Ada"}', 'no field "display_name"'),
    "e-mail address": ('{"type":"person","key":"p","email":"ada@example.org"}', 'no field "email"'),
    "missing field": ('{"type":"author","key":"b"}', '"name" is missing'),
    "field twice": ('{"type":"author","key":"b","name":"x","name":"y"}', "given twice"),
    "number for text": (with_field("title", 1), '"title" is no text'),
    "null": (with_field("alias", None), '"alias" is no text'),
    "text for number": (with_field("source_votes", "3"), '"source_votes" is no whole number'),
    "fraction": (with_field("source_votes", 1.5), "no whole number"),
    "true for number": (QUESTION.replace("open", "closed").replace("}", ',"revision":true}'), "no whole number"),
    "infinite": ('{"type":"question","key":"q","title":"x","source_votes":Infinity}', "Infinity is no number"),
    "number too large": (with_field("source_votes", 10**12), "too large"),
    "number of many digits": ('{"type":"question","key":"q","title":"x","source_votes":' + "9" * 5000 + "}", "not JSON"),
    "negative count": (with_field("revision", -1), "no count"),
    "time without zone": (with_field("asked_at", "2026-01-01T00:00:00"), "no time with its zone"),
    "no time": (with_field("asked_at", "soon"), "no time with its zone"),
    "list of numbers": (with_field("topics", [1]), '"topics" is no text'),
    "text for list": (with_field("topics", "t"), '"topics" is no list'),
    "unknown state": (with_field("state", "secret"), "none of"),
    "empty title": (with_field("title", " "), "empty"),
    "long title": (with_field("title", "x" * 301), "at most 300"),
    "long body": (with_field("body", "x" * 500_001), "at most 500,000"),
    "NUL": ('{"type":"author","key":"b","name":"a\\u0000b"}', "NUL"),
    "half a surrogate pair": ('{"type":"author","key":"b","name":"a\\ud83db"}', "surrogate"),
    "NUL in a field's name": ('{"type":"author","key":"b","name":"a","x\\u0000":1}', "no field"),
    "script for an address": ('{"type":"author","key":"b","name":"x","url":"javascript:alert(1)"}', "https://"),
    "rating as a number": ('{"type":"doctor","key":"d","name":"x","source_rating":4.8}', "one decimal"),
    "rating that is none": ('{"type":"doctor","key":"d","name":"x","source_rating":"NaN"}', "one decimal"),
    "rating of six": ('{"type":"doctor","key":"d","name":"x","source_rating":"6.0"}', "between 0 and 5"),
    "unknown field of an origin": ('{"type":"answer","key":"a","question":"q","origin":{"stars":1}}', '"stars"'),
    "origin that is no object": ('{"type":"answer","key":"a","question":"q","origin":1}', "no object"),
    "path for a word of an address": ('{"type":"doctor","key":"d","name":"x","slug":"../account"}', "letters, digits"),
    "two dots for a word of an address": ('{"type":"topic","key":"t","name":"x","slug":".."}', "letters, digits"),
    "slash in a specialty": ('{"type":"specialty","slug":"a/b","noun":"x","title":"y"}', "letters, digits"),
    "count that no database holds": (
        json.dumps({"type": "follow", "question": "q", "person": "p", "at": "2026-01-01T00:00:00Z", "seen_answers": 10**30}),
        "no count",
    ),
    "rank that no database holds": ('{"type":"link","question":"q","other":"o","rank":32768}', "no count"),
    "deep nesting": ('{"type":' * 100_000, "not JSON"),
    "a second header": (HEADER, 'no type "consilium"'),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", BROKEN)
def test_broken_line_is_refused_with_its_place_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    line, reason = BROKEN[name]
    path = file_of(tmp_path / "site.jsonl", AUTHOR, line, QUESTION)
    with pytest.raises(BadInput) as caught:
        load(jsonl.read, [path], Options())
    assert reason in str(caught.value)
    assert str(caught.value).startswith(f"{path}:3: ")
    assert "\n" not in str(caught.value)
    assert "\x00" not in str(caught.value)
    assert not SourceAuthor.objects.exists()
    assert not Question.objects.exists()


FILES = {
    "empty": (b"", 1, "not JSON"),
    "no header": (f"{AUTHOR}\n".encode(), 1, "header"),
    "later version": (b'{"type":"consilium","version":2}\n', 1, "version 1"),
    "more in the header": (b'{"type":"consilium","version":1,"site":"x"}\n', 1, "version 1"),
    "cut off between lines": (f"{HEADER}\n{AUTHOR}\n".encode(), 2, "stops here"),
    "only a header": (f"{HEADER}\n".encode(), 1, "stops here"),
    "cut off inside a line": (f"{HEADER}\n{AUTHOR[:20]}".encode(), 2, "not JSON"),
    "a line is missing": (f"{HEADER}\n{AUTHOR}\n{END % 2}\n".encode(), 3, "another number of records"),
    "something follows": (f"{HEADER}\n{END % 0}\n{AUTHOR}\n".encode(), 3, "after the last line"),
    "not UTF-8": (f"{HEADER}\n".encode() + b'{"type":"author","key":"\xff","name":"x"}\n', 2, "UTF-8"),
    "surrogate as bytes": (f"{HEADER}\n".encode() + b'{"type":"author","key":"\xed\xa0\x80","name":"x"}\n', 2, "UTF-8"),
    "NUL byte": (f"{HEADER}\n".encode() + b'{"type":"author","key":"\x00","name":"x"}\n', 2, "NUL"),
    "UTF-16": (HEADER.encode("utf-16"), 0, "UTF-16"),
    "ZIP": (b"PK\x03\x04", 0, "ZIP"),
    "long line": (f"{HEADER}\n".encode() + b" " * 4_000_001, 2, "longer than 4,000,000 bytes"),
}


@pytest.mark.parametrize("name", FILES)
def test_broken_file_is_refused_with_its_place(tmp_path: Path, name: str) -> None:
    content, line, reason = FILES[name]
    with pytest.raises(BadInput) as caught:
        list(jsonl.read(written(tmp_path / "site.jsonl", content), Options()))
    assert reason in str(caught.value)
    assert caught.value.where.line == line


def test_lines_may_end_as_windows_ends_them_and_follow_a_byte_order_mark(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + "\r\n".join([HEADER, QUESTION, END % 1]).encode()
    [found] = jsonl.read(written(tmp_path / "site.jsonl", content), Options())
    assert isinstance(found, QuestionRecord)
    assert found.title == "Why?"


def test_fields_left_out_hold_their_defaults(tmp_path: Path) -> None:
    [found] = jsonl.read(file_of(tmp_path / "site.jsonl", '{"type":"question","key":"q","title":"Why?"}'), Options())
    assert found == QuestionRecord(where=found.where, key="q", title="Why?")  # type: ignore[union-attr]
