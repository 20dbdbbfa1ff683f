"""Quarters and working days of mainland China, in the bank's time zone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Self

import holidays

PUBLISHED_YEARS = range(2008, 2027)
"""Years whose official arrangement of holidays and make-up days the `holidays` library holds.

Beyond them it leaves out make-up days without a word, so such a year's working days are provisional."""


FIRST_YEAR, LAST_YEAR = 2000, 2099
"""The years that a rule may speak of: a date beyond them is a slip."""


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    """A quarter of a year, written `2026Q3`."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2026Q3`; ValueError with the remedy otherwise."""
        if not (match := re.fullmatch(r"([12][0-9]{3})Q([1-4])", text)):
            raise ValueError("write a quarter like 2026Q3")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        """The quarter that a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        return self.next.first_day - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)

    @property
    def previous(self) -> "Quarter":
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"


def days(first: date, last: date) -> Iterator[date]:
    """Every calendar day from `first` to `last`, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


@cache
def _china(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=year)


def is_working_day(day: date) -> bool:
    """Whether banks' offices work on a day: weekdays without holidays, and weekends made up for one."""
    return _china(day.year).is_working_day(day)


@lru_cache(4096)
def working_days(first: date, last: date) -> int:
    """How many working days there are from `first` to `last`, both included; none where `last` lies before."""
    return sum(map(is_working_day, days(first, last)))


@lru_cache(4096)
def after_working_days(day: date, number: int) -> date:
    """The day on which so many working days after a day are over: the last one of them; the day itself for none."""
    while number:
        day += timedelta(days=1)
        number -= is_working_day(day)
    return day


def is_published(year: int) -> bool:
    """Whether a year's official arrangement of holidays is known, make-up days included."""
    return year in PUBLISHED_YEARS
