"""Who stands where: the boards of the present from memory, those of the past from the SQL, and how rows moved."""

from collections.abc import Iterable
from decimal import Decimal
from threading import Lock
from typing import Any

import duckdb

from domain import scheme as rules
from domain.bank import Bank
from domain.calendar import Quarter
from domain.money import MICRO, MILLI, unscaled
from domain.refusal import Refusal, Refused
from projections import answers
from projections.answers import Words
from projections.at_position import moment_of, words
from projections.boards import Board, Boards, State, movement, ranked
from projections.comparisons import Comparisons
from projections.follower import Follower
from projections.former import State as Then
from projections.former import among, week_ends
from projections.questions import Row, question, reads
from projections.questions import rows as rows_of

OVERTAKERS = 5
"""Of those who passed an RM, how many are named."""
PATIENCE = 0.4
"""Seconds that who asks for the weeks of a board waits for those that are not there yet."""
THEN = 64
"""Boards of the past that are kept."""
TIE_RULE = Words(
    en="Equal values share a rank, and as many ranks are left out after them (1, 2, 2, 4).",
    zh="数值相同者并列，其后名次顺延（1、2、2、4）。",
)
DEPOSIT_RULE = Words(
    en="No deposit measure is ranked between people: the rules on deposit deviation forbid it.",
    zh="存款类指标不在人员之间排名：存款偏离度管理规定不允许。",
)
UNITS = {"score": Words(en="points", zh="分"), "points": Words(en="game points", zh="激励积分")}
BOARD_NAMES = {"score": Words(en="Score", zh="得分"), "points": Words(en="Game points", zh="激励积分")}


