"""The consensus rule on any panel of experts: `python bench/panel_check.py FILE.csv [--json]`.

FILE has one row per vote and a header with the columns statement, expert and vote (others are ignored). For each
statement it prints the counts, the label and the side, how many further votes could change it, and how stable that is
when one expert is left out. docs/consensus.md explains the rule and the votes; bench/panel_sample.csv is a made-up file.
Exit status: 0 all rows were read, 1 some rows were left out (each is named), 2 nothing could be read.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

from consilium.consensus.agreement import (
    Counts,
    Group,
    Label,
    Levels,
    Verdict,
    algorithm,
    answers_to_overturn,
    contested,
    jeffreys,
    judge,
)

COLUMNS: Final = ("statement", "expert", "vote")
DELIMITERS: Final = ",;\t"
WORDS: Final = {group.value: group for group in Group} | {"yes_if": Group.CONDITIONAL, "no_unless": Group.CONDITIONAL}
SIGNS: Final = {"1": Group.YES, "+1": Group.YES, "0": Group.CONDITIONAL, "-1": Group.NO, "−1": Group.NO}
THIRDS: Final = {str(vote): (Group.NO, Group.CONDITIONAL, Group.YES)[(vote - 1) // 3] for vote in range(1, 10)}
SCALES: Final = {"words": WORDS, "signs": SIGNS, "rand9": THIRDS}
NO_VOTE: Final = frozenset({"", "-", "na", "n/a", "not_addressed"})
HEADINGS: Final = ["statements", "one out: same label", "one out: same side", "stable"]
NAMED: Final = 20  # rows left out that are named one by one; --json has all

Scale = Mapping[str, Group | None]  # None: no vote


class Unusable(Exception):
    """The file as a whole cannot be read. The message is one sentence for the person who gave it."""


@dataclass(slots=True)
class Statement:
    """One statement's votes. `silent`: experts who are listed with it and did not vote."""

    text: str
    votes: dict[str, Group] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)

    @property
    def counts(self) -> Counts:
        return Counts.of_groups(self.votes.values())


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that was not read, by the line of the file on which it ends."""

    line: int
    problem: str


@dataclass(frozen=True, slots=True)
class Panel:
    statements: list[Statement]
    left_out: list[LeftOut]


# ---- reading -----------------------------------------------------------------------------------------------------------


def scale_of(name: str, mapped: Iterable[str] = ()) -> Scale:
    """The votes of a scale, with `WORD=GROUP` for others; GROUP may also be none. ValueError says what is wrong."""
    scale: dict[str, Group | None] = {**dict.fromkeys(NO_VOTE), **SCALES[name]}
    for pair in mapped:
        word, equals, group = pair.rpartition("=")
        if not equals or not word.strip() or group not in {*Group, "none"}:
            raise ValueError(f"“{pair}” must be WORD=GROUP with GROUP one of {', '.join(Group)} or none.")
        scale[normal(word)] = None if group == "none" else Group(group)
    return scale


def normal(vote: str) -> str:
    """A vote in the one form in which scales are written: "Cannot say" is cannot_say, "7.0" is 7."""
    plain = "_".join(vote.casefold().replace("_", " ").split())
    return plain.removesuffix(".0")


def read(path: Path, scale: Scale) -> Panel:
    """The votes of a CSV file. Unusable if there are none to be had."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as problem:
        raise Unusable(f"{path} cannot be opened: {problem.strerror or problem}.") from None
    except UnicodeDecodeError as problem:
        raise Unusable(f"{path} is not UTF-8 text (byte {problem.start}); save it as CSV in UTF-8.") from None
    panel = parse(text, scale, str(path))
    if not any(statement.votes for statement in panel.statements):
        first = f": line {panel.left_out[0].line}: {panel.left_out[0].problem}" if panel.left_out else "."
        raise Unusable(f"{path} has no vote that can be counted{first}")
    return panel


