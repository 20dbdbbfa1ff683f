"""What every step of a quarter's work needs at hand: the plan, the rules, the habits, and chance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.demo.habits import Custom, Habits
from api.demo.plan import Plan
from api.demo.span import Span
from api.demo.work import NOBODY, Whole, groups, ordinals, some_days
from domain.money import FEN
from domain.scheme import Scheme

CUSTOMERS = 1_000_000
"""Customers' numbers per RM: the portfolio's first, new ones from 1,000 on."""
MOST_NEW = 500
"""New customers of one RM, kind and quarter."""


@dataclass(frozen=True, slots=True)
class Desk:
    """`opening` is each RM's balance in fen when the quarter begins, by indices of the staff; it is moved on, and what
    a measure over its base is counted from is noted in `bases`, by indicator, for the plan's members."""

    plan: Plan
    scheme: Scheme
    habits: Habits
    span: Span
    chance: np.random.Generator
    opening: Whole
    bases: dict[str, Whole]

    def custom(self, kind: str) -> Custom:
        """How a kind of action comes about."""
        return self.habits.kinds[kind]

    def place(self, kind: str) -> int:
        """A kind's number in the columns."""
        return list(self.scheme.kinds).index(kind)

    def allowed(self, kind: str) -> NDArray[np.bool_]:
        """Member by working day: when an action of a kind may happen that is to count by the end of the demo."""
        if not self.span.is_running(self.plan.quarter) or self.scheme.kinds[kind].counts_at_once:
            return self.plan.active
        waiting = np.maximum(self.plan.waiting, self.plan.silent * self.scheme.kinds[kind].self_reported)
        return self.plan.active & self._before_last(waiting)

    def waiting(self, kind: str) -> NDArray[np.bool_]:
        """Member by working day: when an action of a kind may happen that nobody has verified yet."""
        silent = self._before_last(self.plan.silent * self.scheme.kinds[kind].self_reported)
        return self.plan.active & silent & ~self._before_last(self.plan.waiting)

    def _before_last(self, number: Whole) -> NDArray[np.bool_]:
        """Member by working day: whether it lies before each member's last so many, of which a third is the most."""
        days = len(self.plan.days)
        before: NDArray[np.bool_] = np.arange(days) < days - np.minimum(number, days // 3)[:, None]
        return before

    def lines(self, kind: str, days: NDArray[np.bool_]) -> Whole:
        """How many lines of a kind each member usually has on some days."""
        open_days: Whole = days.sum(axis=1)
        return open_days if self.custom(kind).daily else self.chance.poisson(self.custom(kind).per_day * open_days)

    def dates(self, kind: str, days: NDArray[np.bool_], counts: Whole) -> Whole:
        """The day of each of `counts` lines per member; a daily kind has one on each day, from the first on."""
        if self.custom(kind).daily:
            row, number = groups(counts)
            return ordinals(self.plan.days)[np.argsort(~days, axis=1, kind="stable")[row, number]]
        return ordinals(self.plan.days)[some_days(days, self.plan.tempo, counts, self.chance)]

    def sizes(self, kind: str, number: int) -> tuple[Whole, Whole]:
        """Quantities and amounts in fen of lines that no target decides."""
        custom = self.custom(kind)
        ones, zeros = np.ones(number, dtype=np.int64), np.zeros(number, dtype=np.int64)
        if self.scheme.kinds[kind].counted == "quantity":
            return (np.maximum(self.chance.poisson(custom.size, number), 1) if custom.size > 1 else ones), zeros
        units = np.maximum(np.rint(self.chance.lognormal(0, 0.5, number) * custom.size / custom.unit), 1)
        return ones, units.astype(np.int64) * custom.unit * FEN

    def customers(self, kind: str, row: Whole, number: Whole, *, distinct: bool = False) -> Whole:
        """Whom each line is done with; `row` and `number` say whose line it is, and the how-manieth."""
        first = self.plan.members[row] * CUSTOMERS
        match self.custom(kind).customer:
            case "none":
                return np.full(len(row), NOBODY)
            case "portfolio" if distinct:
                return first + 1 + number % self.habits.portfolio
            case "portfolio":
                return first + self.chance.integers(1, self.habits.portfolio + 1, len(row))
        lot = self.span.quarters.index(self.plan.quarter) * len(self.scheme.kinds) + self.place(kind)
        return first + 1000 + lot * MOST_NEW + number
