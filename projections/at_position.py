"""Where the log stands, and how a question reaches the tables: as they are now, or as of a log position."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import duckdb

from domain import scheme as rules
from domain.bank import Bank
from domain.calendar import Quarter
from domain.refusal import Refusal, Refused
from domain.register import Register
from projections import answers
from projections.answers import Words
from projections.follower import Follower
from projections.past import day_of, go_back

BARE_DAY = re.compile(r"20\d{6}")
LOST_PLUS = re.compile(r"(:\d\d(?:\.\d+)?) (\d\d:?\d\d)$")
"""The blank between a time and its zone that an unencoded `+` in an address arrives as."""


class Ambiguous(ValueError):
    """What is asked for may be a date or a log position; the message says how to write either."""


class AtPosition:
    """What every question starts from: the bank, and the tables of the follower's read model."""

    def __init__(self, bank: Bank, follower: Follower) -> None:
        self.bank = bank
        self.follower = follower

    def progress(self) -> answers.Progress:
        """How far the read model has followed the log."""
        with self.bank.log.reading() as cursor:
            last = self.bank.log.last_position(cursor)
        at = self.follower.position
        return answers.Progress(position=at, log_position=last, lag=last - at, today=self._moment().today)

    def wait_for(self, position: int, seconds: float = 5.0) -> bool:
        """Wait until the read model has followed the log to a position; False where it has not in time."""
        return self.follower.wait_for(position, seconds)

    def position_at(self, text: str) -> int:
        """The log position at an ISO date (its end, in the bank's time zone), an ISO time, or a position itself.

        A position may lie beyond what the read model has followed: who asks waits for it. ValueError with the remedy
        where the text is none of them, Ambiguous where it is a position and may be meant for a date.
        """
        if text.isascii() and text.isdigit():
            return self._position(text)
        moment = self._moment_after(text)
        with self._cursor() as con:
            row = con.execute("SELECT min(position) - 1 FROM history WHERE recorded_at >= ?", [moment]).fetchone()
        return self.follower.position if row is None or row[0] is None else int(row[0])

    def lies_ahead(self, text: str) -> bool:
        """Whether a date or time lies beyond the bank's today, by its clock. ValueError where it is none."""
        if text.isascii() and text.isdigit():
            return False
        tomorrow = datetime.combine(self.bank.today + timedelta(days=1), time(), self.bank.timezone)
        return self._moment_after(text) > tomorrow.astimezone(UTC).replace(tzinfo=None)

    def has_begun(self, position: int) -> bool:
        """Whether an event stands at a position or before it, as far as the read model has followed the log."""
        with self._cursor() as con:
            return con.execute("SELECT 1 FROM history WHERE position <= ? LIMIT 1", [position]).fetchone() is not None

    def today_at(self, position: int) -> date:
        """The bank's day as of a log position."""
        return self._moment(position).today

    def beginning(self) -> tuple[int, date] | None:
        """The log's first position, and the bank's day on which that event was recorded; None before any event."""
        with self._cursor() as con:
            row = con.execute("SELECT h.position, h.recorded_at FROM history AS h ORDER BY 1 LIMIT 1").fetchone()
        return (row[0], utc(row[1]).astimezone(self.bank.timezone).date()) if row else None

    def _position(self, text: str) -> int:
        with self.bank.log.reading() as cursor:
            last = self.bank.log.last_position(cursor)
        if len(text) > 15 or int(text) > last:
            raise ValueError(
                f"write a date or time like 2026-09-30 or 2026-09-30T18:00:00, or a log position up to {last}"
            )
        if BARE_DAY.fullmatch(text) and (day := _day_of(text)):
            raise Ambiguous(f"write the date as {day}, or the log position with a 0 before it, as 0{text}")
        return int(text)

    def _moment_after(self, text: str) -> datetime:
        """The first moment, UTC, that lies beyond a date or time."""
        try:
            if len(text) == 10:
                day = datetime.combine(date.fromisoformat(text), time(), self.bank.timezone)
                return (day + timedelta(days=1)).astimezone(UTC).replace(tzinfo=None)
            moment = datetime.fromisoformat(LOST_PLUS.sub(r"\1+\2", text))
            aware = moment if moment.tzinfo else moment.replace(tzinfo=self.bank.timezone)
            return (aware + timedelta(microseconds=1)).astimezone(UTC).replace(tzinfo=None)
        except (ValueError, OverflowError):
            raise ValueError("write a date or time like 2026-09-30 or 2026-09-30T18:00:00, or a log position") from None

    def _scope(self, scope: str | None) -> str:
        units = self.bank.register.units
        scope = scope or next((unit.org for unit in units.values() if unit.parent is None), "")
        if scope not in units:
            raise Refused([Refusal("unknown", "scope", "name a unit of the organisation tree")])
        return scope

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of its own for each question: a DuckDB connection is not shared between threads."""
        with self.follower.cursor() as con:
            yield con

    @contextmanager
    def _at(
        self, as_of: int | None, quarter: Quarter | Sequence[Quarter] | None = None,
        rm: str | Sequence[str] | None = None, reads: frozenset[str] = frozenset(),
        unread: frozenset[str] = frozenset(),
    ) -> Iterator[duckdb.DuckDBPyConnection]:  # fmt: skip
        """A cursor that sees one state: now, or the log as of a position, with the tables that a question `reads`,
        though not all that they are made of where some stays `unread`."""
        with self._cursor() as con:
            con.begin()
            if as_of is not None:
                go_back(con, as_of, quarter, [rm] if isinstance(rm, str) else rm, reads, unread=unread)
            try:
                yield con
            finally:
                con.rollback()

    def _moment(self, as_of: int | None = None) -> answers.Moment:
        with self._cursor() as con:
            if as_of is None:
                return moment_of(con, None)
            return answers.Moment(position=as_of, today=day_of(con, as_of)[0], past=True)

    def _register(self, as_of: int | None) -> Register:
        return self.bank.register if as_of is None else self.bank.register_at(as_of)

    def _scheme_of(self, rm: str, day: date) -> rules.Scheme | None:
        """The scheme of an RM's position and unit on a day."""
        register = self.bank.register
        found = register.rms.get(rm)
        posting = found.posting_on(day) if found else None
        return register.scheme_in_force(posting.position, day, posting.org) if posting else None

    def _kind(self, kind: str, rm: str, day: date) -> rules.Kind | None:
        """What a kind is in the scheme of an RM's position and unit on a day; one that this has no more is what it was
        in the newest scheme that has it."""
        if (scheme := self._scheme_of(rm, day)) and kind in scheme.kinds:
            return scheme.kinds[kind]
        schemes = sorted(self.bank.register.schemes.items(), key=lambda item: item[0][1], reverse=True)
        return next((scheme.kinds[kind] for _, scheme in schemes if kind in scheme.kinds), None)

    def _tier_names(self) -> dict[str, Words]:
        return tier_names(self.bank.register.schemes.values())


