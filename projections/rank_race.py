"""The rank race: how the first of a board, and one RM, came to their places, and who passed."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from domain.calendar import Quarter
from domain.money import unscaled
from projections import answers
from projections.board_making import PATIENCE
from projections.boards import Board
from projections.former import State, among, week_ends
from projections.leaderboards import Leaderboards
from projections.questions import Row
from projections.seen import EVERYTHING, OVERTAKERS, Eyes

KNOWN = 100
"""Of those who passed an RM, of how many it is looked up whether they are named."""
Week = tuple[dict[str, tuple[Decimal, int]], int | None]
"""Value and rank of some RMs, or teams, at the end of a week, and the last rank of the upper half where it is known."""


class RankRaces(Leaderboards):
    """The question about how ranks came about."""

    def leaderboard_history(
        self, period: Quarter | str, scope: str | None = None, by: str = "score", limit: int = 10,
        around: str | None = None, as_of: int | None = None, among: str | None = None, eyes: Eyes = EVERYTHING,
    ) -> answers.LeaderboardHistory:  # fmt: skip
        """How the first of a board, and an RM's own row, came there: value and rank at the end of each week of the
        period, and where the board stands. In a large bank only those shown are graded in the past, and ranked
        among each other. Refuses what `leaderboard` refuses."""
        board = self._board(self._key(period, scope, by, among, around, as_of, eyes), as_of)
        answer = board.answer(limit, around)
        own = next((row for row in answer.around if row.rm == around), None) if around else None
        rows = [*answer.standings, *([own] if own and own not in answer.standings else [])]
        ends = self._ends(board)
        in_full = self._is_small or not board.made.is_plain
        states = [self._then(board, day) for day in ends]
        found = self._weeks(board, states, [_id(row) for row in rows], in_full)
        known = [(day, week) for day, week in zip(ends, found, strict=True) if week is not None]
        ranks = [row.rank if in_full else 1 + sum(one.rank < row.rank for one in rows) for row in rows]
        traces = [
            _trace(row, rank, [week.get(_id(row)) for _, (week, _) in known])
            for row, rank in zip(rows, ranks, strict=True)
        ]  # fmt: skip
        history = answers.LeaderboardHistory(
            moment=answer.moment, quarter=answer.quarter, scope=answer.scope, by=by, unit=answer.unit,
            days=[*(day for day, _ in known), answer.moment.today], complete=len(known) == len(ends),
            ranked_within="scope" if in_full else "shown", traces=traces, **self._overtakers(board, answer, own),
        )  # fmt: skip
        if eyes is EVERYTHING:
            return history.model_copy(update={"overtaken_by": history.overtaken_by[:OVERTAKERS]})
        return self._sight(board, eyes).history(history, answer, around, [half for _, (_, half) in known])

    def _ends(self, board: Board) -> list[date]:
        """The ends of the weeks of a board's period that are over."""
        bare = board.made.bare
        assert bare.from_day, "a board has days"
        assert bare.until_day, "a board has days"
        return week_ends(bare.from_day, bare.until_day, bare.moment.today)

    def _then(self, board: Board, day: date) -> State:
        """Under which state a board as of a day's end is kept."""
        return board.made.state, min(self._end_of(day), board.made.bare.moment.position)

    def _weeks(self, board: Board, states: list[State], rms: list[str], in_full: bool) -> list[Week | None]:
        """Value and rank of some RMs as known at each of some positions: within a unit, or among each other; None for
        what takes longer than one waits."""
        rule, scope = board.made.rule, board.made.bare.scope
        if in_full:
            formers = self._formers.soon(states, PATIENCE)
            found: list[tuple[dict[str, tuple[int, int]], int | None] | None] = [
                (former.found(scope, rule.by, rms), former.ranks(scope, rule.by).upper_half) if former else None
                for former in formers
            ]
        else:
            found = [(among(self._formerly(state, rms), rule.by), None) for state in states]
        return [
            week and ({rm: (unscaled(value, rule.scale), rank) for rm, (value, rank) in week[0].items()}, week[1])
            for week in found
        ]

    def _overtakers(self, board: Board, answer: answers.Leaderboard, own: answers.Standing | None) -> Row:
        """Who stands before an RM's row and stood behind it; of a large bank's past nobody is known."""
        if own is None or own.movement is None or board.former is None:
            return {}
        mine, place = own.rank + own.movement, board.ranking.places[own.rm or ""]
        rms = board.ranking.rows["rm"][:place].to_pylist()
        passed = [
            (rm, rank, before) for rm, rank in zip(rms, board.ranking.ranks[:place].tolist(), strict=True)
            if rank < own.rank and ((before := board.former.of(rm)) is None or before > mine)
        ]  # fmt: skip
        first = sorted(passed, key=lambda one: (one[1], one[0]))[:KNOWN]
        names = self.bank.names([rm for rm, _, _ in first])
        told = [
            answers.Overtaker(rm=rm, name=names.get(rm, rm), rank=rank, rank_before=before)
            for rm, rank, before in first
        ]
        return {"overtakers": len(passed), "overtaken_by": told}


def _id(row: answers.Standing) -> str:
    """Who a row is about: an RM, or of a board of teams a unit."""
    return row.rm or row.org or ""


def _trace(row: answers.Standing, rank: int, weeks: Sequence[tuple[Decimal, int] | None]) -> answers.Trace:
    """One row's weeks, and last the row as it stands."""
    values, ranks = [week and week[0] for week in weeks], [week and week[1] for week in weeks]
    return answers.Trace(rm=row.rm, name=row.name, values=[*values, row.value], ranks=[*ranks, rank])
