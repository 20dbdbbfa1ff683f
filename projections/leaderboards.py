"""Who stands where: the boards of the present from memory, those of the past made of the log, and how rows moved."""

from collections.abc import Mapping
from functools import partial
from threading import Lock
from typing import Any

from domain.bank import Bank
from domain.calendar import Quarter
from domain.money import unscaled
from domain.organisation import ancestors
from projections import answers
from projections.answers import Words
from projections.board_making import BoardMaking, Made
from projections.board_rules import Rule
from projections.boards import Board, Boards, Key, State
from projections.follower import Follower
from projections.periods import Period
from projections.questions import Row
from projections.seen import EVERYTHING, Eyes, Sight

THEN = 64
"""Boards of the past that are kept."""


class Leaderboards(BoardMaking):
    """The questions about ranks. A `period` is a quarter or how one is written, or a period itself; `among` whom, in
    words of the answer's `alike`; `eyes` are whose the answer is for, else it shows everything."""

    def __init__(self, bank: Bank, follower: Follower) -> None:
        super().__init__(bank, follower)
        self._boards = Boards()
        self._keeping = Lock()
        self._past_boards: dict[Any, Board] = {}

    @property
    def boards_kept(self) -> int:
        """How many leaderboards are in memory."""
        return len(self._boards)

    def leaderboard(
        self, period: Quarter | Period | str, scope: str | None = None, by: str = "score", limit: int = 100,
        around: str | None = None, as_of: int | None = None, among: str | None = None, eyes: Eyes = EVERYTHING,
    ) -> answers.Leaderboard:  # fmt: skip
        """The ranks of a period within a unit. Raises Refused for an unknown scope, and for what may not be ranked."""
        key = self._key(period, scope, by, among, around, as_of, eyes)
        board = self._board(key, as_of)
        answer = board.answer(limit, around)
        return answer if eyes is EVERYTHING else self._sight(board, eyes).board(answer, around)

    def _board(self, key: Key, as_of: int | None) -> Board:
        return self._board_at(self._state, key) if as_of is None else self._board_then(key, as_of)

    def _key(
        self, period: Quarter | Period | str, scope: str | None, by: str, among: str | None, around: str | None,
        as_of: int | None, eyes: Eyes = EVERYTHING,
    ) -> Key:  # fmt: skip
        """A board in words; whom an RM is alike is looked up where only the side is named, for who is above them."""
        asked = period if isinstance(period, Period) else str(period)
        if among and ":" not in among:
            own = around if around and eyes.covers(around) else None
            among = self._own_side(asked, self._scope(scope), among, own, as_of)
        return asked, scope or "", by, among or ""

    def _sight(self, board: Board, eyes: Eyes) -> Sight:
        units, bare = self.bank.register.units, board.made.bare
        is_own = bare.scope in ancestors(eyes.org or "", units) and (not bare.among or eyes.rm in board.ranking.places)
        is_above = eyes.rm is None and eyes.org in [*ancestors(bare.scope, units)]
        return Sight(
            eyes, board.ranking, board.made.seen, units, self.bank.aliases, board.former,
            is_own or is_above or eyes is EVERYTHING,
        )  # fmt: skip

    def _board_then(self, key: Key, as_of: int) -> Board:
        """A board of the past, kept while nobody's name changes."""
        people, at = self.bank.register.rms, (key, as_of, self._formers.edition, tuple(self._off()))
        with self._keeping:
            kept = self._past_boards.get(at)
        if kept and kept.people is people:
            return kept
        made = self._made((key[0], self._scope(key[1] or None), *key[2:]), as_of)
        board = self._board_of(made, people, None)
        with self._keeping:
            self._past_boards[at] = board
            while len(self._past_boards) > THEN:
                del self._past_boards[next(iter(self._past_boards))]
        return board

    def _board_of(self, made: Made, people: object, before: Board | None) -> Board:
        """A board with what it is compared with and how its rows are told."""
        bare, former = self._compared(made)
        return Board(
            made, bare, partial(self._standings, rule=made.rule, tiers=made.bare.tier_names), people, before, former
        )

    @property
    def _state(self) -> State:
        """What a board of the present depends on: where the read model stands, and which former standings it knows."""
        return self.follower.position, self._formers.edition

    def _board_at(self, state: State, key: Key) -> Board:
        """A board of the present, of its state."""
        return self._boards.at(state, key, partial(self._watch, key))

    def board_state(
        self, period: Quarter | str, scope: str | None, by: str, among: str | None = None, around: str | None = None,
        eyes: Eyes = EVERYTHING,
    ) -> answers.BoardMoved:  # fmt: skip
        """Where a board of the present stands, and from which position on it shows what it shows. Raises what
        `leaderboard` raises."""
        state = self._state
        key = self._key(period, scope, by, among, around, None, eyes)
        return answers.BoardMoved(position=state[0], changed_at=self._board_at(state, key).changed_at)

    def leaderboard_json(
        self, period: Quarter | str, scope: str | None = None, by: str = "score", limit: int = 100,
        around: str | None = None, among: str | None = None, eyes: Eyes = EVERYTHING,
    ) -> bytes:  # fmt: skip
        """The same of the present as JSON, made once for a state of the log and whoever sees the same, and kept."""
        state = self._state
        answer = self.leaderboard(period, scope, by, limit, around, None, among, eyes).model_dump_json().encode()
        self._boards.keep((state, (str(period), scope or "", by, among or ""), limit, around, eyes.key), answer)
        return answer

    def kept_leaderboard_json(
        self, position: int, period: str, scope: str | None, by: str, limit: int, around: str | None,
        among: str | None, eyes: str,
    ) -> bytes | None:  # fmt: skip
        """The JSON of a leaderboard of a position, if it was made and still is kept: asks no store, so the event loop
        may ask. `eyes` is the key of whose."""
        state = (position, self._formers.edition)
        return self._boards.answer((state, (period, scope or "", by, among or ""), limit, around, eyes))

    def _watch(self, key: Key, before: Board | None) -> Board:
        """A board in memory as the read model stands, after another one of it."""
        people = self.bank.register.rms
        made = self._made((key[0], self._scope(key[1] or None), *key[2:]), None, before.made if before else None)
        return self._board_of(made, people, before)

    def _standings(self, rows: list[Row], rule: Rule, tiers: Mapping[str, Words]) -> list[answers.Standing]:
        names = {} if rule.level else self.bank.names([row["rm"] for row in rows])
        return [
            answers.Standing(
                rank=row["place"], mean_rank=row["mean_rank"], tied=row["tied"], rm=None if rule.level else row["rm"],
                name=row["org_name"] if rule.level else names.get(row["rm"], row["rm"]), org=row["org"],
                org_name=row["org_name"] or row["org"], tier=row["tier"], tier_name=tiers.get(row["tier"]),
                value=unscaled(row["value"], rule.scale), movement=row["movement"], is_new=row["is_new"],
                people=row["people"],
            )
            for row in rows
        ]  # fmt: skip