class Leaderboards(Comparisons):
    """The questions about ranks."""

    def __init__(self, bank: Bank, follower: Follower) -> None:
        super().__init__(bank, follower)
        self._boards = Boards()
        self._keeping = Lock()
        self._past_boards: dict[Any, tuple[tuple[Any, str], answers.Leaderboard]] = {}

    @property
    def boards_kept(self) -> int:
        """How many leaderboards are in memory."""
        return len(self._boards)

    def leaderboard(
        self, quarter: Quarter, scope: str | None = None, by: str = "score", limit: int = 100,
        around: str | None = None, as_of: int | None = None,
    ) -> answers.Leaderboard:  # fmt: skip
        """The ranks of a quarter within a unit. Raises Refused for an unknown scope, and for what may not be ranked."""
        if as_of is None:
            return self._board_at(self._state, quarter, scope, by).answer(limit, around)
        key, people = (str(quarter), scope, by, limit, around, as_of), (self.bank.register.rms, self._formers.edition)
        kept = self._past_boards.get(key)
        if kept and kept[0][0] is people[0] and kept[0][1] == people[1]:
            return kept[1]
        board = self._leaderboard_then(quarter, self._scope(scope), by, limit, around, as_of)
        with self._keeping:
            self._past_boards[key] = (people, board)
            while len(self._past_boards) > THEN:
                del self._past_boards[next(iter(self._past_boards))]
        return board

    def _leaderboard_then(
        self, quarter: Quarter, scope: str, by: str, limit: int, around: str | None, as_of: int
    ) -> answers.Leaderboard:
        """A board of the past, from the SQL."""
        with self._at(as_of, quarter, None, reads("leaderboard", "crowd")) as con:
            rows = rows_of(con, "leaderboard", quarter=str(quarter), scope=scope, board=by, limit=limit, around=around)
            bare = self._leaderboard(con, quarter, scope, by, rows[0]["ranked"] if rows else 0, as_of)
        bare, former = self._compared(bare, quarter)
        for row in rows:
            row["movement"], row["is_new"] = movement(former, row["rm"], row["place"])
        each = self._standings(rows, _unit_of(by))
        return bare.model_copy(update={
            "standings": [one for row, one in zip(rows, each, strict=True) if row["is_top"]],
            "around": [one for row, one in zip(rows, each, strict=True) if row["is_near"]],
        })  # fmt: skip

    @property
    def _state(self) -> State:
        """What a board of the present depends on: where the read model stands, and which former standings it knows."""
        return self.follower.position, self._formers.edition

    def _board_at(self, state: State, quarter: Quarter, scope: str | None, by: str) -> Board:
        """A board of the present, of its state."""
        key = (str(quarter), scope or "", by)
        return self._boards.at(state, key, lambda before: self._watch(quarter, self._scope(scope), by, before))

    def board_state(self, quarter: Quarter, scope: str | None, by: str) -> answers.BoardMoved:
        """Where a board of the present stands, and from which position on it shows what it shows. Raises what
        `leaderboard` raises."""
        state = self._state
        return answers.BoardMoved(position=state[0], changed_at=self._board_at(state, quarter, scope, by).changed_at)

    def leaderboard_json(
        self, quarter: Quarter, scope: str | None = None, by: str = "score", limit: int = 100, around: str | None = None
    ) -> bytes:
        """The same of the present as JSON, made once for a state of the log and kept."""
        state = self._state
        answer = self._board_at(state, quarter, scope, by).answer(limit, around).model_dump_json().encode()
        self._boards.keep((state, (str(quarter), scope or "", by), limit, around), answer)
        return answer

    def kept_leaderboard_json(
        self, position: int, quarter: Quarter, scope: str | None, by: str, limit: int, around: str | None
    ) -> bytes | None:
        """The JSON of a leaderboard of a position, if it was made and still is kept: asks no store, so the event loop
        may ask."""
        return self._boards.answer(((position, self._formers.edition), (str(quarter), scope or "", by), limit, around))

    def _watch(self, quarter: Quarter, scope: str, by: str, before: Board | None) -> Board:
        """A board in memory as the read model stands, after another one of it."""
        people = self.bank.register.rms
        with self._at(None) as con:
            asked = {"quarter": str(quarter), "board": by, "scope": scope}
            rows = con.sql(question("board"), params=asked).to_arrow_table()
            bare = self._leaderboard(con, quarter, scope, by, len(rows), None)
        unit = _unit_of(by)
        bare, former = self._compared(bare, quarter)
        return Board(ranked(rows), bare, lambda told: self._standings(told, unit), people, before, former)

    def leaderboard_history(
        self, quarter: Quarter, scope: str | None = None, by: str = "score", limit: int = 10,
        around: str | None = None, as_of: int | None = None,
    ) -> answers.LeaderboardHistory:  # fmt: skip
        """How the first of a board, and an RM's own row, came there: value and rank at the end of each week of the
        quarter, and where the board stands. In a large bank only those shown are graded in the past, and ranked
        among each other. Refuses what `leaderboard` refuses."""
        board = self.leaderboard(quarter, scope, by, limit, around, as_of)
        rows = [*board.standings, *(row for row in board.around if row.rm == around and row not in board.standings)]
        ends, in_full = week_ends(quarter, board.moment.today), self._is_small
        states = [(str(quarter), min(self._end_of(day), board.moment.position)) for day in ends]
        found = self._weeks(states, board.scope, by, [row.rm for row in rows], in_full)
        known = [(day, week) for day, week in zip(ends, found, strict=True) if week is not None]
        ranks = [row.rank if in_full else 1 + sum(one.rank < row.rank for one in rows) for row in rows]
        traces = [
            _trace(row, rank, [week.get(row.rm) for _, week in known]) for row, rank in zip(rows, ranks, strict=True)
        ]
        own = next((row for row in rows if row.rm == around), None)
        return answers.LeaderboardHistory(
            moment=board.moment, quarter=board.quarter, scope=board.scope, by=by, unit=board.unit,
            days=[*(day for day, _ in known), board.moment.today], complete=len(known) == len(ends),
            ranked_within="scope" if in_full else "shown", traces=traces, **self._overtakers(quarter, board, own),
        )  # fmt: skip

    def _weeks(
        self, states: list[Then], scope: str, by: str, rms: list[str], in_full: bool
    ) -> list[dict[str, tuple[Decimal, int]] | None]:
        """Value and rank of some RMs as known at each of some positions: within a unit, or among each other; None for
        what takes longer than one waits."""
        if in_full:
            formers = self._formers.soon(states, PATIENCE)
            found = [former.found(scope, by, rms) if former else None for former in formers]
        else:
            found = [among(self._formerly(state, rms), by) for state in states]
        unit = _unit_of(by)
        return [
            None if week is None else {rm: (unscaled(value, unit), rank) for rm, (value, rank) in week.items()}
            for week in found
        ]

    def _overtakers(self, quarter: Quarter, board: answers.Leaderboard, own: answers.Standing | None) -> Row:
        """Who stands before an RM's row and stood behind it; of a large bank's past nobody is known."""
        if own is None or own.movement is None or board.moved_since is None:
            return {}
        now = self._ranks_of(quarter, board)
        week_before = min(self._end_of(board.moved_since), board.moment.position)
        former = self._former_at(quarter, week_before, is_wanted=False)
        if now is None or former is None:
            return {}
        then, mine = former.ranks(board.scope, board.by), own.rank + own.movement
        passed = [
            (rm, rank, before) for rm, rank in now
            if rank < own.rank and ((before := then.of(rm)) is None or before > mine)
        ]  # fmt: skip
        first = sorted(passed, key=lambda one: (one[1], one[0]))[:OVERTAKERS]
        names = self.bank.names([rm for rm, _, _ in first])
        told = [
            answers.Overtaker(rm=rm, name=names.get(rm, rm), rank=rank, rank_before=before)
            for rm, rank, before in first
        ]
        return {"overtakers": len(passed), "overtaken_by": told}

    def _ranks_of(self, quarter: Quarter, board: answers.Leaderboard) -> Iterable[tuple[str, int]] | None:
        """Everybody's rank on a board; None where that takes longer than one waits."""
        if not board.moment.past:
            ranking = self._board_at(self._state, quarter, board.scope, board.by).ranking
            return zip(ranking.rows["rm"].to_pylist(), ranking.ranks.tolist(), strict=True)
        state = (str(quarter), board.moment.position)
        former = self._formers.soon([state], PATIENCE)[0] if self._is_small else self._formers.get(state)
        return former.ranks(board.scope, board.by).all() if former else None

    def _leaderboard(
        self, con: duckdb.DuckDBPyConnection, quarter: Quarter, scope: str, by: str, ranked: int, as_of: int | None
    ) -> answers.Leaderboard:
        """What a leaderboard says beside its rows."""
        crowd = rows_of(con, "crowd", quarter=str(quarter), scope=scope)
        schemes = self._schemes_in_use(crowd)
        board, boards = _board(schemes, by)
        tiers = {tier.id: 0 for scheme in schemes for tier in scheme.tiers}
        for row in crowd:
            if row["tier"] is not None:
                tiers[row["tier"]] = tiers.get(row["tier"], 0) + row["people"]
        return answers.Leaderboard(
            moment=moment_of(con, as_of), quarter=str(quarter), scope=scope,
            scope_name=self.bank.register.units[scope].name, by=by, unit=board.unit, tie_rule=TIE_RULE,
            boards=boards, ranked=ranked, unranked=sum(row["people"] for row in crowd) - ranked,
            tiers=tiers, standings=[], around=[],
            tier_names={tier: name for tier, name in self._tier_names().items() if tier in tiers},
        )  # fmt: skip

    def _schemes_in_use(self, crowd: list[Row]) -> list[rules.Scheme]:
        """The scheme versions that some RMs were appraised under, in their order."""
        versions = sorted({(row["scheme"], row["effective"]) for row in crowd if row["scheme"] is not None})
        schemes = self.bank.register.schemes
        return [schemes[version] for version in versions if version in schemes]

    def _standings(self, rows: list[Row], unit: int) -> list[answers.Standing]:
        names = self.bank.names([row["rm"] for row in rows])
        tiers = self._tier_names()
        return [
            answers.Standing(
                rank=row["place"], tied=row["tied"], rm=row["rm"], name=names.get(row["rm"], row["rm"]), org=row["org"],
                org_name=row["org_name"] or row["org"], tier=row["tier"], tier_name=tiers.get(row["tier"]),
                value=unscaled(row["value"], unit), movement=row["movement"], is_new=row["is_new"],
            )
            for row in rows
        ]  # fmt: skip


