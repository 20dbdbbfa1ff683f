"""A figure: ours beside a named limit, both measured in turn and more than once."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    `ours` and `limit` are in `unit`; `ratio` is what is compared with `reach` (`least` says whether that is the least
    or the most that is asked for). Where the load beside it was less than asked, `loaded` is
    false and it reaches nothing. Where something could not be measured, `ours` is None and `note` says why.
    """

    work: str
    against: str
    unit: str
    ours: float | None = None
    limit: float | None = None
    ratio: float | None = None
    reach: float | None = None
    least: bool = True
    note: str = ""
    loaded: bool = True

    @property
    def met(self) -> bool | None:
        """Whether the figure reaches what is asked for; None where nothing is, or where it was not measured."""
        if self.ratio is None or self.reach is None:
            return None
        if not self.loaded:
            return False
        return self.ratio >= self.reach if self.least else self.ratio <= self.reach


def seconds(work: Callable[[], object]) -> float:
    """How long a piece of work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def in_turn(rounds: int, *works: Callable[[], float]) -> list[list[float]]:
    """The figures of several works, measured one after the other in each round: a noisy minute then hits them all."""
    figures: list[list[float]] = [[] for _ in works]
    for number in range(rounds):
        for place in range(len(works)) if number % 2 == 0 else reversed(range(len(works))):
            figures[place].append(works[place]())
    return figures


def ratio_of(ours: list[float], limit: list[float]) -> float:
    """The median of the rounds' ratios."""
    return median(mine / theirs for mine, theirs in zip(ours, limit, strict=True))


def percentile(values: list[float], share: float) -> float:
    """The value below which a share of the values lies (the largest of few)."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