def parse(text: str, scale: Scale, name: str) -> Panel:
    head = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=head.count), strict=True)
    statements: dict[str, Statement] = {}
    try:
        rows.fieldnames = [column.strip().casefold() for column in rows.fieldnames or ()]
        if any(rows.fieldnames.count(column) != 1 for column in COLUMNS):
            raise Unusable(f"{name} must name the columns {', '.join(COLUMNS)} in its first line, each once.")
        left_out = [LeftOut(rows.line_num, problem) for row in rows if (problem := add(statements, row, scale))]
    except csv.Error as problem:
        raise Unusable(f"{name} is not CSV: the row that begins in line {rows.line_num + 1}: {problem}.") from None
    return Panel(list(statements.values()), left_out)


def add(statements: dict[str, Statement], row: dict[str | Any, str | Any], scale: Scale) -> str | None:
    """Take one row in, or say why not."""
    text, expert, vote = ((row[column] or "").strip() for column in COLUMNS)
    if None in row:
        return f"{len(row[None])} cells more than the first line has columns; put a text with commas into quotation marks."
    if not text or not expert:
        return f"no {'expert' if text else 'statement'}."
    if normal(vote) not in scale:
        votes = ", ".join(word for word, group in scale.items() if group)
        return f"“{vote}” is no vote; votes are {votes} (other scales: --scale, other words: --vote)."
    statement = statements.setdefault(text, Statement(text))
    if expert in statement.votes or expert in statement.silent:
        return f"{expert} is already listed with this statement."
    group = scale[normal(vote)]
    if group is None:
        statement.silent.add(expert)
    else:
        statement.votes[expert] = group
    return None


# ---- judging -----------------------------------------------------------------------------------------------------------


def assess(statement: Statement, levels: Levels) -> dict[str, Any]:
    """What the rule says of one statement, as plain data."""
    counts = statement.counts
    verdict, largest = judge(counts, levels=levels), max(counts.of(group) for group in Group)
    return {
        "statement": statement.text,
        "counts": {group.value: counts.of(group) for group in Group},
        "n": counts.n,
        "no_vote": len(statement.silent),
        "label": verdict.label.value,
        "side": verdict.side,
        "p": verdict.p,
        "largest": {"votes": largest, "interval": jeffreys(largest, counts.n)},
        "answers_to_overturn": answers_to_overturn(counts),
        "contested": round(contested(counts), 4),
        "leave_one_out": leave_one_out(statement, verdict, levels),
    }


def leave_one_out(statement: Statement, whole: Verdict, levels: Levels) -> dict[str, Any]:
    """The same without each expert in turn. Experts of one group make the same difference."""
    counts = statement.counts
    without = {group: judge(counts.plus(group, -1), levels=levels) for group in set(statement.votes.values())}
    changes = [
        {"expert": expert, "vote": group.value, "label": without[group].label.value, "side": without[group].side}
        for expert, group in statement.votes.items()
        if (without[group].label, without[group].side) != (whole.label, whole.side)
    ]
    return {
        "runs": counts.n,
        "same_label": sum(without[group].label is whole.label for group in statement.votes.values()),
        "same_side": sum(without[group].side is whole.side for group in statement.votes.values()),
        "changed_by": changes,
    }


def summary(results: list[dict[str, Any]]) -> dict[str, Any]:
    """Over all statements and over those of each label."""
    of_label = {label.value: [result for result in results if result["label"] == label] for label in Label}
    return {
        "votes": sum(result["n"] for result in results),
        **together(results),
        "labels": {label: together(some) for label, some in of_label.items()},
    }


def together(results: list[dict[str, Any]]) -> dict[str, int]:
    """Leaving one out, added up; `stable` statements keep label and side whoever is left out."""
    runs = [result["leave_one_out"] for result in results]
    added = {key: sum(run[key] for run in runs) for key in ("runs", "same_label", "same_side")}
    return {"statements": len(results), "stable": sum(not run["changed_by"] for run in runs), **added}


def report(panel: Panel, levels: Levels) -> dict[str, Any]:
    results = [assess(statement, levels) for statement in panel.statements]
    left_out = [{"line": row.line, "problem": row.problem} for row in panel.left_out]
    return {"algorithm": algorithm(levels), "statements": results, "summary": summary(results), "left_out": left_out}


