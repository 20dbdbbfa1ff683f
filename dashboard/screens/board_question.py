"""What is asked of the API for one look at the leaderboard, and what of it the address cannot have."""

from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

import streamlit as st

from api.client import ApiProblem
from dashboard import filters, notices
from dashboard.desk import Desk
from projections.answers import ClosedBoard, Leaderboard, LeaderboardHistory

LIMIT = 100
"""Rows of a board on a page."""
EVERYBODY = "all"
"""Among whom, in the address, where nobody is left out."""


@dataclass(frozen=True)
class Question:
    """One board: of a period, in a unit, by what, among whom, as of a day; or as it stood at its `close`."""

    period: str
    scope: str
    by: str
    among: str | None
    as_of: str | None
    close: bool = False

    def board(self, desk: Desk, limit: int = LIMIT) -> Leaderboard:
        """The board, and around an RM the own neighbourhood."""
        if self.close:
            return self.closed(desk, limit).board
        return desk.client.leaderboard(
            self.period, scope=self.scope, by=self.by, limit=limit, around=desk.me.rm, as_of=self.as_of,
            among=self.among,
        )  # fmt: skip

    def closed(self, desk: Desk, limit: int = LIMIT) -> ClosedBoard:
        """The board as it stood at its close, and what changed since."""
        return desk.client.closed_leaderboard(
            self.period, scope=self.scope, by=self.by, limit=limit, around=desk.me.rm, among=self.among
        )

    @property
    def name(self) -> str | None:
        """What a file's name says of when it is as of."""
        return "at-its-close" if self.close else self.as_of

    def weeks(self, desk: Desk) -> LeaderboardHistory | None:
        """How the first of the board, and oneself, came there; a page without it is still a board."""
        try:
            return desk.client.leaderboard_history(
                self.period, scope=self.scope, by=self.by, limit=LIMIT, around=desk.me.rm, as_of=self.as_of,
                among=self.among,
            )  # fmt: skip
        except ApiProblem as trouble:
            if trouble.status == notices.UNAUTHORISED:
                raise
            return None


class Chosen(NamedTuple):
    """A board as the address asks for it, what forbids what was asked for, if something does, and of one at its close
    what changed since."""

    asked: Question
    board: Leaderboard
    refusal: str | None
    closed: ClosedBoard | None = None


def ask(desk: Desk, wanted: Question, usual: str) -> Chosen:
    """The board that the address names; where it cannot be had, the usual one, or among everybody, or that of now."""
    by, say = wanted.by, desk.say
    ways = dict.fromkeys(
        replace(wanted, close=close, by=one, among=whom)
        for close, whom, one in product((wanted.close, False), (wanted.among, None), (by, usual))
    )
    trouble: ApiProblem | None = None
    for way in ways:
        try:
            closed = way.closed(desk) if way.close else None
            board = closed.board if closed else way.board(desk)
        except ApiProblem as problem:
            if problem.status != notices.UNPROCESSABLE:
                raise
            trouble = trouble or problem
        else:
            rule = next((one.refusal for one in board.boards if one.by == by), None)
            told = say.of(rule) if rule else notices.why(trouble, say) if trouble and way.close < wanted.close else None
            asked = (
                replace(way, as_of=f"0{closed.closed_at}") if closed else way
            )  # a position, whatever day it looks like
            return Chosen(asked, board, told, closed)
    assert trouble, "each way was refused"
    raise trouble


def wanted(desk: Desk, period: str, scope: str, as_of: str | None, close: bool, usual: str) -> Question:
    """What the address asks for."""
    among = filters.asked_for("among")
    whom = None if among in (None, EVERYBODY) else among
    return Question(period, scope, filters.asked_for("by") or usual, whom, as_of, close)


def choose_board(desk: Desk, board: Leaderboard, told: bool) -> None:
    """What to rank by: whatever can be ranked in such a period."""
    names = {one.by: desk.say.of(one.name) for one in board.boards if one.refusal is None}
    names.setdefault(board.by, board.by)
    filters.choice("by", desk.say("Ranked by"), list(names), board.by, names.__getitem__, told)


def choose_among(desk: Desk, board: Leaderboard) -> None:
    """Among whom: an RM by the own side, others by its bands."""
    names = _sides(desk, board) if desk.me.rm else _bands(desk, board)
    asked = filters.asked_for("among")
    if asked and board.among == asked:
        names.setdefault(asked, asked)
    if len(names) > 1:
        filters.choice("among", desk.say("Among whom"), list(names), EVERYBODY, names.__getitem__)
    else:
        st.query_params.pop("among", None)


def _sides(desk: Desk, board: Leaderboard) -> dict[str, str]:
    """Those like oneself, by what the scheme has bands for."""
    say = desk.say
    spoken = {
        "position": say("My position"),
        "tenure": say("Years of service like mine"),
        "portfolio": say("As many customers as mine"),
    }
    known = {one.among.partition(":")[0] for one in board.alike} | ({"position"} if board.alike else set())
    return {EVERYBODY: say("Everybody"), **{side: text for side, text in spoken.items() if side in known}}


def _bands(desk: Desk, board: Leaderboard) -> dict[str, str]:
    """The positions, and the bands as the scheme draws them."""
    say = desk.say
    named = {
        one.among: say("Position: {name}", name=say.of(one.name)) if _is_position(one.among) else say.of(one.name)
        for one in board.alike
    }
    return {EVERYBODY: say("Everybody"), **named}


def _is_position(among: str) -> bool:
    return among.startswith("position:")


def among_in_words(desk: Desk, board: Leaderboard) -> str | None:
    """Among whom the board is, if not among all."""
    if board.among is None:
        return None
    name = next((desk.say.of(one.name) for one in board.alike if one.among == board.among), None)
    return desk.say("among: {name}", name=name or board.among.partition(":")[2])
