"""Dumps that are no dumps: one clear sentence with the place, and nothing of the file is used."""

from pathlib import Path

import pytest

from consilium.transfer.records import BadInput, Options
from consilium.transfer.stackexchange import read

START = b'<?xml version="1.0"?>\n<posts>\n'
ROW = b'<row Id="1" PostTypeId="1" Title="T" Body="B"/>\n'
CASES = {
    "empty": (b"", "not well-formed", 1),
    "cut off between rows": (START + ROW, "not well-formed", 4),
    "cut off inside a row": (START + ROW + ROW[:20], "not well-formed", 4),
    "not UTF-8": (START + b'<row Id="1" PostTypeId="1" Title="\xff" Body=""/></posts>', "encoding", 3),
    "UTF-16": ("<posts/>".encode("utf-16"), "UTF-16", 0),
    "NUL byte": (START + b'<row Id="1" Title="a\x00b"/></posts>', "not well-formed", 3),
    "NUL reference": (START + b'<row Id="1" Title="a&#0;b"/></posts>', "not well-formed", 3),
    "half a surrogate pair": (START + b'<row Id="1" Title="&#xD83D;"/></posts>', "not well-formed", 3),
    "ZIP": (b"PK\x03\x04 and so on", "ZIP", 0),
    "7z": (b"7z\xbc\xaf\x27\x1c and so on", "7z", 0),
    "program": (b"\x7fELF\x02\x01\x01\x00", "not well-formed", 1),
    "JSON": (b'{"posts": []}', "not well-formed", 1),
    "another table": (b"<users>\n<row Id='1'/></users>", "<users>", 1),
    "another element": (START + b"<post Id='1'/></posts>", "<post>", 3),
    "no number": (START + b'<row Id="one" PostTypeId="1" Title="T" Body="B"/></posts>', "not a whole number", 3),
    "number too large": (START + b'<row Id="99999999999" PostTypeId="1" Title="T"/></posts>', "out of range", 3),
    "no kind": (START + b'<row Id="1"/></posts>', "no PostTypeId", 3),
    "no time": (START + b'<row Id="1" PostTypeId="1" Title="T" CreationDate="yesterday"/></posts>', "not a time", 3),
    "time beyond the calendar": (
        START + b'<row Id="1" PostTypeId="1" Title="T" CreationDate="0001-01-01T00:00:00+14:00"/></posts>', "not a time", 3,
    ),
    "value of 6 MB": (START + b'<row Id="1" Body="' + b"x" * 6_000_000 + b'"/></posts>', "no row within", 3),
    "text of 6 MB": (START + b"x" * 6_000_000 + b"</posts>", "no row within", 3),
    "deep nesting": (START + ROW[:-3] + b"><row>" * 400 + b"</row>" * 400 + b"</posts>", "inside of a <row>", 3),
    "another encoding": (b'<?xml version="1.0" encoding="utf-7"?>\n<posts/>', "encoding", 1),
    "unknown encoding": (b'<?xml version="1.0" encoding="\"?>\n<posts/>', "not well-formed", 1),
    "encoding of two bytes": (b'<?xml version="1.0" encoding="shift-jis"?>\n<posts/>', "encoding", 1),
    "encoding nobody knows": (b'<?xml version="1.0" encoding="klingon"?>\n<posts/>', "encoding", 1),
    "names without end": (
        START + b"".join(b'<row Id="1" PostTypeId="9" n%d=""/>' % n for n in range(2_000)) + b"</posts>",
        "different attributes",
        3,
    ),
    "two things wrong": (START + ROW.replace(b'"1"', b'"one"') + b"\n<row", "not a whole number", 3),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_broken_file_is_refused_with_its_place(tmp_path: Path, name: str) -> None:
    content, reason, line = CASES[name]
    path = tmp_path / "soil-Posts.xml"
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        list(read(str(path), Options()))
    assert reason in str(caught.value)
    assert caught.value.where.file == str(path)
    assert caught.value.where.line == line
    assert "\n" not in str(caught.value)


ENTITIES = {
    "expanding": '<!DOCTYPE posts [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>\n<posts>\n<row Id="1" PostTypeId="1" Title="&c;" Body="&c;"/></posts>',
    "bomb": "<!DOCTYPE posts [<!ENTITY e0 'x'>"
    + "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 12))
    + ']><posts><row Id="1" Title="&e11;"/></posts>',
    "from a file": '<!DOCTYPE posts [<!ENTITY f SYSTEM "file:///etc/hostname">]>\n<posts>\n<row Id="1">&f;</row></posts>',
    "outside": '<!DOCTYPE posts SYSTEM "http://192.0.2.1/posts.dtd">\n<posts>\n<row Id="1" Title="T"/></posts>',
}


@pytest.mark.parametrize("name", ENTITIES)
def test_document_types_and_entities_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "soil-Posts.xml"
    path.write_text(ENTITIES[name], encoding="utf-8")
    with pytest.raises(BadInput, match=r"DOCTYPE|not well-formed"):
        list(read(str(path), Options()))


def test_entity_without_a_document_type_is_not_well_formed(tmp_path: Path) -> None:
    path = tmp_path / "soil-Posts.xml"
    path.write_text('<posts><row Id="1" PostTypeId="1" Title="&boom;"/></posts>', encoding="utf-8")
    with pytest.raises(BadInput, match="not well-formed"):
        list(read(str(path), Options()))


@pytest.mark.parametrize("table", ["Users", "Votes", "Comments", "Tags", "PostLinks", "PostHistory"])
def test_broken_side_table_is_named(tmp_path: Path, table: str) -> None:
    (tmp_path / "soil-Posts.xml").write_bytes(START + ROW + b"</posts>")
    (tmp_path / f"soil-{table}.xml").write_bytes(b"<oops>")
    with pytest.raises(BadInput) as caught:
        list(read(str(tmp_path / "soil-Posts.xml"), Options()))
    assert caught.value.where.file.endswith(f"soil-{table}.xml")


@pytest.mark.parametrize("name", ["missing-Posts.xml", "notes.txt"])
def test_path_that_is_no_dump(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        list(read(str(tmp_path / name), Options()))


def test_folder_without_posts(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"no file Posts\.xml"):
        list(read(str(tmp_path), Options()))
