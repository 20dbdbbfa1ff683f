"""Quarters, and the working days of mainland China."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Quarter, days, is_published, is_working_day, working_days


@given(st.dates(date(1001, 1, 1), date(2900, 12, 31)))
def test_every_day_lies_in_its_quarter_and_no_other(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.first_day <= day <= quarter.last_day
    assert quarter.next.first_day == quarter.last_day + timedelta(days=1)
    assert quarter.next.previous == quarter == Quarter.parse(str(quarter))


@pytest.mark.parametrize("text", ["2026", "2026Q5", "2026q1", "Q1", "26Q1", "2026Q1\n", "", "3026Q1", "２０２６Q1"])
def test_what_is_no_quarter_is_refused_with_the_remedy(text: str) -> None:
    with pytest.raises(ValueError, match="write a quarter like 2026Q3"):
        Quarter.parse(text)


def test_quarters_sort_by_time() -> None:
    assert sorted([Quarter(2026, 1), Quarter(2025, 4), Quarter(2025, 1)]) == [
        Quarter(2025, 1), Quarter(2025, 4), Quarter(2026, 1),
    ]  # fmt: skip


def test_a_span_of_days_includes_both_ends() -> None:
    assert list(days(date(2026, 2, 28), date(2026, 3, 1))) == [date(2026, 2, 28), date(2026, 3, 1)]
    assert list(days(date(2026, 3, 1), date(2026, 2, 28))) == []


@pytest.mark.parametrize(
    ("day", "works", "why"),
    [
        (date(2026, 3, 20), True, "a Friday"),
        (date(2026, 3, 21), False, "a Saturday"),
        (date(2026, 2, 17), False, "the spring festival"),
        (date(2026, 2, 14), True, "a Saturday made up for it"),
        (date(2025, 10, 1), False, "the national day"),
        (date(2025, 9, 28), True, "a Sunday made up for it"),
    ],
)
def test_holidays_are_no_working_days_and_weekends_made_up_for_them_are(day: date, works: bool, why: str) -> None:
    assert is_working_day(day) is works, why


def test_working_days_are_counted_with_both_ends_and_backwards_there_are_none() -> None:
    assert working_days(date(2026, 9, 28), date(2026, 10, 8)) == 4  # Monday to Wednesday, and the day after the holiday
    assert working_days(date(2026, 10, 8), date(2026, 10, 8)) == 1
    assert working_days(date(2026, 10, 8), date(2026, 10, 7)) == 0


def test_years_without_a_published_arrangement_are_known_as_such() -> None:
    assert [is_published(year) for year in (2007, 2008, 2026, 2027)] == [False, True, True, False]
