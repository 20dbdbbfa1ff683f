"""Points of the game of one RM: what each action of a quarter earned and why not more, the season, personal bests."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from domain import scheme as rules
from domain.calendar import Quarter
from domain.money import MICRO, MILLI, unscaled
from domain.scheme_file.game_entries import GameLevel
from projections.answers.points import Best, Level, PointAction, Points, SeasonPoints
from projections.at_position import AtPosition, moment_of, named, words
from projections.one_rm import count_again
from projections.questions import Row, question, reads
from projections.questions import rows as rows_of

READS = reads("points_actions", "points_version") - {"touched_ledger"}


class PointsEarned(AtPosition):
    """The question about points of the game."""

    def points(
        self, rm: str, quarter: Quarter, as_of: int | None = None, after: int | None = None, limit: int = 100
    ) -> Points | None:
        """What each action of an RM's quarter earned, newest first; None where they did not serve in it. `after` is the
        last position of the page before."""
        key = {"rm": rm, "quarter": str(quarter)}
        with self._at(as_of, quarter, rm, READS) as con:
            version = next(iter(rows_of(con, "points_version", **key)), None)
            if version is None:
                return None
            days = rows_of(con, "points_days", rm=rm) if as_of is None else None
            if as_of is None:
                count_again(con, quarter, rm, READS)
            con.execute(question("points_kinds"))
            rows = rows_of(con, "points_actions", **key, after=after, limit=limit + 1)
            moment = moment_of(con, as_of)
        days = self._days_then(rm, moment.today, as_of) if days is None else days
        scheme = self.bank.register.schemes.get((version["scheme"], version["effective"]))
        page = rows[:limit]
        return Points(
            moment=moment, rm=rm, quarter=str(quarter),
            points=_points(sum(row["points"] for row in days if row["quarter"] == str(quarter))),
            actions=[self._earned(row, rm) for row in page], total=rows[0]["total"] if rows else 0,
            after=page[-1]["position"] if len(rows) > limit else None,
            season=_season(scheme, days, min(quarter.last_day, moment.today)) if scheme else None,
            best_day=_best(days, lambda row: row["day"]),
            best_week=_best(days, lambda row: row["day"] - timedelta(days=row["day"].weekday())),
            best_quarter=_best(days, lambda row: Quarter.parse(row["quarter"]).first_day),
        )  # fmt: skip

    def _days_then(self, rm: str, today: date, as_of: int | None) -> list[Row]:
        """The days of every quarter that is appraised, as of a position: each is made anew, also beyond those that the
        RM did not serve in."""
        first, since = min(self.bank.register.rms[rm].joined_on, today), ""
        found, quarter = list[Row](), Quarter.of(today)
        while quarter.last_day >= first and str(quarter) >= since:
            with self._at(as_of, quarter, rm, reads("points_days")) as con:
                found += rows_of(con, "points_days", rm=rm)
                ((since,),) = con.execute("SELECT b.since FROM bank_day AS b").fetchall()
            quarter = quarter.previous
        return found

    def _earned(self, row: Row, rm: str) -> PointAction:
        kind = self._kind(row["kind"], rm, row["occurred_on"])
        taker = self._kind(row["taken_kind"], rm, row["taken_on"]) if row["taken_kind"] else None
        return PointAction(
            position=row["position"], action_id=row["action"], kind=row["kind"], kind_name=named(kind, row["kind"]),
            unit=words(kind.unit) if kind else None, occurred_on=row["occurred_on"], limit_day=row["limit_day"],
            customer=row["customer"], quantity=unscaled(row["quantity"], MILLI),
            counted=unscaled(row["counted"], MILLI), nth=row["nth"], share=_points(row["share"]),
            earned=_points(row["earned"]), would_earn=_points(row["full_points"]), reason=row["reason"],
            taken_by=row["taken_by"], taken_at=row["taken_at"], taken_on=row["taken_on"],
            taken_kind=named(taker, row["taken_kind"]) if row["taken_kind"] else None,
        )  # fmt: skip


def _season(scheme: rules.Scheme, days: Iterable[Row], day: date) -> SeasonPoints | None:
    """The season that a day lies in, with what was earned in it."""
    season = next((one for one in scheme.seasons if one.begins <= day <= one.until), None)
    if season is None:
        return None
    earned = sum(row["points"] for row in days if season.begins <= row["day"] <= season.until)
    points = unscaled(earned, MICRO)
    reached = [one for one in scheme.levels if one.at <= points]
    beyond = scheme.levels[len(reached) :]
    return SeasonPoints(
        season=season.id, name=words(season), from_day=season.begins, until_day=season.until, points=points,
        level=_level(reached[-1:]), next_level=_level(beyond[:1]), missing=beyond[0].at - points if beyond else None,
    )  # fmt: skip


def _level(found: Sequence[GameLevel]) -> Level | None:
    return next((Level(level=one.id, name=words(one), at=one.at) for one in found), None)


def _best(days: Iterable[Row], begins: Callable[[Row], date]) -> Best | None:
    """The span with the most points, the first of them; none without points."""
    sums = defaultdict[date, int](int)
    for row in days:
        sums[begins(row)] += row["points"]
    most = max(sums.values(), default=0)
    if not most:
        return None
    return Best(from_day=min(day for day, points in sums.items() if points == most), points=_points(most))


def _points(millionths: int) -> Decimal:
    return unscaled(millionths, MICRO)
