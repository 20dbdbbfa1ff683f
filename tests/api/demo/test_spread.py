"""A law of the demo: from 200 RMs up, every quarter shows every tier and some who are not graded, whatever the seed.

The quarter's actions are added up here in plain Python and scored by the scoring models themselves, without a store;
`test_build.py` goes the whole way once.
"""

from collections import Counter
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.demo.aims import seats
from api.demo.design import draw_up
from api.demo.desk import Desk
from api.demo.span import span_of
from api.demo.warehouse import figure
from api.demo.work import Work
from domain.calendar import Quarter
from domain.money import FEN
from domain.scheme import Measure
from projections.trial import score
from projections.tried import Figure, Tried

DAYS = [date(2026, 11, 24), date(2026, 10, 9), date(2026, 10, 16), date(2025, 2, 14)]
"""Days on which a demo is built: late, at once and early in a running quarter, and under the scheme's first version."""


def tried(desk: Desk, work: Work) -> dict[str, Tried]:
    """What each graded RM's actions add up to; those that wait or were taken back count for nothing."""
    standing = work.at((work.awaits == 0) & (work.undone_on == 0))
    people = {}
    for row in np.flatnonzero(desk.plan.graded).tolist():
        own = standing.at(standing.member == desk.plan.members[row])
        kinds = {kind: own.at(own.kind == n) for n, kind in enumerate(desk.scheme.kinds)}
        figures = {kind: Figure(Decimal(int(each.quantity.sum()))) for kind, each in kinds.items()}
        for name, one in desk.scheme.measured():
            target = desk.plan.asked.get(name)
            agreed = None if target is None else Decimal(str(round(float(target[row]), 3)))
            figures[name] = Figure(measured(name, one, kinds, desk, row), agreed)
        people[str(row)] = Tried(certified=bool(desk.plan.certified[row]), figures=figures)
    return people


def measured(name: str, measure: Measure, kinds: dict[str, Work], desk: Desk, row: int) -> Decimal | None:
    """The growth over the base is what the flows alone make of it."""
    plus, minus = ([kinds[kind] for kind in named] for named in (measure.plus, measure.minus))
    match measure.rule:
        case "rating" | "ratio":
            return None
        case "ready":
            return Decimal(figure(float(desk.plan.measured[name][row])))
        case "count":
            return Decimal(sum(len(each) for each in plus))
        case "distinct-customers":
            return Decimal(len({customer for each in plus for customer in each.customer.tolist()}))
        case "last":
            return Decimal(int(plus[0].quantity[plus[0].occurred_on.argmax()])) if len(plus[0]) else None
        case "daily-average":
            first, last = desk.plan.quarter.first_day.toordinal(), desk.span.end(desk.plan.quarter).toordinal()
            last += desk.span.is_running(desk.plan.quarter)  # today is a day of the average
            days = [int((each.amount * (last - each.occurred_on + 1)).sum()) for each in (*plus, *minus)]
            lasting = sum(days[: len(plus)]) - sum(days[len(plus) :])
            return round(Decimal(lasting) / (last - first + 1) / FEN, 2)
    column = "amount" if measure.of == "amount" else "quantity"
    factors = [measure.factors.get(kind, Decimal(1)) for kind in (*measure.plus, *measure.minus)]
    signs = [1] * len(plus) + [-1] * len(minus)
    total = sum(
        factor * sign * int(getattr(each, column).sum())
        for factor, sign, each in zip(factors, signs, (*plus, *minus), strict=True)
    )
    return Decimal(total) / (FEN if column == "amount" else 1)


@settings(max_examples=8)
@given(seed=st.integers(0, 2**32 - 1), today=st.sampled_from(DAYS))
def test_every_quarter_of_200_rms_shows_every_tier_and_some_not_graded(seed: int, today: date) -> None:
    design = draw_up(200, span_of(2, None, today), seed)
    for quarter in design.span.quarters:
        trades = list(design.work(quarter))
        for desk, work in trades:
            tiers = Counter(trial.tier for trial in score(desk.scheme, tried(desk, work)) if trial.status == "graded")
            planned = Counter(desk.scheme.tiers[place].id for place in desk.plan.tier[desk.plan.graded])
            assert set(tiers) == {tier.id for tier in desk.scheme.tiers}
            assert sum((tiers - planned).values()) <= 3  # whole figures may carry one over a floor
        assert 5 <= sum((~desk.plan.graded).sum() for desk, _ in trades) <= 14


REALISTIC = [15, 30, 45, 7, 3]
BOUNDS = [6, 9, 10, 4, 2]
"""By how many per cent of the RMs a finished quarter's tiers may differ from a realistic bank's."""


@settings(max_examples=8)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_tiers_of_finished_quarters_are_about_those_of_a_realistic_bank_and_no_two_alike(seed: int) -> None:
    design = draw_up(200, span_of(4, Quarter(2026, 3), DAYS[0]), seed)
    plans = [[design.plan(trade, quarter) for trade in design.trades] for quarter in design.span.quarters]
    tiers = [np.concatenate([plan.tier[plan.graded] for plan in each if plan]) for each in plans]
    shares = [np.bincount(each) / len(each) * 100 for each in tiers]
    assert (np.abs(np.array(shares) - REALISTIC) <= BOUNDS).all()
    assert len({tuple(share) for share in shares}) == len(shares)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param(200, [30, 60, 90, 14, 6], id="shares"),
        pytest.param(0, [0, 0, 0, 0, 0], id="nobody"),
        pytest.param(12, [2, 4, 5, 1, 0], id="too few for every tier"),
        pytest.param(26, [4, 8, 11, 2, 1], id="an empty tier takes one from the fullest"),
    ],
)
def test_seats_go_to_the_largest_remainders(number: int, expected: list[int]) -> None:
    assert seats(number, [15, 30, 45, 7, 3]) == expected


def test_an_rm_who_only_a_gate_holds_back_had_what_the_gate_is_about() -> None:
    design = draw_up(200, span_of(1, None, DAYS[0]), 1)
    desk, work = next(design.work(design.span.quarters[0]))
    trials = score(desk.scheme, tried(desk, work))
    floors = {tier.id: tier.floor or Decimal(0) for tier in desk.scheme.tiers}
    best = {tier.id: place for place, tier in enumerate(desk.scheme.tiers)}
    held_back = [each for each in trials if best[earned(each.score, floors)] < best[str(each.tier)]]
    assert len(held_back) >= 3
    assert all(each.gates for each in held_back)


def earned(points: Decimal | None, floors: dict[str, Decimal]) -> str:
    return next(tier for tier, floor in floors.items() if points is not None and points >= floor)
