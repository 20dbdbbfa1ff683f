"""The time that a leaderboard is about: a week, a month, a quarter, a year, or a season of the schemes."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from domain.calendar import Quarter, days
from domain.refusal import Refusal, Refused
from domain.scheme import Scheme
from domain.scheme_file.game_entries import Period as Kind
from domain.scheme_file.game_entries import Season
from projections.answers import Words

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both included; `text` is how it is asked for."""

    text: str
    kind: Kind
    first_day: date
    last_day: date
    name: Words

    def reached(self, today: date) -> date:
        """Its last day, of one that is not over the bank's day."""
        return max(self.first_day, min(self.last_day, today))

    def appraised(self, today: date) -> Quarter:
        """The quarter whose appraisal says who is on its boards, in which unit and tier: the last that it reaches."""
        return Quarter.of(self.reached(today))

    def overlapped(self, today: date) -> set[Quarter]:
        """The quarters that it lies in, up to the bank's day."""
        return {Quarter.of(day) for day in days(self.first_day, self.reached(today))}

    def quarters(self, today: date) -> list[Quarter]:
        """The quarters of which it is made: those that begin in it, up to the bank's day."""
        if self.kind == "quarter":
            return [Quarter.of(self.first_day)]
        begun = (day for day in days(self.first_day, self.reached(today)) if day == Quarter.of(day).first_day)
        return [Quarter.of(day) for day in begun]


def period_of(text: str | Period, schemes: Iterable[Scheme]) -> Period:
    """The period that a text names, or itself. Raises Refused with the ways to write one."""
    if isinstance(text, Period):
        return text
    for pattern, read in READ:
        if found := re.fullmatch(pattern, text):
            try:
                return read(text, *map(int, found.groups()))
            except ValueError:
                break
    for season, _ in seasons_of(schemes):
        if season.id == text:
            return of_season(season)
    told = "write a quarter like 2026Q3, a year, a month like 2026-07, a week like 2026-W31, or the id of a season"
    raise Refused([Refusal("unknown", "period", told)])


def before(period: Period, schemes: Iterable[Scheme]) -> Period | None:
    """The one of its kind before it; None before the first season."""
    eve = period.first_day - timedelta(days=1)
    if period.kind != "season":
        return around(period.kind, eve)
    ended = [season for season, _ in seasons_of(schemes) if season.until <= eve]
    return of_season(max(ended, key=lambda one: one.until)) if ended else None


def around(kind: Kind, day: date) -> Period:
    """The week, month, quarter or year that a day lies in."""
    if kind == "week":
        year, week, _ = day.isocalendar()
        return _week(f"{year}-W{week:02}", year, week)
    if kind == "month":
        return _month(f"{day.year}-{day.month:02}", day.year, day.month)
    if kind == "quarter":
        return _quarter(str(Quarter.of(day)), day.year, Quarter.of(day).number)
    return _year(str(day.year), day.year)


def seasons_of(schemes: Iterable[Scheme]) -> list[tuple[Season, Scheme]]:
    """Every season that some schemes state, each by the newest version that states it, in the order of their days."""
    found = dict[str, tuple[Season, Scheme]]()
    for scheme in sorted(schemes, key=lambda one: (one.effective, one.scheme)):
        found |= {season.id: (season, scheme) for season in scheme.seasons}
    return sorted(found.values(), key=lambda one: (one[0].begins, one[0].id))


def of_season(season: Season) -> Period:
    """The period that a season is."""
    return Period(season.id, "season", season.begins, season.until, Words(en=season.en, zh=season.zh))


def _quarter(text: str, year: int, number: int) -> Period:
    quarter = Quarter(year, number)
    return Period(text, "quarter", quarter.first_day, quarter.last_day, Words(en=text, zh=f"{year}年第{number}季度"))


def _year(text: str, year: int) -> Period:
    return Period(text, "year", date(year, 1, 1), date(year, 12, 31), Words(en=text, zh=f"{year}年"))


def _month(text: str, year: int, month: int) -> Period:
    first = date(year, month, 1)
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return Period(text, "month", first, last, Words(en=text, zh=f"{year}年{month}月"))


def _week(text: str, year: int, week: int) -> Period:
    first = date.fromisocalendar(year, week, 1)
    name = Words(en=f"week {week} of {year}", zh=f"{year}年第{week}周")
    return Period(text, "week", first, first + WEEK - timedelta(days=1), name)


READ: tuple[tuple[str, Callable[..., Period]], ...] = (
    ("([12][0-9]{3})Q([1-4])", _quarter),
    ("([12][0-9]{3})", _year),
    ("([12][0-9]{3})-([0-9]{2})", _month),
    ("([12][0-9]{3})-W([0-9]{2})", _week),
)
"""How each kind is written, and what reads it."""
