"""A quarter's work as columns: one place per action, made for all RMs at once."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.signedinteger[Any]]
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Work:
    """Actions, column by column.

    `member` is an index of the staff, `kind` one of the scheme's kinds in their order; days are ordinals; `quantity` is
    a whole number, `amount` is in fen; `customer` and `note` are numbers, -1 for none. `awaits` says that nobody is to
    verify it in the demo. `undone_on` is the day on which it is taken back (0: it stands).
    """

    member: Whole
    kind: Whole
    occurred_on: Whole
    recorded_on: Whole
    quantity: Whole
    amount: Whole
    customer: Whole
    note: Whole
    awaits: Whole
    undone_on: Whole

    def __len__(self) -> int:
        return len(self.member)

    def narrow(self) -> "Work":
        """The same actions in no more bytes than they need: a large bank's quarter has millions."""
        return self.with_columns(
            member=self.member.astype(np.int32), kind=self.kind.astype(np.int16), note=self.note.astype(np.int16),
            occurred_on=self.occurred_on.astype(np.int32), recorded_on=self.recorded_on.astype(np.int32),
            awaits=self.awaits.astype(np.int8), undone_on=self.undone_on.astype(np.int32),
        )  # fmt: skip

    def at(self, places: NDArray[np.bool_] | Whole | slice) -> "Work":
        """Some of the actions, in the order of `places`."""
        return Work(*(getattr(self, each.name)[places] for each in fields(self)))

    def with_columns(self, **columns: Whole) -> "Work":
        """The same actions with some columns changed."""
        return Work(*(columns.get(each.name, getattr(self, each.name)) for each in fields(self)))


def work_of(kind: int, member: Whole, occurred_on: Whole, quantity: Whole, amount: Whole, customer: Whole) -> Work:
    """Actions of one kind that stand, recorded on their day, without a note."""
    none = np.full(len(member), NOBODY)
    zero = np.zeros(len(member), dtype=np.int64)
    return Work(member, zero + kind, occurred_on, occurred_on, quantity, amount, customer, none, zero, zero)


def together(parts: list[Work]) -> Work:
    """Several lots of actions as one."""
    return Work(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Work)))


def ordinals(days: list[date]) -> Whole:
    """Days as the numbers that columns hold."""
    return np.array([day.toordinal() for day in days], dtype=np.int64)


def groups(counts: Whole) -> tuple[Whole, Whole]:
    """For `counts` items per row: each item's row, and its number within the row from 0."""
    row = np.repeat(np.arange(len(counts)), counts)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)


def split(totals: Whole, counts: Whole, chance: np.random.Generator) -> Whole:
    """Divide each row's total into `counts` uneven whole parts that add up to it exactly; a part may be 0."""
    row, number = groups(counts)
    weight = chance.gamma(2.0, size=len(row))
    running = np.cumsum(weight)
    before = np.concatenate([[0.0], running])[np.repeat(np.cumsum(counts) - counts, counts)]
    whole = np.bincount(row, weight, len(counts))[row]
    upto = np.rint((running - before) / whole * totals[row]).astype(np.int64)
    upto[number == counts[row] - 1] = totals[counts > 0]
    parts: Whole = upto - np.where(number == 0, 0, np.roll(upto, 1))
    return parts


def some_days(
    allowed: NDArray[np.bool_], weights: NDArray[np.float32], counts: Whole, chance: np.random.Generator
) -> Whole:
    """For each of `counts` items per row, the place of one of the days that are allowed there (0 where none is)."""
    row, _ = groups(counts)
    upto = np.cumsum(allowed * weights, axis=1, dtype=np.float64)
    whole = np.maximum(upto[:, -1:], np.finfo(np.float64).tiny)
    upto = np.minimum(upto / whole, 1) + np.arange(len(allowed))[:, None]
    at = np.searchsorted(upto.ravel(), row + chance.random(len(row)), side="right")
    days: Whole = np.minimum(at - row * allowed.shape[1], allowed.shape[1] - 1)
    some = np.flatnonzero(~allowed.any(axis=1))
    days[np.isin(row, some)] = 0
    return days
