"""Periods that are over: how their boards stood when the last day was closed, and what came to be known since."""

from datetime import date
from typing import NamedTuple

from domain.bank import Bank
from domain.refusal import Refusal, Refused
from domain.scheme import Scheme
from domain.scheme_file.game_entries import Season
from projections.answers import ChangedStanding, ClosedBoard, Leaderboard, SeasonOf, Standing
from projections.at_position import words
from projections.follower import Follower
from projections.periods import of_season, period_of, seasons_of
from projections.questions import rows as rows_of
from projections.rank_race import RankRaces
from projections.seen import EVERYTHING, Eyes

MOST = 1_000
"""Rows that are compared."""


class Closing(NamedTuple):
    """A season as some scheme stated it when it was closed, and where in the log that was."""

    stated: tuple[Season, Scheme]
    at: int


class Closings(RankRaces):
    """The questions about periods that are over."""

    def __init__(self, bank: Bank, follower: Follower) -> None:
        super().__init__(bank, follower)
        self._published: dict[tuple[str, date], int] = {}
        """Where in the log versions of schemes were published."""

    def seasons(self) -> list[SeasonOf]:
        """The seasons of all schemes, the first first, and where in the log each was closed; one that is closed as the
        schemes of then have it."""
        closings = [(now, self._closing_of(now[0].id)) for now in seasons_of(self._schemes)]
        found = [(*(closing.stated if closing else now), closing and closing.at) for now, closing in closings]
        return [
            SeasonOf(
                season=season.id, name=words(season), scheme=scheme.scheme, clause=season.clause,
                from_day=season.begins, until_day=season.until, closed_at=closed_at,
            )
            for season, scheme, closed_at in sorted(found, key=lambda one: (one[0].begins, one[0].id))
        ]  # fmt: skip

    def closed_leaderboard(
        self, period: str, scope: str | None = None, by: str = "score", limit: int = 100, around: str | None = None,
        among: str | None = None, eyes: Eyes = EVERYTHING,
    ) -> ClosedBoard:  # fmt: skip
        """A board as it stood when its period was closed, which stays, and whose places or figures are others by what
        is known now of the same days. Raises Refused for a period that is not over, and what `leaderboard` raises."""
        today = period_of(period, self._schemes)
        closing = self._closing_of(period) if today.kind == "season" else None
        closed_at = closing.at if closing else self._closed_at(today.last_day)
        if closed_at is None:
            raise Refused([self._unclosed(today.last_day)])
        days = of_season(closing.stated[0]) if closing else today
        then = self.leaderboard(period, scope, by, limit, around, closed_at, among, eyes)
        before = self.leaderboard(period, scope, by, MOST, around, closed_at, among, eyes)
        now = self.leaderboard(period if days == today else days, scope, by, MOST, around, None, among, eyes)
        changes = [
            one for one in _changes(before.standings, now.standings)
            if (one.rank_then is not None or _tells_all(before, one, eyes))
            and (one.rank_now is not None or _tells_all(now, one, eyes))
        ]  # fmt: skip
        return ClosedBoard(closed_at=closed_at, board=then, now=now.moment, changes=changes)

    @property
    def _schemes(self) -> list[Scheme]:
        return list(self.bank.register.schemes.values())

    def _closing_of(self, season: str) -> Closing | None:
        """When a season was closed: its last day was, by the schemes in the log at that time. What later versions say
        of its days comes too late; where the first says it of days that are over, that version closes it."""
        stating = [one for one in self._schemes if any(each.id == season for each in one.seasons)]
        told = sorted(((self._published_at(one), one) for one in stating), key=lambda one: one[0])
        for n, (published, _) in enumerate(told):
            stated = next(one for one in seasons_of(each for _, each in told[: n + 1]) if one[0].id == season)
            closed = self._closed_at(stated[0].until)
            at = None if closed is None else max(closed, published)
            if at is not None and (n + 1 == len(told) or at < told[n + 1][0]):
                return Closing(stated, at)
        return None

    def _published_at(self, scheme: Scheme) -> int:
        version = scheme.scheme, scheme.effective
        if version not in self._published:
            events = self.bank.register.publications[version].version
            stream = f"scheme:{scheme.scheme}:{scheme.effective}"
            self._published[version] = self.bank.log.select_version_position(stream, events)[0]
        return self._published[version]

    def _closed_at(self, day: date) -> int | None:
        with self._cursor() as con:
            position: int | None = rows_of(con, "closed_at", day=day)[0]["position"]
        return position

    def _unclosed(self, day: date) -> Refusal:
        """Why there is no board of a period's close: it is to come, or nobody closed that day, as before the bank."""
        with self._cursor() as con:
            newest = rows_of(con, "closed_at", day=day)[0]["newest"]
        if newest is not None and newest > day:
            return Refusal("unknown", "period", f"name a later period: {day} was never closed")
        return Refusal("unknown", "period", f"ask again once {day} is over and closed")


def _tells_all(board: Leaderboard, one: ChangedStanding, eyes: Eyes) -> bool:
    """Whether somebody who is not among the rows of a board is not on it: neither beyond them nor hidden from peers."""
    is_seen = one.rm is None or board.lower_half == "named" or eyes.covers(one.rm)
    return board.ranked <= MOST and is_seen


def _changes(before: list[Standing], now: list[Standing]) -> list[ChangedStanding]:
    """Of whom rank or value is another, those first who stand best now; who is shown without a name is left out."""
    then = {_id(row): row for row in before if _id(row)}
    found = {_id(row): row for row in now if _id(row)}
    return [
        ChangedStanding(
            rm=row.rm, org=row.org, name=row.name, rank_then=was and was.rank, rank_now=is_now and is_now.rank,
            value_then=was and was.value, value_now=is_now and is_now.value,
        )
        for who in [*found, *(one for one in then if one not in found)]
        for was, is_now in [(then.get(who), found.get(who))]
        for row in [is_now or was]
        if row and (was is None or is_now is None or (was.rank, was.value) != (is_now.rank, is_now.value))
    ]  # fmt: skip


def _id(row: Standing) -> str | None:
    return row.rm or row.org
