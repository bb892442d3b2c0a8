"""What an import did: counts per kind of thing, what was left out and why; in words or as JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from consilium.transfer.kinds import KINDS
from consilium.transfer.records import Where

OUTCOMES: Final = ("created", "updated", "unchanged", "skipped")
PAGES: Final = ("questions", "answers", "doctors")
PLURALS: Final = (*PAGES, *(kind.plural for kind in KINDS if kind.plural not in PAGES))
KEPT: Final = 1000  # remarks kept in full; beyond that they are only counted, so that memory stays bounded
SHOWN: Final = 20  # remarks printed in words


@dataclass
class Report:
    """Filled by the loader. `ratings` and `badges` count bylines of answers that show one.

    `always` names the kinds reported even when there were none. `refused`: rows are bad, and so nothing was written.
    """

    files: list[str]
    format: str = ""  # pages, qapage, stackexchange or jsonl
    dry_run: bool = False
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    ratings: int = 0
    badges: int = 0
    skips: list[tuple[Where, str]] = field(default_factory=list)
    notes: list[tuple[Where, str]] = field(default_factory=list)
    more_notes: int = 0
    always: tuple[str, ...] = PAGES
    refused: bool = False

    def count(self, kind: str, outcome: str, number: int = 1) -> None:
        self.counts[kind, outcome] += number

    def skip(self, where: Where, reason: str, kind: str) -> None:
        """Something was left out."""
        self.counts[kind, "skipped"] += 1
        if len(self.skips) < KEPT:
            self.skips.append((where, reason))

    def note(self, where: Where, text: str) -> None:
        """Something was taken in and the operator should know about it."""
        if len(self.notes) < KEPT:
            self.notes.append((where, text))
        else:
            self.more_notes += 1

    def total(self, outcome: str) -> int:
        return sum(number for (_, found), number in self.counts.items() if found == outcome)

    def kinds(self) -> list[str]:
        present = {kind for (kind, _), number in self.counts.items() if number}
        return [kind for kind in PLURALS if kind in present or kind in self.always] + sorted(present - set(PLURALS))

    def as_data(self) -> dict[str, Any]:
        """The report for a program; `left_out` and `notes` name file, line and reason (the first thousand of each)."""
        return {
            "command": f"import {self.format}".strip(),
            "files": self.files,
            "dry_run": self.dry_run,
            "written": not self.dry_run and not self.refused,
            **{outcome: self.total(outcome) for outcome in OUTCOMES},
            **{kind: {outcome: self.counts[kind, outcome] for outcome in OUTCOMES} for kind in self.kinds()},
            **({"ratings": self.ratings, "badges": self.badges} if "answers" in self.always else {}),
            "left_out": [{"file": where.file, "line": where.line, "reason": reason} for where, reason in self.skips],
            "notes": [{"file": where.file, "line": where.line, "text": text} for where, text in self.notes],
        }

    def show(self, console: Console) -> None:
        """In words: a table on a terminal, plain columns elsewhere."""
        if self.refused:
            console.print("Nothing was written.")
        elif self.dry_run:
            console.print("Dry run: nothing was written. An import would do this:")
        if console.is_terminal:
            console.print(self._table())
        else:
            console.print(self._columns(), soft_wrap=True)
        if self.ratings or self.badges:
            console.print(f"Shown by the source: ratings {self.ratings}, badges {self.badges}.", soft_wrap=True, highlight=False)
        self._remarks(console, "Skipped", self.skips, self.total("skipped"))
        self._remarks(console, "Note", self.notes, len(self.notes) + self.more_notes)

    def _rows(self) -> list[list[str]]:
        return [[kind, *(str(self.counts[kind, outcome]) for outcome in OUTCOMES)] for kind in self.kinds()]

    def _table(self) -> Table:
        table = Table("", box=None)
        for outcome in OUTCOMES:
            table.add_column(outcome, justify="right")
        for row in self._rows():
            table.add_row(*row)
        return table

    def _columns(self) -> str:
        rows = [["", *OUTCOMES], *self._rows()]
        return "\n".join(f"{row[0]:<10}" + "".join(f"{cell:>11}" for cell in row[1:]) for row in rows)

    def _remarks(self, console: Console, word: str, remarks: list[tuple[Where, str]], total: int) -> None:
        for where, text in remarks[:SHOWN]:
            console.print(f"{word}: {where}: {text}", soft_wrap=True, markup=False, highlight=False)
        if total > SHOWN:
            console.print(f"… and {total - SHOWN} more; --json lists them.", soft_wrap=True)
