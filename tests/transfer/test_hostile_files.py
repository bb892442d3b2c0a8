"""Files that are not what they should be: one clear line, nothing written, no memory lost."""

import gzip
import io
import os
import threading
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consilium.transfer import pages, qapage
from consilium.transfer.places import Directory
from consilium.transfer.reading import LINE_LIMIT, lines
from consilium.transfer.records import AnswerRecord, BadInput, Options
from tests.transfer.sheets import BARE, FULL, NAMELESS, TERSE, page, write

HTML = '<html><head><script type="application/ld+json">%s</script></head></html>'
QUESTION = (
    '{"@type": "QAPage", "mainEntity": {"@type": "Question", "name": "May I?", '
    '"suggestedAnswer": {"@type": "Answer", "text": "No"}}}'
)


def zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo("page.txt"), page(FULL))  # of 1980: the same bytes in every test process
    return made.getvalue()


def read_page(path: str, directory: Directory) -> list[object]:
    return list(pages.page(path, Options(), directory, lambda title: ()))


def read_html(path: str, directory: Directory) -> list[object]:
    return list(qapage.SavedPage(path, Options(), directory, lambda title: ()).records())


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 0, "the file is empty"),
        (zipped(), 0, "is a ZIP archive"),
        (gzip.compress(b"text", mtime=0), 0, "is compressed with gzip"),
        (b"%PDF-1.7 text", 0, "is a PDF document"),
        (page(FULL).encode("utf-16"), 0, "is encoded in UTF-16"),
        (page(FULL).replace("Wilma", "Zoë").encode("latin-1"), 11, r"byte 3 of the line \(0xeb\) is not UTF-8"),
        (page(FULL).encode()[:200] + b"\xe2\x82", 9, "is not UTF-8"),
        (page(FULL).encode().replace(b"Stop", b"St\x00p", 1), 5, "a NUL character"),
        (page(FULL).encode().replace(b"Stop", b"St\xed\xa0\x80p", 1), 5, "is not UTF-8"),
        (page(FULL).encode()[:50], 0, 'no line "Doctor Answers N"'),
        (b"x" * (LINE_LIMIT + 1), 1, "the line is longer than 1,000,000 bytes"),
        (b"Question?\nDoctor Answers 1\n" + b"a\n" * 100_001, 100_001, "more than 100,000 lines"),
        (b"Question?\nDoctor Answers 1\n" + (b"a " * 400_000 + b"\n") * 13, 15, "or 10,000,000 characters"),
    ],
)
def test_pages(tmp_path: Path, directory: Directory, content: bytes, line: int, words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        read_page(write(tmp_path, content), directory)
    assert caught.value.where == (str(tmp_path / "page.txt"), line)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 0, "is no HTML"),
        (b"just words", 0, "is no HTML"),
        (zipped(), 0, "is a ZIP archive"),
        (b"<p>" + b"x" * 10_000_001, 0, "is larger than 10,000,000 bytes"),
        (b"<html><body>\n<p>nothing</p></html>", 0, "no schema.org question"),
        (HTML.encode() % QUESTION[:60].encode(), 0, "its json-ld cannot be read"),
        (HTML.encode() % b'{"@type":"Thing","x":' + b"[" * 100_000, 0, "json-ld|no schema.org question"),
        (HTML.encode() % QUESTION.replace("May", "Z\u00e4").encode("latin-1"), 1, "text that is not utf-8"),
        (b'<html><meta charset="klingon"></html>', 0, "the unknown encoding klingon"),
        (b'<html><meta charset="rot13"></html>', 0, "the unknown encoding rot13"),
        (b"<html>\n\n<p>\x00</p></html>", 3, "a NUL character"),
        (HTML.encode() % QUESTION.replace("QAPage", "FAQPage").encode(), 0, "it is an FAQPage"),
        (b'<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><html>&b;</html>', 0, "no schema.org question"),
        (b"<div itemscope>" * 20_000, 0, "no schema.org question"),
    ],
    # Names, because a worker of its own must find the same ones: the bytes of a ZIP hold the time.
    ids=[
        "empty",
        "words",
        "zip",
        "too large",
        "no question",
        "cut off",
        "deep",
        "latin-1",
        "klingon",
        "rot13",
        "NUL",
        "FAQ page",
        "entity bomb",
        "deep tags",
    ],
)
def test_html(tmp_path: Path, directory: Directory, content: bytes, line: int, words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        read_html(write(tmp_path, content), directory)
    assert caught.value.where.line == line
    assert "\n" not in str(caught.value)


def test_a_surrogate_written_as_an_escape_is_no_text(tmp_path: Path, directory: Directory) -> None:
    with pytest.raises(BadInput, match="half of a surrogate pair"):
        read_html(write(tmp_path, HTML % QUESTION.replace("No", "\\ud800")), directory)


def test_a_gigabyte_in_one_line_costs_one_limit(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(1 << 30)  # sparse: takes no room on disk
    with path.open("r+b") as file:
        file.write(b"A question?\n")
    with pytest.raises(BadInput, match=r"huge.txt:2: the line is longer"):
        list(lines(str(path)))


def test_an_endless_line_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)

    def pour() -> None:
        with path.open("wb", buffering=0) as pipe:
            try:
                while True:
                    pipe.write(b"x" * 65_536)
            except BrokenPipeError:
                pass

    writer = threading.Thread(target=pour)
    writer.start()
    with pytest.raises(BadInput, match="the line is longer"):
        list(lines(str(path)))
    writer.join(timeout=60)
    assert not writer.is_alive()


def test_a_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"is a directory\. Name the files in it\."):
        list(lines(str(tmp_path)))


SAMPLES = [line for sample in (FULL, NAMELESS, TERSE, BARE) for line in sample.split("\n")]
LINE = st.one_of(
    st.sampled_from([*SAMPLES, "+3", "12", "Dr Quenby", "You might also like..."]),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40),
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINE, max_size=40), st.one_of(st.none(), st.integers(0, 30)))
def test_any_text_is_a_page_or_refused_and_no_word_of_it_is_lost(
    tmp_path: Path, directory: Directory, given_lines: list[str], announced: int | None
) -> None:
    head = f"A question?\n\nDoctor Answers {'' if announced is None else announced}\n\n"
    path = write(tmp_path, head + "\n".join(given_lines))
    try:
        records = read_page(path, directory)
    except BadInput:
        return
    found = [record for record in records if isinstance(record, AnswerRecord)]
    assert [record.place for record in found] == list(range(1, len(found) + 1))
    assert len({record.key for record in found}) == len(found)
    kept = " ".join(f"{record.headline} {record.body} {record.origin}" for record in found).replace("\\", "")
    for line in given_lines:
        words = [word for word in line.split() if word.isascii() and word.isalpha() and len(word) > 3]
        if line in FULL.split("\n") and not line.startswith(("4.8", "{{")):
            assert all(word in kept for word in words)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2000), st.binary(max_size=6), st.sampled_from([page(FULL, TERSE), HTML % QUESTION]))
def test_damaged_files_end_in_records_or_in_one_line(
    tmp_path: Path, directory: Directory, at: int, damage: bytes, text: str
) -> None:
    raw = text.encode()
    path = write(tmp_path, raw[:at] + damage + raw[at + len(damage) :])
    for read in (read_page, read_html):
        try:
            said = repr(read(path, directory))
        except BadInput as error:
            said = str(error)
        assert "\n" not in said
