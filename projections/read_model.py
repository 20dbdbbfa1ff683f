"""The questions that can be asked, one method each. Every one can be asked of the past, too (`as_of`).

Longer than 300 lines because it is the one list of questions; each is a few lines over its file in `queries/`.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from threading import Lock
from typing import Any

import duckdb

from domain import organisation
from domain import scheme as rules
from domain.bank import Bank
from domain.calendar import Quarter, is_published, working_days
from domain.money import FEN, MICRO, MILLI, unscaled
from domain.refusal import Refusal, Refused
from domain.register import Register
from domain.relationship_manager import RM
from domain.seal import seal_over, sealed_until
from projections import answers, checks, explain, worklog
from projections.answers import SetupWhat, Words
from projections.boards import Board, Boards, State, movement, ranked
from projections.directory import Directory
from projections.follower import Follower
from projections.former import Figures, Former, Formers, PeopleThen, Ranks, among, week_ends
from projections.former import State as Then
from projections.history import ALL_EVENTS, Sought
from projections.logbook import Logbook
from projections.past import go_back
from projections.questions import Row
from projections.questions import question as _query
from projections.questions import reads as _reads
from projections.questions import rows as _rows

MOVED_DAYS = 7
"""Days before today whose end a board is compared with."""
AT_ONCE = 1_000
"""RMs up to which former standings are made while who asks waits."""
OVERTAKERS = 5
"""Of those who passed an RM, how many are named."""
PATIENCE = 0.4
"""Seconds that who asks for the weeks of a board waits for those that are not there yet."""
THEN = 64
"""Boards of the past that are kept."""
SOON = 10_000
"""Events of lag from which on the past is not worth grading: the read model is about to go on."""
ALL = 2**31 - 1
"""A limit that leaves nothing out."""
BARE_DAY = re.compile(r"20\d{6}")
LOST_PLUS = re.compile(r"(:\d\d(?:\.\d+)?) (\d\d:?\d\d)$")
"""The blank between a time and its zone that an unencoded `+` in an address arrives as."""
SETUP: tuple[tuple[SetupWhat, bool], ...] = (
    ("orgs", True), ("rms", True), ("scheme", True), ("contracts", True), ("customers", False), ("actions", True),
    ("measures", False),
)  # fmt: skip
"""What a new bank loads, in order, and whether it can't do without."""
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


class Ambiguous(ValueError):
    """What is asked for may be a date or a log position; the message says how to write either."""


