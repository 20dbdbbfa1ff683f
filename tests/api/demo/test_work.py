"""How a quarter's work is made: parts that add up, days that are worked, plans that come about."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.demo.contracts import agreed_targets
from api.demo.design import Design, draw_up
from api.demo.desk import Desk
from api.demo.span import span_of
from api.demo.work import Work, some_days, split
from domain.calendar import Quarter, is_working_day
from domain.refusal import Refused

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def design() -> Design:
    return draw_up(60, span_of(1, None, TODAY), 7)


@pytest.fixture(scope="module")
def quarter(design: Design) -> tuple[Desk, Work]:
    return next(design.work(Quarter(2026, 4)))


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 40)), min_size=1, max_size=20), st.integers(0, 99))
def test_parts_add_up_to_their_total(rows: list[tuple[int, int]], seed: int) -> None:
    totals, counts = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    parts = split(totals, counts, np.random.default_rng(seed))
    row = np.repeat(np.arange(len(counts)), counts)
    assert (parts >= 0).all()
    assert np.bincount(row, parts, len(counts)).astype(np.int64).tolist() == np.where(counts > 0, totals, 0).tolist()


def test_only_days_that_are_allowed_are_chosen() -> None:
    allowed = np.array([[False, True, False, True], [True, False, False, False]])
    even = np.ones(allowed.shape, dtype=np.float32)
    days = some_days(allowed, even, np.array([50, 3]), np.random.default_rng(1))
    assert set(days[:50].tolist()) == {1, 3}
    assert days[50:].tolist() == [0, 0, 0]


def test_a_day_is_chosen_as_often_as_it_weighs() -> None:
    allowed, weights = np.ones((1, 3), dtype=np.bool_), np.array([[1, 3, 0]], dtype=np.float32)
    days = some_days(allowed, weights, np.array([4000]), np.random.default_rng(1))
    assert np.bincount(days, minlength=3).tolist() == [pytest.approx(1000, abs=100), pytest.approx(3000, abs=100), 0]


def test_where_no_day_is_allowed_the_first_stands() -> None:
    allowed = np.zeros((1, 2), dtype=np.bool_)
    none = some_days(allowed, np.ones((1, 2), dtype=np.float32), np.array([2]), np.random.default_rng(1))
    assert none.tolist() == [0, 0]


def test_an_rm_works_on_working_days_in_service_and_not_on_leave(design: Design, quarter: tuple[Desk, Work]) -> None:
    _, work = quarter
    stated = [n for n, kind in enumerate(quarter[0].scheme.kinds) if quarter[0].custom(kind).per_day]
    leaves = {
        (leave.member, day)
        for leave in design.staff.leaves
        for day in range(leave.first.toordinal(), leave.last.toordinal() + 1)
    }
    worked = set(zip(work.member.tolist(), work.occurred_on.tolist(), work.kind.tolist(), strict=True))
    assert all(is_working_day(date.fromordinal(day)) for _, day, kind in worked if kind in stated)
    assert leaves
    assert not leaves & {(member, day) for member, day, _ in worked}


def test_a_daily_kind_has_one_line_on_nearly_every_working_day(quarter: tuple[Desk, Work]) -> None:
    desk, work = quarter
    daily = next(kind for kind in desk.scheme.kinds if desk.custom(kind).daily)
    calls = work.at((work.kind == desk.place(daily)) & (work.undone_on == 0))
    days = set(zip(calls.member.tolist(), calls.occurred_on.tolist(), strict=True))
    assert len(days) == len(calls)
    assert len(calls) > 0.98 * desk.plan.active.sum()


def test_nothing_is_recorded_before_it_happens_or_after_the_demo_ends(quarter: tuple[Desk, Work]) -> None:
    _, work = quarter
    assert (work.recorded_on >= work.occurred_on).all()
    assert work.recorded_on.max() <= date(2026, 11, 23).toordinal()
    assert (work.recorded_on > work.occurred_on).any()


def test_an_rm_has_at_most_nine_lines_on_a_working_day(quarter: tuple[Desk, Work]) -> None:
    desk, work = quarter
    assert 3 < len(work) / desk.plan.active.sum() < 9


def test_a_demo_covers_the_quarters_up_to_the_one_asked_for() -> None:
    span = span_of(3, Quarter(2026, 1), TODAY)
    assert [str(quarter) for quarter in span.quarters] == ["2025Q3", "2025Q4", "2026Q1"]
    assert span.last_day == date(2026, 3, 31)


def test_a_quarter_without_a_working_day_behind_it_is_not_begun() -> None:
    assert span_of(1, None, date(2026, 10, 5)).quarters == (Quarter(2026, 3),)
    with pytest.raises(Refused, match="2026Q3"):
        span_of(1, Quarter(2026, 4), date(2026, 10, 5))


def test_a_demo_older_than_its_scheme_is_refused() -> None:
    with pytest.raises(Refused, match="2013Q1"):
        draw_up(12, span_of(4, Quarter(2013, 2), TODAY), 1)


def test_nobody_agrees_to_a_base_below_nothing(design: Design) -> None:
    overdrawn = replace(design, opening=np.full(60, -(10**9), dtype=np.int64))
    desk, _ = next(overdrawn.work(Quarter(2026, 4)))
    assert {int(base) < 0 for base in desk.bases["savings"]} == {True}
    assert {agreed.line["base"] for agreed in agreed_targets(desk, design.staff)} == {"", "0"}
