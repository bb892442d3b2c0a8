"""`consilium export jsonl`: where it writes, and that it sees one moment of a site that others write to."""

import stat
import threading
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from consilium.questions.models import SourceAuthor
from consilium.transfer import jsonl
from consilium.transfer.jsonl.snapshot import snapshot
from consilium.transfer.jsonl.writer import BATCH

EMPTY = '{"type":"consilium","version":1}\n{"type":"end","records":0}\n'


@pytest.mark.django_db
def test_file_is_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "site.jsonl"
    path.write_text("older")
    call_command("export_content", "jsonl", str(path), verbosity=0)
    assert path.read_text(encoding="utf-8") == EMPTY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.django_db
def test_without_a_file_it_writes_to_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    SourceAuthor.objects.create(key="a", name="Zoë שלום")
    call_command("export_content", "jsonl")
    assert '{"type":"author","key":"a","name":"Zoë שלום"}\n' in capfd.readouterr().out


@pytest.mark.django_db
def test_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_content", "jsonl", str(tmp_path / "nowhere" / "site.jsonl"))


@pytest.mark.django_db(transaction=True)
def test_export_sees_one_moment_and_keeps_no_writer_waiting() -> None:
    SourceAuthor.objects.bulk_create(SourceAuthor(key=f"early/{number}", name="x") for number in range(BATCH + 1))
    with snapshot():
        lines = jsonl.lines()
        first = next(line for line in lines if '"author"' in line)
        write_elsewhere("late")
        rest = list(lines)
    names = [line for line in [first, *rest] if '"author"' in line]
    assert len(names) == BATCH + 1
    assert not any("late" in line for line in names)
    assert SourceAuthor.objects.filter(key="late").exists()


def write_elsewhere(key: str) -> None:
    """Write from a connection of its own and wait until it is done."""

    def write() -> None:
        SourceAuthor.objects.create(key=key, name="x")
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    writer.join(timeout=15)
    assert not writer.is_alive(), "the writer had to wait for the export"
