"""Every figure of docs/consensus.md, computed from the rule itself: `python -m bench.consensus_numbers [--write]`.

Prints one Markdown table per topic; `--write` puts them into docs/consensus.md, where a test compares them. Figures are
exact (whole-number or binomial sums) except the column that says "simulated", which is seeded and there to check the
exact one by another route.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import product
from math import comb, factorial
from pathlib import Path

from consilium.consensus.agreement import (
    DIRECTIONAL,
    Counts,
    Group,
    Label,
    Levels,
    answers_to_overturn,
    chance,
    contested,
    jeffreys,
    judge,
    judge_capped,
    outside_max,
    split_min,
)

DOC = Path(__file__).resolve().parent.parent / "docs" / "consensus.md"
DEFAULT = Levels()
LOOSE = Levels(agree=0.10, strong=0.05)
LEANING, AGREE, STRONG = DIRECTIONAL
AGREED, ONLY_STRONG = frozenset({AGREE, STRONG}), frozenset({STRONG})
HALVES = (0.5, 0.5, 0.0)  # two opinions, each held by half
SIZES = range(5, 31)
SHOWN = (5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 25, 30)
RUNS, SEED = 20_000, 2001
EXAMPLES = (
    *((0, 0, 0, 0), (0, 0, 4, 0), (3, 4, 2, 0), (4, 1, 4, 0), (4, 1, 0, 0), (5, 0, 0, 0), (6, 0, 0, 0), (7, 2, 0, 0)),
    *((7, 0, 0, 0), (7, 1, 0, 0), (8, 0, 1, 0), (9, 0, 0, 0), (16, 4, 0, 0), (24, 4, 2, 0), (1, 1, 0, 7)),
)
CAPPED = (  # all, blind, a primary specialty missing, all of one specialty
    *((Counts(9), Counts(9), False, False), (Counts(9), Counts(7), False, False), (Counts(9), Counts(6), False, False)),
    *((Counts(9), Counts(4), False, False), (Counts(9), Counts(9), True, False), (Counts(9), Counts(9), False, True)),
    *((Counts(9), Counts(6), True, False), (Counts(9), Counts(4), True, True), (Counts(8, no=1), Counts(8, no=1), True, True)),
)

Row = Iterable[object]


def table(head: Row, rows: Iterable[Row]) -> str:
    lines = [[str(cell) for cell in row] for row in rows]
    titles = [str(cell) for cell in head]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [titles, ["---"] * len(titles), *lines])


def percent(share: float, digits: int = 1) -> str:
    return f"{100 * share:.{digits}f} %"


@cache
def label(counts: tuple[int, int, int], levels: Levels = DEFAULT) -> Label:
    """The label of so many yes, conditional, no."""
    return judge(Counts(*counts), levels=levels).label


def splits(n: int) -> Iterator[tuple[int, int, int]]:
    """All ways to divide n answers over yes, conditional, no."""
    return ((yes, some, n - yes - some) for yes in range(n + 1) for some in range(n - yes + 1))


def probability(n: int, shares: tuple[float, float, float], wanted: frozenset[Label]) -> float:
    """The exact chance of one of these labels when n answers are drawn from yes, conditional, no in these shares."""
    ways = factorial(n)
    return sum(
        ways / (factorial(y) * factorial(c) * factorial(o)) * shares[0] ** y * shares[1] ** c * shares[2] ** o
        for y, c, o in splits(n)
        if label((y, c, o)) in wanted
    )


def least(n: int, at_least: Label) -> int | None:
    """The fewest answers on one side, the rest conditional, that give this label or a stronger one."""
    wanted = DIRECTIONAL[DIRECTIONAL.index(at_least) :]
    return next((k for k in range(n // 2 + 1, n + 1) if label((k, n - k, 0)) in wanted), None)


def reaching(n: int, share: float, at_least: Label) -> float:
    """The chance of this label or a stronger one on the side that a share of the doctors holds, the others conditional."""
    k = least(n, at_least)
    return 0.0 if k is None else sum(comb(n, i) * share**i * (1 - share) ** (n - i) for i in range(k, n + 1))


def ever(shares: tuple[float, float, float], wanted: frozenset[Label], last: int, levels: Levels = DEFAULT) -> dict[int, float]:
    """By each n up to `last`: the exact chance that a label of these was shown after some answer up to the n-th."""
    paths, shown, by = {(0, 0, 0): 1.0}, 0.0, {}
    for n in range(1, last + 1):
        following: dict[tuple[int, int, int], float] = {}
        for (y, c, o), weight in paths.items():
            for place, share in zip(((y + 1, c, o), (y, c + 1, o), (y, c, o + 1)), shares, strict=True):
                if share:
                    following[place] = following.get(place, 0.0) + weight * share
        hits = {place for place in following if label(place, levels) in wanted}
        shown += sum(following.pop(place) for place in hits)
        paths, by[n] = following, shown
    return by


def at_most_half(step: int) -> list[tuple[float, float, float]]:
    """Three-stance distributions in steps of 1/step in which no stance has more than half."""
    half = range(step // 2 + 1)
    return [(a / step, b / step, (step - a - b) / step) for a, b in product(half, half) if a + b >= step - step // 2]


def copying(n: int, copied: float) -> float:
    """The exact chance of AGREE or STRONG when each answer copies the majority so far with this chance, else is 50/50."""
    paths = {0: 1.0}  # by the number of yes
    for answered in range(n):
        following = [0.0] * (answered + 2)
        for yes, weight in paths.items():
            lead = (2 * yes > answered) - (2 * yes < answered)
            to_yes = 0.5 + copied * lead / 2
            following[yes + 1] += weight * to_yes
            following[yes] += weight * (1 - to_yes)
        paths = dict(enumerate(following))
    return sum(weight for yes, weight in paths.items() if label((yes, 0, n - yes)) in AGREED)


def copying_simulated(n: int, copied: float) -> float:
    """The same by drawing lots, 20,000 times from one seed."""
    draw = random.Random(f"{SEED}/{n}/{copied}").random
    return sum(label(_one_page(n, copied, draw)) in AGREED for _ in range(RUNS)) / RUNS


def _one_page(n: int, copied: float, draw: Callable[[], float]) -> tuple[int, int, int]:
    yes = 0
    for answered in range(n):
        if 2 * yes != answered and draw() < copied:
            yes += 2 * yes > answered
        else:
            yes += draw() < 0.5
    return yes, 0, n - yes


def practices(groups: int, size: int) -> float:
    """The chance of AGREE or STRONG when 50/50 opinions are held by whole practices, each answer counted for itself."""
    return sum(comb(groups, yes) for yes in range(groups + 1) if label((yes * size, 0, (groups - yes) * size)) in AGREED) / (
        1 << groups
    )


# ---- the tables --------------------------------------------------------------------------------------------------------


def words(label: Label, side: Group | None) -> str:
    return f"{label.upper()} {side or ''}".strip().replace("_", " ")


def examples() -> str:
    rows = []
    for numbers in EXAMPLES:
        counts = Counts(*numbers)
        verdict, largest = judge(counts), max(numbers)
        low, high = jeffreys(largest, counts.n)
        p = "–" if verdict.p is None else f"{verdict.p:.4f}"
        interval = f"{largest} of {counts.n}: {low:.2f}–{high:.2f}" if counts.n else "–"
        named = words(verdict.label, verdict.side)
        rows.append((*numbers, named, p, answers_to_overturn(counts), interval, f"{contested(counts):.2f}"))
    return table(
        ("yes", "cond.", "no", "cannot say", "label", "p", "could change it", "interval of the largest", "contested"), rows
    )


def rand() -> str:
    rows = [(f"{n}–{n + 2}", split_min(n), outside_max(n)) for n in (8, 11, 14)]
    assert all(split_min(n) == split_min(n + 2) for n in (8, 11, 14))
    return table(("members", "disagreement: at each extreme, at least", "agreement: outside, at most"), rows)


def thresholds() -> str:
    needed = {at_least: [least(n, at_least) for n in SHOWN] for at_least in DIRECTIONAL}
    rows: list[Row] = [(f"{at_least.upper()} needs", *(k or "–" for k in ks)) for at_least, ks in needed.items()]
    shares = [percent(k / n, 0) if k else "–" for k, n in zip(needed[AGREE], SHOWN, strict=True)]
    return table(("answers", *SHOWN), [*rows, ("AGREE, share", *shares), ("SPLIT: each extreme", *map(split_min, SHOWN))])


def caps() -> str:
    rows = []
    for counts, blind, missing, one in CAPPED:
        found = judge_capped(counts, blind, primary_missing=missing, one_specialty=one)
        said = [
            f"{counts.yes} of {counts.n} yes",
            f"{blind.yes} of {blind.n} yes",
            "missing" if missing else "–",
            "yes" if one else "–",
        ]
        rows.append((*said, words(found.uncapped, found.side), words(found.label, found.side), ", ".join(found.capped_by) or "–"))
    return table(("all", "blind", "primary specialty", "one specialty", "counts alone", "shown", "capped by"), rows)


def bound() -> str:
    grid = at_most_half(20)
    rows: list[list[float]] = []
    for n in SIZES:
        at_half = [chance(n - outside_max(n), n), 2 * reaching(n, 0.5, AGREE), 2 * reaching(n, 0.5, STRONG)]
        worst = [max(probability(n, shares, wanted) for shares in grid) for wanted in (AGREED, ONLY_STRONG)]
        rows.append([*at_half, *worst])
    lines: list[Row] = [(n, *map(percent, row)) for n, row in zip(SIZES, rows, strict=True) if n in SHOWN]
    lines.append(("worst of 5–30", *(percent(max(column)) for column in zip(*rows, strict=True))))
    head = (
        "answers",
        "panel rule alone",
        "AGREE or STRONG",
        "STRONG",
        "AGREE or STRONG, worst of the grid",
        "STRONG, worst of the grid",
    )
    return table(head, lines)


def looks() -> str:
    agreed, strong, loose = ever(HALVES, AGREED, 60), ever(HALVES, ONLY_STRONG, 60), ever(HALVES, AGREED, 60, LOOSE)
    rows = [(n, percent(agreed[n]), percent(strong[n], 2), percent(loose[n])) for n in (6, 8, 10, 15, 20, 25, 30, 60)]
    return table(("answers so far", "ever AGREE or STRONG", "ever STRONG", "ever AGREE or STRONG at levels .10 and .05"), rows)


def reached() -> str:
    columns = [(at_least, share) for at_least in (AGREE, LEANING) for share in (0.9, 0.8, 0.7)]
    rows = [(n, *(percent(reaching(n, share, at_least), 0) for at_least, share in columns)) for n in (5, 6, 8, 9, 12, 15, 20, 30)]
    return table(("answers", *(f"{at_least.upper()} at {percent(share, 0)}" for at_least, share in columns)), rows)


def false_split() -> str:
    rows = []
    for shares in ((0.8, 0.15, 0.05), (0.8, 0.05, 0.15)):
        by = {n: probability(n, shares, frozenset({Label.SPLIT})) for n in SIZES}
        worst = max(by, key=lambda n: by[n])
        rows.append(
            (
                *(percent(share, 0) for share in shares),
                f"{percent(by[worst])} (n = {worst})",
                *(percent(by[n]) for n in (9, 15, 30)),
            )
        )
    return table(("yes", "conditional", "no", "SPLIT at most", "n = 9", "n = 15", "n = 30"), rows)


def herding() -> str:
    rows = [
        (percent(copied, 0), *(percent(figure(n, copied)) for n in (9, 15) for figure in (copying, copying_simulated)))
        for copied in (0.0, 0.2, 0.4, 0.6)
    ]
    return table(("answers copied", "n = 9, exact", "n = 9, simulated", "n = 15, exact", "n = 15, simulated"), rows)


def like_minded() -> str:
    rows = [
        (n, percent(practices(n, 1)), percent(practices(n // 3, 3)), words(judge(Counts(yes=n // 3)).label, None))
        for n in (9, 15)
    ]
    return table(("answers", "each of an own practice", "practices of three, not collapsed", "collapsed, at most"), rows)


TABLES: dict[str, Callable[[], str]] = {
    "examples": examples,
    "rand": rand,
    "thresholds": thresholds,
    "caps": caps,
    "bound": bound,
    "looks": looks,
    "reached": reached,
    "false_split": false_split,
    "herding": herding,
    "like_minded": like_minded,
}


def placed(document: str, name: str) -> re.Match[str]:
    """Where a table stands in the document: between two comments that name it. LookupError unless there is one such place."""
    places = list(re.finditer(rf"(?<=<!-- table: {name} -->\n\n).+?(?=\n\n<!-- end -->)", document, re.DOTALL))
    if len(places) != 1:
        raise LookupError(f"{len(places)} places for the table {name}")
    return places[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help=f"put the tables into docs/{DOC.name}")
    write = parser.parse_args().write
    for name, made in TABLES.items():
        text = made()
        print(f"{name}\n\n{text}\n")
        if write:
            document = DOC.read_text("utf-8")
            here = placed(document, name)
            DOC.write_text(document[: here.start()] + text + document[here.end() :], "utf-8")


if __name__ == "__main__":
    main()
