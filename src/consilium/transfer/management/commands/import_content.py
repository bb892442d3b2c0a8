"""`consilium import FORMAT FILE…`: bring content in."""

from __future__ import annotations

import json
import re
from argparse import ArgumentTypeError
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console

from consilium.doctors.models import Source
from consilium.questions.models import Question
from consilium.transfer import jsonl, pages, qapage, retractions, stackexchange, stances
from consilium.transfer.loader import load
from consilium.transfer.records import BadInput, Options, Reader
from consilium.transfer.report import Report
from consilium.transfer.values import web_address

TAG: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")
LICENCE: Final = Source._meta.get_field("licence").max_length or 0
LANGUAGE: Final = Question._meta.get_field("language").max_length or 0


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day; write it as 2015-03-12.") from None
    if day > datetime.now(UTC).date() + timedelta(days=1):  # where the day begins earlier than in UTC
        raise ArgumentTypeError(f"{text} is still to come.")
    return day


def _address(text: str) -> str:
    if not text.startswith(("https://", "http://")) or not web_address(text, ""):
        raise ArgumentTypeError(f"{text!r} is no address; write it as https://example.org/page, in at most 500 characters.")
    return text


def _licence(text: str) -> str:
    if len(text) > LICENCE:
        raise ArgumentTypeError(f"it has {len(text)} characters; at most {LICENCE} fit.")
    return text


def _language(text: str) -> str:
    if not TAG.fullmatch(text) or len(text) > LANGUAGE:
        raise ArgumentTypeError(f"{text!r} is no language; write it as en, es-MX or zh-Hant.")
    return text


SAID: Final[dict[str, dict[str, Any]]] = {
    "--site": {"help": "short name of the site, such as beer (default: as the folder or file is called)"},
    "--url": {"type": _address, "help": "address that the content was copied from"},
    "--captured": {"dest": "captured_on", "type": _day, "metavar": "YYYY-MM-DD", "help": "day the copy was taken"},
    "--licence": {"type": _licence, "help": "licence of the content, such as “CC BY-SA 4.0”"},
    "--language": {"type": _language, "metavar": "TAG", "help": "language of the content (default: en)"},
    "--open": {"action": "store_true", "help": "let doctors here answer the imported questions (default: archived)"},
    "--skip-bad": {"action": "store_true", "help": "leave out the rows that cannot be used (default: write nothing then)"},
}
Said = dict[str, Any]


@dataclass(frozen=True)
class Format:
    """A format as the command line shows it: what brings its files in, and `said`, the options that this asks for."""

    run: Callable[[list[str], Said], Report]
    summary: str
    names: str
    said: tuple[str, ...]
    files: int | str = "+"


def _records(reader: Callable[[], Reader]) -> Callable[[list[str], Said], Report]:
    """The import of a format whose files tell of questions, answers and people."""

    def run(files: list[str], said: Said) -> Report:
        options = Options(**{name: said[name] for name in Options.__dataclass_fields__ if said.get(name) is not None})
        return load(reader(), files, options, dry_run=said["dry_run"])

    return run


def _retractions(files: list[str], said: Said) -> Report:
    return retractions.load(*files, dry_run=said["dry_run"])


def _stances(files: list[str], said: Said) -> Report:
    return stances.load(files, dry_run=said["dry_run"], skip_bad=said["skip_bad"])


PROVENANCE: Final = ("--url", "--captured", "--licence", "--language", "--open")
FORMATS: Final = {
    "pages": Format(_records(pages.reader), "plain-text pages of a question with doctors' answers", "FILE", PROVENANCE),
    "qapage": Format(
        _records(qapage.reader), "saved HTML that carries schema.org QAPage (JSON-LD, microdata or RDFa)", "FILE", PROVENANCE
    ),
    "stackexchange": Format(
        _records(lambda: stackexchange.read),
        "a Stack Exchange data dump: its folder, or its Posts.xml alone",
        "DIR_OR_POSTS_XML",
        ("--site", *PROVENANCE),
    ),
    "jsonl": Format(_records(jsonl.reader), "content exported by `consilium export`", "FILE", ()),
    "stances": Format(_stances, "a table (CSV) of how editors read copied answers", "FILE", ("--skip-bad",)),
    "retractions": Format(_retractions, "a list of retracted papers (CSV) with the columns of Retraction Watch", "FILE", (), 1),
}


class Command(BaseCommand):
    help = "Bring content in. Running it twice changes nothing; if it was interrupted, run it again."

    def add_arguments(self, parser: CommandParser) -> None:
        formats = parser.add_subparsers(dest="format", required=True, metavar="FORMAT")
        for name, kind in FORMATS.items():
            _arguments(formats.add_parser(name, help=kind.summary, description=f"Import {kind.summary}."), kind)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = FORMATS[options["format"]].run(options["files"], options)
        except BadInput as error:
            raise CommandError(str(error)) from error
        report.format = options["format"]
        if options["json"]:
            self.stdout.write(json.dumps(report.as_data(), ensure_ascii=False))
        else:
            report.show(Console())
        if report.refused:
            bad = report.total("skipped")
            rows = "1 row" if bad == 1 else f"{bad:,} rows"
            raise CommandError(f"{rows} cannot be used. Correct what is wrong, or leave it out with --skip-bad.")


def _arguments(parser: CommandParser, kind: Format) -> None:
    parser.add_argument("files", nargs=kind.files, metavar=kind.names)
    for flag in kind.said:
        parser.add_argument(flag, **SAID[flag])
    parser.add_argument("--dry-run", action="store_true", help="report what would happen and write nothing")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