# ---- telling -----------------------------------------------------------------------------------------------------------


def in_words(result: dict[str, Any]) -> str:
    counts = " · ".join(f"{number} {plain(group)}" for group, number in result["counts"].items())
    silent = f" ({result['no_vote']} without a vote)" if result["no_vote"] else ""
    p = "" if result["p"] is None else f", p {result['p']:.4f}"
    further = result["answers_to_overturn"]
    lines = [
        result["statement"],
        f"  votes      {counts}, of {result['n']}{silent}",
        f"  label      {named(result)}{p}",
        f"  to change  {'more than 10' if further is None else further} further vote{'' if further == 1 else 's'}",
    ]
    return "\n".join([*lines, *stability(result["leave_one_out"])])


def stability(run: dict[str, Any]) -> list[str]:
    lines = [f"  one out    {share(run['same_label'], run['runs'])} same label, {share(run['same_side'], run['runs'])} same side"]
    changes: dict[str, list[str]] = {}
    for change in run["changed_by"]:
        changes.setdefault(named(change), []).append(change["expert"])
    return lines + [f"             {label} without any one of: {', '.join(experts)}" for label, experts in changes.items()]


def named(result: dict[str, Any]) -> str:
    return f"{result['label'].upper()} {plain(result['side'] or '')}".strip()


def plain(group: str) -> str:
    return group.replace("_", " ")


def share(part: int, whole: int) -> str:
    return f"{part} of {whole}"


def told(whole: dict[str, Any]) -> str:
    """The report as text: each statement, then the summary."""
    total = whole["summary"]
    some = {label.upper(): part for label, part in total["labels"].items() if part["statements"]}
    lines = [f"{total['statements']} statements, {total['votes']} votes, {whole['algorithm']}", line("", HEADINGS)]
    for label, part in {**some, "all": total}.items():
        shares = [share(part[key], part["runs"]) for key in ("same_label", "same_side")]
        lines.append(line(label, [str(part["statements"]), *shares, share(part["stable"], part["statements"])]))
    return "\n\n".join([*map(in_words, whole["statements"]), "\n".join(lines)])


def line(label: str, cells: list[str]) -> str:
    return f"  {label:<9}" + "".join(f"{cell:>22}" for cell in cells)


# ---- the command -------------------------------------------------------------------------------------------------------


class Parser(argparse.ArgumentParser):
    """Refuses with one sentence, without the usage in front of it."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def checked(made: Callable[[], Any], parser: Parser) -> Any:
    try:
        return made()
    except ValueError as problem:
        parser.error(str(problem))


def main(arguments: list[str] | None = None) -> int:
    parser = Parser(prog="panel_check", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    parser.add_argument("--json", action="store_true", help="the report as JSON")
    parser.add_argument("--scale", choices=SCALES, default="words", help="how votes are written (default: words)")
    parser.add_argument(
        "--vote", action="append", default=[], metavar="WORD=GROUP", help="count WORD as GROUP, or as none; repeatable"
    )
    parser.add_argument("--agree", type=float, default=Levels().agree, help="level of AGREE (default: %(default)s)")
    parser.add_argument("--strong", type=float, default=Levels().strong, help="level of STRONG (default: %(default)s)")
    given = parser.parse_args(arguments)
    scale = checked(lambda: scale_of(given.scale, given.vote), parser)
    levels = checked(lambda: Levels(given.agree, given.strong), parser)
    try:
        panel = read(given.file, scale)
    except Unusable as problem:
        parser.error(str(problem))
    whole = report(panel, levels)
    print(json.dumps(whole, indent=1, ensure_ascii=False) if given.json else told(whole), flush=True)
    for row in panel.left_out[:NAMED]:
        print(f"{given.file}: line {row.line} is left out: {row.problem}", file=sys.stderr)
    if len(panel.left_out) > NAMED:
        print(f"{given.file}: {len(panel.left_out) - NAMED} more rows are left out; --json names all.", file=sys.stderr)
    return 1 if panel.left_out else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:  # whoever reads, such as `head`, has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