def _trace(row: answers.Standing, rank: int, weeks: list[tuple[Decimal, int] | None]) -> answers.Trace:
    """One RM's weeks, and last the row as it stands."""
    values, ranks = [week and week[0] for week in weeks], [week and week[1] for week in weeks]
    return answers.Trace(rm=row.rm, name=row.name, values=[*values, row.value], ranks=[*ranks, rank])


def _unit_of(by: str) -> int:
    """In which units the values of a board are kept."""
    return MICRO if by in UNITS else MILLI


def _board(schemes: list[rules.Scheme], by: str) -> tuple[answers.Board, list[answers.Board]]:
    """What is ranked, and all that can be ranked, under some schemes. Refused for what is unknown or forbidden."""
    boards = [_plain_board(name) for name in UNITS]
    for scheme in schemes:
        known = {board.by for board in boards}
        boards += [_indicator_board(each, scheme) for each in scheme.indicators if each.id not in known]
    board = next((board for board in boards if board.by == by), None)
    if board is None:
        names = ", ".join(board.by for board in boards if not board.refusal)
        raise Refused([Refusal("unknown", "by", f"rank by one of {names}")])
    if board.refusal:
        raise Refused([Refusal("not-allowed", "by", board.refusal.en)])
    return board, boards


def _plain_board(by: str) -> answers.Board:
    return answers.Board(by=by, name=BOARD_NAMES[by], unit=UNITS[by], refusal=None)


def _indicator_board(indicator: rules.Indicator, scheme: rules.Scheme) -> answers.Board:
    refusal = DEPOSIT_RULE if indicator.deposit else None
    unit = words(scheme.unit_of(indicator))
    return answers.Board(by=indicator.id, name=words(indicator), unit=unit, refusal=refusal)
