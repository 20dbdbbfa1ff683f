"""What a board is compared with: the standings of a quarter as they were known at former positions."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from threading import local

import duckdb

from domain.bank import Bank
from domain.calendar import Quarter
from projections.at_position import AtPosition
from projections.follower import Follower
from projections.former import Figures, Former, FormerBoard, Formers, State, week_ends
from projections.questions import question
from projections.remembered import Remembered

MOVED_DAYS = 7
"""Days before today whose end a board is compared with."""
AT_ONCE = 1_000
"""RMs up to which former standings are made while who asks waits."""
HELD_PEOPLE = 20_000
"""RMs of whom single figures are kept, each at one position."""
SOON = 10_000
"""Events of lag from which on the past is not worth grading: the read model is about to go on."""


class Comparisons(AtPosition):
    """Makes former standings, and keeps them."""

    def __init__(self, bank: Bank, follower: Follower) -> None:
        super().__init__(bank, follower)
        self._formers = Formers(self._former, self._interrupt)
        self._people_then = Remembered[Figures](HELD_PEOPLE)
        """What single RMs had at past positions, where not everybody's standings of then are kept."""
        self._day_ends: dict[date, int] = {}
        self._grading: set[duckdb.DuckDBPyConnection] = set()
        """The cursors on which former standings are made just now, in whatever thread."""
        self._maker = local()

    @property
    def _is_small(self) -> bool:
        return len(self.bank.register.rms) <= AT_ONCE

    def _former_at(self, state: State, is_wanted: bool) -> Former | FormerBoard | None:
        """The standings as known at a position: at once in a small bank, else if they are kept; where they are wanted,
        they are made meanwhile."""
        if self._is_small:
            return self._formers.made(state)
        if is_wanted:
            self._formers.want(state)
        return self._formers.get(state)

    def _former(self, state: State) -> Former | FormerBoard:
        """Make the standings of a state, on cursors that can be interrupted."""
        self._maker.is_making = True
        try:
            return self._stood(state)
        finally:
            self._maker.is_making = False

    def _stood(self, state: State) -> Former | FormerBoard:
        """The standings of a quarter as known at a position."""
        quarter, position = state
        with self._at(position, Quarter.parse(quarter), None, frozenset({"standings", "below"})) as con:
            asked = {"quarter": quarter, "off": self._off()}
            rows = con.sql(question("standings"), params=asked).to_arrow_table()
            below = con.execute("SELECT b.org, b.unit FROM below AS b").fetchall()
        return Former(rows, below)

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """As for every question; what makes former standings can be interrupted on it, and gets none any more once its
        thread is to end: an interruption ends one statement, and may fall between two."""
        if not getattr(self._maker, "is_making", False):
            with super()._cursor() as con:
                yield con
            return
        if self._formers.is_ended:
            raise duckdb.InterruptException("the making of former standings is ended")
        with super()._cursor() as con:
            self._grading.add(con)
            try:
                yield con
            finally:
                self._grading.discard(con)

    def _off(self) -> list[str]:
        """Who is off the boards now: they are nowhere on those of the past either."""
        with self._cursor() as con:
            return [rm for (rm,) in con.execute("SELECT o.rm FROM off_boards AS o ORDER BY o.rm").fetchall()]

    def _formerly(self, state: State, rms: list[str]) -> dict[str, Figures]:
        """The figures of some RMs as known at a position: only those are graded who are not known yet."""
        known = self._people_then.known(state, rms)
        if unknown := [rm for rm in rms if rm not in known]:
            quarter, position = state
            with self._at(position, Quarter.parse(quarter), unknown, frozenset({"standings"})) as con:
                rows = con.execute(question("standings"), {"quarter": quarter, "off": []}).fetchall()
            found: dict[str, Figures] = {rm: {} for rm in unknown}
            for board, rm, _, value, merit in rows:
                found[rm][board] = (value, merit)
            known |= self._people_then.keep(state, found)
        return known

    def _interrupt(self) -> None:
        """End the making of former standings early."""
        for con in tuple(self._grading):
            with suppress(duckdb.Error):  # it has just ended by itself
                con.interrupt()

    def _end_of(self, day: date) -> int:
        """The position at the end of a day; kept once the log has gone beyond it, for then it stays."""
        if day not in self._day_ends:
            position = self.position_at(day.isoformat())
            if position >= self.follower.position:
                return position
            self._day_ends[day] = position
        return self._day_ends[day]

    @property
    def edition(self) -> str:
        """Which former standings a large bank has got ready: with another, a board says more at the same position."""
        return self._formers.edition

    def start_comparing(self) -> None:
        """Make the former standings of a large bank in a thread, as a server does."""
        self._formers.start()

    def prepare(self) -> None:
        """Have those ready that the boards of the newest quarter are compared with, before somebody asks."""
        progress, quarter = self.progress(), self.graded_quarter()
        if quarter is not None and progress.today is not None and progress.lag < SOON:
            position = min(self._end_of(progress.today - timedelta(days=MOVED_DAYS)), progress.position)
            self._former_at((quarter, position), is_wanted=True)
            if self._is_small:
                whole = Quarter.parse(quarter)
                for day in week_ends(whole.first_day, whole.last_day, progress.today):
                    self._formers.want((quarter, min(self._end_of(day), progress.position)))

    def stop(self) -> None:
        """Let go of what is being made."""
        self._formers.stop()

    def graded_quarter(self) -> str | None:
        """The newest quarter in which somebody is graded, else the newest of all; None in an empty bank."""
        with self._cursor() as con:
            row = con.execute(
                "SELECT coalesce(max(CASE g.status WHEN 'graded' THEN g.quarter END), max(g.quarter)) FROM grades AS g"
            ).fetchone()
        return row[0] if row else None
