"""Every way to divide answers over the four groups, with the verdict of each."""

from collections.abc import Iterator
from functools import cache

from consilium.consensus.agreement import Counts, Group, Label, Verdict, judge

Numbers = tuple[int, int, int, int]


def divisions(n: int) -> Iterator[Numbers]:
    """All divisions of n answers over yes, conditional, no, cannot say."""
    for yes in range(n + 1):
        for conditional in range(n - yes + 1):
            for no in range(n - yes - conditional + 1):
                yield yes, conditional, no, n - yes - conditional - no


def up_to(most: int, *, least: int = 0) -> Iterator[Numbers]:
    for n in range(least, most + 1):
        yield from divisions(n)


@cache
def verdict(numbers: Numbers) -> Verdict:
    return judge(Counts(*numbers))


def said(numbers: Numbers) -> Group | Label:
    """What further answers would overturn: the side where there is one, else the label."""
    found = verdict(numbers)
    return found.side or found.label


def plus(numbers: Numbers, place: int) -> Numbers:
    more = list(numbers)
    more[place] += 1
    return (more[0], more[1], more[2], more[3])
