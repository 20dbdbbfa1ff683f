"""How a planned quarter comes about: actions that add up to what was planned, and those that no target drives."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from api.demo.desk import MOST_NEW, Desk
from api.demo.plan import made
from api.demo.work import Whole, Work, groups, ordinals, split, together, work_of
from domain.money import FEN
from domain.scheme import Measure

OUT_SHARE = 0.25
"""What flows out of deposits against what stays, by what it moves the daily average."""
OPENING_CUSTOMERS = 8


def achieve(desk: Desk) -> Work:
    """All actions of a quarter that are to stand or to wait, in no order."""
    return together(list(_parts(desk)))


def _parts(desk: Desk) -> Iterator[Work]:
    for name, measure in made(desk.scheme, desk.habits).items():
        match measure.rule:
            case "daily-average":
                yield from _balances(desk, name, measure)
            case "last":
                yield _last(desk, name, measure)
            case "sum" | "count" | "distinct-customers":
                yield from _sums(desk, name, measure)
            case _:
                pass  # the warehouse delivers it, or it is made of others
    for kind, counts in desk.plan.counts.items():
        yield _usual(desk, kind, desk.allowed(kind), counts)
    if desk.span.is_running(desk.plan.quarter):
        yield from _backlog(desk)


def _sums(desk: Desk, name: str, measure: Measure) -> Iterator[Work]:
    """What a sum, a count or a number of customers is made of, shared out over its kinds by their habits; what another
    measure takes off it comes on top."""
    others = made(desk.scheme, desk.habits).items()
    taken_off = [other for other, one in others if one.plus and set(one.plus) <= set(measure.minus)]
    left = sum((desk.plan.measured[other] for other in taken_off), desk.plan.measured[name])
    kinds = [kind for kind in measure.plus if kind in desk.habits.kinds]
    usual = [desk.custom(kind).per_day * desk.custom(kind).size for kind in kinds]
    for n, kind in enumerate(kinds):
        unit = desk.custom(kind).unit
        total = np.rint(left * usual[n] / sum(usual[n:]) / unit).astype(np.int64)
        left = left - total * unit
        yield _made_of(desk, measure, kind, np.where(desk.allowed(kind).any(axis=1), total, 0))


def _made_of(desk: Desk, measure: Measure, kind: str, total: Whole) -> Work:
    """Actions of one kind whose measure adds up to `total` units."""
    days = desk.allowed(kind)
    single = measure.rule in ("count", "distinct-customers") or desk.custom(kind).customer == "new"
    counts = total if single else np.minimum(np.maximum(desk.lines(kind, days), 1), total)
    row, number = groups(counts)
    quantity, amount = desk.sizes(kind, len(row))
    value = np.ones(len(row), dtype=np.int64) if single else split(total, counts, desk.chance) * desk.custom(kind).unit
    quantity, amount = (np.ones(len(row), dtype=np.int64), value * FEN) if measure.of == "amount" else (value, amount)
    customer = desk.customers(kind, row, number, distinct=measure.rule == "distinct-customers")
    day = desk.dates(kind, days, counts)
    return work_of(desk.place(kind), desk.plan.members[row], day, quantity, amount, customer).at(value > 0)


def _last(desk: Desk, name: str, measure: Measure) -> Work:
    """One action that states the value."""
    kind = measure.plus[0]
    days, value = desk.allowed(kind), desk.plan.measured[name].astype(np.int64)
    counts = (days.any(axis=1) & (value > 0)).astype(np.int64)
    row, number = groups(counts)
    ones = np.ones(len(row), dtype=np.int64)
    quantity, amount = (ones, value[row] * FEN) if measure.of == "amount" else (value[row], ones * 0)
    customer = desk.customers(kind, row, number)
    return work_of(desk.place(kind), desk.plan.members[row], desk.dates(kind, days, counts), quantity, amount, customer)


def _usual(desk: Desk, kind: str, days: NDArray[np.bool_], counts: Whole, first_number: int = 0) -> Work:
    """Actions that no target drives."""
    counts = np.where(days.any(axis=1), counts, 0)
    row, number = groups(counts)
    customer = desk.customers(kind, row, number + first_number)
    quantity, amount = desk.sizes(kind, len(row))
    day = desk.dates(kind, days, counts)
    return work_of(desk.place(kind), desk.plan.members[row], day, quantity, amount, customer)


def _backlog(desk: Desk) -> Iterator[Work]:
    """What was reported in the last days and waits for a supervisor."""
    for kind, rule in desk.scheme.kinds.items():
        if kind in desk.habits.kinds and not rule.counts_at_once:
            lately = desk.waiting(kind)
            work = _usual(desk, kind, lately, desk.lines(kind, lately), MOST_NEW // 2)
            yield work.with_columns(awaits=np.ones(len(work), dtype=np.int64))


def _balances(desk: Desk, name: str, measure: Measure) -> Iterator[Work]:
    """Flows that move a daily average by what was planned, after the balance was stated where none is known yet.

    A flow moves the sum over days by its amount times the days from its own to the last, and a stated balance is that
    of its day's end, so that flows begin the day after.
    """
    members = desk.plan.members
    first = desk.plan.quarter.first_day.toordinal()
    last = min(desk.plan.quarter.last_day.toordinal(), desk.span.last_day.toordinal() + 1)
    fresh = desk.opening[members] == 0
    begun = np.where(desk.plan.active[:, 0], first, ordinals(desk.plan.days)[desk.plan.active.argmax(axis=1)])
    if measure.sets:
        yield _openings(desk, name, measure, fresh, begun)
    # who came within the quarter brought the balance for a part of it only, and so it counts as base
    held = np.where(fresh, last - begun + 1, last - first + 1)
    desk.bases[name] = desk.opening[members] * held // (last - first + 1)
    lasting = desk.plan.measured[name] * FEN - (0 if measure.over_base else desk.opening[members])
    later = desk.plan.active & (ordinals(desk.plan.days) > np.where(fresh, begun, 0)[:, None])
    out = OUT_SHARE if measure.minus else 0.0
    for kinds, sign in ((measure.plus, 1), (measure.minus, -1)):
        share = np.where(lasting * sign >= 0, 1 + out, out) / max(1, len(kinds))
        for kind in kinds:
            work = _flows(desk, kind, later, np.abs(lasting) * share * (last - first + 1), last)
            np.add.at(desk.opening, work.member, sign * work.amount)
            yield work


def _flows(desk: Desk, kind: str, days: NDArray[np.bool_], lasting: NDArray[np.float64], last: int) -> Work:
    """Flows of one kind whose amounts times days held add up to `lasting` (in fen and days)."""
    counts = np.where(days.any(axis=1), np.maximum(desk.lines(kind, days), 1), 0)
    row, number = groups(counts)
    day, unit = desk.dates(kind, days, counts), desk.custom(kind).unit * FEN
    weight = desk.chance.gamma(2.0, size=len(row))
    whole = np.bincount(row, weight * (last - day + 1), len(counts))
    amount = np.rint(weight * (lasting / np.where(whole > 0, whole, 1))[row] / unit).astype(np.int64) * unit
    ones = np.ones(len(row), dtype=np.int64)
    customer = desk.customers(kind, row, number)
    return work_of(desk.place(kind), desk.plan.members[row], day, ones, amount, customer).at(amount > 0)


def _openings(desk: Desk, name: str, measure: Measure, fresh: NDArray[np.bool_], begun: Whole) -> Work:
    """What the main customers of those who are new to the demo have, stated on their first day of the quarter."""
    goal, kind = desk.habits.goals[name], measure.sets[0]
    total = np.rint(goal.base * desk.chance.uniform(0.7, 1.3, len(fresh)) / goal.step).astype(np.int64)
    counts = np.where(fresh, OPENING_CUSTOMERS, 0)
    row, number = groups(counts)
    amount = split(np.where(fresh, total, 0), counts, desk.chance) * int(goal.step * FEN)
    member = desk.plan.members[row]
    np.add.at(desk.opening, member, amount)
    customer = desk.customers(kind, row, number, distinct=True)
    return work_of(desk.place(kind), member, begun[row], np.ones(len(row), dtype=np.int64), amount, customer)
