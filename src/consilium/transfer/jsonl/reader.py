"""Reading our own format: strictly, because a file that is not exactly right was changed by somebody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from consilium.transfer import checks
from consilium.transfer.jsonl.codec import REPAIR, from_object
from consilium.transfer.jsonl.names import Names
from consilium.transfer.reading import lines
from consilium.transfer.records import BadInput, Options, Reader, Record, Stream, Where

FORMAT: Final = "consilium"
VERSION: Final = 1
END: Final = "end"
LINE_LIMIT: Final = 4_000_000  # bytes; room for the longest body that can be stored, in any script


def reader() -> Reader:
    """What reads files, each of which may name what is in those before it."""
    return partial(_named, Names())


def read(path: str, options: Options) -> Stream:
    """The records of a file made by `consilium export jsonl`. Raises BadInput for anything else."""
    return _named(Names(), path, options)


def _named(names: Names, path: str, options: Options) -> Stream:
    for record in _records(path):
        names.add(record)
        yield record
    if missing := names.missing():
        what = f"this line names the {missing.kind} {_short(missing.key)}, which is neither in the file nor here."
        raise BadInput(Where(path, missing.line), what, REPAIR)


def _records(path: str) -> Iterator[Record]:
    found = lines(path, LINE_LIMIT)
    where, first = next(found, (Where(path, 1), ""))
    _check_header(_parsed(first, where), where)
    for records, (where, text) in enumerate(found):
        values = _parsed(text, where)
        if values.get("type") == END:
            _check_end(values, records, where)
            break
        record = from_object(values, where)
        if problem := checks.fault(record):
            raise BadInput(where, f"this {values['type']} cannot be stored: {problem}", REPAIR)
        yield record
    else:
        raise BadInput(where, "the file stops here without its last line.", "It was cut off; copy or export it again.")
    for where, _ in found:
        raise BadInput(where, "there is something after the last line.", REPAIR)


def _short(key: str) -> str:
    return json.dumps(key, ensure_ascii=False)[:60]


def _parsed(text: str, where: Where) -> dict[str, Any]:
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise BadInput(where, f"the line is not JSON ({reason[:80]}).", REPAIR) from None
    if not isinstance(found, dict):
        raise BadInput(where, "the line is no JSON object.", REPAIR)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field is given twice")
    return found


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


def _check_header(values: dict[str, Any], where: Where) -> None:
    if values.get("type") != FORMAT:
        raise BadInput(where, "the first line is not the header of an export.", REPAIR)
    if values != {"type": FORMAT, "version": VERSION}:
        raise BadInput(
            where, f"the header is not that of version {VERSION}.", "Use the release that made the file, or a newer one."
        )


def _check_end(values: dict[str, Any], records: int, where: Where) -> None:
    if values != {"type": END, "records": records}:
        what = f"the last line announces another number of records than the {records:,} before it."
        raise BadInput(where, what, "The file is damaged; copy or export it again.")