def tier_names(schemes: Iterable[rules.Scheme]) -> dict[str, Words]:
    """What the newest scheme that has a tier calls it."""
    return {tier.id: words(tier) for scheme in sorted(schemes, key=lambda one: one.effective) for tier in scheme.tiers}


def moment_of(con: duckdb.DuckDBPyConnection, as_of: int | None) -> answers.Moment:
    """The position at which what a cursor sees holds, and the bank's day there."""
    rows = con.execute("SELECT b.today, p.position FROM bank_day AS b CROSS JOIN progress AS p").fetchall()
    today, position = rows[0] if rows else (date(1970, 1, 1), 0)
    return answers.Moment(position=position if as_of is None else as_of, today=today, past=as_of is not None)


def utc(moment: datetime) -> datetime:
    """A moment of the tables, with its zone."""
    return moment.replace(tzinfo=UTC)


def words(named: Any) -> Words:
    """The name of an entry of a scheme, in both languages."""
    return Words(en=named.en, zh=named.zh)


def both(told: tuple[str, str]) -> Words:
    """What is told in English and Chinese, as it is answered."""
    return Words(en=told[0], zh=told[1])


def named(kind: rules.Kind | None, id: str) -> Words:
    """The name of a kind; by its id, where no scheme knows it any more."""
    return words(kind) if kind else Words(en=id, zh=id)


def _day_of(digits: str) -> date | None:
    """The day that eight digits name, if they name one."""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
