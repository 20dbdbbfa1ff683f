"""Which quarters and working days a demo covers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from domain.calendar import Quarter, days, is_working_day
from domain.refusal import Refusal, Refused


@dataclass(frozen=True, slots=True)
class Span:
    """The demo's quarters, oldest first, and the last day that is over (`last_day`, at most yesterday)."""

    quarters: tuple[Quarter, ...]
    last_day: date

    @property
    def first_day(self) -> date:
        """The first day of the first quarter."""
        return self.quarters[0].first_day

    def is_running(self, quarter: Quarter) -> bool:
        """Whether a quarter is not over yet."""
        return quarter.last_day > self.last_day

    def end(self, quarter: Quarter) -> date:
        """A quarter's last day that is over."""
        return min(quarter.last_day, self.last_day)

    def working_days(self, quarter: Quarter) -> list[date]:
        """The working days of a quarter that are over."""
        return working_days(quarter.first_day, self.end(quarter))


def working_days(first: date, last: date) -> list[date]:
    """The working days from `first` to `last`, both included."""
    return [day for day in days(first, last) if is_working_day(day)]


def span_of(quarters: int, until: Quarter | None, today: date) -> Span:
    """The `quarters` quarters up to `until`; by default up to today's, once a working day of it is over.

    Refused where no working day of `until` is over yet.
    """
    yesterday = today - timedelta(days=1)
    begun = Quarter.of(next(day for day in _days_back(yesterday) if is_working_day(day)))
    last = until or begun
    if last > begun:
        raise Refused([Refusal("not-allowed", "until", f"name a quarter that has begun, such as {begun}")])
    return Span(quarters_back(last, quarters), min(last.last_day, yesterday))


def quarters_back(last: Quarter, number: int) -> tuple[Quarter, ...]:
    """So many quarters up to `last`, oldest first."""
    quarters = [last]
    while len(quarters) < number:
        quarters.append(quarters[-1].previous)
    return tuple(reversed(quarters))


def _days_back(last: date) -> Iterator[date]:
    return (last - timedelta(days=n) for n in count())