class ReadModel:
    """Answers from the follower's read model; names and notes come from the bank's texts."""

    def __init__(self, bank: Bank, follower: Follower) -> None:
        self.bank = bank
        self.follower = follower
        self._boards = Boards()
        self._logbook = Logbook()
        self._directory = Directory()
        self._formers = Formers(self._former, self._interrupt)
        self._people_then = PeopleThen()
        self._keeping = Lock()
        self._past_boards: dict[Any, tuple[tuple[Any, str], answers.Leaderboard]] = {}
        self._counting, self._counted = Lock(), (0, dict[str, int]())
        self._day_ends: dict[date, int] = {}
        self._grading: duckdb.DuckDBPyConnection | None = None

    # Where the log stands

    def progress(self) -> answers.Progress:
        """How far the read model has followed the log."""
        with self.bank.log.reading() as cursor:
            last = self.bank.log.last_position(cursor)
        at = self.follower.position
        return answers.Progress(position=at, log_position=last, lag=last - at, today=self._moment().today)

    def events_by_type(self) -> dict[str, int]:
        """How many events of each type the read model has taken in; counted on from where it was asked last."""
        with self._counting, self._cursor() as con:
            con.begin()
            row = con.execute("SELECT p.position FROM progress AS p").fetchone()
            position = row[0] if row else 0
            after, counts = self._counted if self._counted[0] <= position else (0, {})
            rows = con.execute(
                "SELECT h.topic, count(*) FROM history AS h WHERE h.position > ? GROUP BY h.topic", [after]
            ).fetchall()
            con.rollback()
            counts = dict(counts)
            for topic, number in rows:
                counts[topic] = counts.get(topic, 0) + number
            self._counted = (position, counts)
        return counts

    @property
    def boards_kept(self) -> int:
        """How many leaderboards are in memory."""
        return len(self._boards)

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
        return (row[0], _utc(row[1]).astimezone(self.bank.timezone).date()) if row else None

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

    # Grades and scorecards

    def grades(
        self, quarter: Quarter, scope: str | None = None, rm: str | None = None, as_of: int | None = None,
        after: str | None = None, limit: int | None = None, status: str | None = None,
    ) -> answers.Grades:  # fmt: skip
        """The provisional grades of a quarter's RMs within a unit, or of one RM, by their ids; all without a limit.
        `status` keeps those of one status; `ungraded` is every one but `graded`."""
        with self._at(as_of, quarter, rm, _reads("grades")) as con:
            asked = {"quarter": str(quarter), "scope": scope, "rm": rm, "after": after, "status": status}
            rows = _rows(con, "grades", **asked, limit=ALL if limit is None else limit + 1)
            moment = _moment(con, as_of)
        more = limit is not None and len(rows) > limit
        rows = rows[:limit]
        names, schemes = self.bank.names([row["rm"] for row in rows]), self.bank.register.schemes
        return answers.Grades(
            quarter=str(quarter), moment=moment, grades=[_grade(row, names, schemes) for row in rows],
            after=rows[-1]["rm"] if more else None,
        )  # fmt: skip

    def scorecard(
        self, rm: str, quarter: Quarter, as_of: int | None = None, explain: bool = False
    ) -> answers.Scorecard | None:
        """One RM's quarter in full; None where they did not serve in it. `explain` adds what the next tier needs.

        Small questions, each of one table: to plan a join costs more than all that is read here.
        """
        key, schemes = {"rm": rm, "quarter": str(quarter)}, self.bank.register.schemes
        with self._at(as_of, quarter, rm, _reads("scorecard", "lines", "gates")) as con:
            graded = _rows(con, "scorecard", **key)
            if not graded:
                return None
            scheme = schemes.get((graded[0]["scheme"], graded[0]["effective"]))
            lines = _lines(con, rm, quarter, scheme) if scheme else []
            gates = _rows(con, "gates", **key) if scheme else []
            moment = _moment(con, as_of)
        self._give_reasons(f"contract:{rm}:{quarter.year}", lines)
        grade = _grade(graded[0], self.bank.names([rm]), schemes)
        return _scorecard(quarter, graded[0], grade, scheme, lines, gates, moment, explain)

    def _give_reasons(self, contract: str, lines: list[Row]) -> None:
        """Tell each line why its target was amended, where it was."""
        amended = [(contract, line["amended_at"]) for line in lines if line["amended_at"]]
        texts = self.bank.log.select_texts_of(amended) if amended else {}
        for line in lines:
            line["amendment_reason"] = texts.get((contract, line["amended_at"]), {}).get("reason")

    def line_events(
        self, rm: str, quarter: Quarter, indicator: str, as_of: int | None = None, after: int | None = None,
        limit: int = 100,
    ) -> answers.LineEvents:  # fmt: skip
        """What stands behind a score line, newest first; `after` is the last position of the page before."""
        asked = {"rm": rm, "quarter": str(quarter), "indicator": indicator, "after": after, "limit": limit + 1}
        with self._at(as_of, quarter, rm, _reads("line_events", "line_measures")) as con:
            entries = _rows(con, "line_events", **asked, first_day=quarter.first_day, last_day=quarter.last_day)
            measures = _rows(con, "line_measures", **asked)
            moment = _moment(con, as_of)
        rows = entries or measures  # an indicator is counted or comes ready
        return answers.LineEvents(
            moment=moment, rm=rm, quarter=str(quarter), indicator=indicator,
            events=[self._line_event(row) for row in entries[:limit]],
            measures=[_line_measure(row) for row in measures[:limit]], total=rows[0]["total"] if rows else 0,
            after=rows[limit - 1]["position"] if len(rows) > limit else None,
        )  # fmt: skip

    def _line_event(self, row: Row) -> answers.LineEvent:
        return answers.LineEvent(
            position=row["position"], action_id=row["action"], kind=row["kind"], occurred_on=row["occurred_on"],
            kind_name=self._kind_name(row["kind"]), recorded_at=_utc(row["recorded_at"]), by=row["by"],
            source=row["action"].split(":")[1], customer=row["customer"], quantity=unscaled(row["quantity"], MILLI),
            amount=unscaled(row["amount"], FEN), count=row["n"], value=unscaled(row["value"], MILLI),
        )  # fmt: skip

    def served_in(self, rm: str, quarter: Quarter, as_of: int | None = None) -> str | None:
        """The outlet whose quarter it was, by the last day that an RM served in it; None where they did not."""
        with self._at(as_of, quarter, rm, frozenset({"service"})) as con:
            row = con.execute(
                "SELECT s.org FROM service AS s WHERE s.rm = ? AND s.quarter = ?", [rm, str(quarter)]
            ).fetchone()
        return row[0] if row else None

    # Quarterly checks

    def quarterly_checks(
        self, quarter: Quarter, scope: str | None = None, rm: str | None = None, light: str | None = None,
        missing: str | None = None, after: str | None = None, limit: int = 50, as_of: int | None = None,
    ) -> answers.QuarterlyChecks:  # fmt: skip
        """Where a quarter's RMs within a unit stand, or one RM, and what is missing, worst first; `after` is the last
        RM of the page before."""
        with self._at(as_of, quarter, rm, checks.READS) as con:
            checks.prepare(con, self._logbook, quarter, scope, rm, as_of)
            found = checks.page(con, quarter, light, missing, after, limit)
            counted = _rows(con, "check_counts")
            moment = _moment(con, as_of)
        shown, more = found[:limit], len(found) > limit
        names, schemes = self.bank.names([row["rm"] for row in shown]), self.bank.register.schemes
        return answers.QuarterlyChecks(
            moment=moment, quarter=str(quarter), working_days=working_days(quarter.first_day, quarter.last_day),
            working_days_passed=checks.days_passed(quarter, moment.today),
            rules=list(checks.rules_of(counted, schemes)), people=sum(row["people"] for row in counted),
            lights=checks.lights(counted), lacking=checks.lacking(counted), total=found[0]["total"] if found else 0,
            checks=[checks.check(row, names, schemes) for row in shown], after=shown[-1]["rm"] if more else None,
        )  # fmt: skip

    # Leaderboards

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
        with self._at(as_of, quarter, None, _reads("leaderboard", "crowd")) as con:
            rows = _rows(con, "leaderboard", quarter=str(quarter), scope=scope, board=by, limit=limit, around=around)
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

    def _scope(self, scope: str | None) -> str:
        units = self.bank.register.units
        scope = scope or next((unit.org for unit in units.values() if unit.parent is None), "")
        if scope not in units:
            raise Refused([Refusal("unknown", "scope", "name a unit of the organisation tree")])
        return scope

    def _watch(self, quarter: Quarter, scope: str, by: str, before: Board | None) -> Board:
        """A board in memory as the read model stands, after another one of it."""
        people = self.bank.register.rms
        with self._at(None) as con:
            asked = {"quarter": str(quarter), "board": by, "scope": scope}
            rows = con.sql(_query("board"), params=asked).to_arrow_table()
            bare = self._leaderboard(con, quarter, scope, by, len(rows), None)
        unit = _unit_of(by)
        bare, former = self._compared(bare, quarter)
        return Board(ranked(rows), bare, lambda told: self._standings(told, unit), people, before, former)

    # What a board was before

    def _compared(self, bare: answers.Leaderboard, quarter: Quarter) -> tuple[answers.Leaderboard, Ranks | None]:
        """A board that says since when its rows moved, and the ranks of then; unknown where nobody was ranked then, and
        in a large bank until the standings of then are made."""
        day = bare.moment.today - timedelta(days=MOVED_DAYS)
        former = self._former_at(quarter, min(self._end_of(day), bare.moment.position), not bare.moment.past)
        ranks = former.ranks(bare.scope, bare.by) if former else None
        if ranks is None or not ranks.ranked:
            return bare, None
        return bare.model_copy(update={"moved_since": day}), ranks

    def _former_at(self, quarter: Quarter, position: int, is_wanted: bool) -> Former | None:
        """The standings as known at a position: at once in a small bank, else if they are kept; where they are wanted,
        they are made meanwhile."""
        state = (str(quarter), position)
        if len(self.bank.register.rms) <= AT_ONCE:
            return self._formers.made(state)
        if is_wanted:
            self._formers.want(state)
        return self._formers.get(state)

    def _former(self, state: Then) -> Former:
        """Make the standings of a quarter as known at a position."""
        quarter, position = state
        with self._at(position, Quarter.parse(quarter), None, frozenset({"standings", "below"})) as con:
            self._grading = con
            rows = con.sql(_query("standings"), params={"quarter": quarter}).to_arrow_table()
            below = con.execute("SELECT b.org, b.unit FROM below AS b").fetchall()
            self._grading = None
        return Former(rows, below)

    def leaderboard_history(
        self, quarter: Quarter, scope: str | None = None, by: str = "score", limit: int = 10,
        around: str | None = None, as_of: int | None = None,
    ) -> answers.LeaderboardHistory:  # fmt: skip
        """How the first of a board, and an RM's own row, came there: value and rank at the end of each week of the
        quarter, and where the board stands. In a large bank only those shown are graded in the past, and ranked
        among each other. Refuses what `leaderboard` refuses."""
        board = self.leaderboard(quarter, scope, by, limit, around, as_of)
        rows = [*board.standings, *(row for row in board.around if row.rm == around and row not in board.standings)]
        ends, in_full = week_ends(quarter, board.moment.today), len(self.bank.register.rms) <= AT_ONCE
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
        is_small = len(self.bank.register.rms) <= AT_ONCE
        former = self._formers.soon([state], PATIENCE)[0] if is_small else self._formers.get(state)
        return former.ranks(board.scope, board.by).all() if former else None

    def _formerly(self, state: Then, rms: list[str]) -> dict[str, Figures]:
        """The figures of some RMs as known at a position: only those are graded who are not known yet."""
        known = self._people_then.known(state, rms)
        if unknown := [rm for rm in rms if rm not in known]:
            quarter, position = state
            with self._at(position, Quarter.parse(quarter), unknown, frozenset({"standings"})) as con:
                rows = con.execute(_query("standings"), {"quarter": quarter}).fetchall()
            found: dict[str, Figures] = {rm: {} for rm in unknown}
            for board, rm, _, value, merit in rows:
                found[rm][board] = (value, merit)
            known |= self._people_then.keep(state, found)
        return known

    def _interrupt(self) -> None:
        """End the making of former standings early."""
        if con := self._grading:
            with suppress(duckdb.Error):
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
            self._former_at(Quarter.parse(quarter), position, is_wanted=True)
            if len(self.bank.register.rms) <= AT_ONCE:
                for day in week_ends(Quarter.parse(quarter), progress.today):
                    self._formers.want((quarter, min(self._end_of(day), progress.position)))

    def stop(self) -> None:
        """Let go of what is being made."""
        self._formers.stop()

    def _leaderboard(
        self, con: duckdb.DuckDBPyConnection, quarter: Quarter, scope: str, by: str, ranked: int, as_of: int | None
    ) -> answers.Leaderboard:
        """What a leaderboard says beside its rows."""
        crowd = _rows(con, "crowd", quarter=str(quarter), scope=scope)
        schemes = self._schemes_in_use(crowd)
        board, boards = _board(schemes, by)
        tiers = {tier.id: 0 for scheme in schemes for tier in scheme.tiers}
        for row in crowd:
            if row["tier"] is not None:
                tiers[row["tier"]] = tiers.get(row["tier"], 0) + row["people"]
        return answers.Leaderboard(
            moment=_moment(con, as_of), quarter=str(quarter), scope=scope,
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

    # Actions and the raw history

    def actions(
        self, scope: str | None = None, rm: str | None = None, state: str | None = None, source: str | None = None,
        after: str | None = None, limit: int = 50, as_of: int | None = None,
    ) -> answers.Actions:  # fmt: skip
        """Recorded actions, newest first, with what became of them; `after` is the cursor of the page before."""
        cursor = int(after) if after and after.isdigit() else None
        with self._at(as_of) as con:
            asked = {"action": None, "scope": scope, "rm": rm, "state": state, "source": source}
            rows = _rows(con, "actions", **asked, after=cursor, limit=limit + 1)
            moment = _moment(con, as_of)
        total, rows, more = rows[0]["total"] if rows else 0, rows[:limit], len(rows) > limit
        return answers.Actions(
            moment=moment, actions=self._actions(rows), total=total, after=str(rows[-1]["position"]) if more else None
        )  # fmt: skip

    def waiting(self, scope: str | None = None, rm: str | None = None) -> int:
        """How many actions wait for verification now."""
        with self._at(None) as con:
            return int(_rows(con, "waiting", scope=scope, rm=rm)[0]["waiting"])

    def action(self, action_id: str, as_of: int | None = None) -> answers.Action | None:
        """One action as it stands, by its id `action:<source>:<external_ref>`."""
        with self._at(as_of) as con:
            rest = dict.fromkeys(("scope", "rm", "state", "source", "after"))
            rows = _rows(con, "actions", action=action_id, **rest, limit=1)
        return next(iter(self._actions(rows)), None)

    def worklog(
        self, rm: str, from_day: date, to_day: date, source: str | None = None, state: str | None = None,
        as_of: int | None = None, after: int | None = None, limit: int = 100,
    ) -> answers.Worklog:  # fmt: skip
        """An RM's diary of a period; `after` is the last position of the page before."""
        asked = {"rm": rm, "first_day": from_day, "last_day": to_day}
        with self._at(as_of) as con:
            counts = _rows(con, "worklog_days", **asked)
            rows = _rows(con, "worklog", **asked, source=source, state=state, after=after, limit=limit + 1)
            moment = _moment(con, as_of)
        found, page = self._register(as_of).rms.get(rm), rows[:limit]
        kinds = [(name, kind) for name in dict.fromkeys(row["kind"] for row in counts) if (kind := self._kind(name))]
        return answers.Worklog(
            moment=moment, rm=rm, name=self.bank.names([rm]).get(rm, rm), from_day=from_day, to_day=to_day,
            days=worklog.work_days(counts, found, from_day, to_day), sources=worklog.sources(counts),
            kinds=[_action_kind(name, kind) for name, kind in kinds], actions=self._actions(page),
            total=rows[0]["total"] if rows else 0, after=page[-1]["position"] if len(rows) > limit else None,
        )  # fmt: skip

    def _actions(self, rows: list[Row]) -> list[answers.Action]:
        names = self.bank.names([row["rm"] for row in rows])
        places = {(row["action"], version) for row in rows for version in (1, row["version"])}
        texts = self.bank.log.select_texts_of(sorted(places))
        return [self._action(row, names, texts) for row in rows]

    def _action(self, row: Row, names: dict[str, str], texts: dict[tuple[str, int], dict[str, str]]) -> answers.Action:
        note = texts.get((row["action"], 1), {}).get("note")
        reason = texts.get((row["action"], row["version"]), {}).get("reason")
        kind = self._kind(row["kind"])
        return answers.Action(
            action_id=row["action"], rm=row["rm"], name=names.get(row["rm"], row["rm"]), kind=row["kind"],
            kind_name=self._kind_name(row["kind"]), occurred_on=row["occurred_on"], quantity=row["quantity"],
            amount=row["amount"], customer=row["customer"], note=note, reverses=row["reverses"],
            state=row["state"], self_reported=bool(kind and kind.self_reported), recorded_at=_utc(row["recorded_at"]),
            recorded_by=row["by"], decided_at=_utc(row["decided_at"]) if row["decided_at"] else None,
            decided_by=row["decided_by"], reason=reason, position=row["position"],
            version=row["version"], replaced_by=row["replaced_by"],
        )  # fmt: skip

    def logged_events(
        self, sought: Sought = ALL_EVENTS, after: int | None = None, before: int | None = None, limit: int = 100,
        newest: bool = False, as_of: int | None = None,
    ) -> answers.LoggedEvents:  # fmt: skip
        """A page of the raw history, oldest or newest first: beyond the event `after`, or just before `before`."""
        positions, more = self.positions_of(sought, after, before, limit, newest, as_of)
        with self._at(as_of) as con:
            moment = _moment(con, as_of)
        back, on = (bool(after), more) if before is None else (more, True)
        sealed = sealed_until(self.bank.log)
        return answers.LoggedEvents(
            moment=moment, events=self.events_at(positions),
            after=positions[-1] if positions and on else None, before=positions[0] if positions and back else None,
            sealed=sealed.position, digest=sealed.digest,
        )  # fmt: skip

    def positions_of(
        self, sought: Sought, after: int | None, before: int | None, limit: int, newest: bool, as_of: int | None
    ) -> tuple[list[int], bool]:
        """Positions of events in the order asked for, and whether there are more of them that way."""
        backwards = before is not None  # the page before is the nearest one the other way
        asked = sought.bounds(self.bank.log, self.bank.timezone, before if backwards else after, newest != backwards)
        with self._at(as_of) as con:
            rows = _rows(con, "history_newest" if newest != backwards else "history", **asked, limit=limit + 1)
        found = [row["position"] for row in rows]
        page = found[:limit]
        return page[::-1] if backwards else page, len(found) > limit

    def events_at(self, positions: Sequence[int]) -> list[answers.LoggedEvent]:
        """The events at some positions, in that order."""
        rows = {row[0]: row for row in self.bank.log.select_positions(positions)}
        texts = self.bank.log.select_texts_of([(stream, version) for _, stream, version, _, _ in rows.values()])
        events = [_logged(*rows[at], texts.get((rows[at][1], rows[at][2]), {})) for at in positions if at in rows]
        names = self.bank.names(sorted({event.rm for event in events if event.rm}))
        return [event.model_copy(update={"rm_name": names.get(event.rm or "")}) for event in events]

    def logged_event(self, position: int, as_of: int | None = None) -> answers.EventInFull | None:
        """One event with the seal over it; None where none stands there."""
        with self._at(as_of) as con:
            known = con.execute("SELECT 1 FROM history AS h WHERE h.position = ?", [position]).fetchone()
            moment = _moment(con, as_of)
        events = self.events_at([position]) if known else []
        if not events:
            return None
        of_stream = self.bank.log.select_stream_positions(events[0].stream)
        return answers.EventInFull(
            moment=moment, event=events[0], seal=self._seal(position), of_stream=len(of_stream)
        )  # fmt: skip

    def _seal(self, position: int) -> answers.Seal | None:
        made = seal_over(self.bank.log, position)
        if made is None:
            return None
        (at,) = self.bank.log.select_version_position(made.originator_id, made.originator_version)
        return answers.Seal(
            number=made.originator_version, position=at, recorded_at=made.recorded_at, first=made.first, last=made.last,
            count=made.count, digest=made.digest, chained=made.chained,
        )  # fmt: skip

    # Schemes, units, people

    def schemes(self, as_of: int | None = None) -> list[answers.SchemeVersion]:
        """Every published version, newest first."""
        with self._at(as_of) as con:
            rows = con.execute(
                "SELECT v.scheme, v.effective, v.position FROM scheme_versions AS v ORDER BY 2 DESC, 1"
            ).fetchall()
        return [version for row in rows if (version := self._version(*row))]

    def scheme(self, scheme: str, effective: date, as_of: int | None = None) -> answers.Scheme | None:
        """One version, with its whole text."""
        version = next((v for v in self.schemes(as_of) if (v.scheme, v.effective) == (scheme, effective)), None)
        found = self.bank.register.schemes.get((scheme, effective))
        if version is None or found is None:
            return None
        text = json.loads(self.bank.log.select_positions([version.position])[0][4])["text"]
        kinds = [_action_kind(name, kind) for name, kind in found.kinds.items()]
        return answers.Scheme(version=version, text=text, kinds=kinds, tiers=_tiers(found))

    def _version(self, scheme: str, effective: date, position: int) -> answers.SchemeVersion | None:
        found = self.bank.register.schemes.get((scheme, effective))
        rows = self.bank.log.select_positions([position])
        if found is None or not rows:
            return None
        return answers.SchemeVersion(
            scheme=scheme, effective=effective, name=_words(found), position=position,
            digest=json.loads(rows[0][4])["digest"], positions=list(found.positions),
        )  # fmt: skip

    def units(self, as_of: int | None = None) -> list[answers.Unit]:
        """The organisation tree, depth first, units of one parent by their id."""
        units = self._register(as_of).units
        below: dict[str | None, list[str]] = {}
        for unit in sorted(units.values(), key=lambda unit: unit.org):
            below.setdefault(unit.parent, []).append(unit.org)

        waiting, found = [(org, 0) for org in reversed(below.get(None, []))], list[answers.Unit]()
        while waiting:  # no recursion: an older store may hold a tree of any depth
            org, depth = waiting.pop()
            unit = units[org]
            found.append(answers.Unit(org=org, parent=unit.parent, level=unit.level, name=unit.name, depth=depth))
            waiting += [(child, depth + 1) for child in reversed(below.get(org, []))]
        return found

    def people(
        self, scope: str | None = None, as_of: int | None = None, after: str = "", limit: int | None = None,
        search: str = "",
    ) -> list[answers.Person]:  # fmt: skip
        """The RMs who belong within a unit, by id; `after` is the last one of the page before. With `search`, those
        whose name, id or outlet hold each of its words, small letters or capitals."""
        register, today = self._register(as_of), self._moment(as_of).today
        if as_of is None or search.strip():
            directory = self._directory.at(register, today, self.bank.names)
            if as_of is None:
                self._directory = directory
            found = directory.find(search, scope, after, limit)
            return [_person(rm, directory.names, register, today) for rm in found]
        found = [
            rm for rm in register.rms.values()
            if rm.rm > after
            and (scope is None or scope in organisation.ancestors(rm.place_on(today).org, register.units))
        ]  # fmt: skip
        page = sorted(found, key=lambda rm: rm.rm)[:limit]
        names = self.bank.names([rm.rm for rm in page])
        return [_person(rm, names, register, today) for rm in page]

    def person(self, rm: str, as_of: int | None = None) -> answers.Person | None:
        """One RM, or None."""
        register = self._register(as_of)
        found = register.rms.get(rm)
        return _person(found, self.bank.names([rm]), register, self._moment(as_of).today) if found else None

    def portfolio(
        self, rm: str, after: str | None = None, limit: int = 100, as_of: int | None = None
    ) -> answers.Portfolio:
        """The customers whose A or B post an RM holds, by their code; `after` is the last one of the page before."""
        with self._at(as_of) as con:
            rows = _rows(con, "portfolio", rm=rm, after=after, limit=limit + 1)
            moment = _moment(con, as_of)
        total, rows, more = rows[0]["total"] if rows else 0, rows[:limit], len(rows) > limit
        return answers.Portfolio(
            moment=moment, rm=rm, customers=[_customer(row) for row in rows], total=total,
            after=rows[-1]["customer"] if more else None,
        )  # fmt: skip

    def kinds(self, rm: str, day: date) -> list[answers.ActionKind]:
        """The kinds of action that the scheme of an RM's position knows on a day."""
        register = self.bank.register
        found = register.rms.get(rm)
        posting = found.posting_on(day) if found else None
        scheme = register.scheme_in_force(posting.position, day) if posting else None
        return [_action_kind(name, kind) for name, kind in scheme.kinds.items()] if scheme else []

    def quarters(self) -> list[str]:
        """The quarters in which somebody served, newest first."""
        with self._cursor() as con:
            rows = con.execute("SELECT DISTINCT g.quarter FROM grades AS g ORDER BY 1 DESC").fetchall()
        return [row[0] for row in rows]

    def graded_quarter(self) -> str | None:
        """The newest quarter in which somebody is graded, else the newest of all; None in an empty bank."""
        with self._cursor() as con:
            row = con.execute(
                "SELECT coalesce(max(CASE g.status WHEN 'graded' THEN g.quarter END), max(g.quarter)) FROM grades AS g"
            ).fetchone()
        return row[0] if row else None

    def setup(self) -> answers.Setup:
        """The steps of setting a bank up, in order, with how much there is of each."""
        with self._at(None) as con:
            (row,) = _rows(con, "setup")
            moment = _moment(con, None)
        steps = [answers.SetupStep(what=what, needed=needed, count=row[what]) for what, needed in SETUP]
        return answers.Setup(moment=moment, steps=steps)

    # How questions reach the tables

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of its own for each question: a DuckDB connection is not shared between threads."""
        with self.follower.connection.cursor() as con:
            yield con

    @contextmanager
    def _at(
        self, as_of: int | None, quarter: Quarter | None = None, rm: str | Sequence[str] | None = None,
        reads: frozenset[str] = frozenset(),
    ) -> Iterator[duckdb.DuckDBPyConnection]:  # fmt: skip
        """A cursor that sees one state: now, or the log as of a position, with the tables that a question `reads`."""
        with self._cursor() as con:
            con.begin()
            if as_of is not None:
                go_back(con, as_of, quarter, [rm] if isinstance(rm, str) else rm, reads)
            try:
                yield con
            finally:
                con.rollback()

    def _moment(self, as_of: int | None = None) -> answers.Moment:
        with self._at(as_of) as con:
            return _moment(con, as_of)

    def _register(self, as_of: int | None) -> Register:
        return self.bank.register if as_of is None else self.bank.register_at(as_of)

    def _kind(self, kind: str) -> rules.Kind | None:
        """A kind's newest definition in any scheme."""
        schemes = sorted(self.bank.register.schemes.items(), key=lambda item: item[0][1], reverse=True)
        return next((scheme.kinds[kind] for _, scheme in schemes if kind in scheme.kinds), None)

    def _kind_name(self, kind: str) -> Words:
        found = self._kind(kind)
        return _words(found) if found else Words(en=kind, zh=kind)

    def _tier_names(self) -> dict[str, Words]:
        schemes = sorted(self.bank.register.schemes.values(), key=lambda scheme: scheme.effective)
        return {tier.id: _words(tier) for scheme in schemes for tier in scheme.tiers}


def _trace(row: answers.Standing, rank: int, weeks: list[tuple[Decimal, int] | None]) -> answers.Trace:
    """One RM's weeks, and last the row as it stands."""
    values, ranks = [week and week[0] for week in weeks], [week and week[1] for week in weeks]
    return answers.Trace(rm=row.rm, name=row.name, values=[*values, row.value], ranks=[*ranks, rank])


def _moment(con: duckdb.DuckDBPyConnection, as_of: int | None) -> answers.Moment:
    row = con.execute("SELECT b.today, p.position FROM bank_day AS b CROSS JOIN progress AS p").fetchone()
    today, position = row or (date(1970, 1, 1), 0)
    return answers.Moment(position=position if as_of is None else as_of, today=today, past=as_of is not None)


def _points(value: int | None) -> Any:
    return None if value is None else unscaled(value, MICRO)


def _measured(value: int | None) -> Any:
    return None if value is None else unscaled(value, MILLI)


def _person(rm: RM, names: Mapping[str, str], register: Register, today: date) -> answers.Person:
    posting = rm.place_on(today)
    unit = register.units.get(posting.org)
    return answers.Person(
        rm=rm.rm, name=names.get(rm.rm, rm.rm), org=posting.org, org_name=unit.name if unit else posting.org,
        position=posting.position, left_on=rm.left_on,
    )  # fmt: skip


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


def _words(named: Any) -> Words:
    return Words(en=named.en, zh=named.zh)


def _grade(row: Row, names: dict[str, str], schemes: Mapping[tuple[str, date], rules.Scheme]) -> answers.Grade:
    scheme = schemes.get((row["scheme"], row["effective"]))
    tier = next((tier for tier in scheme.tiers if tier.id == row["tier"]), None) if scheme else None
    return answers.Grade(
        rm=row["rm"], name=names.get(row["rm"], row["rm"]), org=row["org"], org_name=row["org_name"] or row["org"],
        scheme=row["scheme"], effective=row["effective"], status=row["status"], score=_points(row["score"]),
        tier=row["tier"], tier_name=_words(tier) if tier else None, coefficient=_points(row["coefficient"]),
        flags=list(_flags(row)),
    )  # fmt: skip


def _flags(row: Row) -> Iterator[str]:
    if not row["certified"]:
        yield "no-certificate"
    if not is_published(row["first_day"].year):
        yield "provisional-calendar"


def _scorecard(
    quarter: Quarter, row: Row, grade: answers.Grade, scheme: rules.Scheme | None, lines: list[Row], gates: list[Row],
    moment: answers.Moment, explained: bool,
) -> answers.Scorecard:  # fmt: skip
    score_lines = [_line(line, scheme) for line in lines] if scheme else []
    fired = [gate["gate"] for gate in gates if gate["fired"]]
    first_day, last_day = row["first_day"], row["last_day"]
    return answers.Scorecard(
        moment=moment, quarter=str(quarter), grade=grade, position=row["post"], working_days=row["working_days"],
        working_days_passed=working_days(first_day, min(last_day, moment.today - timedelta(days=1))),
        working_days_in_quarter=working_days(first_day, last_day), points=unscaled(row["points"], MICRO),
        lines=score_lines, gates=[_gate(gate, scheme) for gate in gates] if scheme else [],
        tiers=_tiers(scheme) if scheme else [],
        next_tier=explain.next_tier(grade, score_lines, fired, scheme) if explained and scheme else None,
    )  # fmt: skip


def _lines(con: duckdb.DuckDBPyConnection, rm: str, quarter: Quarter, scheme: rules.Scheme) -> list[Row]:
    """The score lines, each with how many ledger entries or ready measures stand behind it, and where its target was
    amended last."""
    key = {"rm": rm, "quarter": str(quarter)}
    lines = _rows(con, "lines", **key)
    is_amended = any(line["previous_target"] is not None for line in lines)
    amended = {row["indicator"]: row["version"] for row in _rows(con, "amendments", **key)} if is_amended else {}
    events = _events_behind(con, rm, quarter, scheme)
    for line in lines:
        line |= {"events": events[line["indicator"]], "amended_at": amended.get(line["indicator"])}
    return lines


def _events_behind(con: duckdb.DuckDBPyConnection, rm: str, quarter: Quarter, scheme: rules.Scheme) -> dict[str, int]:
    """How many ledger entries or ready measures stand behind each indicator; a balance is carried from before."""
    days = {"first_day": quarter.first_day, "last_day": quarter.last_day}
    entries = {row["kind"]: row for row in _rows(con, "entries", rm=rm, **days)}
    comes_ready = any(each.measure.rule == "ready" for each in scheme.indicators)
    rows = _rows(con, "deliveries", rm=rm, quarter=str(quarter)) if comes_ready else []
    delivered = {row["indicator"]: row["events"] for row in rows}

    def behind(indicator: rules.Indicator) -> int:
        if indicator.measure.rule == "ready":
            return int(delivered.get(indicator.id, 0))
        span = "until" if indicator.measure.rule == "daily-average" else "within"
        return sum(int(entries[kind][span]) for kind in set(indicator.measure.kinds) if kind in entries)

    return {each.id: behind(each) for each in scheme.indicators}


def _line(row: Row, scheme: rules.Scheme) -> answers.ScoreLine:
    indicator = next(each for each in scheme.indicators if each.id == row["indicator"])
    return explain.score_line(
        indicator, scheme, weight=unscaled(row["weight"], MICRO), share=unscaled(row["share"], MICRO),
        scored=row["scored"], reason=row["reason"], measured=_measured(row["measured"]), base=_measured(row["base"]),
        target=_measured(row["target"]), previous_target=_measured(row["previous_target"]),
        amendment_reason=row["amendment_reason"],
        completion=_points(row["completion"]), points=_points(row["points"]), events=row["events"],
    )  # fmt: skip


def _line_measure(row: Row) -> answers.LineMeasure:
    return answers.LineMeasure(
        position=row["position"], measure_id=row["measure"], value=unscaled(row["value"], MILLI), as_of=row["as_of"],
        stands=row["stands"], recorded_at=_utc(row["recorded_at"]), by=row["by"], source=row["measure"].split(":")[1],
    )  # fmt: skip


def _customer(row: Row) -> answers.PortfolioCustomer:
    return answers.PortfolioCustomer(
        customer=row["customer"], segment=row["segment"], assets=unscaled(row["assets"], FEN), post=row["post"],
        position=row["position"],
    )  # fmt: skip


def _gate(row: Row, scheme: rules.Scheme) -> answers.Gate:
    gate = next(each for each in scheme.gates if each.id == row["gate"])
    return answers.Gate(
        gate=gate.id, name=_words(gate), clause=gate.clause, fired=row["fired"], cap_tier=row["cap_tier"],
        coefficient=_points(row["coefficient"]),
    )  # fmt: skip


def _tiers(scheme: rules.Scheme) -> list[answers.Tier]:
    return [
        answers.Tier(tier=tier.id, name=_words(tier), floor=tier.floor, coefficient=tier.coefficient)
        for tier in scheme.tiers
    ]


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
    unit = _words(scheme.unit_of(indicator))
    return answers.Board(by=indicator.id, name=_words(indicator), unit=unit, refusal=refusal)


def _action_kind(name: str, kind: rules.Kind) -> answers.ActionKind:
    return answers.ActionKind(
        kind=name, name=_words(kind), unit=_words(kind.unit), counted=kind.counted, self_reported=kind.self_reported,
        counts_at_once=kind.counts_at_once, daily_limit=kind.daily_limit, points=kind.points, clause=kind.clause,
    )  # fmt: skip


def _logged(
    position: int, stream: str, version: int, topic: str, state: bytes, texts: dict[str, str]
) -> answers.LoggedEvent:
    content = json.loads(state)
    return answers.LoggedEvent(
        position=position, stream=stream, version=version, type=topic, recorded_at=content.pop("recorded_at"),
        by=content.pop("by"), rm=content.get("rm"), rm_name=None, state=content, texts=texts,
    )  # fmt: skip


def _day_of(digits: str) -> date | None:
    """The day that eight digits name, if they name one."""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
